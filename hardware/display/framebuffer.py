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


class Framebuffer:
    """The codes of every cell, as the display has them.

    ``gap`` is how many equal cells between two differences are sent along, since going on costs
    nothing more than placing the cursor anew.
    """

    def __init__(self, rows: int, columns: int, gap: int) -> None:
        self._columns = columns
        self._gap = gap
        self._rows = rows
        self._shown: list[bytes] = []
        self.blank()

    def blank(self) -> None:
        """The display has just been cleared."""
        self._shown = [bytes([BLANK]) * self._columns] * self._rows

    @property
    def rows(self) -> tuple[bytes, ...]:
        """The codes, row by row."""
        return tuple(self._shown)

    def replace(self, rows: Sequence[bytes]) -> list[Run]:
        """Take a whole picture; return what differs, row by row and from left to right."""
        assert [len(row) for row in rows] == [self._columns] * self._rows
        runs = [run for row, codes in enumerate(rows) for run in self._differences(row, codes)]
        self._shown = list(rows)
        return runs

    def _differences(self, row: int, codes: bytes) -> list[Run]:
        shown = self._shown[row]
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
