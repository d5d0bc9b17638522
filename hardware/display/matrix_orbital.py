"""A serial display that understands Matrix Orbital's commands (LCD4041, LK404, LK204, and copies).

Source: Matrix Orbital, LK204-25 and LCD4041 manuals, chapters text, special characters and display
functions. Text goes to where the cursor is; a command is 0xFE and a letter. Codes 0 to 7 are the
drawn characters. Lines go over RS-232 or USB at 9600 or 19200 baud, 8N1, nothing comes back.
"""

from __future__ import annotations

import termios
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final, Protocol

from hardware.display.bus import Geometry, Traits
from hardware.display.framebuffer import Changes
from hardware.display.glyphs import Glyph
from hardware.display.roms import Rom
from hardware.errors import DeviceError, DriverMissing

PREFIX: Final = 0xFE
CLEAR: Final = b"\xfeX"
WRAP_OFF: Final = b"\xfeD"
SCROLL_OFF: Final = b"\xfeR"
UNDERLINE_OFF: Final = b"\xfeK"
BLINK_OFF: Final = b"\xfeT"
LIGHT_ON: Final = b"\xfeB\x00"  # for no minutes, which is for ever
LIGHT_OFF: Final = b"\xfeF"
PLACE_CURSOR: Final = b"\xfeG"  # column and row, from 1
DRAW: Final = b"\xfeN"  # slot, then eight rows

_SLOTS: Final = 8
# Placing the cursor takes four bytes.
_GAP: Final = 4
# What it could take for a command, or for the end of a line.
_AVOIDED: Final = frozenset([PREFIX, *range(_SLOTS, 0x20)])
# Whatever command was begun before the line broke ends within these; then all is cleared.
_RESYNC: Final = b" " * 10
# A picture of 160 cells takes 0.2 s at 9600 baud; no display keeps the line blocked this long.
_WRITE_TIMEOUT_S: Final = 5


class SerialPort(Protocol):
    """``serial.Serial``, as far as it is used."""

    @property
    def in_waiting(self) -> int:
        """Ask the kernel; raises OSError when the port is gone."""
        ...

    def write(self, octets: bytes, /) -> int | None:
        """Hand over; raises OSError."""
        ...

    def flush(self) -> None:
        """Wait until all is on the line."""
        ...

    def reset_input_buffer(self) -> None:
        """Forget what came in."""
        ...

    def close(self) -> None:
        """Close."""
        ...


def open_serial(path: str, baud: int) -> SerialPort:
    """Open a port for this program alone.

    Raises:
        DeviceError: it is not there, not for this user, or taken.
    """
    try:
        import serial
    except ImportError as error:
        remedy = "Install it: apt install python3-serial, or pip install pyserial"
        raise DriverMissing(path, "pyserial", remedy) from error
    try:
        return serial.Serial(path, baud, timeout=0, write_timeout=_WRITE_TIMEOUT_S, exclusive=True)
    except (OSError, termios.error) as error:  # the second of a port that is just vanishing
        remedy = "Look up its name: ls -l /dev/serial/by-id; this user needs the group dialout"
        said = getattr(error, "strerror", None) or error.args[-1]
        raise DeviceError(path, f"cannot be opened: {said}", remedy) from error


class MatrixOrbital:
    """A ``Bus`` on a serial port."""

    def __init__(
        self,
        path: str,
        baud: int,
        geometry: Geometry,
        rom: Rom,
        *,
        opener: Callable[[str, int], SerialPort] = open_serial,
    ) -> None:
        self._path = path
        self._baud = baud
        self._opener = opener
        self._port: SerialPort | None = None
        everything = (range(geometry.rows),)
        self.traits: Final = Traits(
            geometry, rom, _SLOTS, _GAP, _AVOIDED, areas=everything, blanking=len(CLEAR)
        )

    def start(self) -> None:
        """Open the port and set everything that a picture relies on."""
        self.close()
        self._port = self._opener(self._path, self._baud)
        self._write(_RESYNC + WRAP_OFF + SCROLL_OFF + UNDERLINE_OFF + BLINK_OFF + LIGHT_ON + CLEAR)

    def draw(self, glyphs: Sequence[Glyph], changes: Changes) -> None:
        """One write a picture."""
        drawn = [DRAW + bytes([glyph.slot, *glyph.dots]) for glyph in glyphs]
        placed = [
            PLACE_CURSOR + bytes([run.column + 1, run.row + 1]) + run.codes for run in changes.runs
        ]
        self._write(b"".join([*drawn, *[CLEAR] * len(changes.blanked), *placed]))

    def light(self, *, lit: bool) -> None:
        """On for ever, or off."""
        self._write(LIGHT_ON if lit else LIGHT_OFF)

    def check(self) -> None:
        """Nothing comes from the display; that a USB port is gone, the kernel knows."""
        assert self._port is not None, "checked before it was started"
        with _as_os_error():
            if self._port.in_waiting:
                self._port.reset_input_buffer()  # a keypad on it that nobody asked

    def close(self) -> None:
        """Close the port."""
        port, self._port = self._port, None
        if port is not None:
            with suppress(OSError):
                port.close()

    def _write(self, octets: bytes) -> None:
        """Until all is on the line: what waits in a buffer would be shown late."""
        assert self._port is not None, "written before it was started"
        with _as_os_error():
            self._port.write(octets)
            self._port.flush()


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Pyserial lets errors of termios pass, which are no errors of the system's by their type."""
    try:
        yield
    except termios.error as error:
        raise OSError(*error.args) from error
