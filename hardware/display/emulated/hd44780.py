"""A display controller HD44780 behind its pins, wired by D4 to D7.

Source: Hitachi, HD44780U data sheet ADE-207-272(Z): table 1 (pins), table 6 (instructions and their
times at 270 kHz), figures 4 and 5 (addresses of two lines), page 23 (internal reset), figure 24
(4 bits), figure 25 (write: RS is stable before E rises, data are taken when E falls).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from hardware.display.emulated.simulated_time import SimulatedTime

_US: Final = 1000  # in nanoseconds
INSTRUCTION_NS: Final = 37 * _US
# Reading or writing RAM also moves the address counter, 4 us later.
DATA_NS: Final = 41 * _US
CLEAR_NS: Final = 1520 * _US
RESET_NS: Final = 10_000 * _US

_LINE: Final = 40
_SECOND_LINE: Final = 0x40
_DDRAM: Final = 0x80
_CGRAM: Final = 64
_BLANK: Final = 0x20
# DB0 to DB3 are not connected; the chip pulls them up.
_OPEN: Final = 0x0F


class Pins(NamedTuple):
    """What a controller is told at one moment; ``data`` is D4 to D7.

    A tuple, because a test makes millions.
    """

    rs: bool
    e: bool
    data: int
    rw: bool = False


_LOW: Final = Pins(rs=False, e=False, data=0)


class Hd44780:
    """One controller. ``faults`` has what a real one would have answered with garbage."""

    def __init__(self, time: SimulatedTime) -> None:
        self._time = time
        self.faults: list[str] = []
        self.octets = 0
        self.power_on()

    def power_on(self, pins: Pins = _LOW) -> None:
        """The internal reset: 8 bits, one line, display off, blank; pins as they come up."""
        self._pins = pins
        # What the chip is told by an E that was high before it could listen is nobody's fault.
        self._is_deaf = pins.e
        self.ddram = bytearray([_BLANK]) * _DDRAM
        self.cgram = bytearray(_CGRAM)
        self.is_on = False
        self.has_cursor = False
        self.shift = 0
        self._address = 0
        self._is_in_cgram = False
        self._lines = 1
        self._step = 1
        self._shifts = False
        self._is_4_bits = False
        self._high: int | None = None
        self._busy_until_ns = self._time.now_ns + RESET_NS

    def set_pins(self, pins: Pins) -> None:
        """All pins change at once; a falling E takes what was there before it fell."""
        before, self._pins = self._pins, pins
        if pins.e and not before.e and (pins.rs, pins.rw) != (before.rs, before.rw):
            self.faults.append("RS or RW changed while E rose")
        if before.e and not pins.e and not before.rw:
            if not self._is_deaf:
                self._take(rs=before.rs, nibble=before.data)
            self._is_deaf = False

    def row(self, line: int, first: int, columns: int) -> bytes:
        """What a line of display RAM shows, from one column on."""
        if not self.is_on:
            return bytes([_BLANK]) * columns
        start = line * _SECOND_LINE
        places = ((first + self.shift + column) % _LINE for column in range(columns))
        return bytes(self.ddram[start + place] for place in places)

    def _take(self, *, rs: bool, nibble: int) -> None:
        if self._time.now_ns < self._busy_until_ns:
            self.faults.append(f"written while busy, {'data' if rs else 'instruction'} {nibble:X}")
            return
        if not self._is_4_bits:
            self._execute(rs=rs, octet=nibble << 4 | _OPEN)
        elif self._high is None:
            self._high = nibble
        else:
            octet, self._high = self._high << 4 | nibble, None
            self._execute(rs=rs, octet=octet)

    def _execute(self, *, rs: bool, octet: int) -> None:
        self.octets += 1
        busy_ns = INSTRUCTION_NS
        if rs:
            busy_ns = DATA_NS
            self._write(octet)
        elif octet < 0x04:
            busy_ns = CLEAR_NS
            self._clear_or_home(octet)
        elif octet < 0x20:
            self._set_mode(octet)
        elif octet < 0x40:
            self._is_4_bits = not octet & 0x10
            self._lines = 2 if octet & 0x08 else 1
            self._high = None
        elif octet < 0x80:
            self._address, self._is_in_cgram = octet & 0x3F, True
        else:
            self._set_ddram_address(octet & 0x7F)
        self._busy_until_ns = self._time.now_ns + busy_ns

    def _clear_or_home(self, octet: int) -> None:
        if octet == 0x01:
            self.ddram[:] = bytes([_BLANK]) * _DDRAM
            self._step = 1
        self._address, self._is_in_cgram, self.shift = 0, False, 0

    def _set_mode(self, octet: int) -> None:
        """Entry mode, display on and off, cursor or display shift."""
        if octet < 0x08:
            self._step = 1 if octet & 0x02 else -1
            self._shifts = bool(octet & 0x01)
        elif octet < 0x10:
            self.is_on = bool(octet & 0x04)
            self.has_cursor = bool(octet & 0x03)
        elif octet & 0x08:
            self.shift += -1 if octet & 0x04 else 1
        else:
            self._move(1 if octet & 0x04 else -1)

    def _set_ddram_address(self, address: int) -> None:
        self._is_in_cgram = False
        self._address = address
        if self._lines == 2 and address % _SECOND_LINE >= _LINE:
            self.faults.append(f"there is no display RAM at {address:02X}")
            self._address = address % _SECOND_LINE % _LINE

    def _write(self, octet: int) -> None:
        if self._is_in_cgram:
            self.cgram[self._address] = octet
            self._address = (self._address + self._step) % _CGRAM
            return
        self.ddram[self._address] = octet
        self._move(self._step)
        if self._shifts:
            self.shift += self._step

    def _move(self, step: int) -> None:
        """The address counter goes from the end of one line to the beginning of the other."""
        if self._lines == 1:
            self._address = (self._address + step) % (2 * _LINE)
            return
        line, column = divmod(self._address, _SECOND_LINE)
        carry, column = divmod(column + step, _LINE)
        self._address = (line + carry) % 2 * _SECOND_LINE + column
