"""A scanner at the till: what arrives, and what is refused with a sound."""

import pytest

from hardware import linux_input as li
from hardware.scanner import GAP_MS, SCAN_LENGTH_MAX, Fault, Scan, ScanDecoder
from tests.hardware.strokes import Strokes

MATE = "4029764001807"
COLA = "5449000000996"
KEY_F1 = 59
KEY_VOLUMEUP = 115
KEY_FN_BEYOND_ALL_TABLES = 0x2FF

LOST = Scan(fault=Fault.LOST)
PARTIAL = Scan(fault=Fault.PARTIAL)
OVERLONG = Scan(fault=Fault.OVERLONG)


def test_a_bottle_is_scanned(scanner, strokes):
    assert scanner.feed(strokes.scans(MATE).events) == [Scan(MATE)]


def test_two_bottles_that_arrive_in_one_read_are_both_sold(scanner, strokes):
    strokes.scans(MATE).waits(400).scans(COLA)
    assert scanner.feed(strokes.events) == [Scan(MATE), Scan(COLA)]


def test_two_bottles_scanned_faster_than_anybody_can_are_both_sold(scanner, strokes):
    assert scanner.feed(strokes.scans(MATE).scans(MATE).events) == [Scan(MATE), Scan(MATE)]


def test_it_does_not_matter_how_the_kernel_cuts_the_events_into_reads(strokes):
    strokes.scans(MATE).loses_events().scans(COLA).waits(500).scans(COLA)
    at_once = ScanDecoder().feed(strokes.events)
    one_by_one = ScanDecoder()
    assert [scan for event in strokes.events for scan in one_by_one.feed([event])] == at_once
    assert at_once == [Scan(MATE), LOST, Scan(COLA)]


def test_a_key_counts_when_it_goes_down_whether_or_not_it_comes_up(scanner, strokes):
    strokes.presses(li.KEY_1, li.KEY_ENTER)
    assert scanner.feed(strokes.events) == [Scan("1")]


def test_a_key_that_repeats_itself_counts_once(scanner, strokes):
    strokes.presses(li.KEY_1).holds_down(li.KEY_1).holds_down(li.KEY_1).lets_go(li.KEY_1)
    strokes.presses(li.KEY_ENTER).holds_down(li.KEY_ENTER).lets_go(li.KEY_ENTER).scans("2")
    assert scanner.feed(strokes.events) == [Scan("1"), Scan("2")]


def test_shift_that_repeats_itself_is_still_held(scanner, strokes):
    strokes.presses(li.KEY_LEFTSHIFT).holds_down(li.KEY_LEFTSHIFT).taps(li.KEY_A, li.KEY_ENTER)
    assert scanner.feed(strokes.events) == [Scan("A")]


def test_a_key_stuck_down_does_not_hold_the_scan_open(scanner, strokes):
    scanner.feed(strokes.types("40").presses(li.KEY_1).events)
    deadline_ms = scanner.deadline_ms
    scanner.feed(Strokes(at_ms=strokes.now_ms).waits(50).holds_down(li.KEY_1).events)
    assert scanner.deadline_ms == deadline_ms


def test_double_digits_arrive_twice_though_the_first_release_comes_late(scanner, strokes):
    strokes.presses(li.KEY_1).presses(li.KEY_1).lets_go(li.KEY_1).taps(li.KEY_ENTER)
    assert scanner.feed(strokes.events) == [Scan("11")]


def test_the_keypad_block_types_digits_and_num_lock_changes_nothing(scanner, strokes):
    key_numlock = 69
    strokes.taps(key_numlock).types_on_the_keypad("0123456789").taps(key_numlock)
    strokes.types_on_the_keypad("0").taps(li.KEY_KPENTER)
    assert scanner.feed(strokes.events) == [Scan("01234567890")]


@pytest.mark.parametrize("terminator", [li.KEY_ENTER, li.KEY_KPENTER, li.KEY_TAB])
def test_a_code_may_end_in_enter_or_tab(scanner, strokes, terminator):
    assert scanner.feed(strokes.types(MATE).taps(terminator).events) == [Scan(MATE)]


@pytest.mark.parametrize("control", [36, 50, 23])  # Ctrl+J, Ctrl+M, Ctrl+I
def test_a_scanner_may_send_the_ending_as_a_control_character(scanner, strokes, control):
    strokes.types(MATE).held_with(li.KEY_LEFTCTRL, control)
    assert scanner.feed(strokes.events) == [Scan(MATE)]


def test_carriage_return_and_line_feed_end_one_code_not_two(scanner, strokes):
    key_m, key_j = 50, 36
    strokes.types(MATE).held_with(li.KEY_LEFTCTRL, key_m, key_j).scans(COLA)
    assert scanner.feed(strokes.events) == [Scan(MATE), Scan(COLA)]


def test_enter_alone_is_no_scan(scanner, strokes):
    assert scanner.feed(strokes.taps(li.KEY_ENTER, li.KEY_ENTER).events) == []


class TestAScannerThatSendsNoEnding:
    def test_a_pause_ends_the_code(self, scanner, strokes):
        assert scanner.feed(strokes.types(MATE).events) == []
        assert scanner.deadline_ms == strokes.now_ms + GAP_MS
        assert scanner.flush(strokes.now_ms + GAP_MS - 1) == []
        assert scanner.flush(strokes.now_ms + GAP_MS) == [Scan(MATE)]
        assert scanner.deadline_ms is None
        assert scanner.flush(strokes.now_ms + 10 * GAP_MS) == []

    def test_the_next_code_ends_it_when_the_till_was_busy_and_read_late(self, scanner, strokes):
        strokes.types(MATE).waits(GAP_MS).types(COLA)
        assert scanner.feed(strokes.events) == [Scan(MATE)]
        assert scanner.flush(strokes.now_ms + GAP_MS) == [Scan(COLA)]

    def test_it_may_pause_longer_if_it_is_known_to_be_slow(self, strokes):
        slow = ScanDecoder(gap_ms=300)
        slow.feed(strokes.types("1").waits(250).types("2").events)
        assert slow.flush(strokes.now_ms + 300) == [Scan("12")]

    def test_it_never_needs_to_find_out_if_it_was_told(self, strokes):
        told = ScanDecoder(terminated=False)
        told.feed(strokes.taps(li.KEY_TAB).types(MATE).events)
        assert told.flush(strokes.now_ms + GAP_MS) == [Scan(MATE)]


class TestACodeThatBreaksOff:
    def test_it_is_refused_once_the_scanner_is_known_to_send_enter(self, scanner, strokes):
        strokes.scans(MATE).waits(400).types("4029")
        assert scanner.feed(strokes.events) == [Scan(MATE)]
        assert scanner.flush(strokes.now_ms + GAP_MS) == [PARTIAL]

    def test_it_does_not_become_the_head_of_the_next_code(self, scanner, strokes):
        strokes.scans(MATE).waits(400).types("4029").waits(GAP_MS).scans(COLA)
        assert scanner.feed(strokes.events) == [Scan(MATE), PARTIAL, Scan(COLA)]

    def test_it_is_refused_at_once_if_the_scanner_was_said_to_send_enter(self, strokes):
        told = ScanDecoder(terminated=True)
        assert told.feed(strokes.types("4029").waits(GAP_MS).scans(COLA).events) == [
            PARTIAL,
            Scan(COLA),
        ]

    def test_a_clock_that_steps_back_breaks_nothing_off(self, scanner, strokes):
        strokes.types("40").waits(-3_600_000).scans("29")
        assert scanner.feed(strokes.events) == [Scan("4029")]


class TestEventsTheKernelDropped:
    """More than 64 events unread: the kernel keeps SYN_DROPPED and what follows."""

    def test_the_scan_is_thrown_away_with_a_word_and_its_tail_is_no_scan(self, scanner, strokes):
        strokes.types("402976").loses_events().types("1807").taps(li.KEY_ENTER)
        assert scanner.feed(strokes.events) == [LOST]

    def test_the_next_scan_arrives(self, scanner, strokes):
        strokes.types("4029").loses_events().scans("1807").scans(COLA)
        assert scanner.feed(strokes.events) == [LOST, Scan(COLA)]

    def test_the_next_scan_arrives_even_if_the_lost_one_never_ended(self, scanner, strokes):
        strokes.loses_events().types("1807").waits(GAP_MS).scans(COLA)
        assert scanner.feed(strokes.events) == [LOST, Scan(COLA)]

    def test_it_is_said_once_for_one_scan(self, scanner, strokes):
        strokes.types("40").loses_events().types("29").loses_events().types("7").loses_events()
        assert scanner.feed(strokes.events) == [LOST]
        assert scanner.deadline_ms is None

    @pytest.mark.parametrize("key", [li.KEY_LEFTSHIFT, li.KEY_LEFTCTRL, li.KEY_CAPSLOCK])
    def test_a_lost_release_does_not_change_the_next_scan(self, scanner, strokes, key):
        strokes.presses(key).loses_events().taps(li.KEY_ENTER).types("7").taps(li.KEY_A)
        assert scanner.feed(strokes.taps(li.KEY_ENTER).events) == [LOST, Scan("7a")]

    def test_an_alt_code_in_the_tail_is_no_second_fault(self, scanner, strokes):
        strokes.loses_events().presses(li.KEY_LEFTALT).types_on_the_keypad("06")
        strokes.taps(li.KEY_ENTER)
        assert scanner.feed(strokes.events) == [LOST]

    def test_a_code_without_ending_before_them_counts_if_it_was_complete(self, scanner, strokes):
        strokes.types(MATE).waits(GAP_MS).loses_events()
        assert scanner.feed(strokes.events) == [Scan(MATE), LOST]


def test_keys_nobody_knows_and_preambles_are_ignored(scanner, strokes):
    strokes.taps(KEY_F1, KEY_VOLUMEUP, KEY_FN_BEYOND_ALL_TABLES).scans(MATE)
    assert scanner.feed(strokes.events) == [Scan(MATE)]


def test_a_key_with_ctrl_that_means_nothing_is_ignored(scanner, strokes):
    strokes.held_with(li.KEY_RIGHTCTRL, li.KEY_1).scans(MATE)
    assert scanner.feed(strokes.events) == [Scan(MATE)]


def test_the_longest_code_arrives_and_one_longer_is_refused_at_once(scanner, strokes):
    assert scanner.feed(strokes.scans("7" * SCAN_LENGTH_MAX).events) == [
        Scan("7" * SCAN_LENGTH_MAX)
    ]
    endless = Strokes().types("7" * (SCAN_LENGTH_MAX + 1))
    assert scanner.feed(endless.events) == [OVERLONG]


def test_an_overlong_code_is_refused_once_and_swallowed_to_its_end(scanner, strokes):
    strokes.types("7" * 3 * SCAN_LENGTH_MAX).taps(li.KEY_ENTER).scans(MATE)
    assert scanner.feed(strokes.events) == [OVERLONG, Scan(MATE)]


def test_a_scanner_unplugged_in_the_middle_leaves_nothing_behind(scanner, strokes):
    scanner.feed(strokes.scans(MATE).taps(li.KEY_CAPSLOCK).types("4029").events)
    scanner.feed(strokes.presses(li.KEY_LEFTSHIFT).events)
    scanner.reset()
    assert scanner.deadline_ms is None
    # Another one in its place that sends no Enter.
    again = Strokes(at_ms=10).taps(li.KEY_A).types("1")
    assert scanner.feed(again.events) == []
    assert scanner.flush(again.now_ms + GAP_MS) == [Scan("a1")]


def test_a_card_number_is_in_no_repr(scanner, strokes):
    events = strokes.scans("1234567").events
    assert "1234567" not in f"{scanner.feed(events)} {scanner!r}"
    assert repr(events) == repr([event._replace(code=0, value=0) for event in events])
