"""What is on the glass, and what has to be sent to have something else there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BLANK: Final = 0x20


@dataclass(frozen=True)
class Run:
    """Codes for consecutive cells of one row; row and column from 0."""

    row: int
    column: int
    codes: bytes

    @property
    def end(self) -> int:
        """The column behind its last."""
        return self.column + len(self.codes)


@dataclass(frozen=True)
class Changes:
    """What makes a new picture of the old one: areas are blanked first, then runs are written."""

    blanked: tuple[int, ...]
    runs: tuple[Run, ...]

    def __bool__(self) -> bool:
        return bool(self.blanked or self.runs)


class Framebuffer:
    """The codes of every cell, as the display has them.

    ``gap`` is what placing the cursor costs, in cells: so many equal ones between two differences
    are sent along. ``areas`` are rows that the display can blank at once, which costs ``blanking``
    cells: it is done where little of the old picture would stay.
    """

    def __init__(
        self, rows: int, columns: int, gap: int, areas: Sequence[range] = (), blanking: int = 0
    ) -> None:
        self._columns = columns
        self._gap = gap
        self._rows = rows
        self._areas = areas
        self._blanking = blanking
        self._shown: list[bytes] = []
        self.blank()

    def blank(self) -> None:
        """The display has just been cleared."""
        self._shown = [bytes([BLANK]) * self._columns] * self._rows

    @property
    def rows(self) -> tuple[bytes, ...]:
        """The codes, row by row."""
        return tuple(self._shown)

    def replace(self, rows: Sequence[bytes]) -> Changes:
        """Take a whole picture; return what differs, row by row and from left to right."""
        assert [len(row) for row in rows] == [self._columns] * self._rows
        blank = bytes([BLANK]) * self._columns
        blanked: list[int] = []
        runs: list[Run] = []
        for number, area in enumerate(self._areas or [range(self._rows)]):
            kept = [run for row in area for run in self._runs(row, self._shown[row], rows[row])]
            if self._areas:
                fresh = [run for row in area for run in self._runs(row, blank, rows[row])]
                if self._blanking + self._cost(fresh) < self._cost(kept):
                    blanked.append(number)
                    kept = fresh
            runs += kept
        self._shown = list(rows)
        return Changes(tuple(blanked), tuple(runs))

    def _cost(self, runs: Sequence[Run]) -> int:
        return sum(self._gap + len(run.codes) for run in runs)

    def _runs(self, row: int, shown: bytes, codes: bytes) -> list[Run]:
        if codes == shown:
            return []
        spans: list[tuple[int, int]] = []
        for column in range(self._columns):
            if codes[column] == shown[column]:
                continue
            if spans and column - spans[-1][1] <= self._gap:
                spans[-1] = spans[-1][0], column + 1
            else:
                spans.append((column, column + 1))
        return [Run(row, start, codes[start:end]) for start, end in spans]
