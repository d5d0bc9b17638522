"""Deliveries from a list: lines of one invoice are one delivery, all of them are booked or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from kpos.domain import orders
from kpos.domain.document import Json
from kpos.domain.goods import merged_units
from kpos.domain.money import ZERO, Money
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import replace
from kpos.ledger import stammdaten
from kpos.ledger.delivering import check_deliveries, deliver_all
from kpos.ledger.localday import day_of
from kpos.ledger.office import find
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.office.stock import delivered_lines
from kpos.ledger.reading import read_documents
from kpos.ledger.seam import Books

_KNOWN = "line supplier invoice date paid member product quantity cost best_before tax note"
# What lines of one invoice have in common.
_HEAD = ("supplier", "invoice", "date", "paid", "member", "note")
Key: TypeAlias = tuple[object, ...]


def delivery_import(
    books: Books, author: str, *, rows: Sequence[dict[str, Any]], dry_run: bool
) -> dict[str, Json]:
    """Book the deliveries of a list; an invoice of a supplier comes once.

    Each row has its `line` in the file. Deposit is that of the products and crates.

    Raises:
        Refused: nothing was booked; the message names every bad line with its reason.
    """
    invoices: dict[Key, list[dict[str, Any]]] = {}
    for each in rows:
        row = {key: cell for key, cell in each.items() if cell is not None}
        checked_fields(row, _KNOWN)
        invoices.setdefault(tuple(row.get(key) for key in _HEAD), []).append(row)
    faults: list[str] = []
    deliveries = []
    for lines in invoices.values():
        first = lines[0]["line"]
        try:
            deliveries.append((first, _delivery(books, author, lines, faults)))
        except Refused as refused:
            faults.append(f"line {first}: {refused.refusal.message}")
    if not faults:
        booked = [order for _first, order in deliveries]
        try:
            check_deliveries(books, booked)
            if not dry_run:
                deliver_all(books, booked)
        except Refused as refused:
            # Together they are too much for the cash box: no line of its own is wrong.
            faults.append(f"line {rows[0]['line']}: {refused.refusal.message}")
    if faults:
        raise refuse("invalid", "\n".join(["nothing was imported:", *faults]))
    return {"changes": [_change(first, order) for first, order in deliveries]}


def _delivery(
    books: Books, author: str, rows: Sequence[dict[str, Any]], faults: list[str]
) -> orders.Deliver:
    """The delivery that these rows are; rows that cannot be read become `faults`."""
    goods: list[orders.DeliveredGoods] = []
    units: list[tuple[int, int]] = []
    for row in rows:
        try:
            [line], its_units = delivered_lines(books, [_typed(row)])
        except Refused as refused:
            faults.append(f"line {row['line']}: {refused.refusal.message}")
            continue
        tax = Money(row.get("tax", 0))
        goods.append(replace(line, tax=tax, best_before=row.get("best_before")))
        units += its_units
    head, db = rows[0], books.current()
    supplier = find.supplier(db, head["supplier"]).id if "supplier" in head else None
    wallet = find.member(db, head["member"]).wallet if "member" in head else None
    order = orders.Deliver(
        lines=tuple(goods),
        delivered_on=head.get("date") or day_of(books.settings.zone, books.clock.now()),
        paid_by=head.get("paid") or "cash",
        supplier=supplier,
        invoice=head.get("invoice", ""),
        units=merged_units(units),
        wallet=wallet,
        note=head.get("note"),
        author=author,
    )
    _check_new(books, order)
    if goods:
        check_deliveries(books, [order])
    return order


def _typed(row: dict[str, Any]) -> dict[str, str]:
    return {key: row[key] for key in ("product", "quantity", "cost") if key in row}


def _check_new(books: Books, order: orders.Deliver) -> None:
    """A list that comes twice books nothing twice: invoices have numbers."""
    if not order.invoice:
        return
    for known in read_documents(books.journal.db, 0, kind="delivery", mention=order.invoice):
        same = known.body["invoice"], known.body["supplier"]
        undone = stammdaten.reversals_of(books.current(), books.places.position(known))
        if same == (order.invoice, order.supplier) and not undone:
            raise refuse(
                "taken", f"invoice {order.invoice} is booked already: {known.receipt_number}"
            )


def _change(first: int, order: orders.Deliver) -> dict[str, Json]:
    cost = sum((line.cost for line in order.lines), ZERO)
    named = f"invoice {order.invoice}" if order.invoice else "a delivery"
    what = f"{named} of {order.delivered_on}, {len(order.lines)} lines, goods {cost}"
    return {"line": first, "does": "add", "what": what}
