"""What a scanner can type besides digits: letters, group separators, codes with Alt."""

import pytest

from hardware import linux_input as li
from hardware.keys import DE, US
from hardware.scanner import GAP_MS, Fault, Scan, ScanDecoder
from tests.hardware.strokes import Strokes

MATE = "4029764001807"
KEY_Y = 21
KEY_C = 46
UNREADABLE = Scan(fault=Fault.UNREADABLE)


class TestLetters:
    def test_each_may_come_with_its_own_shift(self, scanner, strokes):
        strokes.shifted(li.KEY_A).taps(li.KEY_A).shifted(li.KEY_Z).taps(li.KEY_ENTER)
        assert scanner.feed(strokes.events) == [Scan("AaZ")]

    def test_either_shift_key_will_do_and_both_together_are_one(self, scanner, strokes):
        strokes.presses(li.KEY_LEFTSHIFT, li.KEY_RIGHTSHIFT).taps(li.KEY_A)
        strokes.lets_go(li.KEY_LEFTSHIFT).taps(li.KEY_A).lets_go(li.KEY_RIGHTSHIFT).taps(li.KEY_A)
        assert scanner.feed(strokes.taps(li.KEY_ENTER).events) == [Scan("AAa")]

    def test_a_shift_that_is_never_let_go_ends_with_the_scan(self, scanner, strokes):
        strokes.presses(li.KEY_LEFTSHIFT).taps(li.KEY_A, li.KEY_ENTER).scans(MATE)
        assert scanner.feed(strokes.events) == [Scan("A"), Scan(MATE)]

    def test_caps_lock_turns_the_case_of_letters_and_nothing_else(self, scanner, strokes):
        strokes.taps(li.KEY_CAPSLOCK, li.KEY_A).shifted(li.KEY_A).types("1").shifted(li.KEY_1)
        strokes.taps(li.KEY_ENTER)
        assert scanner.feed(strokes.events) == [Scan("Aa1!")]

    def test_a_scanner_may_leave_caps_lock_as_it_was_after_enter(self, scanner, strokes):
        for _ in range(2):
            strokes.taps(li.KEY_CAPSLOCK, li.KEY_A, li.KEY_ENTER, li.KEY_CAPSLOCK)
        strokes.waits(400).taps(li.KEY_CAPSLOCK, li.KEY_A, li.KEY_ENTER)
        assert scanner.feed(strokes.events) == [Scan("A"), Scan("A"), Scan("A")]

    def test_caps_lock_pressed_once_by_mistake_is_forgotten_after_a_pause(self, scanner, strokes):
        strokes.taps(li.KEY_CAPSLOCK).waits(400).taps(li.KEY_A, li.KEY_ENTER)
        assert scanner.feed(strokes.events) == [Scan("a")]

    @pytest.mark.parametrize(("layout", "text"), [(US, "yz/-"), (DE, "zy-ß")])
    def test_a_german_scanner_swaps_y_and_z_and_has_its_dash_elsewhere(self, strokes, layout, text):
        strokes.taps(KEY_Y, li.KEY_Z, li.KEY_SLASH, 12, li.KEY_ENTER)
        assert ScanDecoder(layout).feed(strokes.events) == [Scan(text)]


class TestGroupSeparators:
    """GS ends a field of variable length in a GS1 barcode; scanners disguise it."""

    @pytest.mark.parametrize("layout", [US, DE])
    def test_it_comes_as_ctrl_and_bracket(self, strokes, layout):
        strokes.types("10").held_with(li.KEY_LEFTCTRL, li.KEY_RIGHTBRACE).scans("17")
        assert ScanDecoder(layout).feed(strokes.events) == [Scan("10\x1d17")]

    def test_it_comes_as_f8(self, scanner, strokes):
        assert scanner.feed(strokes.types("10").taps(li.KEY_F8).scans("17").events) == [
            Scan("10\x1d17")
        ]

    @pytest.mark.parametrize("digits", ["029", "0029", "29"])
    def test_it_comes_as_an_alt_code(self, scanner, strokes, digits):
        assert scanner.feed(strokes.types("10").alt_code(digits).scans("17").events) == [
            Scan("10\x1d17")
        ]

    def test_no_other_control_character_is_ever_delivered(self, scanner, strokes):
        strokes.held_with(li.KEY_LEFTCTRL, KEY_C).alt_code("004").alt_code("127").scans("7")
        assert scanner.feed(strokes.events) == [Scan("7")]


class TestAltCodes:
    def test_a_scanner_in_alt_mode_types_every_character_that_way(self, scanner, strokes):
        for code in ("052", "048", "065", "097"):
            strokes.alt_code(code)
        assert scanner.feed(strokes.taps(li.KEY_ENTER).events) == [Scan("40Aa")]

    def test_enter_too_may_be_one(self, scanner, strokes):
        assert scanner.feed(strokes.types("7").alt_code("013").scans("8").events) == [
            Scan("7"),
            Scan("8"),
        ]

    def test_above_ascii_a_leading_zero_means_windows_1252(self, scanner, strokes):
        strokes.alt_code("0228").alt_code("132").alt_code("0128").taps(li.KEY_ENTER)
        assert scanner.feed(strokes.events) == [Scan("ää€")]

    @pytest.mark.parametrize("code", ["256", "8364", "99999999999", "0129"])
    def test_a_code_that_means_nothing_refuses_the_scan(self, scanner, strokes, code):
        assert scanner.feed(strokes.types("7").alt_code(code).scans("8").events) == [UNREADABLE]

    def test_the_refusal_comes_with_the_pause_if_no_enter_does(self, scanner, strokes):
        scanner.feed(strokes.alt_code("999").events)
        assert scanner.deadline_ms == strokes.now_ms + GAP_MS
        assert scanner.flush(strokes.now_ms + GAP_MS) == [UNREADABLE]

    def test_a_code_that_is_never_finished_refuses_the_scan(self, scanner, strokes):
        strokes.types("7").presses(li.KEY_LEFTALT).types_on_the_keypad("06").scans("8")
        assert scanner.feed(strokes.events) == [UNREADABLE]

    def test_alt_with_a_letter_is_a_shortcut_and_types_nothing(self, scanner, strokes):
        assert scanner.feed(strokes.held_with(li.KEY_LEFTALT, li.KEY_A).scans("7").events) == [
            Scan("7")
        ]


class TestWhatComesBeforeACode:
    def test_the_letter_a_psc_sends_is_cut_off_if_it_was_said_to_send_it(self, scanner, strokes):
        key_f = 33
        strokes.shifted(key_f).scans(MATE).shifted(key_f, key_f).scans("40678092").scans(MATE)
        told = ScanDecoder(US, ("F", "FF"))
        assert told.feed(strokes.events) == [Scan(MATE), Scan("40678092"), Scan(MATE)]
        assert scanner.feed(strokes.events)[0] == Scan(f"F{MATE}")

    def test_aim_identifiers_arrive_in_front_of_the_code_in_either_layout(self, strokes):
        key_e, key_9 = 18, 10
        strokes.taps(li.KEY_RIGHTBRACE).shifted(key_e).scans("0" + MATE)
        assert ScanDecoder(US).feed(strokes.events) == [Scan(f"]E0{MATE}")]
        german = Strokes().held_with(li.KEY_RIGHTALT, key_9).shifted(key_e).scans("0" + MATE)
        assert ScanDecoder(DE).feed(german.events) == [Scan(f"]E0{MATE}")]


def test_two_scanners_that_type_at_once_do_not_mix(strokes):
    other = Strokes(at_ms=strokes.now_ms + 2)
    strokes.presses(li.KEY_LEFTSHIFT).taps(li.KEY_A).types(MATE).taps(li.KEY_ENTER)
    other.taps(li.KEY_A).types("5449000000996").taps(li.KEY_ENTER)
    one, two = ScanDecoder(), ScanDecoder()
    ones: list[Scan] = []
    twos: list[Scan] = []
    for mine, theirs in zip(strokes.events, other.events, strict=False):
        ones += one.feed([mine])
        twos += two.feed([theirs])
    ones += one.feed(strokes.events[len(other.events) :])
    assert (ones[0].text[0], twos) == ("A", [Scan("a5449000000996")])
