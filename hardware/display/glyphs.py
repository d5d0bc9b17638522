"""Characters onto codes: from the ROM, drawn into one of eight slots, or replaced on purpose.

One character takes one column, always, or amounts would not stand below each other. What the ROM
lacks is drawn where a drawing and a slot are there; else its bare letter stands for it, else ``?``.
Nothing becomes a blank but what is one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hardware.display.font import Dots, dots
from hardware.display.roms import Rom

UNKNOWN: Final = "?"

# What looks the same, or means it.
_SAME: Final = {
    "µ": "μ",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "―": "-",
    "−": "-",
    "‘": "'",
    "’": "'",
    "‚": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "…": ".",
    "•": "·",
    "ẞ": "ß",
}
# Where there is neither room nor a slot: the sign of a price keeps a letter.
_INSTEAD: Final = {
    "€": "E",
    "ß": "s",
    "ø": "o",
    "Ø": "O",
    "æ": "a",
    "Æ": "A",
    "œ": "o",
    "Œ": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "ð": "d",
    "þ": "p",
    "Þ": "P",
    "ı": "i",
    "×": "x",
    "°": "o",
    "μ": "u",
    "·": ".",
    "\\": "/",
    "~": "-",
    "`": "'",
    "→": ">",
    "←": "<",
    "«": "<",
    "»": ">",
    "§": "S",
    "²": "2",
    "³": "3",
    "¹": "1",
    "¡": "!",
    "¿": "?",
    "█": "#",
}
# They get a slot before all others.
_FIRST: Final = "€ÄÖÜäöüß"


@dataclass(frozen=True)
class Glyph:
    """A drawing for a slot, 0 to 7; its code is the slot's number."""

    slot: int
    dots: Dots


@dataclass(frozen=True)
class Encoded:
    """A picture in a display's codes, and what must be drawn before it is shown."""

    rows: tuple[bytes, ...]
    glyphs: tuple[Glyph, ...]


class GlyphManager:
    """Knows what a display can show, and what has been drawn into its slots.

    ``avoided`` are codes that cannot be sent, because the display takes them for commands.
    """

    def __init__(self, rom: Rom, *, slots: int, avoided: frozenset[int] = frozenset()) -> None:
        self._codes = {char: code for char, code in rom.codes.items() if code not in avoided}
        # The longest unused slot first.
        self._order = list(range(slots))
        self._drawn: dict[str, int] = {}

    def forget(self) -> None:
        """The display has lost its drawings."""
        self._drawn.clear()

    def encode(self, lines: Sequence[str]) -> Encoded:
        """The codes of a picture's lines, one for one."""
        lines = [unicodedata.normalize("NFC", line).translate(_TIDIED) for line in lines]
        wanted = dict.fromkeys(char for line in lines for char in line if char not in self._codes)
        glyphs = tuple(self._draw(list(wanted)))
        return Encoded(tuple(bytes(map(self._code, line)) for line in lines), glyphs)

    def _draw(self, wanted: list[str]) -> Iterator[Glyph]:
        """Give slots to what needs one; what is on this picture keeps the one it has."""
        wanted.sort(key=lambda char: (char not in _FIRST, char not in self._drawn))
        wanted = [char for char in wanted if dots(char)][: len(self._order)]
        for char in wanted:
            if char in self._drawn:
                self._use(self._drawn[char])
        for char in wanted:
            picture = dots(char)
            if char in self._drawn or picture is None:
                continue
            slot = self._order[0]
            self._drawn = {each: its for each, its in self._drawn.items() if its != slot}
            self._drawn[char] = slot
            self._use(slot)
            yield Glyph(slot, picture)

    def _use(self, slot: int) -> None:
        self._order.remove(slot)
        self._order.append(slot)

    def _code(self, char: str) -> int:
        for candidate in (char, _INSTEAD.get(char, ""), _bare(char), UNKNOWN):
            if candidate in self._codes:
                return self._codes[candidate]
            if candidate in self._drawn:
                return self._drawn[candidate]
        msg = "a ROM without a question mark"
        raise AssertionError(msg)


def _bare(char: str) -> str:
    """A letter without its marks, a digit out of its circle: if that is one character."""
    plain = unicodedata.normalize("NFKD", char)
    kept = [each for each in plain if not unicodedata.combining(each)]
    return kept[0] if kept and kept[0] != " " else ""


# Blanks of all widths (Unicode's Zs), each of which takes one column here.
_BLANKS: Final = "".join(map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
_TIDIED: Final = str.maketrans(_SAME | dict.fromkeys(_BLANKS, " "))
