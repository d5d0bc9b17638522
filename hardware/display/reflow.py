"""A picture made for 40 columns on a display that has fewer columns or rows.

A line is words on the left and perhaps something at its right end: an amount, a time, a countdown.
On a small display the last line, which says what the keys do, and the one before it, a total or a
credit, survive longest; then the first, which answers what was done last. An amount is whole or not
there; words are cut between two of them, or with a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_GAP: Final = re.compile(r" {2,}")
_AMOUNT: Final = re.compile(r"[-+]?\d+[.,]\d\d")
# A key and a few letters of what it does; with less nobody would know.
_GROUP_MIN: Final = 5
# A cut between words must leave at least half of the room, or the full stop is better.
_HALF: Final = 2


class _Parts(NamedTuple):
    """Groups of words, two blanks or more apart: a key and what it does, an entry of a menu."""

    groups: tuple[str, ...]
    right: str

    @property
    def left(self) -> str:
        return " ".join(self.groups)

    @property
    def length(self) -> int:
        return len(self.left) + len(self.right) + bool(self.groups and self.right)


def reflow(lines: Sequence[str], rows: int, columns: int) -> list[str]:
    """Exactly ``rows`` lines of ``columns`` characters; what fits comes out as it went in."""
    bare = [line.rstrip() for line in lines]
    if len(lines) <= rows and all(len(line) <= columns for line in bare):
        return [line.ljust(columns) for line in [*bare, *[""] * (rows - len(lines))]]
    width = max(len(line) for line in lines)
    parts = [_parted(line, width) for line in bare]
    last = len(parts) - 1
    kept = [place for place in (last, last - 1, *range(last - 1)) if parts[place].length][:rows]
    spare = rows - len(kept)
    shown: dict[int, list[str]] = {}
    for place in kept:
        if parts[place].length > columns and spare:
            spare -= 1
            shown[place] = _two_rows(parts[place], columns, is_keys=place == last)
        else:
            shown[place] = [_one_row(parts[place], columns, is_keys=place == last)]
    above = [row for place in sorted(shown) if place != last for row in shown[place]]
    below = shown.get(last, [])
    return [*above, *[" " * columns] * (rows - len(above) - len(below)), *below]


def _parted(line: str, width: int) -> _Parts:
    """What reaches the last column of the picture, behind the widest gap, is the right end."""
    words = line.strip()
    gaps = list(_GAP.finditer(words))
    if len(line) < width or not gaps:
        return _Parts(_groups(words), "")
    at = max(reversed(gaps), key=lambda gap: len(gap[0]))
    return _Parts(_groups(words[: at.start()]), _GAP.sub(" ", words[at.end() :]))


def _groups(words: str) -> tuple[str, ...]:
    return tuple(group for group in _GAP.split(words) if group)


def _one_row(parts: _Parts, columns: int, *, is_keys: bool) -> str:
    """The longest right end that leaves the left whole; else one that shortens it."""
    for right in _right_ends(parts.right, is_keys=is_keys):
        if len(parts.left) + bool(right) + len(right) <= columns:
            return parts.left.ljust(columns - len(right)) + right
    groups, right = parts.groups, "" if is_keys else parts.right.rpartition(" ")[2]
    if len(right) > columns:
        right = ""
    room = columns - len(right) - bool(right)
    if right:
        # What an amount is stands next to it.
        while len(groups) > 1 and len(" ".join(groups)) > room:
            groups = groups[1:]
    return _shortened(groups, room).ljust(columns - len(right)) + right


def _right_ends(right: str, *, is_keys: bool) -> Iterator[str]:
    """The whole, then its last word; beside keys no amount without its name, rather nothing."""
    yield right
    last = right.rpartition(" ")[2]
    if is_keys:
        if not _AMOUNT.fullmatch(last):
            yield last
        yield ""
    elif last:
        yield last


def _two_rows(parts: _Parts, columns: int, *, is_keys: bool) -> list[str]:
    """The groups that fit, or else the words, then the others with the right end."""
    groups, rest = parts.groups, tuple[str, ...]()
    while len(groups) > 1 and len(" ".join(groups)) > columns:
        groups, rest = groups[:-1], (groups[-1], *rest)
    first = " ".join(groups)
    if len(first) > columns:
        kept = first[: columns + 1].rpartition(" ")[0].rstrip() or first[:columns]
        rest, first = (first[len(kept) :].lstrip(), *rest), kept
    second = _Parts(rest, parts.right)
    return [first.ljust(columns), _one_row(second, columns, is_keys=is_keys and bool(rest))]


def _shortened(groups: tuple[str, ...], columns: int) -> str:
    """One group is cut between words; of several the longest gives way, then the last goes."""
    if len(groups) == 1:
        words = groups[0][: columns + 1].rpartition(" ")[0].rstrip()
        return words if len(words) * _HALF >= columns else _cut(groups[0], columns)
    shares = [len(group) for group in groups]
    while groups and sum(shares) + len(shares) - 1 > columns:
        longest = max(range(len(shares)), key=shares.__getitem__)
        if shares[longest] > _GROUP_MIN:
            shares[longest] -= 1
        else:
            groups, shares = groups[:-1], shares[:-1]
    return " ".join(_cut(group, share) for group, share in zip(groups, shares, strict=True))


def _cut(text: str, columns: int) -> str:
    """Whole, or with a full stop."""
    if len(text) <= columns:
        return text
    return text[: max(columns - 1, 0)].rstrip(" ,.:") + "."[:columns]
