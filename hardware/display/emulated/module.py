"""A display module: a glass, and the one or two controllers behind it."""

from __future__ import annotations

from hardware.display.emulated.hd44780 import Hd44780, Pins
from hardware.display.emulated.simulated_time import SimulatedTime
from hardware.display.emulated.svg import Picture, draw
from hardware.display.roms import Rom


class Module:
    """Two controllers show two rows each; one shows up to four, in halves of its lines."""

    def __init__(self, rows: int, columns: int, time: SimulatedTime) -> None:
        self.rows, self.columns = rows, columns
        self.is_lit = False
        count = 2 if rows * columns > 80 else 1
        self.controllers = [Hd44780(time) for _ in range(count)]

    @property
    def glass(self) -> tuple[bytes, ...]:
        """The codes of what is seen, row by row."""
        rows = []
        for row in range(self.rows):
            half, line = divmod(row, 2)
            if len(self.controllers) == 2:
                rows.append(self.controllers[half].row(line, 0, self.columns))
            else:
                rows.append(self.controllers[0].row(line, half * self.columns, self.columns))
        return tuple(rows)

    @property
    def cells(self) -> tuple[tuple[int | tuple[int, ...], ...], ...]:
        """What is seen, with drawn characters as their eight rows of dots."""
        per_half = 2 if len(self.controllers) == 2 else self.rows
        return tuple(
            tuple(self._cell(row // per_half, code) for code in codes)
            for row, codes in enumerate(self.glass)
        )

    @property
    def faults(self) -> list[str]:
        """What no real controller would have forgiven."""
        return [fault for controller in self.controllers for fault in controller.faults]

    @property
    def octets(self) -> int:
        """How many the controllers were given, together."""
        return sum(controller.octets for controller in self.controllers)

    def power_on(self, pins: Pins = Pins(rs=False, e=False, data=0)) -> None:  # noqa: B008
        """The power has come back."""
        for controller in self.controllers:
            controller.power_on(pins)

    def svg(self, rom: Rom) -> str:
        """A picture of it, with the letters of a ROM."""
        return draw(Picture(self.cells, rom, is_lit=self.is_lit))

    def _cell(self, half: int, code: int) -> int | tuple[int, ...]:
        if code >= 0x10:
            return code
        # Codes 8 to 15 are 0 to 7 again.
        start = (code & 7) * 8
        return tuple(row & 0x1F for row in self.controllers[half].cgram[start : start + 8])
