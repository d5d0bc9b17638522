"""The sheet for the wall beside the till: how to buy, what the sounds mean, whom to ask.

A4, black, to be read from a metre away: no letter below 4 mm. Sounds are drawn as bars, as high as
they sound and as long as they last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpos.domain.member import Language
from kpos.domain.values import dataclass
from kpos.reports.paper.drawing import Drawing, Rect, Text, together
from kpos.reports.paper.letters import fit, in_lines, width_of
from kpos.reports.paper.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM
from kpos.reports.paper.symbols import qr

_MARGIN, _RIGHT = 16.0, PAGE_WIDTH_MM - 16.0
_TITLE_MM, _TITLE_MIN_MM, _TITLE_Y = 16.0, 9.0, 33.0
_NUMERAL_MM, _STEP_MM, _TEXT_MM, _LINE_MM = 27.0, 11.0, 6.0, 7.8
_STEPS_Y, _STEP_HEIGHT, _STEP_X = 63.0, 35.0, 40.0
_KEY_PAD, _KEY_THICK = 0.32, 0.07  # of the letter's size
_RULE_MM, _HEAD_MM = 0.8, 8.0
_SOUND_WIDTH, _SOUND_HEIGHT, _SOUND_STEP = 24.0, 6.4, 10.4
_KEYS = "0123456789*#"

# Height and length of each note, as hardware.melodies plays them; 1 is the highest and longest.
_Notes = tuple[tuple[float, float], ...]
_ACCEPT: _Notes = ((1.0, 0.25),)
_PAID: _Notes = ((0.5, 0.3), (0.7, 0.3), (0.95, 0.6))
_REFUSE: _Notes = ((0.35, 0.45), (0.2, 0.75))
_ERROR: _Notes = ((0.15, 0.5), (0.15, 0.5), (0.15, 0.9))


@dataclass(frozen=True, slots=True)
class Wall:
    """What is this house's own; `ask` and `link` may be empty."""

    till: str
    undo_minutes: int
    ask: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    """A key stands in square brackets: [#]."""

    steps: tuple[tuple[str, tuple[str, str]], ...]
    undo: tuple[str, str]
    sounds_title: str
    sounds: tuple[tuple[_Notes, str], ...]
    ask_title: str
    ask: str
    trusted: str


_GERMAN = _Words(
    steps=(
        ("Karte zeigen", ("oder deine Nummer tippen, dann [#],", "dann PIN und [#]")),
        (
            "Scannen",
            ("mehrere: erst die Zahl tippen, dann scannen", "[*] nimmt den letzten Scan zurück"),
        ),
        (
            "[#] drücken",
            ("gekauft ist, wenn „Danke“ dasteht;", "wer vorher geht, hat nichts gekauft"),
        ),
    ),
    undo=("Falsch gekauft?", "Karte zeigen, [0] [#] dann [1]: Storno, {} Minuten lang"),
    sounds_title="Was die Töne sagen",
    sounds=(
        (_ACCEPT, "kurz: gescannt"),
        (_PAID, "aufwärts: gekauft"),
        (_REFUSE, "abwärts: das geht nicht, Anzeige lesen"),
        (_ERROR, "dreimal tief: Fehler, nichts gebucht"),
    ),
    ask_title="Aufladen, Karte verloren, PIN vergessen?",
    ask="Frag {}.",
    trusted="eine Vertrauensperson",
)
_ENGLISH = _Words(
    steps=(
        ("Show your card", ("or type your number, then [#],", "then your PIN and [#]")),
        ("Scan", ("several: type how many first, then scan", "[*] takes the last scan back")),
        (
            "Press [#]",
            ("it is bought when it says “Thank you”;", "who leaves before has bought nothing"),
        ),
    ),
    undo=("Bought the wrong thing?", "Show your card, [0] [#] then [1]: undo, for {} minutes"),
    sounds_title="What the sounds mean",
    sounds=(
        (_ACCEPT, "short: scanned"),
        (_PAID, "up: bought"),
        (_REFUSE, "down: not possible, read the display"),
        (_ERROR, "low, three times: error, nothing booked"),
    ),
    ask_title="Top up, lost card, forgotten PIN?",
    ask="Ask {}.",
    trusted="a trusted person",
)
_WORDS: dict[Language, _Words] = {"de": _GERMAN, "en": _ENGLISH}


def wall(said: Wall, language: Language) -> Drawing:
    """The page."""
    words = _WORDS[language]
    parts = [_title(said), *_steps(words)]
    y = _STEPS_Y + len(words.steps) * _STEP_HEIGHT - 6
    parts += [
        _rule(y),
        _head(words.undo[0], y + 13),
        _line(words.undo[1].format(said.undo_minutes), _MARGIN, y + 24, _TEXT_MM * 1.15),
        _rule(y + 32),
        _head(words.sounds_title, y + 45),
        *_sounds(words.sounds, y + 52),
        _rule(y + 97),
        _head(words.ask_title, y + 110),
        *_whom(words.ask.format(said.ask or words.trusted), y + 121),
    ]
    return together(parts)


def _title(said: Wall) -> Drawing:
    """The till's name, as large as there is room, and where a phone finds more."""
    room = _RIGHT - _MARGIN
    rects: list[Rect] = []
    if said.link:
        symbol = qr(said.link)
        rects += symbol.drawn(_RIGHT - symbol.bars_mm, _MARGIN - 4, symbol.bars_mm)
        room -= symbol.width_mm
    size = min(_TITLE_MM, max(_TITLE_MIN_MM, room / width_of(said.till, bold=True)))
    name = fit(said.till, room / size, bold=True)
    title = Text(name, _MARGIN, _TITLE_Y, size, bold=True)
    return Drawing((*rects, *_rule(_TITLE_Y + 10).rects), (title,))


def _steps(words: _Words) -> Iterator[Drawing]:
    for index, (what, more) in enumerate(words.steps):
        y = _STEPS_Y + index * _STEP_HEIGHT
        yield Drawing(texts=(Text(str(index + 1), _MARGIN, y + 7, _NUMERAL_MM, bold=True),))
        yield _line(what, _STEP_X, y, _STEP_MM, bold=True)
        for place, line in enumerate(more, 1):
            yield _line(line, _STEP_X, y + 2 + place * _LINE_MM, _TEXT_MM)


def _sounds(sounds: Sequence[tuple[_Notes, str]], y: float) -> Iterator[Drawing]:
    for index, (notes, meaning) in enumerate(sounds):
        top = y + index * _SOUND_STEP
        yield Drawing(tuple(_bars(notes, top)))
        yield _line(meaning, _STEP_X + 4, top + _SOUND_HEIGHT - 1.0, _TEXT_MM)


def _bars(notes: _Notes, top: float) -> Iterator[Rect]:
    x, unit, thick = _MARGIN, _SOUND_WIDTH / 2.6, 1.8
    for pitch, length in notes:
        y = top + (1 - pitch) * (_SOUND_HEIGHT - thick)
        yield Rect(x, y, length * unit, thick)
        x += length * unit + 1.2


def _whom(text: str, y: float) -> Iterator[Drawing]:
    size = _TEXT_MM * 1.15
    for index, line in enumerate(in_lines(text, (_RIGHT - _MARGIN) / size, 2)):
        yield _line(line, _MARGIN, y + index * _LINE_MM * 1.15, size)


def _head(text: str, y: float) -> Drawing:
    return Drawing(texts=(Text(text, _MARGIN, y, _HEAD_MM, bold=True),))


def _rule(y: float) -> Drawing:
    assert y < PAGE_HEIGHT_MM
    return Drawing((Rect(_MARGIN, y, _RIGHT - _MARGIN, _RULE_MM),))


def _line(text: str, x: float, y: float, size: float, *, bold: bool = False) -> Drawing:
    """Words, and keys as caps around their letter."""
    drawings = []
    for part in text.replace("[", "\0[").replace("]", "]\0").split("\0"):
        if part.startswith("[") and part.strip("[]") in _KEYS:
            cap = _key(part.strip("[]"), x, y, size)
            drawings.append(cap)
            x += _cap_width(part.strip("[]"), size) + size * 0.08
        elif part:
            drawings.append(Drawing(texts=(Text(part, x, y, size, bold=bold),)))
            x += width_of(part, bold=bold) * size
    return together(drawings)


def _cap_width(key: str, size: float) -> float:
    return max(width_of(key, bold=True) * size, size * 0.5) + 2 * _KEY_PAD * size


def _key(key: str, x: float, y: float, size: float) -> Drawing:
    """A key of the pad."""
    width, thick = _cap_width(key, size), _KEY_THICK * size
    top, height = y - size * 0.95, size * 1.22
    edges = (
        Rect(x, top, width, thick),
        Rect(x, top + height - 2 * thick, width, 2 * thick),
        Rect(x, top, thick, height),
        Rect(x + width - thick, top, thick, height),
    )
    letter = Text(
        key, x + width / 2, y + (size * 0.12 if key == "*" else 0), size, bold=True, anchor="middle"
    )
    return Drawing(edges, (letter,))
