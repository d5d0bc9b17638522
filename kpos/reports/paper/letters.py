"""How wide letters are, and what gives way when a name is too long for its place.

Widths are those of Helvetica, which Arial and Liberation Sans share: thousandths of the font's
size, from Adobe's metrics of the fonts that every PDF reader has (Core 14 AFM).
"""

from __future__ import annotations

import unicodedata
from functools import cache

_FIRST = 0x20
_REGULAR = """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556
556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278
500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469
556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500
278 556 500 722 500 500 500 334 260 334 584
"""
_BOLD = """
278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556
556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278
556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584
556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556
333 611 556 778 556 556 500 389 280 389 584
"""
_EURO = 556
# Anything else (other scripts, emoji) is as wide as high at most.
_EM = 1000
# Letters with a stroke through them, which Unicode does not take apart.
_STROKES = str.maketrans("ĐđĦħıŁłŦŧ", "DdHhiLlTt")
# A cut at a word must leave at least half of the room, or the full stop is better.
_HALF = 2


def width_of(text: str, *, bold: bool = False) -> float:
    """The width of a line, in units of its font's size."""
    return sum(_width(character, bold=bold) for character in text) / _EM


def fit(name: str, room: float, *, bold: bool = False) -> str:
    """A name that needs at most `room` (in units of its size): whole, cut at a word or with a dot.

    Never for an amount: that is made smaller instead.
    """
    if width_of(name, bold=bold) <= room:
        return name
    cut = _cut(name, room, bold=bold)
    if name[len(cut) : len(cut) + 1].isspace():
        return cut.rstrip()
    at_word = cut.rpartition(" ")[0].rstrip()
    if width_of(at_word, bold=bold) * _HALF >= room:
        return at_word
    return _cut(name, room - width_of(".", bold=bold), bold=bold).rstrip() + "."


def in_lines(name: str, room: float, lines: int, *, bold: bool = False) -> list[str]:
    """A name over so many lines, broken between words; what is too much for the last is cut."""
    words, broken = name.split(), [""]
    for index, word in enumerate(words):
        longer = f"{broken[-1]} {word}".lstrip()
        if not broken[-1] or width_of(longer, bold=bold) <= room:
            broken[-1] = longer
        elif len(broken) < lines:
            broken.append(word)
        else:
            broken[-1] = " ".join((broken[-1], *words[index:]))
            break
    return [fit(line, room, bold=bold) for line in broken]


def shown(text: str) -> str:
    """A code as it can be printed: what cannot be seen (GS in a code) is a middle dot."""
    return "".join(character if character.isprintable() else "·" for character in text)


def in_winansi(text: str) -> str:
    """As near as the standard fonts of PDF come: western letters; without its accent; else ``?``.

    Marks that no letter took up, and joiners between emoji, are left out.
    """
    return "".join(map(_nearest, unicodedata.normalize("NFC", text)))


@cache
def _nearest(character: str) -> str:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""
    for candidate in (character, _plain(character)):
        try:
            candidate.encode("cp1252")
        except UnicodeEncodeError:
            continue
        return candidate
    return "?"


def _plain(character: str) -> str:
    """Without accents and strokes."""
    apart = unicodedata.normalize("NFKD", character)
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_STROKES)


@cache
def _width(character: str, *, bold: bool) -> int:
    if character == "€":
        return _EURO
    if unicodedata.combining(character):
        return 0
    place = ord(_plain(character)[0]) - _FIRST if len(_plain(character)) == 1 else -1
    widths = (_BOLD if bold else _REGULAR).split()
    return int(widths[place]) if 0 <= place < len(widths) else _EM


def _cut(name: str, room: float, *, bold: bool) -> str:
    """As many letters as fit; a mark stays with its letter, since it has no width."""
    taken, used = 0, 0.0
    for character in name:
        used += width_of(character, bold=bold)
        if used > room:
            break
        taken += 1
    return name[:taken]
