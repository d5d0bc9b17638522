"""Counts that wait for approval, as the checkout knows them."""

from __future__ import annotations

from kpos.checkout.events import CountsChanged, CountsFound, Difference, WaitingCount
from kpos.domain.goods import StocktakeLine
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.orders import Count, DiscardCount
from kpos.ledger import counting, stammdaten
from kpos.ledger.books import Books
from kpos.ledger.counting import Counted
from kpos.terminal.localtime import Zone

_MEMBER = "member:"


def found(books: Books) -> CountsFound:
    """All that wait."""
    return CountsFound(tuple(_waiting(books, count) for count in counting.counts(books)))


def changed(books: Books, order: Count | DiscardCount) -> CountsChanged:
    """Keep one, or discard one."""
    if isinstance(order, Count):
        counting.count(books, order)
    else:
        counting.discard(books, order)
    return CountsChanged()


def _waiting(books: Books, count: Counted) -> WaitingCount:
    body = count.body
    zone = Zone(books.settings.zone)
    counted_at = Instant.parse(body.counted_at)
    lines = [_difference(books, line) for line in body.lines if line.counted != line.expected]
    empties = [
        Difference("", 0, units.quantity, deposit=Money(units.cents_per_unit))
        for units in body.units
    ]
    return WaitingCount(
        number=count.id,
        counted_by=body.counted_by,
        name=_name(books, body.counted_by),
        when=f"{zone.day(counted_at)} {zone.time_of_day(counted_at)}",
        counted=len(body.lines),
        differences=(*lines, *empties),
    )


def _difference(books: Books, line: StocktakeLine) -> Difference:
    product = stammdaten.product(books.current(), line.product)
    by_piece = product is None or product.unit == "piece"
    name = product.name if product is not None else line.product
    return Difference(name, line.expected, line.counted, by_piece)


def _name(books: Books, author: str) -> str:
    """Who counted; an admin at the command line has no name."""
    if not author.startswith(_MEMBER):
        return author
    member = stammdaten.member(books.current(), Id(author.removeprefix(_MEMBER)))
    return member.name if member is not None else ""
