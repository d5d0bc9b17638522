"""Orders become documents: what is checked, in one transaction with what is booked.

Purchase, transfer and payout never take a wallet below zero; corrections may, then only money
in is allowed. Cash never goes below zero, not even by a correction: pay in first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kpos.domain import orders, postings
from kpos.domain.cart import Cart
from kpos.domain.ids import Id
from kpos.domain.lots import Take
from kpos.domain.member import Holder
from kpos.domain.money import ZERO, Money
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.ledger import (
    cash,
    counting,
    delivering,
    goods,
    master,
    privacy,
    readers,
    stammdaten,
    undo,
)
from kpos.ledger.checks import (
    Booked,
    book_one,
    booked,
    check_cash,
    check_credit,
    check_holder,
    check_note,
    check_positive,
    check_size,
    check_wallet,
    new_id,
)
from kpos.ledger.localday import rate_bp
from kpos.ledger.seam import Books

_MINUTE_MS = 60_000


def book(books: Books, order: orders.Order) -> Booked:
    """Book an order.

    Raises:
        Refused: nothing was booked; the refusal says why.
        LedgerError: nothing was booked; the disk or the files are at fault.
    """
    with books.looking():
        done: Booked = _BOOKERS[type(order)](books, order)
    return done


def _purchase(books: Books, order: orders.Purchase) -> Booked:
    wallet, total = order.buyer.wallet, order.cart.total
    if not order.cart:
        raise refuse("amount", "the cart is empty")
    if not all(entry.offer.is_priced for entry in order.cart.entries):
        raise refuse("invalid", "something in the cart has no price")
    check_holder(books, order.buyer)
    buyer = replace(order.buyer, history=_keeps_history(books, order.buyer))
    credit = check_credit(books, wallet, total, order.held)
    reading = books.read_clock()
    # By the time that this booking makes the trusted one: after a night it is another.
    trusted = reading.at if reading.clock == "ok" else books.trusted_now()
    cart = order.cart.taxed(lambda tax_key: rate_bp(books.settings, tax_key, trusted))
    if cart.began_at is None:
        cart = replace(cart, began_at=reading.at)
    undo_ms = books.settings.undo_minutes * _MINUTE_MS
    takes = _takes(books, cart)
    with books.booking(reading) as booking:
        booking.held_cents = order.held.cents
        sale, debit = postings.purchase(
            cart, buyer, takes, books.identity.place, booking.ref_after(1)
        )
        sold = booking.append(sale)
        booking.append(debit)
        if undo_ms:
            undo.link(booking, sold, wallet, trusted.plus_ms(undo_ms).ms)
    until = reading.at.plus_ms(undo_ms) if undo_ms else None
    return Booked(tuple(booking.documents), credit - total, until)


def _keeps_history(books: Books, buyer: Holder) -> bool:
    """Whether a purchase names its buyer: not if they switched that off since they came."""
    if not buyer.history or buyer.member is None:
        return False
    member = stammdaten.member(books.current(), buyer.member)
    return member is not None and member.history


def _takes(books: Books, cart: Cart) -> list[tuple[Take, ...]]:
    """What each line of a cart takes from which lot."""
    room = goods.stockroom(books)
    takes = []
    for entry in cart.lines:
        product = entry.offer.product
        taken = room.take(product.id, entry.quantity)
        is_short = books.settings.empty_stock == "refuse" and taken[-1].lot is None
        if is_short and goods.is_out_of(books, product.id, cart.quantity_of(product.id)):
            raise refuse("stock", f"there is not enough of {product.name}")
        takes.append(taken)
    return takes


def _top_up(books: Books, order: orders.TopUp) -> Booked:
    if order.means != "opening":
        check_positive(order.amount)
    elif not order.amount:
        raise refuse("amount", "an opening credit of 0.00 needs no booking")
    check_size(order.amount)
    check_note(order.note)
    check_wallet(books, order.wallet)
    accounts = {
        "cash": cash.box_of(books, order.author),
        "reader": f"{books.identity.cash_account}-reader",
        "transfer": "bank",
        "opening": "opening",
    }
    draft = postings.top_up(
        order.wallet, order.amount, order.means, accounts[order.means], order.note
    )
    credit = books.credit(order.wallet)
    with books.booking() as booking:
        booking.append(replace(draft, author=order.author))
        if order.mark is not None:
            readers.keep(booking, order.mark, order.wallet)
    return booked(booking, order.wallet, credit)


def _payout(books: Books, order: orders.Payout) -> Booked:
    check_positive(order.amount)
    check_note(order.note)
    check_wallet(books, order.wallet)
    check_credit(books, order.wallet, order.amount)
    box = cash.box_of(books, order.author)
    draft = postings.payout(order.wallet, order.amount, box, order.note)
    check_cash(books, draft.postings)
    return book_one(books, draft, order.wallet, order.author)


def _transfer(books: Books, order: orders.Transfer) -> Booked:
    check_positive(order.amount)
    if order.from_wallet == order.to_wallet:
        raise refuse("invalid", "from and to are the same wallet")
    check_note(order.note)
    check_wallet(books, order.to_wallet)
    check_credit(books, order.from_wallet, order.amount)
    draft = postings.transfer(order.from_wallet, order.to_wallet, order.amount, order.note)
    return book_one(books, draft, order.from_wallet, order.author)


def _return_deposit(books: Books, order: orders.ReturnDeposit) -> Booked:
    if not order.units or any(units.quantity < 1 for units in order.units):
        raise refuse("amount", "no empties")
    check_wallet(books, order.wallet)
    allowed = returnable(books, order.wallet) if order.limited else None
    wanted: dict[int, int] = {}
    for units in order.units:
        wanted[units.cents_per_unit] = wanted.get(units.cents_per_unit, 0) + units.quantity
    for value, quantity in wanted.items():
        if allowed is not None and quantity > allowed.get(value, 0):
            raise refuse("units", f"at most {allowed.get(value, 0)} of {Money(value)}")
    draft = postings.deposit_return(order.wallet, order.units)
    return book_one(books, draft, order.wallet, order.author)


def returnable(books: Books, wallet: Id) -> dict[int, int] | None:
    """How many units by value the house takes back from a wallet; None for any number."""
    policy = books.settings.deposit_return
    if policy == "off":
        return None
    if policy == "house":
        return stammdaten.sold_units(books.current())
    return stammdaten.held_units(books.current(), wallet)


def _set_language(books: Books, order: orders.SetLanguage) -> Booked:
    member = master.member_or_refuse(books, order.member)
    return privacy.change(books, replace(member, language=order.language), order.author)


def _replace_card(books: Books, order: orders.ReplaceCard) -> Booked:
    code = master.free_code(books, order.code)
    check_wallet(books, order.wallet)
    credit = books.credit(order.wallet)
    every = stammdaten.cards(books.current(), order.wallet)
    old = [card for card in every if not card.blocked]
    with books.booking() as booking:
        for card in old:
            booking.append(master.card_row(replace(card, blocked=True), order.author))
        asks_pin = any(card.asks_pin for card in every)
        fresh = master.new_card(new_id(), code, order.wallet, asks_pin=asks_pin)
        booking.append(master.card_row(fresh, order.author))
    return booked(booking, order.wallet, credit)


def _new_guest_card(books: Books, order: orders.NewGuestCard) -> Booked:
    name = books.settings.guest_group
    group = stammdaten.group_of_name(books.current(), name)
    if group is None or group.retired:
        raise refuse("unknown", f"there is no group {name!r}: kpos group add {name}")
    code = master.free_code(books, order.code)
    wallet = new_id()
    with books.booking() as booking:
        booking.append(master.wallet_row(wallet, None, group.id, order.author))
        fresh = master.new_card(new_id(), code, wallet, asks_pin=False)
        booking.append(master.card_row(fresh, order.author))
    return booked(booking, wallet, ZERO)


_BOOKERS: dict[type, Callable[[Books, Any], Booked]] = {
    orders.Purchase: _purchase,
    orders.TopUp: _top_up,
    orders.Payout: _payout,
    orders.Transfer: _transfer,
    orders.ReturnDeposit: _return_deposit,
    orders.Reverse: undo.reverse,
    orders.SetHistory: privacy.set_history,
    orders.SetLanguage: _set_language,
    orders.ReplaceCard: _replace_card,
    orders.NewGuestCard: _new_guest_card,
    orders.Deliver: delivering.deliver,
    orders.WriteOff: goods.write_off,
    orders.ApproveCount: counting.approve,
    orders.CashMove: cash.move,
    orders.CashCount: cash.count,
    orders.Close: cash.close,
}
