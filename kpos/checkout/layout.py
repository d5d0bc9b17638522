"""Text onto 4 lines of 40 columns: where things stand, and what gives way when there is no room.

Amounts end in column 40 and are never cut; a name is, at a word or with a full stop. Every
column holds one code point that takes one column: what does not is replaced on purpose.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TypeAlias

from kpos.domain.cart import Entry
from kpos.domain.member import Language
from kpos.domain.money import Money
from kpos.domain.product import THOUSANDTHS

COLUMNS = 40
ROWS = 4
Frame: TypeAlias = tuple[str, str, str, str]

# Vowels and finals of Hangul: alone they have no column, behind a first letter they melt into it.
_JOINING = frozenset(map(chr, (*range(0x1160, 0x1200), *range(0xD7B0, 0xD800))))

# A cut at a word must leave at least half of the room, or the full stop is better.
_HALF = 2


def row(left: str = "", right: str = "") -> str:
    """One line: `left` at the left end, `right` at the right end; `left` gives way."""
    left, right = printable(left), printable(right)
    if not right:
        return overflow(left, COLUMNS).ljust(COLUMNS)
    left = overflow(left, COLUMNS - len(right) - 1)
    return left.ljust(COLUMNS - len(right)) + right


def overflow(text: str, columns: int) -> str:
    """Fixed text that is too long is cut; that no text is, in any language, is tested."""
    return text[:columns]


def fit(name: str, columns: int) -> str:
    """A name in at most `columns`: whole, cut at a word, or cut with a full stop."""
    name = printable(name)
    columns = max(columns, 0)
    if len(name) <= columns:
        return name
    at_word = name[: columns + 1].rpartition(" ")[0].rstrip()
    if len(at_word) * _HALF >= columns:
        return at_word
    return name[: columns - 1].rstrip() + "." if columns else ""


def named(before: str, name: str, after: str = "", right: str = "") -> str:
    """One line with a name inside that gives way to everything else."""
    taken = len(before) + len(after) + (len(right) + 1 if right else 0)
    return row(before + fit(name, COLUMNS - taken) + after, right)


def printable(text: str) -> str:
    """NFC, one column a code point.

    Blanks become spaces; marks that no letter took up are left out, or Thai would be all ``?``;
    wide characters and those without a picture become ``?``.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_one_column, unicodedata.normalize("NFC", text)))


# One name with an umlaut sends all its letters through here at every picture; few differ.
@lru_cache(maxsize=512)
def _one_column(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category.startswith("M"):
        return ""
    wide = unicodedata.east_asian_width(char) in "WF" or char in _JOINING
    return "?" if wide or not char.isprintable() else char


def amount(money: Money, language: Language) -> str:
    """``1,50`` in German, ``1.50`` in English; at least 8 columns, so that amounts line up."""
    return money.text("," if language == "de" else ".").rjust(8)


def weight(thousandths: int, language: Language) -> str:
    """``0,250 kg``."""
    mark = "," if language == "de" else "."
    return f"{thousandths // THOUSANDTHS}{mark}{thousandths % THOUSANDTHS:03} kg"


def goods(entry: Entry, language: Language) -> str:
    """``2x Club-Mate 0,5l`` or ``0,250 kg Gouda``; the name alone for one piece."""
    name = entry.offer.product.name
    if entry.offer.product.unit == "kg":
        return f"{weight(entry.quantity, language)} {name}"
    return f"{entry.quantity}x {name}" if entry.quantity > 1 else name
