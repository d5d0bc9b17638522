"""Serial devices on ptys, read through the real pyserial: opened, read, pulled out."""

import errno
import logging
import os
import selectors
import sys
import termios
from collections.abc import Callable
from typing import Any

import pytest

from hardware.errors import (
    Absent,
    Ambiguous,
    Busy,
    DeviceError,
    DriverMissing,
    Forbidden,
    Unplugged,
    WrongDevice,
)
from hardware.scanner import GAP_MS, Scan
from hardware.serial_input import open_serial
from hardware.serial_keypad import SerialKeypadDecoder
from hardware.serial_port import Line, list_ports, open_port
from hardware.serial_rfid import RfidDecoder
from hardware.serial_scanner import SerialScanDecoder
from tests.hardware.ptys import PtyPlug
from tests.hardware.test_opening import descriptors

MATE, COLA = "4029764001807", "5449000000996"


@pytest.fixture
def plug(tmp_path):
    plug = PtyPlug(tmp_path / "usb-PSC-port0")
    yield plug
    plug.is_pulled()


@pytest.fixture
def scanner(plug):
    opened = open_serial(str(plug.link), SerialScanDecoder(), lambda: 1_000)
    yield opened
    opened.close()


def test_two_scans_in_one_read_both_arrive(plug, scanner):
    plug.sends(f"{MATE}\r\n{COLA}\r\n".encode())
    assert scanner.read() == [Scan(MATE), Scan(COLA)]


def test_more_than_a_tty_holds_arrives_too(plug, scanner):
    scans = [str(10**12 + number) for number in range(250)]  # 3,500 bytes
    plug.sends("".join(f"{scan}\r" for scan in scans).encode())
    assert scanner.read() == [Scan(scan) for scan in scans]


def test_nothing_there_is_nothing(scanner):
    assert scanner.read() == []


def test_a_selector_wakes_for_it(plug, scanner):
    with selectors.DefaultSelector() as selector:
        selector.register(scanner, selectors.EVENT_READ)
        assert selector.select(0) == []
        plug.sends(b"4029\r")
        assert [key.fileobj for key, _ in selector.select(5)] == [scanner]
        assert scanner.read() == [Scan("4029")]
        assert selector.select(0) == []


def test_a_pause_ends_a_code_and_what_is_queued_comes_first(plug, scanner):
    plug.sends(MATE[:5].encode())
    assert scanner.read() == []
    assert scanner.deadline_ms == 1_000 + GAP_MS
    plug.sends(MATE[5:].encode() + b"\r")
    assert scanner.flush(5_000) == [Scan(MATE)]
    plug.sends(COLA[:5].encode())
    scanner.read()
    assert scanner.flush(1_000 + GAP_MS)[0].fault is not None


@pytest.mark.parametrize(
    ("line", "speed", "modes"),
    [
        ("9600 8N1", termios.B9600, termios.CS8),
        ("1200 8N1", termios.B1200, termios.CS8),
        ("19200 7E1", termios.B19200, termios.CS7 | termios.PARENB),
        (
            "115200 8O2",
            termios.B115200,
            termios.CS8 | termios.PARENB | termios.PARODD | termios.CSTOPB,
        ),
    ],
)
def test_the_line_is_set_to_what_the_manual_says(plug, line, speed, modes):
    port = open_port(str(plug.link), Line.parse(line))
    mask = termios.CSIZE | termios.PARENB | termios.PARODD | termios.CSTOPB
    assert plug.speed() == speed
    # A pty has no wire: the kernel keeps its data bits at 8 and its parity off.
    assert plug.modes() & mask & ~(termios.CSIZE | termios.PARENB) == modes & ~(
        termios.CSIZE | termios.PARENB
    )
    assert port._port.bytesize == int(line.split()[1][0])
    assert port._port.parity == line.split()[1][1]
    port.close()


@pytest.mark.parametrize("text", ["9600", "9600 9N1", "9601 8N1", "8N1 9600", "9600 8N3", ""])
def test_a_line_that_makes_no_sense_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="like '9600 8N1'"):
        Line.parse(text)


def test_what_was_sent_before_anybody_listened_is_forgotten(plug):
    plug.sends(b"1807\r")
    scanner = open_serial(str(plug.link), SerialScanDecoder(), lambda: 0)
    plug.sends(b"4029\r")
    assert scanner.read() == [Scan("4029")]
    scanner.close()


def test_a_card_reader_and_a_keypad_are_read_the_same_way(plug, caplog):
    reader = open_serial(str(plug.link), RfidDecoder(), lambda: 0)
    plug.sends(b"\x0262E3086CED08\x03" + 5 * b"\x0262E3086CED09\x03")
    assert reader.read() == [Scan("62E3086CED")]
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == [
        f"{plug.link}: damaged readings dropped so far: 5"
    ]
    reader.close()
    pad = open_serial(str(plug.link), SerialKeypadDecoder(), lambda: 0)
    plug.sends(b"1234\r")
    assert pad.read() == list("1234#")
    assert pad.deadline_ms is None
    pad.close()


def test_damaged_readings_are_said_at_one_two_four_and_so_on(plug, caplog):
    reader = open_serial(str(plug.link), RfidDecoder(), lambda: 0)
    for _ in range(9):
        plug.sends(b"\x0262E3086CED09\x03")
        reader.read()
    said = [record.getMessage()[-1] for record in caplog.records if record.levelno > logging.INFO]
    assert said == ["1", "2", "4", "8"]
    reader.close()


class TestUnplugging:
    def test_pulling_the_cable_says_so_and_forgets_the_half_scan(self, plug, scanner):
        plug.sends(b"4029")
        scanner.read()
        plug.is_pulled()
        with pytest.raises(Unplugged, match=r"usb-PSC-port0: was unplugged \(the port hung up\)"):
            scanner.read()
        assert scanner.deadline_ms is None
        with pytest.raises(Unplugged):
            scanner.flush(10**6)

    def test_it_can_be_unregistered_and_closed_after_it(self, plug, scanner):
        with selectors.DefaultSelector() as selector:
            selector.register(scanner, selectors.EVENT_READ)
            plug.is_pulled()
            assert selector.select(5)
            with pytest.raises(Unplugged):
                scanner.read()
            selector.unregister(scanner)
        scanner.close()
        scanner.close()
        assert scanner.fileno() == -1
        with pytest.raises(Unplugged):
            scanner.read()

    def test_pulling_and_plugging_all_day_leaks_no_descriptor(self, tmp_path, size):
        link = tmp_path / "usb-PSC-port0"
        kinds: tuple[Callable[[], Any], ...] = (SerialScanDecoder, RfidDecoder, SerialKeypadDecoder)
        before = 0
        for cycle in range(3 * size(quick=1_000, ci=1_000, long=10_000)):
            plug = PtyPlug(link)
            opened = open_serial(str(link), kinds[cycle % 3](), lambda: 0)
            plug.sends(b"4029\r")
            assert opened.read() == [[Scan("4029")], [], list("4029#")][cycle % 3]
            with pytest.raises(Busy):
                open_port(str(link))
            plug.is_pulled()
            with pytest.raises(Unplugged):
                opened.read()
            opened.close()
            with pytest.raises(Absent):
                open_port(str(link))
            before = before or descriptors()
        assert descriptors() == before


class TestOpening:
    def test_a_pattern_may_name_it_if_it_fits_only_one(self, plug, tmp_path):
        open_port(str(tmp_path / "usb-PSC*")).close()
        other = PtyPlug(tmp_path / "usb-PSC-port1")
        with pytest.raises(Ambiguous, match="fits 2 devices"):
            open_port(str(tmp_path / "usb-PSC*"))
        with pytest.raises(Absent, match="ls -l /dev/serial/by-id"):
            open_port(str(tmp_path / "usb-Prolific*"))
        other.is_pulled()

    def test_two_programs_cannot_have_it(self, plug, scanner):
        with pytest.raises(Busy, match="fuser -v"):
            open_port(str(plug.link))

    def test_what_is_no_serial_port_is_refused(self, tmp_path):
        (tmp_path / "file").touch()
        before = descriptors()
        with pytest.raises(WrongDevice, match="not a serial port"):
            open_port(str(tmp_path / "file"))
        assert descriptors() == before

    @pytest.mark.parametrize(("number", "kind"), [(13, Forbidden), (2, Absent), (12, DeviceError)])
    def test_a_refusal_says_what_to_do(self, plug, monkeypatch, number, kind):
        import serial

        def refuse(*_args, **_options):
            raise serial.SerialException(number, os.strerror(number))

        monkeypatch.setattr(serial, "Serial", refuse)
        with pytest.raises(DeviceError) as caught:
            open_port(str(plug.link))
        assert type(caught.value) is kind
        assert number != 13 or "usermod -aG dialout" in caught.value.remedy

    def test_one_that_vanishes_while_it_is_opened_is_absent(self, plug, monkeypatch):
        """Then pyserial lets termios's own errors pass, which are none of the system's."""

        def vanish(*_args, **_options):
            raise termios.error(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr("serial.Serial", vanish)
        with pytest.raises(Absent):
            open_port(str(plug.link))

    def test_a_pattern_of_stars_is_a_pattern(self, plug, tmp_path):
        open_port(str(tmp_path / "usb-PSC**")).close()

    def test_a_missing_library_is_named(self, plug, monkeypatch):
        monkeypatch.setitem(sys.modules, "serial", None)
        with pytest.raises(DriverMissing, match="apt install python3-serial"):
            open_port(str(plug.link))

    def test_what_is_plugged_in_is_listed_by_its_names(self, plug, tmp_path):
        assert list_ports(tmp_path) == [str(plug.link)]
        assert list_ports(tmp_path / "nowhere") == []
