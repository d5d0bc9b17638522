"""A device on a descriptor: read whole, waited for, pulled out."""

import logging
import selectors

import pytest

from hardware import linux_input as li
from hardware.errors import Unplugged
from hardware.evdev_input import Input
from hardware.keypad import KeypadDecoder
from hardware.scanner import GAP_MS, Fault, Scan, ScanDecoder
from tests.hardware.strokes import Strokes

MATE = "4029764001807"
COLA = "5449000000996"


def input_of(plug, decoder=None, *, is_monotonic: bool = True):
    return Input(
        plug.device, decoder or ScanDecoder(), path="/dev/input/event7", is_monotonic=is_monotonic
    )


class TestReading:
    def test_two_scans_in_one_read_both_arrive(self, plug):
        # 11 Enter 22 Enter: a reader that stops at Enter throws the second away.
        plug.sends(Strokes().scans("11").waits(400).scans("22").events)
        assert input_of(plug).read() == [Scan("11"), Scan("22")]

    def test_more_than_one_batch_of_64_is_read_at_once(self, plug):
        events = Strokes().scans(MATE).waits(400).scans(COLA).events
        assert len(events) > 2 * 64
        plug.sends(events)
        assert input_of(plug).read() == [Scan(MATE), Scan(COLA)]

    def test_nothing_there_is_nothing(self, plug):
        assert input_of(plug).read() == []

    def test_a_scan_may_arrive_in_two_halves(self, plug):
        scanner = input_of(plug)
        events = Strokes().scans(MATE).events
        plug.sends(events[:40])
        assert scanner.read() == []
        plug.sends(events[40:])
        assert scanner.read() == [Scan(MATE)]

    def test_a_selector_wakes_for_it(self, plug):
        scanner = input_of(plug)
        with selectors.DefaultSelector() as selector:
            selector.register(scanner, selectors.EVENT_READ)
            assert selector.select(0) == []
            plug.sends(Strokes().scans(MATE).events)
            assert [key.fileobj for key, _ in selector.select(5)] == [scanner]
            assert scanner.read() == [Scan(MATE)]
            assert selector.select(0) == []

    def test_a_device_gone_mad_does_not_stop_the_loop(self, plug):
        scanner = input_of(plug, KeypadDecoder())
        plug.sends(Strokes().types("1" * 400).events)  # 2400 events
        first = scanner.read()
        assert 0 < len(first) < 400
        assert len(first) + len(scanner.read()) + len(scanner.read()) == 400

    def test_lost_events_are_logged_without_a_key(self, plug, caplog):
        plug.sends(Strokes().types("4029").loses_events().events)
        with caplog.at_level(logging.DEBUG):
            assert input_of(plug).read() == [Scan(fault=Fault.LOST)]
        assert caplog.messages == ["/dev/input/event7: read too late, the kernel dropped events"]


class TestTime:
    def test_a_scanner_without_enter_is_read_when_its_deadline_comes(self, plug):
        scanner = input_of(plug)
        strokes = Strokes().types(MATE)
        plug.sends(strokes.events)
        assert scanner.read() == []
        assert scanner.deadline_ms == strokes.now_ms + GAP_MS
        assert scanner.flush(scanner.deadline_ms) == [Scan(MATE)]

    def test_a_loop_that_was_busy_does_not_tear_a_scan_in_two(self, plug):
        scanner = input_of(plug)
        strokes = Strokes().scans(MATE)
        events = strokes.events
        plug.sends(events[:40])
        scanner.read()
        plug.sends(events[40:])
        assert scanner.flush(strokes.now_ms + 5_000) == [Scan(MATE)]

    def test_without_the_monotonic_clock_there_is_no_deadline(self, plug):
        scanner = input_of(plug, is_monotonic=False)
        strokes = Strokes().types(MATE)
        plug.sends(strokes.events)
        assert scanner.read() == []
        assert scanner.deadline_ms is None
        assert scanner.flush(strokes.now_ms + GAP_MS) == []
        plug.sends(strokes.taps(li.KEY_ENTER).events[-6:])
        assert scanner.flush(strokes.now_ms) == [Scan(MATE)]


class TestUnplugging:
    def test_pulling_the_cable_says_so_and_forgets_the_half_scan(self, plug):
        decoder = ScanDecoder()
        scanner = input_of(plug, decoder)
        plug.sends(Strokes().types("4029").events)
        scanner.read()
        plug.is_pulled()
        with pytest.raises(Unplugged, match=r"event7: was unplugged \(No such device\)"):
            scanner.read()
        assert decoder.deadline_ms is None

    def test_the_end_of_a_descriptor_is_unplugging_not_an_endless_loop(self, plug):
        scanner = input_of(plug)
        plug.ends()
        with pytest.raises(Unplugged):
            scanner.read()
        with pytest.raises(Unplugged):
            scanner.flush(0)

    def test_what_was_scanned_before_it_still_counts(self, plug):
        scanner = input_of(plug)
        plug.sends(Strokes().scans(MATE).events)
        plug.ends()
        assert scanner.read() == [Scan(MATE)]
        with pytest.raises(Unplugged):
            scanner.read()

    def test_what_was_read_before_the_device_vanished_still_counts(self, plug):
        class Vanishing:
            def __getattr__(self, name):
                return getattr(plug.device, name)

            def read(self):
                batch = list(plug.device.read())
                plug.is_pulled()
                return batch

        plug.sends(Strokes().scans("1").events)
        scanner = Input(Vanishing(), ScanDecoder(), path="event7", is_monotonic=True)
        assert scanner.read() == [Scan("1")]
        with pytest.raises(Unplugged):
            scanner.read()

    def test_it_can_be_unregistered_and_closed_after_it(self, plug):
        scanner = input_of(plug)
        with selectors.DefaultSelector() as selector:
            selector.register(scanner, selectors.EVENT_READ)
            plug.ends()
            selector.select(5)
            with pytest.raises(Unplugged):
                scanner.read()
            selector.unregister(scanner)
        scanner.close()
        scanner.close()
        assert scanner.fileno() == -1
        with pytest.raises(Unplugged):
            scanner.read()


def test_a_keypad_is_read_the_same_way(plug):
    plug.sends(Strokes().types_on_the_keypad("1234").taps(li.KEY_KPENTER).events)
    pad = input_of(plug, KeypadDecoder())
    assert pad.read() == list("1234#")
    assert pad.deadline_ms is None
    assert pad.flush(10**9) == []
