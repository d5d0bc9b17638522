"""Deposit back: empties are scanned by product and credited by value.

    Empties --scan--> Empties --#--> Posting --> Done

A member gives back what the house's policy allows; by hand, a trusted person credits any.
"""

from __future__ import annotations

from kpos.checkout.asking import answer_to_card, ask_for_holder
from kpos.checkout.effects import LookUp
from kpos.checkout.events import (
    CodeUnknown,
    DiskFailed,
    Event,
    KeyPressed,
    Posted,
    PostingFailed,
    ProductScanned,
    TimedOut,
)
from kpos.checkout.states import Done, Empties, EmptiesHolder, State, author_of
from kpos.checkout.steps import (
    ACCEPT,
    CANCELLED,
    PAID,
    REFUSE,
    Step,
    book,
    credited,
    disk_failed,
    go,
    leave,
    menu_of,
    refuse,
    reject,
    stay,
    typed,
    unknown,
)
from kpos.domain.bodies import TaxedUnits
from kpos.domain.cart import QUANTITY_MAX, SCANS_MAX
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.orders import ReturnDeposit
from kpos.domain.product import DEPOSIT
from kpos.domain.values import replace


def when_holder(state: State, asked: EmptiesHolder, event: Event) -> Step:
    """By hand: whose wallet?"""

    def scan_for(holder: Holder) -> Step:
        return go(state, Empties(asked.login, holder, by_hand=True), ACCEPT)

    return ask_for_holder(state, asked, event, menu_of(asked.login), scan_for)


def when_scanning(state: State, empties: Empties, event: Event) -> Step:
    """Bottle by bottle."""
    match event:
        case ProductScanned():
            return _scan(state, empties, event)
        case KeyPressed("*") if not empties.typed and empties.scanned:
            rest = replace(empties, scanned=empties.scanned[:-1], notice=None)
            return go(state, rest, ACCEPT)
        case KeyPressed("*") if not empties.typed:
            return go(state, menu_of(empties.login))
        case KeyPressed("#") if empties.typed:
            return go(state, replace(empties, typed=""), LookUp(empties.typed, "products"))
        case KeyPressed("#"):
            return _book(state, empties)
        case KeyPressed(key):
            return typed(state, empties, key)
        case CodeUnknown(code):
            return unknown(state, empties, code)
        case TimedOut() if empties.scanned:
            return leave(state, CANCELLED, REFUSE)
        case TimedOut():
            return leave(state)
        case _:
            return answer_to_card(state, empties, event)


def when_posted(state: State, empties: Empties, event: Event) -> Step:
    """The disk has answered."""
    match event:
        case Posted(receipt_number, credit):
            login = credited(empties.login, empties.holder.wallet, credit)
            name = empties.holder.name
            return go(state, Done("empties", login, receipt_number, name, credit), PAID)
        case PostingFailed(refusal) if refusal.code == "units":
            return refuse(state, empties, "units")
        case PostingFailed():
            return refuse(state, empties, "refused")
        case DiskFailed():
            return disk_failed(state, empties)
        case _:
            return stay(state)


def units_of(empties: Empties) -> tuple[TaxedUnits, ...]:
    """What was scanned, by value and tax key."""
    counted: dict[tuple[int, str, int], int] = {}
    for offer, quantity in empties.scanned:
        for charge in offer.charges:
            if charge.account == DEPOSIT:
                key = (charge.per_unit.cents, charge.tax_key, charge.rate_bp)
                counted[key] = counted.get(key, 0) + quantity
    return tuple(
        TaxedUnits(cents, quantity, tax_key, rate_bp)
        for (cents, tax_key, rate_bp), quantity in counted.items()
    )


def value_of(empties: Empties) -> Money:
    """What will be credited."""
    return Money(sum(units.cents_per_unit * units.quantity for units in units_of(empties)))


def _scan(state: State, empties: Empties, scanned: ProductScanned) -> Step:
    quantity = scanned.count * int(empties.typed or "1")
    offer = scanned.offer
    if not any(charge.account == DEPOSIT for charge in offer.charges):
        return refuse(state, empties, "no_deposit", name=offer.product.name)
    if not 1 <= quantity <= QUANTITY_MAX:
        return refuse(state, empties, "quantity")
    if len(empties.scanned) >= SCANS_MAX:
        return refuse(state, empties, "cart_full")
    more = (*empties.scanned, (offer, quantity))
    return go(state, replace(empties, scanned=more, typed="", notice=None), ACCEPT)


def _book(state: State, empties: Empties) -> Step:
    if not empties.scanned:
        return reject(state)
    author = author_of(empties.login) if empties.by_hand else None
    units = units_of(empties)
    order = ReturnDeposit(empties.holder.wallet, units, not empties.by_hand, author)
    return book(state, replace(empties, notice=None), order)
