"""How wide texts are, and how they are cut."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

_NARROW = set("fijlrtI1.,:;'|!()[] ")
_BROAD = set("mwMWÄÖÜ@%&—")
_CUT = "…"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns_of(each) for each in text)


def fitted(text: str, width: int) -> str:
    """A text of at most so many columns; one that is cut says so."""
    text = printable(text)
    if columns(text) <= width:
        return text
    taken, room = "", width - 1
    for each in text:
        room -= _columns_of(each)
        if room < 0:
            break
        taken += each
    return taken.rstrip() + _CUT


def pixels(text: str, size: int = 12) -> float:
    """About how wide a text is in a sans-serif font; rather too wide than too narrow."""
    return sum(_pixels_of(each) for each in text) * size / 12


def fitted_pixels(text: str, width: float) -> str:
    """A text of at most so many pixels; one that is cut says so."""
    text = printable(text)
    if pixels(text) <= width:
        return text
    while text and pixels(text) + pixels(_CUT) > width:
        text = text[:-1]
    return text.rstrip() + _CUT


def printable(text: str) -> str:
    """Without what moves a cursor or is no XML."""
    return "".join(each if _is_printable(each) else "\N{REPLACEMENT CHARACTER}" for each in text)


def _is_printable(each: str) -> bool:
    return each.isprintable() or category(each) == "Zs"


def _columns_of(each: str) -> int:
    if combining(each):
        return 0
    return 2 if east_asian_width(each) in "WF" else 1


def _pixels_of(each: str) -> float:
    if _columns_of(each) != 1:
        return 6.5 * _columns_of(each)
    if each in _NARROW:
        return 4.6
    return 11 if each in _BROAD else 8.8 if each.isupper() else 7.6
