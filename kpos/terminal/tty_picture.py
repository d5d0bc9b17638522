"""What stands where on a terminal: pure, from what there is to show to pieces of text.

The display and its frame are always whole. Beside it stand the keys, below what the demo can
scan and the log; in a smaller window these give way, and below 44x8 all does but a word why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from kpos.checkout.layout import COLUMNS, ROWS, Frame
from kpos.domain.values import dataclass
from kpos.terminal.tty_words import Words

Style: TypeAlias = Literal["plain", "title", "display", "frame", "key", "dim"]

ROWS_MIN, COLUMNS_MIN = 8, COLUMNS + 4
WIDE = 80
# Rows: title, display in its frame, the prompt, and what follows.
_DISPLAY = 1
_PROMPT = _DISPLAY + ROWS + 2
_BELOW = _PROMPT + 1
_BESIDE = COLUMNS_MIN + 2  # first column of what stands right of the display
_RIGHT = 42  # first column of the goods
_LEFT = _RIGHT - 3  # columns of the cards and the log
_KEY = 8  # columns of a key in the help
_LETTER = 3  # columns of a letter and the space behind it
_LOG_MIN = 2

_BOX = ("╔═╗", "║ ║", "╚═╝")
_BOX_ASCII = ("+-+", "| |", "+-+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one style, at a place of the terminal."""

    row: int
    column: int
    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Hint:
    """A card or a bottle; `letter` is empty where something else must be typed."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All there is to show. `prompt` is what was typed of a scan, None while nobody types one."""

    frame: Frame
    words: Words
    is_demo: bool = False
    is_ascii: bool = False
    prompt: str | None = None
    log: Sequence[str] = ()
    cards: Sequence[Hint] = ()
    goods: Sequence[Hint] = ()


def pieces(contents: Contents, rows: int, columns: int) -> list[Piece]:
    """The whole picture for a terminal of this size, nothing outside of it."""
    if rows < ROWS_MIN or columns < COLUMNS_MIN:
        need = f"kpos needs {COLUMNS_MIN}x{ROWS_MIN}, this is {columns}x{rows}"
        lines = [need[start : start + columns] for start in range(0, len(need), max(columns, 1))]
        return [Piece(row, 0, line) for row, line in enumerate(lines[:rows])]
    wide = columns >= WIDE
    body = _wide(contents, rows) if wide else _narrow(contents, rows)
    margin = (columns - WIDE) // 2 if wide else (columns - COLUMNS_MIN) // 2
    width = WIDE if wide else COLUMNS_MIN
    found = [*_title(contents, width), *_display(contents), *_prompt(contents), *body]
    return [
        Piece(piece.row, piece.column + margin, piece.text[: width - piece.column], piece.style)
        for piece in found
        if piece.row < rows and piece.column < width
    ]


def _title(contents: Contents, width: int) -> Iterator[Piece]:
    words = contents.words
    title = f"kpos  {words.demo}" if contents.is_demo and width == WIDE else "kpos"
    yield Piece(0, 0, title, "title")
    yield Piece(0, width - len(words.quit) - 1, f" {words.quit}", "dim")


def _display(contents: Contents) -> Iterator[Piece]:
    top, side, bottom = _BOX_ASCII if contents.is_ascii else _BOX
    yield Piece(_DISPLAY, 0, top[0] + top[1] * (COLUMNS + 2) + top[2], "frame")
    for row, line in enumerate(contents.frame, start=_DISPLAY + 1):
        yield Piece(row, 0, side[0], "frame")
        yield Piece(row, 1, f" {line} ", "display")
        yield Piece(row, COLUMNS + 3, side[2], "frame")
    yield Piece(_DISPLAY + ROWS + 1, 0, bottom[0] + bottom[1] * (COLUMNS + 2) + bottom[2], "frame")


def _prompt(contents: Contents) -> Iterator[Piece]:
    if contents.prompt is None:
        return
    words = contents.words
    # The end of what was typed is what its typist looks at; one column is the cursor's.
    room = COLUMNS_MIN - len(words.prompt) - 1
    yield Piece(_PROMPT, 0, words.prompt, "key")
    yield Piece(_PROMPT, len(words.prompt), contents.prompt[-room:] + "_", "title")
    yield Piece(_PROMPT, _BESIDE, words.prompt_keys, "dim")


def _wide(contents: Contents, rows: int) -> Iterator[Piece]:
    yield from _help(contents)
    if not contents.is_demo:
        yield from _log(contents, _BELOW, rows)
        return
    yield from _hints(contents.words.cards, contents.cards, _BELOW, 0)
    goods = list(_hints(contents.words.goods, contents.goods, _BELOW, _RIGHT))
    fitting = [piece for piece in goods if piece.row < rows]
    if len(fitting) < len(goods):
        fitting = [piece for piece in fitting if piece.row < rows - 1]
        if rows > _BELOW:
            fitting.append(Piece(rows - 1, _RIGHT, contents.words.more, "dim"))
    yield from fitting
    log = _log(contents, _BELOW + len(contents.cards) + 2, rows)
    yield from (Piece(p.row, p.column, p.text[:_LEFT], p.style) for p in log)


def _narrow(contents: Contents, rows: int) -> Iterator[Piece]:
    """One column: hints as far as they fit, and the end of the log."""
    hints = [*contents.cards, *contents.goods]
    room = rows - _BELOW - _LOG_MIN - 1
    shown = hints if len(hints) <= room else hints[: max(room - 1, 0)]
    for row, hint in enumerate(shown, start=_BELOW):
        yield from _hint(hint, row, 0)
    below = _BELOW + len(shown)
    if len(shown) < len(hints) and room > 0:
        yield Piece(below, 0, contents.words.more, "dim")
        below += 1
    yield from _log(contents, below, rows)


def _help(contents: Contents) -> Iterator[Piece]:
    words = contents.words
    lines = words.help + (words.help_demo if contents.is_demo else ())
    for row, (key, meaning) in enumerate(lines, start=_DISPLAY):
        yield Piece(row, _BESIDE, key, "key")
        yield Piece(row, _BESIDE + _KEY, meaning)


def _hints(title: str, hints: Sequence[Hint], row: int, column: int) -> Iterator[Piece]:
    yield Piece(row, column, title, "title")
    for offset, hint in enumerate(hints, start=1):
        yield from _hint(hint, row + offset, column)


def _hint(hint: Hint, row: int, column: int) -> Iterator[Piece]:
    yield Piece(row, column, hint.letter, "key")
    yield Piece(row, column + _LETTER, hint.text)


def _log(contents: Contents, row: int, rows: int) -> Iterator[Piece]:
    """The title, and below it as much of the log's end as there is room for."""
    if row >= rows:
        return
    yield Piece(row, 0, contents.words.log, "title")
    room = rows - row - 1
    for offset, line in enumerate(contents.log[-room:] if room else (), start=1):
        yield Piece(row + offset, 0, line, "dim")
