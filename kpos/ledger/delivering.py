"""Goods in: a delivery, its lots, and the costs of what was sold before it came."""

from __future__ import annotations

from kpos.domain import goods, orders
from kpos.domain.instant import is_day
from kpos.domain.lots import Lot
from kpos.domain.money import ZERO, Money
from kpos.domain.postings import BANK, OPENING, wallet_account
from kpos.domain.refusal import refuse
from kpos.domain.tax import RATES_BP, TAX_KEYS
from kpos.domain.values import replace
from kpos.ledger.books import Books
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
from kpos.ledger.reading import position_of
from kpos.ledger.suppliers import supplier

INVOICE_LENGTH_MAX = 60


def deliver(books: Books, order: orders.Deliver) -> Booked:
    """Goods in."""
    _check_delivery(books, order)
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
    draft = goods.delivery(body, days, deposit_key, order.note)
    check_cash(books, draft)
    credit = ZERO
    if order.wallet is not None:
        # Empties that a member took back to the supplier, and was paid for there.
        credit = check_credit(books, order.wallet, Money(max(-total, 0)))
    room = stockroom(books)
    with books.booking() as booking:
        document = booking.append(replace(draft, author=order.author))
        for number, line in enumerate(lines):
            lot = Lot(line.lot, (position_of(document.ref), number), 0, 0)
            room.move(line.product, lot, line.quantity, line.cost_cents)
        cover(booking, room, [line.product for line in lines])
    return booked(booking, order.wallet, credit)


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
