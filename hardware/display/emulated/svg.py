"""Draws what a display shows, dot by dot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

from hardware.display.font import Dots, dots
from hardware.display.roms import Rom

# In dots, as on the glass: one between two characters.
_PITCH_X: Final = 6
_PITCH_Y: Final = 9
_MARGIN: Final = 6
_SIDE: Final = 0.88
_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
_LIT: Final = ("#1f3fbf", "#eef3ff")
_DARK: Final = ("#141a2e", "#4a5478")


@dataclass(frozen=True)
class Picture:
    """Cells by row: a code of the ROM, or the eight rows of a drawn character."""

    cells: tuple[tuple[int | Dots, ...], ...]
    rom: Rom
    is_lit: bool


def draw(picture: Picture) -> str:
    """An SVG document; a code nobody has drawn is a full block with the code as its title."""
    glass, ink = _LIT if picture.is_lit else _DARK
    width = len(picture.cells[0]) * _PITCH_X - 1 + 2 * _MARGIN
    height = len(picture.cells) * _PITCH_Y - 1 + 2 * _MARGIN
    said = "\n".join(line.rstrip() for line in text_of(picture.cells, picture.rom))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
            f"<desc>{escape(said)}</desc>",
            f'<rect width="{width}" height="{height}" rx="2" fill="{glass}"/>',
            f'<g fill="{ink}">',
            *_cells(picture),
            "</g></svg>\n",
        ]
    )


def _cells(picture: Picture) -> Iterator[str]:
    for row, cells in enumerate(picture.cells):
        for column, cell in enumerate(cells):
            x, y = _MARGIN + column * _PITCH_X, _MARGIN + row * _PITCH_Y
            drawn = _dots(cell, picture.rom)
            if drawn is None:
                assert isinstance(cell, int), "drawn characters have their dots"
                yield f'<rect x="{x}" y="{y}" width="5" height="8"><title>{cell:02X}</title></rect>'
            elif any(drawn):
                yield f'<path d="{_path(drawn, x, y)}"/>'


def _path(drawn: Dots, x: int, y: int) -> str:
    return "".join(
        f"M{x + column} {y + row}h{_SIDE}v{_SIDE}h-{_SIDE}z"
        for row, bits in enumerate(drawn)
        for column in range(5)
        if bits >> (4 - column) & 1
    )


def _dots(cell: int | Dots, rom: Rom) -> Dots | None:
    if not isinstance(cell, int):
        return cell
    chars = [char for char, code in rom.codes.items() if code == cell]
    return dots(chars[-1]) if chars else None


def text_of(cells: Sequence[Sequence[int | Dots]], rom: Rom) -> list[str]:
    """What a person reads; a code or a drawing that is no character we know is U+FFFD."""
    chars = {code: char for char, code in reversed(list(rom.codes.items()))}
    drawn = _drawn()
    return [
        "".join(
            chars.get(cell, _UNREADABLE) if isinstance(cell, int) else drawn.get(cell, _UNREADABLE)
            for cell in row
        )
        for row in cells
    ]


@lru_cache(maxsize=1)
def _drawn() -> dict[Dots, str]:
    """Latin letters by what they look like, and the signs there are."""
    chars = [*map(chr, range(0x21, 0x180)), *"€→←βμ"]
    return {rows: char for char in reversed(chars) if (rows := dots(char))}
