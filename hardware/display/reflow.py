"""A picture made for 40 columns on a display that has fewer columns or rows.

A line is words on the left and perhaps something at its right end: an amount, a time, a countdown.
What does not fit beside each other is shown in turns: a row of the display goes through the pieces
of its lines, and nothing is left out. First come the first line, which answers what was done last,
and the third, a total or what is typed; a line that is new comes before one that is not. An amount
is always whole, and stands beside all words of its line unless one of them were broken by that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Final, NamedTuple

_GAP: Final = re.compile(r" {2,}")
_COUNTDOWN: Final = re.compile(r"\d+s")
# Columns that words need beside an amount; with fewer they have rows of their own.
_ROOM_MIN: Final = 8
# Which lines begin a row, where there are fewer rows than lines.
_BEGINNINGS: Final = (0, 2, 1)


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


class _Piece(NamedTuple):
    """What fits into a row."""

    left: str
    right: str = ""


@dataclass
class _Slot:
    """Rows of the display that take turns through pieces, ``height`` at a time."""

    pieces: list[_Piece]
    height: int = 1

    @property
    def turns(self) -> int:
        return -(-len(self.pieces) // self.height)

    def rows(self, turn: int, columns: int) -> list[str]:
        """An amount that belongs to words in several rows ends the last of them."""
        start = turn % self.turns * self.height
        shown = self.pieces[start : start + self.height]
        rights = [
            "" if piece.right == below.right else piece.right for piece, below in pairwise(shown)
        ] + [piece.right for piece in shown[-1:]]
        rows = [
            piece.left.ljust(columns - len(right)) + right
            for piece, right in zip(shown, rights, strict=True)
        ]
        return [*rows, *[""] * (self.height - len(rows))]


def reflow(
    lines: Sequence[str], rows: int, columns: int, new: Collection[int] = ()
) -> list[list[str]]:
    """The pictures that show all of it in turns, each ``rows`` lines of ``columns`` characters.

    One that fits comes out as it went in, alone. ``new`` are the places of lines that were not
    there before.
    """
    bare = [line.rstrip() for line in lines]
    if len(lines) <= rows and all(len(line) <= columns for line in bare):
        return [[line.ljust(columns) for line in [*bare, *[""] * (rows - len(lines))]]]
    width = max(len(line) for line in lines)
    last = len(lines) - 1
    pieces = {
        place: _pieces(_parted(line, width), columns, is_keys=place == last)
        for place, line in enumerate(bare)
        if line
    }
    slots = _joined(pieces, rows, new) if len(pieces) > rows else _spread(pieces, rows)
    blank = [""] * (rows - sum(slot.height for slot in slots))
    # What the keys do stays below.
    keys = [slots.pop()] if last in pieces else []
    return [
        [
            row.ljust(columns)
            for row in (*_shown(slots, turn, columns), *blank, *_shown(keys, turn, columns))
        ]
        for turn in range(max((slot.turns for slot in (*slots, *keys)), default=1))
    ]


def _shown(slots: Sequence[_Slot], turn: int, columns: int) -> list[str]:
    return [row for slot in slots for row in slot.rows(turn, columns)]


def _spread(pieces: Mapping[int, list[_Piece]], rows: int) -> list[_Slot]:
    """A row for each line, and those that are left for the lines that need most."""
    slots = [_Slot(of_line) for of_line in pieces.values()]
    for _ in range(rows - len(slots)):
        neediest = max(slots, key=lambda slot: slot.turns, default=None)
        if neediest is None or neediest.turns == 1:
            break
        neediest.height += 1
    return [_Slot(_typed_first(slot.pieces)) if slot.height == 1 else slot for slot in slots]


def _joined(pieces: Mapping[int, list[_Piece]], rows: int, new: Collection[int]) -> list[_Slot]:
    """Several lines for a row, those first that are new."""
    important = dict.fromkeys(place for place in (*_BEGINNINGS, *pieces) if place in pieces)
    starts = sorted(list(important)[:rows])
    slots = []
    for start, end in pairwise([min(pieces), *starts[1:], max(pieces) + 1]):
        places = [place for place in pieces if start <= place < end]
        first = next((at for at, place in enumerate(places) if place in new), 0)
        turned = places[first:] + places[:first]
        slots.append(_Slot([piece for place in turned for piece in _typed_first(pieces[place])]))
    return slots


def _typed_first(pieces: list[_Piece]) -> list[_Piece]:
    """The end of a number that is too long for its row: somebody may be typing it."""
    *others, last = pieces
    return [last, *others] if last.left.isdecimal() and not last.right else pieces


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


def _pieces(parts: _Parts, columns: int, *, is_keys: bool) -> list[_Piece]:
    """A line as one row after the other."""
    groups, right = parts
    if parts.length <= columns:
        return [_Piece(parts.left, right)]
    label, _, last = right.rpartition(" ")
    if is_keys and _COUNTDOWN.fullmatch(last):
        groups, label, right = (*groups, *_groups(label)), "", last
    elif is_keys:
        label = right
    words = [_Piece(each) for each in _wrapped(groups, columns)]
    room = columns - len(right) - bool(right)
    if label or room < _ROOM_MIN:
        # What says by itself what it is, or needs a row.
        return [*words, *(_Piece("", each) for each in wrap(right, columns))]
    longest = max(parts.left.split(), key=len)
    if room < len(longest) <= columns:
        return [_Piece(f"{parts.left[: room - 1].rstrip(' ,.:')}.", right), *words]
    return [_Piece(each, right) for each in _wrapped(groups, room)]


def _wrapped(groups: Sequence[str], columns: int) -> list[str]:
    """As few rows as possible, but no group begins where it would have to be broken."""
    rows: list[str] = []
    for group in groups:
        if rows and len(rows[-1]) + 1 + len(group) <= columns:
            rows[-1] += " " + group
        else:
            rows += wrap(group, max(columns, 1))
    return rows
