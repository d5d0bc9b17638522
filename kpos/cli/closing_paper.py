"""A closing on paper, as a treasurer reads it, and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kpos.cli.common import Row
from kpos.domain.closing import ROWS, Closing, KindTotal, MeansTotal, ProductTotal
from kpos.domain.money import Money
from kpos.domain.product import THOUSANDTHS
from kpos.domain.values import fields

_BASIS_POINTS = 100
# What names a row of a section, the first of it; everything else in it is a figure.
_KEYS = {"tax_key", "group", "kind", "product", "account", "means"}
_NAMES = {"name", "unit"}


def rows_of(figures: Closing) -> Iterator[tuple[str, str, str, str, object]]:
    """(section, key, name, figure, value), one row per figure."""
    for field in fields(type(figures)):
        value = getattr(figures, field.name)
        if field.name not in ROWS:
            if isinstance(value, int):
                yield "closing", "", "", field.name, value
            else:
                yield "closing", "", "", field.name, f"{value.epoch}/{value.seq} {value.hash}"
            continue
        for row in value:
            named = {each.name: getattr(row, each.name) for each in fields(type(row))}
            key = next(named[name] for name in named if name in _KEYS)
            for figure, number in named.items():
                if figure not in _KEYS | _NAMES:
                    yield field.name, key, named.get("name", ""), figure, number


def paper(head: Row, figures: Closing) -> Iterator[str]:
    """The lines of a closing; `head` has what only a booked one has: Z number, receipt, time."""
    first, last = figures.from_document, figures.to_document
    title = f"X before Z {figures.z_number}"
    if head["z_number"] is not None:
        title = f"Z {head['z_number']}  {head['receipt_number']}  {head['at']}"
    yield title
    yield (
        f"{figures.documents} documents, {first.epoch}/{first.seq} to {last.epoch}/{last.seq},"
        f" {last.hash[:16]}"
    )
    for section in _sections(figures):
        yield ""
        yield from section


def _sections(figures: Closing) -> Iterator[Iterator[str]]:
    yield _turnover(figures)
    yield _products(figures)
    yield _table(
        ["price group", "purchases", "amount"],
        [[each.name or each.group, str(each.count), each.cents] for each in figures.groups],
    )
    yield _money(figures)
    yield _cash(figures)
    yield _table("documents count amount".split(), [_kind(each) for each in figures.kinds])
    yield _table(
        "balances amount".split(), [[each.account, each.cents] for each in figures.balances]
    )


def _turnover(figures: Closing) -> Iterator[str]:
    rows = [
        [
            f"tax key {tax.tax_key}, {_percent(tax.rate_bp)}",
            tax.goods_cents,
            tax.levies_cents,
            tax.deposit_cents,
            tax.gross_cents,
            tax.net_cents,
            tax.tax_cents,
        ]
        for tax in figures.taxes
    ]
    return _table("turnover goods levies deposit gross net tax".split(), rows)


def _products(figures: Closing) -> Iterator[str]:
    rows = [
        [
            each.name or each.product,
            _quantity(each),
            each.gross_cents,
            each.tax_cents,
            each.cost_cents,
        ]
        for each in sorted(figures.products, key=lambda each: each.name)
    ]
    return _table("product quantity gross tax cost".split(), rows)


def _money(figures: Closing) -> Iterator[str]:
    rows: list[list[Any]] = [
        *_means("purchases", figures.payments),
        *_means("top-up", figures.top_ups),
        *([each.account, "", each.gross_cents] for each in figures.levies),
        ["deposit charged", "", figures.deposit_charged_cents],
        ["deposit returned", "", figures.deposit_returned_cents],
        ["reversals", str(figures.reversals), figures.reversed_cents],
    ]
    return _table(["money", "count", "amount"], rows)


def _cash(figures: Closing) -> Iterator[str]:
    rows = [
        [
            each.account,
            each.opening_cents,
            each.in_cents,
            each.out_cents,
            each.expected_cents,
            "" if each.counted_cents is None else each.counted_cents,
            each.difference_cents,
        ]
        for each in figures.cash
    ]
    return _table("cash opening in out expected counted difference".split(), rows)


def _means(what: str, totals: tuple[MeansTotal, ...]) -> list[list[Any]]:
    return [[f"{what}, {each.means}", str(each.count), each.cents] for each in totals]


def _kind(kind: KindTotal) -> list[Any]:
    return [kind.kind.replace("_", " "), str(kind.count), kind.cents]


def _percent(rate_bp: int) -> str:
    return f"{rate_bp // _BASIS_POINTS}.{rate_bp % _BASIS_POINTS:02} %"


def _quantity(product: ProductTotal) -> str:
    if product.unit == "kg":
        sign = "-" if product.quantity < 0 else ""
        whole, rest = divmod(abs(product.quantity), THOUSANDTHS)
        return f"{sign}{whole}.{rest:03} kg"
    return str(product.quantity)


def _table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The first column at the left, figures at the right; integers are cents."""
    cells = [list(titles)]
    cells += [
        [str(Money(cell)) if isinstance(cell, int) else cell for cell in row]
        for row in rows or [["(none)", *[""] * (len(titles) - 1)]]
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(titles))]
    for first, *figures in cells:
        columns = [first.ljust(widths[0])]
        columns += [each.rjust(width) for each, width in zip(figures, widths[1:], strict=True)]
        yield "  ".join(columns).rstrip()
