"""Cards: a name or none, how to use it, and its code as bars and as QR."""

from __future__ import annotations

from kpos.domain.values import dataclass
from kpos.reports.paper.drawing import Drawing, Text, on_a_dot
from kpos.reports.paper.letters import fit, shown
from kpos.reports.paper.sheets import Sheet
from kpos.reports.paper.symbols import bars, qr
from kpos.reports.paper.words import Words

_WIDTH_MM, _HEIGHT_MM = 85.6, 54.0
_MARGIN_MM = 5.0
_TITLE_MM, _KIND_MM, _HINT_MM, _CODE_MM = 4.6, 3.0, 2.3, 2.2
_TITLE_Y, _KIND_Y, _HINT_Y, _HINT_STEP = 10.5, 15.2, 20.5, 3.1
_BARS_Y, _BARS_MM, _CODE_Y = 31.0, 14.5, 49.0
_GROUP_DIGITS = 4


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A card to print; `name` is empty for a guest's. Its code stays out of every repr."""

    code: str
    name: str = ""

    def __repr__(self) -> str:
        return f"PaperCard({self.name!r})"


def card(printed: PaperCard, sheet: Sheet, words: Words) -> Drawing:
    """One card, in the middle of its piece of the sheet."""
    square = qr(printed.code)
    size = square.bars_mm
    texts = _texts(printed, words, _WIDTH_MM - 2 * _MARGIN_MM - square.width_mm)
    rects = [*square.drawn(_WIDTH_MM - _MARGIN_MM - size, _MARGIN_MM, size)]
    symbol = bars(printed.code)
    if symbol is not None and symbol.width_mm <= _WIDTH_MM:
        left = (_WIDTH_MM - symbol.bars_mm) / 2
        rects += symbol.drawn(left, _BARS_Y, _BARS_MM)
    drawing = Drawing(tuple(rects), tuple(texts))
    x, y = (sheet.width - _WIDTH_MM) / 2, (sheet.height - _HEIGHT_MM) / 2
    return drawing.moved(on_a_dot(x), on_a_dot(y))


def _texts(printed: PaperCard, words: Words, room: float) -> list[Text]:
    title = printed.name or words.guest_card
    kind = words.member_kind if printed.name else words.guest_kind
    texts = [
        Text(fit(title, room / _TITLE_MM, bold=True), _MARGIN_MM, _TITLE_Y, _TITLE_MM, bold=True)
    ]
    texts.append(Text(kind, _MARGIN_MM, _KIND_Y, _KIND_MM))
    hints = words.member_hints if printed.name else words.guest_hints
    for index, line in enumerate(hints):
        texts.append(Text(line, _MARGIN_MM, _HINT_Y + index * _HINT_STEP, _HINT_MM))
    code = fit(_grouped(printed.code), (_WIDTH_MM - 2 * _MARGIN_MM) / _CODE_MM)
    texts.append(Text(code, _WIDTH_MM / 2, _CODE_Y, _CODE_MM, anchor="middle"))
    return texts


def _grouped(code: str) -> str:
    """Forty digits can be read out in fours; other codes stay as they are."""
    if not (code.isdigit() and len(code) % _GROUP_DIGITS == 0):
        return shown(code)
    return " ".join(
        code[start : start + _GROUP_DIGITS] for start in range(0, len(code), _GROUP_DIGITS)
    )
