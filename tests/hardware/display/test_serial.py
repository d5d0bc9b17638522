"""The serial display on a pty: bytes on the line, and a port that comes and goes."""

from __future__ import annotations

import termios

import pytest

from hardware.display.bus import Geometry
from hardware.display.emulated.matrix_orbital import SerialDisplay
from hardware.display.matrix_orbital import MatrixOrbital, open_serial
from hardware.display.roms import ROMS
from hardware.display.screen import Screen
from hardware.errors import DeviceError
from tests.hardware.display.test_every_display import GERMAN, NEXT


def fed(*octets: bytes) -> SerialDisplay:
    display = SerialDisplay(4, 40)
    display.feed(b"\xfeX" + b"".join(octets))
    return display


def test_text_goes_where_the_cursor_was_placed():
    display = fed(b"\xfeG\x03\x02Mate")
    assert display.glass[1] == b"  Mate".ljust(40)


def test_a_command_may_come_in_pieces():
    display = fed(*(bytes([octet]) for octet in b"\xfeG\x28\x04!"))
    assert display.glass[3] == b"!".rjust(40)


def test_a_drawn_character_is_what_was_drawn():
    display = fed(b"\xfeN\x02" + bytes(range(8)) + b"\x02")
    assert display.cells[0][0] == tuple(range(8))


def test_what_it_would_not_understand_is_noted():
    assert fed(b"\xfe!").faults == ["unknown command '!'"]
    assert fed(b"\xfeG\x29\x01").faults == ["no cell 41, 1"]
    assert fed(b"\x0a").faults == ["control code 0A as text"]


def test_a_command_that_was_cut_off_does_not_swallow_the_next_picture(workshop):
    rig = workshop.rig("serial")
    display = rig.parts["display"]
    display.feed(b"\xfeN\x03\x01\x02")
    Screen(rig.bus).show(GERMAN)
    assert rig.shows(GERMAN), rig.reads
    assert (display.wraps, display.scrolls, display.has_cursor) == (False, False, False)


@pytest.mark.parametrize("rom", ["a00", "a02", "st0b"])
def test_no_character_is_sent_as_a_command(workshop, rom):
    rig = workshop.rig("serial", rom=rom)
    everything = "".join(map(chr, range(0x20, 0x180))) + "↑↓→←≤≥±²³þ€"
    screen = Screen(rig.bus)
    for start in range(0, len(everything), 160):
        screen.show([everything[start + row * 40 : start + row * 40 + 40] for row in range(4)])
    screen.show(GERMAN)
    assert rig.shows(GERMAN)
    assert rig.faults() == []


def test_a_change_is_a_cursor_and_what_changed(workshop):
    rig = workshop.rig("serial")
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    assert rig.shows(GERMAN)
    before = rig.parts["display"].octets
    screen.show(GERMAN)
    screen.show(NEXT)
    assert rig.shows(NEXT)
    # b, 4, 6,45, and what follows the first digit of 11,90.
    assert rig.parts["display"].octets - before == (4 + 1) + (4 + 1) + (4 + 4) + (4 + 4)


def test_a_port_that_another_program_has_is_refused(workshop):
    rig = workshop.rig("serial")
    port = open_serial(rig.parts["line"].path, 19200)
    with pytest.raises(DeviceError, match="ttyDISPLAY: cannot be opened"):
        Screen(rig.bus).show(GERMAN)
    port.close()
    Screen(rig.bus).show(GERMAN)
    assert rig.shows(GERMAN)


class Vanishing:
    """A port that vanishes between two questions: then pyserial lets termios's own errors pass."""

    in_waiting = 1

    def write(self, octets: bytes) -> int:
        return len(octets)

    def flush(self) -> None:
        pass

    def reset_input_buffer(self) -> None:
        raise termios.error(5, "Input/output error")

    def close(self) -> None:
        pass


def test_a_port_that_vanishes_while_it_is_looked_at_is_gone_and_nothing_worse():
    display = MatrixOrbital(
        "tty", 19200, Geometry(), ROMS["a00"], opener=lambda path, baud: Vanishing()
    )
    display.start()
    with pytest.raises(OSError, match="Input/output error"):
        display.check()


def test_a_port_that_vanishes_while_it_is_opened_is_gone_and_nothing_worse(monkeypatch):
    def vanish(*_args, **_options):
        raise termios.error(5, "Input/output error")

    monkeypatch.setattr("serial.Serial", vanish)
    with pytest.raises(DeviceError, match="ttyUSB0: cannot be opened: Input/output error"):
        open_serial("/dev/ttyUSB0", 19200)
