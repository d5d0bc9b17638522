"""The figures of a closing as the display shows them, three to a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from kpos.domain.cashing import CASH
from kpos.domain.ids import is_id
from kpos.domain.money import Money
from kpos.domain.values import dataclass

if TYPE_CHECKING:
    from kpos.domain.closing import Closing

PER_PAGE = 3
FigureCode: TypeAlias = Literal[
    "purchases", "reversed", "deposit_charged", "deposit_returned", "levies", "top_up", "gross",
    "tax", "cash_in", "cash_out", "cash", "reader", "persons", "credit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount; `detail` says of what: the means of a top-up, a tax key."""

    code: FigureCode
    amount: Money
    detail: str = ""


def figures_of(closing: Closing) -> tuple[Figure, ...]:
    """In the order in which a treasurer asks for them; details are on paper."""
    return tuple(_figures(closing))


def pages_of(closing: Closing) -> int:
    """How many pages they fill."""
    return -(-len(figures_of(closing)) // PER_PAGE)


def _figures(closing: Closing) -> Iterator[Figure]:
    yield Figure("purchases", Money(sum(each.cents for each in closing.payments)))
    yield Figure("deposit_charged", Money(closing.deposit_charged_cents))
    yield Figure("deposit_returned", Money(closing.deposit_returned_cents))
    for means in closing.top_ups:
        yield Figure("top_up", Money(means.cents), means.means)
    yield Figure("reversed", Money(closing.reversed_cents))
    if closing.levies:
        yield Figure("levies", Money(sum(each.gross_cents for each in closing.levies)))
    yield from _cash(closing)
    for tax in closing.taxes:
        yield Figure("gross", Money(tax.gross_cents), tax.tax_key)
        if tax.tax_cents:
            yield Figure("tax", Money(tax.tax_cents), tax.tax_key)
    yield Figure("credit", Money(-closing.balance("wallet")))


def _cash(closing: Closing) -> Iterator[Figure]:
    persons = 0
    for cash in closing.cash:
        holder = cash.account.removeprefix(CASH)
        if is_id(holder):
            persons += cash.expected_cents
        elif holder.endswith("-reader"):
            yield Figure("reader", Money(cash.expected_cents))
        else:
            yield Figure("cash_in", Money(cash.in_cents))
            yield Figure("cash_out", Money(cash.out_cents))
            yield Figure("cash", Money(cash.expected_cents))
    if persons:
        yield Figure("persons", Money(persons))
