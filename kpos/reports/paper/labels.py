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
class Prices:
    """What is asked for one piece or kilogram.

    `members` is None for what has no price yet, `guests` where they pay the same. `charges` come
    on top: ``deposit``, or what a levy is for. `follows_cost`: a price is a markup, so that it may
    change with the next lot.
    """

    members: Money | None
    guests: Money | None = None
    charges: tuple[tuple[str, Money], ...] = ()
    follows_cost: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says; two that are equal look equal. `code` is in its stored form."""

    name: str
    prices: Prices
    unit: str
    number: int | None
    code: str | None


def label_of(
    product: Product, codes: Sequence[str], layouts: Sequence[Layout], prices: Prices
) -> Label:
    """The label of a product with these barcodes, any of which may be printed.

    A single piece before a crate. What a scale prints (`layouts`) differs from piece to piece, so
    such a number on a shelf would be refused at the till.
    """
    printable = [code for code in codes if _is_whole(code, layouts)]
    code = min(printable, key=lambda each: (not each.startswith("0"), each), default=None)
    return Label(product.name, prices, product.unit, product.number, code)


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
    """Prices and charges, and the short number; amounts become smaller and are never cut."""
    unit = "/kg" if said.unit == "kg" else ""
    number = words.number.format(said.number) if said.number is not None else ""
    members, guests = (
        words.amount(price) + unit if price is not None else ""
        for price in (said.prices.members, said.prices.guests)
    )
    return [
        *_line(_PRICE_Y, sheet, number, members, _PRICE_MM),
        *_line(
            _DEPOSIT_Y,
            sheet,
            words.guests.format(guests) if guests else "",
            words.charged(said.prices.charges),
            _SMALL_MM,
        ),
    ]


def _line(y: float, sheet: Sheet, left: str, right: str, right_mm: float) -> list[Text]:
    """Something small at the left, and something at the right of this size where there is room."""
    is_price = right_mm > _SMALL_MM
    room = sheet.width - 2 * _MARGIN_MM
    needed = width_of(left) + width_of(right) + 1
    left_mm = _SMALL_MM if is_price else min(_SMALL_MM, room / needed)
    texts = []
    if left:
        texts.append(Text(left, _MARGIN_MM, y, left_mm))
        room -= texts[0].width + left_mm
    if right:
        size = min(right_mm, room / width_of(right, bold=is_price))
        end = sheet.width - _MARGIN_MM
        texts.append(Text(right, end, y, size, bold=is_price, anchor="end"))
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
