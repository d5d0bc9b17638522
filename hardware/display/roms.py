"""Which code shows which character, by the ROM a controller was sold with.

A00 (Japanese) and A02 (European): Hitachi, HD44780U data sheet ADE-207-272(Z), tables 4-A00 and
4-A02. ST0B: Sitronix, ST7066U data sheet, CGROM 0B. Listed is what tills of Latin letters may want
to show; what is missing is drawn as a custom character or replaced, see ``glyphs.py``. Which one a
display has can be seen: code E1 is an ä on A00, an á on A02 and a gamma on ST0B.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

RomName = Literal["a00", "a02", "st0b"]


@dataclass(frozen=True)
class Rom:
    """A character set: what can be shown without being drawn first."""

    name: str
    codes: Mapping[str, int]


def _ascii(without: str = "") -> dict[str, int]:
    return {chr(code): code for code in range(0x20, 0x7F) if chr(code) not in without}


def _row(first: int, chars: str) -> dict[str, int]:
    """Characters of consecutive codes; a blank leaves one out."""
    return {char: first + place for place, char in enumerate(chars) if char != " "}


# The backslash is a Yen sign there, and the tilde an arrow.
_A00: Final = _ascii(without="\\~") | {
    "¥": 0x5C,
    "→": 0x7E,
    "←": 0x7F,
    "°": 0xDF,
    "α": 0xE0,
    "ä": 0xE1,
    # It has no sharp s, and its beta looks like one: on purpose.
    "ß": 0xE2,
    "β": 0xE2,
    "ε": 0xE3,
    "μ": 0xE4,
    "σ": 0xE5,
    "√": 0xE8,
    "¢": 0xEC,
    "£": 0xED,
    "ñ": 0xEE,
    "ö": 0xEF,
    "∞": 0xF3,
    "Ω": 0xF4,
    "ü": 0xF5,
    "Σ": 0xF6,
    "π": 0xF7,
    "÷": 0xFD,
    "█": 0xFF,
}

_A02: Final = (
    _ascii()
    | _row(0x18, "↑↓→←≤≥")
    | _row(0xA1, "¡¢£¤¥ §")
    | {"«": 0xAB, "°": 0xB0, "±": 0xB1, "²": 0xB2, "³": 0xB3, "μ": 0xB5, "·": 0xB7}
    | _row(0xB9, "¹º»")
    | {"½": 0xBD, "¿": 0xBF, "∞": 0x9C, "Ω": 0x9A, "α": 0x90, "ε": 0x9E, "π": 0x93, "σ": 0x95}
    # Like Latin-1, but for the capital O with a stroke, in whose place there is a phi.
    | _row(0xC0, "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ ÑÒÓÔÕÖ× ÙÚÛÜÝÞß")
    | _row(0xE0, "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ")
)

_ST0B: Final = (
    _ascii(without="`")
    | {"±": 0x10, "²": 0x1E, "³": 0x1F}
    | _row(0x80, "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜñÑªº¿áíóú¢£¥  ¡ÃãÕõØø  °`")
    | {"½": 0xB5, "×": 0xB7, "÷": 0xB8, "≤": 0xB9, "≥": 0xBA, "«": 0xBB, "»": 0xBC, "√": 0xBE}
    | {"∞": 0xC2, "↑": 0xC5, "↓": 0xC6, "→": 0xC7, "←": 0xC8, "§": 0xD2, "Σ": 0xDA, "Ω": 0xDE}
    | {"α": 0xDF, "ß": 0xE0, "β": 0xE0, "ε": 0xE3, "μ": 0xEA, "π": 0xED, "σ": 0xEF}
)

ROMS: Final[Mapping[RomName, Rom]] = {
    "a00": Rom("a00", _A00),
    "a02": Rom("a02", _A02),
    "st0b": Rom("st0b", _ST0B),
}

# What LCDproc's protocol can say.
LATIN_1: Final = Rom("latin-1", _ascii() | {chr(code): code for code in range(0xA1, 0x100)})
