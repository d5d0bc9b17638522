"""Counts: what was counted waits beside the documents until somebody else approves it.

The difference is that of the moment of the count, so selling goes on until it is booked.
"""

from __future__ import annotations

import json
from contextlib import suppress

from kpos.domain import goods, orders
from kpos.domain.bodies import Units
from kpos.domain.document import Json, Ref, canonical, plain
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import dataclass, replace
from kpos.ledger import sealed, stammdaten
from kpos.ledger.checks import Booked, check_note
from kpos.ledger.database import Database
from kpos.ledger.errors import Damaged, sqlite_errors
from kpos.ledger.goods import QUANTITY_MAX, book_stocktake
from kpos.ledger.seam import Books
from kpos.ledger.stock import empties_expected, stock

# Counts nobody approves are discarded or forgotten; more of them is a mistake.
COUNTS_MAX = 100


@dataclass(frozen=True, slots=True)
class Counted:
    """A count that waits: its number, what would be booked, and the note for it."""

    id: int
    body: goods.Stocktake
    note: str | None


def count(books: Books, order: orders.Count) -> Counted:
    """Keep a count until it is approved.

    Raises:
        Refused: if it cannot be a count; nothing is kept.
    """
    check_note(order.note)
    if not order.lines and not order.empties:
        raise refuse("amount", "nothing was counted")
    named = [product for product, _ in order.lines]
    values = [value for value, _ in order.empties]
    if len(set(named)) < len(named) or len(set(values)) < len(values):
        raise refuse("invalid", "a product is counted once: add up what stands in two places")
    if any(not 0 <= counted <= QUANTITY_MAX for _, counted in (*order.lines, *order.empties)):
        raise refuse("amount", f"a count is from 0 to {QUANTITY_MAX}")
    [(waiting, last)] = books.journal.rows("SELECT count(*), max(id) FROM stocktake")
    if waiting >= COUNTS_MAX:
        raise refuse("invalid", f"{COUNTS_MAX} counts wait already: approve or discard some")
    body = _body(books, order)
    counted = Counted((last or 0) + 1, body, order.note)
    content = canonical({"body": plain(body), "note": order.note})
    with books.journal.transaction() as booking:
        sealed.put(booking.db, "stocktake", counted.id, content, verb="INSERT")
    return counted


def counts(books: Books) -> list[Counted]:
    """The counts that wait for approval, the oldest first."""
    with sqlite_errors("J-01", books.journal.path):
        return read_counts(books.journal.db)


def read_counts(journal: Database) -> list[Counted]:
    """The counts that wait in a journal; one that is not as it was written does not count."""
    found = []
    for row in journal.execute("SELECT * FROM stocktake ORDER BY id"):
        with suppress(Damaged):
            [(number, content)] = sealed.whole("stocktake", [row])
            found.append(_counted(number, json.loads(content)))
    return found


def approve(books: Books, order: orders.ApproveCount) -> Booked:
    """Book a count's differences."""
    waiting = _waiting(books, order.count)
    body = waiting.body
    if order.approved_by == body.counted_by:
        raise refuse("invalid", "a count is approved by somebody else than who counted: say who")
    reasons = dict(order.reasons)
    known = (goods.STOCKTAKE, *goods.REASONS)
    if any(reason not in known for reason in reasons.values()):
        raise refuse("invalid", f"a reason is one of {', '.join(known)}")
    lines = tuple(
        replace(line, reason=reasons.pop(line.product, line.reason)) for line in body.lines
    )
    if reasons:
        raise refuse("unknown", f"count {order.count} has no product {next(iter(reasons))}")
    units = _units(books, lines, body.units)
    body = replace(body, lines=lines, units=units, approved_by=order.approved_by)
    return book_stocktake(books, order.count, body, order.author, waiting.note)


def discard(books: Books, order: orders.DiscardCount) -> None:
    """Forget a count, also one that is not as it was written."""
    with books.journal.transaction() as booking:
        gone = booking.db.execute("DELETE FROM stocktake WHERE id = ?", (order.count,))
    if not gone.rowcount:
        raise _no_count(order.count)


def _body(books: Books, order: orders.Count) -> goods.Stocktake:
    db, place = books.current(), books.identity.place
    lines = []
    for number, (product, counted) in enumerate(order.lines, start=1):
        if stammdaten.product(db, product) is None:
            raise refuse("unknown", f"there is no product {product}")
        expected = stock(db, product, place)
        lines.append(goods.StocktakeLine(number, product, expected, counted, goods.STOCKTAKE))
    empties = empties_expected(db, place)
    units = goods.merged_units(
        (value, counted - empties.get(value, 0)) for value, counted in order.empties
    )
    return goods.Stocktake(
        place=place,
        counted_at=str(books.read_clock().at),
        as_of=books.journal.head.ref,
        counted_by=order.counted_by,
        approved_by="",
        units=units,
        lines=tuple(lines),
    )


def _units(
    books: Books, lines: tuple[goods.StocktakeLine, ...], empties: tuple[Units, ...]
) -> tuple[Units, ...]:
    """Deposit units that are missing or were found: those of full bottles, and empties."""
    changed = [(each.cents_per_unit, each.quantity) for each in empties]
    for line in lines:
        product = stammdaten.product(books.current(), line.product)
        if product is not None and line.reason in goods.LOSES_DEPOSIT:
            changed.append((product.deposit.cents, line.counted - line.expected))
    return goods.merged_units(changed)


def _waiting(books: Books, number: int) -> Counted:
    found = [each for each in counts(books) if each.id == number]
    if not found:
        raise _no_count(number)
    return found[0]


def _no_count(number: int) -> Refused:
    return refuse("unknown", f"no count {number} waits for approval: see kpos stocktake list")


def _counted(number: int, content: Json) -> Counted:
    body = content["body"]
    lines = tuple(goods.StocktakeLine(**line) for line in body["lines"])
    units = tuple(Units(**each) for each in body["units"])
    as_of = Ref(**body["as_of"])
    return Counted(
        number,
        goods.Stocktake(**{**body, "lines": lines, "units": units, "as_of": as_of}),
        content["note"],
    )
