"""Whatever a device sends, the decoders answer, and never with more than they promise."""

from hypothesis import given
from hypothesis import strategies as st

from hardware import linux_input as li
from hardware.keyboard import GS
from hardware.keypad import KEYS, KeypadDecoder
from hardware.keys import LAYOUTS
from hardware.linux_input import InputEvent
from hardware.scanner import SCAN_LENGTH_MAX, Scan, ScanDecoder
from hardware.serial_rfid import RfidDecoder
from hardware.serial_scanner import SerialScanDecoder

# Anything a struct input_event can hold, and often something that means something.
codes = st.one_of(st.integers(0, 0x2FF), st.integers(1, 127), st.just(0xFFFF))
keys = st.builds(
    InputEvent,
    st.integers(0, 2_000),
    st.just(li.EV_KEY),
    codes,
    st.sampled_from([0, 1, 1, 1, 2, -1, 2**31 - 1]),
)
losses = st.builds(InputEvent, st.integers(0, 2_000), st.just(li.EV_SYN), st.just(3), st.just(0))
others = st.builds(
    InputEvent,
    st.integers(-(2**63), 2**63),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.integers(-(2**31), 2**31 - 1),
)
streams = st.lists(st.one_of(keys, keys, keys, losses, others), max_size=400)
layouts = st.sampled_from(sorted(LAYOUTS))
endings = st.sampled_from([None, True, False])


def check(scans: list[Scan]) -> None:
    for scan in scans:
        assert bool(scan.text) != (scan.fault is not None)
        assert len(scan.text) <= SCAN_LENGTH_MAX
        assert all(character == GS or character >= " " for character in scan.text)
        assert not any("\x7f" <= character < "\xa0" for character in scan.text)
        assert "\ufffd" not in scan.text


@given(layouts, endings, streams, st.integers(0, 2_000))
def test_a_scanner_may_send_anything(layout, terminated, events, now_ms):
    scanner = ScanDecoder(LAYOUTS[layout], terminated=terminated)
    check(scanner.feed(events))
    check(scanner.flush(now_ms))
    deadline_ms = scanner.deadline_ms
    if deadline_ms is not None:
        assert len(scanner.flush(deadline_ms)) == 1
    assert scanner.deadline_ms is None


@given(layouts, streams, st.data())
def test_how_a_stream_is_cut_into_reads_changes_nothing(layout, events, data):
    cut = data.draw(st.integers(0, len(events)))
    at_once = ScanDecoder(LAYOUTS[layout]).feed(events)
    scanner = ScanDecoder(LAYOUTS[layout])
    assert scanner.feed(events[:cut]) + scanner.feed(events[cut:]) == at_once


@given(streams, layouts)
def test_a_reset_decoder_is_a_new_one(events, layout):
    used, new = ScanDecoder(LAYOUTS[layout]), ScanDecoder(LAYOUTS[layout])
    used.feed(events)
    used.reset()
    assert used.feed(events) == new.feed(events)
    assert used.deadline_ms == new.deadline_ms


@given(streams)
def test_a_pad_may_send_anything(events):
    pad = KeypadDecoder()
    typed = pad.feed(events)
    assert set(typed) <= set(KEYS)
    assert all(len(key) == 1 for key in typed)


@given(st.text("0123456789", min_size=1, max_size=SCAN_LENGTH_MAX), st.booleans())
def test_every_number_arrives_as_it_was_printed(number, on_the_keypad):
    block = {digit: code for code, digit in li.KEYPAD_DIGITS.items()}
    row = dict(zip("1234567890", range(li.KEY_1, li.KEY_0 + 1), strict=True))
    pressed = [(block if on_the_keypad else row)[digit] for digit in number]
    events = [
        InputEvent(at_ms, li.EV_KEY, code, value)
        for at_ms, code in enumerate([*pressed, li.KEY_ENTER])
        for value in (li.DOWN, li.UP)
    ]
    assert [scan.text for scan in ScanDecoder().feed(events)] == [number]


@given(st.binary(max_size=400), st.data())
def test_a_serial_scanner_may_send_anything_in_reads_of_any_size(sent, data):
    cut = data.draw(st.integers(0, len(sent)))
    at_once = SerialScanDecoder(("F",))
    in_two = SerialScanDecoder(("F",))
    scans = at_once.feed(sent, 0)
    check(scans)
    assert in_two.feed(sent[:cut], 0) + in_two.feed(sent[cut:], 10_000) == scans
    if at_once.deadline_ms is not None:
        assert len(at_once.flush(at_once.deadline_ms)) <= 1
    assert at_once.deadline_ms is None


@given(st.lists(st.one_of(st.binary(max_size=20), st.just(b"\x0262E3086CED08\x03"))))
def test_a_card_reader_may_send_anything_and_the_card_is_read_all_the_same(pieces):
    reader = RfidDecoder()
    whole = b"\x02".join(pieces)
    cards = reader.feed(whole + b"\x0262E3086CED08\x03", 0)
    check(cards)
    assert cards[-1].text == "62E3086CED"
    assert all(len(card.text) == 10 for card in cards)
