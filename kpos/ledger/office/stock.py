"""Goods at the command line: what came, what was lost, what was counted.

Products are named as people name them; the barcode of a crate counts crates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpos.domain import orders
from kpos.domain.document import Json
from kpos.domain.goods import PaidBy, Reason, merged_units
from kpos.domain.ids import Id
from kpos.domain.money import ZERO, Money, portion
from kpos.domain.product import PIECE, THOUSANDTHS, Pack, Product, parse_quantity
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import replace
from kpos.ledger import counting, stammdaten
from kpos.ledger.booking import book
from kpos.ledger.localday import day_of
from kpos.ledger.master import canonical_code
from kpos.ledger.office import find
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.seam import Books


def delivery_add(
    books: Books,
    author: str,
    *,
    lines: Sequence[dict[str, str]] = (),
    supplier: str | None = None,
    invoice: str = "",
    delivered_on: str | None = None,
    paid_by: PaidBy = "cash",
    card: str | None = None,
    member: str | None = None,
    best_before: Sequence[tuple[str, str]] = (),
    taxes: Sequence[tuple[str, int]] = (),
    deposit: bool = True,
    deposit_tax_cents: int = 0,
    empties: Sequence[tuple[int, int]] = (),
    note: str | None = None,
) -> dict[str, Json]:
    """Goods in; each line has `product`, `quantity` and `cost`, as they are typed.

    A cost is that of one (piece, kilogram, or crate where its barcode is named), or with ``=`` of
    the whole line. `best_before` and `taxes` name products of the lines; empties went back.
    """
    goods, units = delivered_lines(books, lines)
    for text, day in best_before:
        place = _line_of(books, goods, text)
        goods[place] = replace(goods[place], best_before=day)
    for text, cents in taxes:
        place = _line_of(books, goods, text)
        goods[place] = replace(goods[place], tax=Money(cents))
    back = [(value, -quantity) for value, quantity in empties]
    wallet: Id | None = None
    if card is not None or member is not None:
        wallet = find.wallet(books.current(), of_card=card, of_member=member)
    order = orders.Deliver(
        lines=tuple(goods),
        delivered_on=delivered_on or day_of(books.settings.zone, books.clock.now()),
        paid_by=paid_by,
        supplier=find.supplier(books.current(), supplier).id if supplier is not None else None,
        invoice=invoice,
        units=merged_units([*(units if deposit else ()), *back]),
        deposit_tax=Money(deposit_tax_cents),
        wallet=wallet,
        note=note,
        author=author,
    )
    document = book(books, order).documents[0]
    total: int = document.body["total_cents"]
    return {"receipt_number": document.receipt_number, "total_cents": total}


def write_off(
    books: Books,
    author: str,
    *,
    reason: Reason,
    lines: Sequence[tuple[str, str]],
    note: str | None = None,
) -> dict[str, Json]:
    """Goods are gone: (product, quantity) each, as they are typed."""
    gone = []
    for text, typed in lines:
        product, pack = _article(books, text)
        gone.append((product.id, _quantity(product, typed) * pack.size))
    booked = book(books, orders.WriteOff(reason, tuple(gone), note, author))
    return {"receipt_number": booked.receipt_number}


def stocktake_count(
    books: Books,
    author: str,
    *,
    lines: Sequence[dict[str, Any]] = (),
    empties: Sequence[tuple[int, int]] = (),
    counted_by: str | None = None,
    note: str | None = None,
) -> dict[str, Json]:
    """Keep a count until somebody else approves it.

    Each line has its `line` in the file, what names the product (`product`, else `barcode`, else
    `name`) and what was `counted`.

    Raises:
        Refused: nothing was kept; the message names every bad line with its reason.
    """
    counted: dict[Id, int] = {}
    faults = []
    for line in lines:
        checked_fields(line, "line product barcode name counted")
        try:
            product, quantity = _counted(books, line)
            if product.id in counted:
                raise refuse("invalid", f"{product.name} stands in an earlier line too: add it up")
            counted[product.id] = quantity
        except Refused as refused:
            faults.append(f"line {line['line']}: {refused.refusal.message}")
    if faults:
        raise refuse("invalid", "\n".join(["nothing was counted:", *faults]))
    who = _person(books, counted_by) or author
    order = orders.Count(tuple(counted.items()), who, tuple(empties), note)
    return {"count": counting.count(books, order).id}


def stocktake_approve(
    books: Books,
    author: str,
    *,
    count: int,
    reasons: Sequence[tuple[str, str]] = (),
    approved_by: str | None = None,
) -> dict[str, Json]:
    """Book a count's differences; (product, reason) each where a reason is known."""
    db = books.current()
    why = tuple((find.product(db, text).id, reason) for text, reason in reasons)
    who = _person(books, approved_by) or author
    booked = book(books, orders.ApproveCount(count, who, why, author))
    return {"receipt_number": booked.receipt_number}


def stocktake_discard(books: Books, author: str, *, count: int) -> dict[str, Json]:  # noqa: ARG001
    """Forget a count."""
    counting.discard(books, orders.DiscardCount(count))
    return {"count": count}


def _article(books: Books, text: str) -> tuple[Product, Pack]:
    """A product as it is named; by the barcode of a crate, that crate of it."""
    db = books.current()
    product = find.product(db, text)
    by_code = stammdaten.article_of_code(db, canonical_code(text))
    return by_code if by_code is not None and by_code[0].id == product.id else (product, PIECE)


def _quantity(product: Product, text: str) -> int:
    try:
        return parse_quantity(text, product.unit)
    except ValueError as error:
        raise refuse("amount", f"{product.name}: {error}") from error


def delivered_lines(
    books: Books, lines: Sequence[dict[str, str]]
) -> tuple[list[orders.DeliveredGoods], list[tuple[int, int]]]:
    """Goods as they are typed, and the deposit units (cents, quantity) that come with them.

    Raises:
        Refused: naming what of a line is not understood.
    """
    goods, units = [], []
    for line in lines:
        checked_fields(line, "product quantity cost")
        product, pack = _article(books, line.get("product", ""))
        quantity = _quantity(product, line.get("quantity", ""))
        goods.append(_delivered(product, pack, quantity, line.get("cost", "")))
        units.append((product.deposit.cents, quantity * pack.size))
        units.append((pack.deposit.cents, quantity))
    return goods, units


def _delivered(product: Product, pack: Pack, quantity: int, text: str) -> orders.DeliveredGoods:
    try:
        cost = Money.parse(text.strip().removeprefix("="))
    except ValueError as error:
        raise refuse("amount", f"{product.name}: {error}") from error
    if not text.strip().startswith("="):
        each = THOUSANDTHS if product.unit == "kg" else 1
        cost = Money(portion(cost.cents, quantity, each)) if cost >= ZERO else cost
    return orders.DeliveredGoods(
        product=product.id,
        quantity=quantity * pack.size,
        cost=cost,
        tax_key=product.tax_key,
        pack_size=pack.size if pack != PIECE else None,
    )


def _line_of(books: Books, goods: Sequence[orders.DeliveredGoods], text: str) -> int:
    """Where a product stands, in one of the lines."""
    product, _pack = _article(books, text)
    places = [place for place, line in enumerate(goods) if line.product == product.id]
    if len(places) != 1:
        raise refuse("invalid", f"{product.name} stands in {len(places)} lines, not in one")
    return places[0]


def _counted(books: Books, line: dict[str, Any]) -> tuple[Product, int]:
    named = line.get("product") or line.get("barcode") or line.get("name")
    if named is None:
        raise refuse("invalid", "say which product: its id, barcode or name")
    product, pack = _article(books, named)
    return product, _quantity(product, line.get("counted") or "") * pack.size


def _person(books: Books, text: str | None) -> str | None:
    """A member as an author."""
    return f"member:{find.member(books.current(), text).id}" if text is not None else None
