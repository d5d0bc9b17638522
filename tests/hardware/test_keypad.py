"""Twelve keys, whatever pad they are pressed on."""

import pytest

from hardware import linux_input as li
from hardware.keypad import KEYS, LOSS_PAUSE_MS, KeypadDecoder
from tests.hardware.strokes import KEYPAD_KEYS, Strokes

KEY_NUMLOCK = 69


@pytest.fixture
def pad() -> KeypadDecoder:
    return KeypadDecoder()


@pytest.fixture
def strokes() -> Strokes:
    return Strokes(step_ms=60)


def test_an_amount_is_typed_on_a_numpad(pad, strokes):
    strokes.types_on_the_keypad("2000").taps(li.KEY_KPENTER)
    assert pad.feed(strokes.events) == list("2000#")


def test_the_keypad_block_has_all_ten_digits(pad, strokes):
    assert pad.feed(strokes.types_on_the_keypad("0123456789").events) == list("0123456789")


def test_the_digits_of_an_ordinary_keyboard_will_do(pad, strokes):
    strokes.types("1234567890").taps(li.KEY_ENTER)
    assert pad.feed(strokes.events) == list("1234567890#")


def test_a_telephone_pad_has_all_twelve(pad, strokes):
    strokes.taps(*range(li.KEY_NUMERIC_0, li.KEY_NUMERIC_POUND + 1))
    assert pad.feed(strokes.events) == list("0123456789*#")


@pytest.mark.parametrize(
    "key", [li.KEY_BACKSPACE, li.KEY_ESC, li.KEY_DELETE, li.KEY_KPMINUS, li.KEY_KPASTERISK]
)
def test_whatever_takes_something_back_elsewhere_is_the_star(pad, strokes, key):
    assert pad.feed(strokes.taps(key).events) == ["*"]


def test_a_key_held_down_counts_once(pad, strokes):
    strokes.presses(li.KEY_KPENTER).holds_down(li.KEY_KPENTER).holds_down(li.KEY_KPENTER)
    assert pad.feed(strokes.lets_go(li.KEY_KPENTER).events) == ["#"]


def test_a_pad_that_presses_num_lock_around_each_digit_types_the_digit(pad, strokes):
    for digit in "42":
        strokes.taps(KEY_NUMLOCK).types_on_the_keypad(digit).taps(KEY_NUMLOCK)
    assert pad.feed(strokes.events) == ["4", "2"]


def test_the_double_zero_key_types_two(pad):
    strokes = Strokes(step_ms=1).types_on_the_keypad("00")
    assert pad.feed(strokes.events) == ["0", "0"]


def test_a_point_in_an_amount_deletes_nothing(pad, strokes):
    strokes.types_on_the_keypad("20").taps(li.KEY_KPDOT).types_on_the_keypad("00")
    assert pad.feed(strokes.events) == list("2000")


def test_an_odd_pad_is_told_by_a_keymap(strokes):
    odd = KeypadDecoder({li.KEY_KPSLASH: "00", li.KEY_KPPLUS: "*", li.KEY_ESC: ""})
    strokes.taps(li.KEY_KPSLASH, li.KEY_KPPLUS, li.KEY_ESC, li.KEY_KPENTER)
    assert odd.feed(strokes.events) == list("00*#")


@pytest.mark.parametrize("keys", ["A", "0000", "1 2"])
def test_a_keymap_types_nothing_but_the_twelve_keys(keys):
    with pytest.raises(ValueError, match="key 98 may type up to 3 of 0123456789"):
        KeypadDecoder({li.KEY_KPSLASH: keys})


class TestEventsTheKernelDropped:
    def test_the_tail_of_what_was_typed_buys_nothing(self, pad, strokes):
        strokes.types_on_the_keypad("5").loses_events().types_on_the_keypad("00")
        assert pad.feed(strokes.taps(li.KEY_KPENTER).events) == ["5"]

    def test_who_types_on_without_looking_types_nothing(self, pad, strokes):
        strokes.loses_events().types_on_the_keypad("2000200020")
        assert strokes.now_ms - strokes.events[0].time_ms > 2 * LOSS_PAUSE_MS
        assert pad.feed(strokes.events) == []

    def test_who_sees_nothing_happen_types_again(self, pad, strokes):
        strokes.loses_events().types_on_the_keypad("00").waits(LOSS_PAUSE_MS)
        assert pad.feed(strokes.types_on_the_keypad("50").events) == ["5", "0"]

    def test_unplugging_ends_it(self, pad, strokes):
        pad.feed(strokes.loses_events().events)
        pad.reset()
        assert pad.feed(Strokes(at_ms=strokes.now_ms).types("1").events) == ["1"]


def test_no_key_waits_for_time_to_pass(pad, strokes):
    pad.feed(strokes.types("1").events)
    assert pad.deadline_ms is None
    assert pad.flush(strokes.now_ms + 10_000) == []


@pytest.mark.parametrize("key", sorted({*KEYPAD_KEYS.values(), li.KEY_1, li.KEY_ENTER}))
def test_no_repr_tells_the_key_that_was_pressed(pad, key):
    events = Strokes().taps(key).events
    other = Strokes().taps(li.KEY_ESC).events
    before = repr(pad)
    assert set(pad.feed(events)) < set(KEYS)
    assert repr(pad) == before
    assert repr(events) == repr(other)
