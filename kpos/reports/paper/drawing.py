"""What is drawn: rectangles and texts in millimetres, y downwards from the top left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from kpos.domain.values import dataclass, replace
from kpos.reports.paper.letters import width_of

# A dot of a printer with 300 dpi; one with 600 dpi has two of them in it.
DOT_MM = 25.4 / 300

Anchor: TypeAlias = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Rect:
    """Something black: a bar, a module of a QR code, a crop mark."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Text:
    """One line; `y` is where its letters stand, `size` the height of its font (em)."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    anchor: Anchor = "start"

    @property
    def width(self) -> float:
        """How long the line is."""
        return width_of(self.text, bold=self.bold) * self.size


@dataclass(frozen=True, slots=True)
class Drawing:
    """Rectangles and texts: a card, a label, a page."""

    rects: tuple[Rect, ...] = ()
    texts: tuple[Text, ...] = ()

    def moved(self, x: float, y: float) -> Drawing:
        """The same, further right and down."""
        return Drawing(
            tuple(replace(each, x=each.x + x, y=each.y + y) for each in self.rects),
            tuple(replace(each, x=each.x + x, y=each.y + y) for each in self.texts),
        )


def on_a_dot(millimetres: float) -> float:
    """The nearest place where a dot begins: between dots, bars would come out unevenly."""
    return round(millimetres / DOT_MM) * DOT_MM


def together(drawings: Iterable[Drawing]) -> Drawing:
    """Several drawings as one."""
    parts = tuple(drawings)
    return Drawing(
        tuple(rect for part in parts for rect in part.rects),
        tuple(text for part in parts for text in part.texts),
    )
