"""Shelf labels: name, price, deposit, short number, and the barcode of the goods."""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain.barcode import Barcode, Layout, parse
from kpos.domain.money import Money
from kpos.domain.product import Product
from kpos.domain.values import dataclass
from kpos.reports.paper.drawing import Drawing, Text
from kpos.reports.paper.letters import fit, in_lines, shown, width_of
from kpos.reports.paper.sheets import Sheet
from kpos.reports.paper.symbols import Symbol, bars, qr
from kpos.reports.paper.words import Words

# Printers leave the outermost millimetres of a page white.
_MARGIN_MM = 4.0
_NAME_MM, _PRICE_MM, _SMALL_MM, _DIGITS_MM = 3.9, 8.0, 2.9, 2.4
_NAME_LINES, _NAME_Y, _NAME_STEP = 2, 6.0, 4.3
_PRICE_Y, _DEPOSIT_Y = 18.8, 22.7
# From the lower edge: bars end above their digits.
_BARS_TOP, _BARS_BOTTOM, _DIGITS_BOTTOM = 14.0, 5.8, 3.2


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says; two that are equal look equal. `code` is in its stored form.

    What has no price of its own has none that could be printed: it follows what the goods cost.
    """

    name: str
    price: Money | None
    deposit: Money
    unit: str
    number: int | None
    code: str | None


def label_of(product: Product, codes: Sequence[str], layouts: Sequence[Layout] = ()) -> Label:
    """The label of a product with these barcodes, any of which may be printed.

    A single piece before a crate. What a scale prints (`layouts`) differs from piece to piece, so
    such a number on a shelf would be refused at the till.
    """
    printable = [code for code in codes if _is_whole(code, layouts)]
    code = min(printable, key=lambda each: (not each.startswith("0"), each), default=None)
    return Label(product.name, product.price, product.deposit, product.unit, product.number, code)


def label(said: Label, sheet: Sheet, words: Words) -> Drawing:
    """One label."""
    room = sheet.width - 2 * _MARGIN_MM
    lines = in_lines(said.name, room / _NAME_MM, _NAME_LINES, bold=True)
    texts = [
        Text(line, _MARGIN_MM, _NAME_Y + index * _NAME_STEP, _NAME_MM, bold=True)
        for index, line in enumerate(lines)
    ]
    texts += _amounts(said, sheet, words)
    symbol = _symbol(said.code, room)
    if symbol is None:
        return Drawing((), tuple(texts))
    top, height = sheet.height - _BARS_TOP, _BARS_TOP - _BARS_BOTTOM
    left = max(_MARGIN_MM, symbol.quiet_mm[0])
    if symbol.kind == "QR":
        left, height = _MARGIN_MM, symbol.bars_mm
        top = sheet.height - _DIGITS_BOTTOM - height
    else:
        middle, below = left + symbol.bars_mm / 2, sheet.height - _DIGITS_BOTTOM
        digits = fit(shown(symbol.text), room / _DIGITS_MM)
        texts.append(Text(digits, middle, below, _DIGITS_MM, anchor="middle"))
    return Drawing(tuple(symbol.drawn(left, top, height)), tuple(texts))


def _amounts(said: Label, sheet: Sheet, words: Words) -> list[Text]:
    """Price and deposit at the right, the short number at the left; amounts are never cut."""
    right = sheet.width - _MARGIN_MM
    texts = []
    room = right - _MARGIN_MM
    if said.number is not None:
        number = Text(words.number.format(said.number), _MARGIN_MM, _PRICE_Y, _SMALL_MM)
        texts.append(number)
        room -= number.width + _MARGIN_MM
    if said.price is not None:
        price = words.amount(said.price) + ("/kg" if said.unit == "kg" else "")
        size = min(_PRICE_MM, room / width_of(price, bold=True))
        texts.append(Text(price, right, _PRICE_Y, size, bold=True, anchor="end"))
    if said.deposit:
        deposit = words.deposit.format(words.amount(said.deposit))
        texts.append(Text(deposit, right, _DEPOSIT_Y, _SMALL_MM, anchor="end"))
    return texts


def _symbol(code: str | None, room: float) -> Symbol | None:
    """Bars where there is room for them, else QR."""
    if code is None:
        return None
    symbol = bars(code)
    fits = symbol is not None and symbol.bars_mm <= room
    return symbol if fits else qr(code)


def _is_whole(code: str, layouts: Sequence[Layout]) -> bool:
    """Whether it says nothing of one single piece."""
    read = parse(code, layouts)
    return isinstance(read, Barcode) and (read.price, read.weight_grams, read.count) == (
        None, None, None,
    )  # fmt: skip
