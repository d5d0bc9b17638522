"""Draws the README's picture: ``python -m tests.picture`` buys three bottles and draws the display.

The frames are those of a real till with the demo's data on a script clock; only the glass, the
bezel and the shape of the letters are made up here. ``docs/display.svg`` is what it writes, and a
test compares the two, so that the README never shows what no till does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kpos.checkout.events import Sound
from kpos.checkout.layout import COLUMNS, Frame
from kpos.checkout.states import Rules
from kpos.clock import ScriptClock
from kpos.demo import fill
from kpos.domain.document import Document
from kpos.domain.instant import Instant
from kpos.ledger.birth import create_till
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Till
from kpos.terminal.workers import Worker
from tests.font import FONT

PICTURE = Path(__file__).parent.parent / "docs/display.svg"

EVENING = Instant.parse("2026-11-20T20:04:00.000Z")
ADA, MATE, SPEZI = "CARD-ADA", "4029764001807", "4066600603405"

# In dots: a character of 5x8 with one between its neighbours, as on an HD44780's glass.
DOT, GAP = 3.0, 0.35
WIDTH, HEIGHT = 6, 9
GLYPH_ROWS = 8
MARGIN_X, MARGIN_Y = 22, 18  # from the glass to the first character
BEZEL = 26
SMALL = 0.5

BOARD, METAL, EDGE = "#1d2a24", "#0c0d0e", "#3c4043"
GLASS_TOP, GLASS_BOTTOM, LIT = "#2a4fd6", "#1d3bb0", "#f2f7ff"


class Shown:
    """A front end that keeps the frames."""

    def __init__(self) -> None:
        self.frame: Frame = ("", "", "", "")

    def show(self, frame: Frame) -> None:
        self.frame = frame

    def play(self, sound: Sound) -> None:
        """A picture is silent."""

    def booked(self, document: Document) -> None:
        """A picture keeps no books."""


def frames() -> tuple[Frame, Frame]:
    """What Ada sees while she buys, and when she has."""
    clock, shown = ScriptClock(EVENING), Shown()
    with TemporaryDirectory() as name:
        folder = Folder(Path(name) / "till")
        create_till(folder, clock, "uid:0")
        fill(folder, clock, "uid:0")
        books = Books(folder, clock)
        around = Surroundings(
            clock=clock,
            texts=load_texts(),
            front=shown,
            worker=Worker(lambda call: call()),
            shut_down=lambda mode: None,
            rules=Rules(language="en"),
        )
        till = Till(books, around)
        for code in (ADA, SPEZI, MATE, MATE):
            till.scan(code)
        shopping = shown.frame
        till.key("#")
        books.close()
    return shopping, shown.frame


def draw(shopping: Frame, booked: Frame) -> str:
    """The SVG: the first frame large, the second small below it."""
    width, height = size()
    small_x = width * (1 - SMALL) / 2
    small_y = height + 18
    whole = small_y + height * SMALL
    said = "\n".join(line.rstrip() for line in (*shopping, "", *booked))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {whole:g}"'
            ' role="img" aria-labelledby="title said">',
            '<title id="title">The display of a kpos till: buying, and bought</title>',
            f'<desc id="said">{said}</desc>',
            "<defs>",
            '<linearGradient id="glass" x1="0" y1="0" x2="0" y2="1">',
            f'<stop offset="0" stop-color="{GLASS_TOP}"/>',
            f'<stop offset="1" stop-color="{GLASS_BOTTOM}"/></linearGradient>',
            f'<path id="cell" fill-opacity="0.09" d="{dots([0b11111] * GLYPH_ROWS)}"/>',
            *(f'<path id="{name_of(char)}" d="{dots(rows(char))}"/>' for char in used(said)),
            "</defs>",
            f"<g>{''.join(device(shopping))}</g>",
            f'<g transform="translate({small_x:g} {small_y:g}) scale({SMALL})">'
            f"{''.join(device(booked))}</g>",
            "</svg>\n",
        ]
    )


def size() -> tuple[float, float]:
    """Width and height of a display with its bezel."""
    width = (COLUMNS * WIDTH - 1) * DOT + 2 * (MARGIN_X + BEZEL)
    return width, (4 * HEIGHT - 1) * DOT + 2 * (MARGIN_Y + BEZEL)


def device(frame: Frame) -> Iterator[str]:
    """Bezel, glass, the grid of dots, and the lit ones."""
    width, height = size()
    yield f'<rect width="{width:g}" height="{height:g}" rx="10" fill="{BOARD}"/>'
    for x in (BEZEL / 2, width - BEZEL / 2):
        for y in (BEZEL / 2, height - BEZEL / 2):
            yield f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="#0a100d" stroke="#b9a35a"'
            yield ' stroke-width="2"/>'
    yield f'<rect x="{BEZEL - 6}" y="{BEZEL - 6}" width="{width - 2 * BEZEL + 12:g}"'
    yield f' height="{height - 2 * BEZEL + 12:g}" rx="5" fill="{METAL}" stroke="{EDGE}"/>'
    yield f'<rect x="{BEZEL + 4}" y="{BEZEL + 4}" width="{width - 2 * BEZEL - 8:g}"'
    yield f' height="{height - 2 * BEZEL - 8:g}" rx="3" fill="url(#glass)"/>'
    for row, line in enumerate(frame):
        for column, char in enumerate(line):
            x = BEZEL + MARGIN_X + column * WIDTH * DOT
            y = BEZEL + MARGIN_Y + row * HEIGHT * DOT
            yield f'<use href="#cell" x="{x:g}" y="{y:g}"/>'
            if char != " ":
                yield f'<use href="#{name_of(char)}" x="{x:g}" y="{y:g}" fill="{LIT}"/>'


def dots(pattern: list[int]) -> str:
    """One square a dot; the leftmost is the highest of five bits."""
    side = DOT - GAP
    return "".join(
        f"M{column * DOT:g} {row * DOT:g}h{side:g}v{side:g}h-{side:g}z"
        for row, bits in enumerate(pattern)
        for column in range(5)
        if bits >> (4 - column) & 1
    )


def rows(char: str) -> list[int]:
    """A character's dots, row by row; an umlaut is its letter with two above."""
    letter = unicodedata.normalize("NFD", char)
    columns = FONT[letter[0]]
    found = [sum((columns[x] >> y & 1) << (4 - x) for x in range(5)) for y in range(GLYPH_ROWS)]
    return [found[0] | 0b01010, *found[1:]] if len(letter) > 1 else found


def name_of(char: str) -> str:
    """An id that any SVG reader takes."""
    return f"c{ord(char):x}"


def used(text: str) -> list[str]:
    """The characters that are drawn."""
    return sorted({char for char in text if not char.isspace()})


def main() -> None:
    """Write the picture."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw(*frames()), encoding="utf-8")


if __name__ == "__main__":
    main()
