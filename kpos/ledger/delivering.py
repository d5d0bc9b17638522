"""Goods in: a delivery, its lots, and the costs of what was sold before it came."""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain import goods, orders
from kpos.domain.document import Draft, merge_postings
from kpos.domain.ids import Id
from kpos.domain.instant import is_day
from kpos.domain.lots import Lot
from kpos.domain.money import ZERO, Money
from kpos.domain.postings import BANK, OPENING, wallet_account
from kpos.domain.refusal import refuse
from kpos.domain.tax import RATES_BP, TAX_KEYS
from kpos.domain.values import replace
from kpos.ledger.cash import box_of
from kpos.ledger.checks import (
    Booked,
    booked,
    check_cash,
    check_credit,
    check_note,
    check_positive,
    check_size,
    check_wallet,
    new_id,
)
from kpos.ledger.goods import checked_quantity, cover, known_product, stockroom
from kpos.ledger.seam import Booking, Books
from kpos.ledger.suppliers import supplier

INVOICE_LENGTH_MAX = 60
_WALLET = "wallet:"


def deliver(books: Books, order: orders.Deliver) -> Booked:
    """Goods in."""
    check_deliveries(books, [order])
    credit = books.credit(order.wallet) if order.wallet is not None else ZERO
    return booked(deliver_all(books, [order]), order.wallet, credit)


def check_deliveries(books: Books, deliveries: Sequence[orders.Deliver]) -> None:
    """All of these together can be booked.

    Raises:
        Refused: if not.
    """
    for order in deliveries:
        _check_delivery(books, order)
    drafts = [_draft(books, order) for order in deliveries]
    together = merge_postings(*(posting for draft in drafts for posting in draft.postings))
    check_cash(books, together)
    for posting in together:
        if posting.account.startswith(_WALLET) and posting.cents > 0:
            # Empties that a member took back to the supplier, and was paid for there.
            check_credit(books, Id(posting.account.removeprefix(_WALLET)), Money(posting.cents))


def deliver_all(books: Books, deliveries: Sequence[orders.Deliver]) -> Booking:
    """Goods in, of deliveries that were checked, in one transaction."""
    room = stockroom(books)
    with books.booking() as booking:
        for order in deliveries:
            document = booking.append(_draft(books, order))
            for ordinal, movement in enumerate(document.movements):
                lot = Lot(Id(str(movement.lot)), (books.places.position(document), ordinal))
                cost = movement.cost_cents or 0
                room.move(Id(movement.product), lot, movement.quantity, cost)
            cover(booking, room, [line.product for line in order.lines])
    return booking


def _draft(books: Books, order: orders.Deliver) -> Draft:
    place = books.identity.place
    lines = tuple(
        goods.DeliveryLine(
            line=number,
            product=each.product,
            place=place,
            lot=new_id(),
            quantity=each.quantity,
            pack_size=each.pack_size,
            cost_cents=each.cost.cents,
            tax_key=each.tax_key,
            tax_cents=each.tax.cents,
        )
        for number, each in enumerate(order.lines, start=1)
    )
    total = goods.total_of(lines, order.units, order.deposit_tax.cents)
    check_size(Money(total))
    body = goods.Delivery(
        supplier=order.supplier,
        invoice=order.invoice,
        delivered_on=order.delivered_on,
        paid_by=order.paid_by,
        account=_account_of(books, order),
        lines=lines,
        units=order.units,
        deposit_tax_cents=order.deposit_tax.cents,
        total_cents=total,
    )
    days = [each.best_before for each in order.lines]
    deposit_key = order.lines[0].tax_key if order.lines else books.settings.default_tax_key
    return replace(goods.delivery(body, days, deposit_key, order.note), author=order.author)


def _check_delivery(books: Books, order: orders.Deliver) -> None:
    check_note(order.note)
    if not order.lines and not order.units:
        raise refuse("amount", "nothing was delivered")
    if not is_day(order.delivered_on):
        raise refuse("invalid", f"{order.delivered_on[:20]!r} is no day: write 2026-11-20")
    if len(order.invoice) > INVOICE_LENGTH_MAX or not order.invoice.isprintable():
        raise refuse("invalid", f"an invoice number has at most {INVOICE_LENGTH_MAX} characters")
    _check_supplier(books, order)
    if (order.paid_by == "member") != (order.wallet is not None):
        raise refuse("invalid", "name the member who laid it out, and only then")
    if order.wallet is not None:
        check_wallet(books, order.wallet)
    for line in order.lines:
        _check_line(books, line)
    for units in order.units:
        check_positive(Money(units.cents_per_unit))
        checked_quantity(abs(units.quantity))


def _check_supplier(books: Books, order: orders.Deliver) -> None:
    if order.supplier is not None:
        known = supplier(books.current(), order.supplier)
        if known is None or known.retired:
            raise refuse("unknown", f"there is no supplier {order.supplier}")
    elif order.paid_by == "owed":
        raise refuse("invalid", "name the supplier to whom it is owed")


def _check_line(books: Books, line: orders.DeliveredGoods) -> None:
    known_product(books, line.product)
    checked_quantity(line.quantity)
    for cents in (line.cost, line.tax):
        check_size(cents)
        if cents < ZERO:
            raise refuse("amount", f"{cents}: goods do not cost less than nothing")
    if line.tax_key not in TAX_KEYS or (line.tax and not RATES_BP[line.tax_key]):
        raise refuse("invalid", f"tax key {line.tax_key!r} has no tax to deduct")
    if line.best_before is not None and not is_day(line.best_before):
        raise refuse("invalid", f"{line.best_before[:20]!r} is no day: write 2026-11-20")


def _account_of(books: Books, order: orders.Deliver) -> str:
    if order.wallet is not None:
        return wallet_account(order.wallet)
    accounts = {
        "cash": box_of(books, order.author),
        "bank": BANK,
        "owed": f"payable:{order.supplier}",
        "opening": OPENING,
    }
    return accounts[order.paid_by]
