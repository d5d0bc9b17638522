"""Pieces of paper on A4: sheets to cut, with crop marks, and sheets of labels as they are sold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpos.domain.values import dataclass
from kpos.reports.paper.drawing import Drawing, Rect, on_a_dot, together

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0
# Crop marks stand a little apart from what they cut, and are thin.
_MARK_MM, _MARK_GAP_MM, _MARK_THIN_MM = 5.0, 1.0, 0.1


@dataclass(frozen=True, slots=True)
class Sheet:
    """So many columns and rows of equal pieces, in the middle of the page; millimetres."""

    name: str
    width: float
    height: float
    columns: int
    rows: int
    gap: float = 0.0
    crop_marks: bool = False

    @property
    def pieces(self) -> int:
        """How many fit on a page."""
        return self.columns * self.rows

    @property
    def left(self) -> float:
        """From the edge of the page to the first column."""
        taken = self.columns * self.width + (self.columns - 1) * self.gap
        return (PAGE_WIDTH_MM - taken) / 2

    @property
    def top(self) -> float:
        """From the edge of the page to the first row; rows touch each other."""
        return (PAGE_HEIGHT_MM - self.rows * self.height) / 2

    def pages(self, pieces: Sequence[Drawing], skip: int = 0) -> list[Drawing]:
        """Pieces on pages, row by row; `skip` places of the first are used up already."""
        placed = [(place + skip, piece) for place, piece in enumerate(pieces)]
        count = -(-(skip + len(pieces)) // self.pieces)
        return [self._page([each for each in placed if each[0] // self.pieces == page])
                for page in range(count)]  # fmt: skip

    def _page(self, placed: Sequence[tuple[int, Drawing]]) -> Drawing:
        drawings = []
        for place, piece in placed:
            row, column = divmod(place % self.pieces, self.columns)
            x = on_a_dot(self.left + column * (self.width + self.gap))
            drawings.append(piece.moved(x, on_a_dot(self.top + row * self.height)))
        marks = Drawing(tuple(self._marks())) if self.crop_marks else Drawing()
        return together([marks, *drawings])

    def _marks(self) -> Iterator[Rect]:
        """Where to cut, outside of all pieces; two pieces share a cut."""
        length, thin, away = _MARK_MM, _MARK_THIN_MM, _MARK_GAP_MM + _MARK_MM
        right = PAGE_WIDTH_MM - self.left + _MARK_GAP_MM
        bottom = PAGE_HEIGHT_MM - self.top + _MARK_GAP_MM
        for column in range(self.columns + 1):
            x = self.left + column * self.width - thin / 2
            yield Rect(x, self.top - away, thin, length)
            yield Rect(x, bottom, thin, length)
        for row in range(self.rows + 1):
            y = self.top + row * self.height - thin / 2
            yield Rect(self.left - away, y, length, thin)
            yield Rect(right, y, length, thin)


def _by_name(*sheets: Sheet) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in sheets}


# The format of every card in a wallet is ID-1 of ISO/IEC 7810: 85.6 x 54 mm.
CARD_SHEETS = _by_name(
    Sheet("cut", 85.6, 54.0, 2, 5, crop_marks=True),
    Sheet("105x57", 105.0, 57.0, 2, 5),
)
# Rails on shelves are 39 mm high. Sheets of labels are named by the size on their box: 70x37 has 24
# without a margin, 63.5x38.1 has 21.
LABEL_SHEETS = _by_name(
    Sheet("cut", 60.0, 38.0, 3, 7, crop_marks=True),
    Sheet("70x37", 70.0, 37.0, 3, 8),
    Sheet("63.5x38.1", 63.5, 38.1, 3, 7, gap=2.5),
)
