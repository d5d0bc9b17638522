"""Goods in: what came, what it cost, who paid.

    Menu --> DeliveryGoods --scan--> DeliveryCost --#--> DeliveryExpiry --#--> DeliveryGoods
             DeliveryGoods --#--> DeliveryPaid --1,2,4--> DeliveryConfirm --#--> Posting --> Done
                                  DeliveryPaid --3--> DeliverySupplier --1..3--> DeliveryConfirm

The cost that is typed is that of the whole line, since that is what an invoice always says and what
a lot begins with; the display divides it, so that a slip of the finger is seen. Deposit is added
by the till. ``*`` hands the step before out again, with what was typed in it.
"""

from __future__ import annotations

from kpos.checkout.carried import Supplier
from kpos.checkout.effects import FetchSuppliers
from kpos.checkout.events import (
    DiskFailed,
    Event,
    KeyPressed,
    Posted,
    PostingFailed,
    SuppliersFound,
)
from kpos.checkout.listing import listed, when_listing, when_nobody_comes
from kpos.checkout.moves import AMOUNT_DIGITS_MAX
from kpos.checkout.states import (
    Delivered,
    DeliveryConfirm,
    DeliveryCost,
    DeliveryExpiry,
    DeliveryGoods,
    DeliveryPaid,
    DeliverySupplier,
    Done,
    State,
    author_of,
)
from kpos.checkout.steps import (
    ACCEPT,
    PAID,
    Step,
    book,
    credited,
    disk_failed,
    go,
    menu_of,
    refuse,
    stay,
    typed,
)
from kpos.domain.goods import PaidBy, merged_units
from kpos.domain.instant import is_day
from kpos.domain.money import Money
from kpos.domain.orders import Deliver, DeliveredGoods
from kpos.domain.values import replace

# Who is owed the money is chosen in one more step.
PAID_BY_KEY: dict[str, PaidBy] = {"1": "cash", "2": "bank", "4": "member"}
PER_PAGE = 3
_DAY_DIGITS = 6


def when_goods(state: State, listing: DeliveryGoods, event: Event) -> Step:
    """What came?"""

    def ask_who_paid() -> Step:
        return go(state, DeliveryPaid(replace(listing, notice=None)), ACCEPT)

    return when_listing(state, listing, event, menu_of(listing.login), ask_who_paid)


def when_cost(state: State, asked: DeliveryCost, event: Event) -> Step:
    """What did all of it cost?"""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, asked.listing)
        case KeyPressed("#") if asked.typed:
            return go(state, DeliveryExpiry(replace(asked, notice=None)), ACCEPT)
        case KeyPressed("#"):
            return refuse(state, asked, "amount")
        case KeyPressed(key):
            return typed(state, asked, key, AMOUNT_DIGITS_MAX)
        case _:
            return when_nobody_comes(state, asked.listing, event, begun=True)


def when_expiry(state: State, asked: DeliveryExpiry, event: Event) -> Step:
    """Until when is it good?"""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, asked.asked)
        case KeyPressed("#"):
            day = day_of(asked.typed)
            if asked.typed and day is None:
                return refuse(state, asked, "no_day")
            return go(state, listed(asked.asked.listing, _line(asked.asked, day)), ACCEPT)
        case KeyPressed(key):
            return typed(state, asked, key, _DAY_DIGITS)
        case _:
            return when_nobody_comes(state, asked.asked.listing, event, begun=True)


def when_paid(state: State, asked: DeliveryPaid, event: Event) -> Step:
    """Who paid?"""
    match event:
        case KeyPressed("*"):
            return go(state, asked.listing)
        case KeyPressed(key) if key in PAID_BY_KEY:
            return go(state, DeliveryConfirm(asked.listing, PAID_BY_KEY[key]), ACCEPT)
        case KeyPressed("3"):
            return go(state, asked, FetchSuppliers())
        case SuppliersFound(suppliers) if suppliers:
            return go(state, DeliverySupplier(asked.listing, suppliers), ACCEPT)
        case SuppliersFound():
            return refuse(state, asked.listing, "no_supplier")
        case _:
            return when_nobody_comes(state, asked.listing, event)


def when_supplier(state: State, asked: DeliverySupplier, event: Event) -> Step:
    """To whom is it owed?"""
    shown = suppliers_on_page(asked)
    match event:
        case KeyPressed("*"):
            return go(state, DeliveryPaid(asked.listing))
        case KeyPressed("#"):
            pages = -(-len(asked.suppliers) // PER_PAGE)
            return go(state, replace(asked, page=(asked.page + 1) % pages))
        case KeyPressed(key) if key in map(str, range(1, len(shown) + 1)):
            supplier = shown[int(key) - 1]
            return go(state, DeliveryConfirm(asked.listing, "owed", supplier), ACCEPT)
        case _:
            return when_nobody_comes(state, asked.listing, event)


def when_confirming(state: State, asked: DeliveryConfirm, event: Event) -> Step:
    """Really?"""
    match event:
        case KeyPressed("#"):
            return book(state, asked, _order(asked))
        case KeyPressed("*"):
            return go(state, DeliveryPaid(asked.listing))
        case _:
            return when_nobody_comes(state, asked.listing, event)


def when_posted(state: State, asked: DeliveryConfirm, event: Event) -> Step:
    """The disk has answered."""
    login = asked.listing.login
    match event:
        case Posted(receipt_number, credit):
            if asked.paid_by == "member" and login.buyer is not None:
                login = credited(login, login.buyer.wallet, credit)
            return go(state, Done("delivered", login, receipt_number), PAID)
        case PostingFailed(refusal) if refusal.code == "cash":
            return refuse(state, asked.listing, "cash_short", missing=refusal.missing)
        case PostingFailed():
            return refuse(state, asked.listing, "refused")
        case DiskFailed():
            return disk_failed(state, asked.listing)
        case _:
            return stay(state)


def suppliers_on_page(asked: DeliverySupplier) -> tuple[Supplier, ...]:
    """Those that can be chosen now, by 1 to 3."""
    return asked.suppliers[asked.page * PER_PAGE : (asked.page + 1) * PER_PAGE]


def day_of(digits: str) -> str | None:
    """``2026-12-24`` of ``241226``; None where that is no day."""
    day = f"20{digits[4:]}-{digits[2:4]}-{digits[:2]}"
    return day if len(digits) == _DAY_DIGITS and is_day(day) else None


def cost_of(listing: DeliveryGoods) -> Money:
    """What the goods cost, without deposit."""
    return Money(sum(line.cost.cents for line in listing.scanned))


def deposit_of(listing: DeliveryGoods) -> Money:
    """What the supplier takes for bottles and crates."""
    return Money(sum(line.deposit.cents for line in listing.scanned))


def _line(asked: DeliveryCost, best_before: str | None) -> Delivered:
    return Delivered(asked.goods, Money(int(asked.typed)), best_before, asked.crate)


def _order(asked: DeliveryConfirm) -> Deliver:
    listing = asked.listing
    buyer = listing.login.buyer
    assert buyer is not None, "a login has a buyer"
    lines = tuple(
        DeliveredGoods(
            product=line.offer.product.id,
            quantity=line.goods.quantity,
            cost=line.cost,
            tax_key=line.offer.product.tax_key,
            pack_size=line.crate.size if line.crate is not None else None,
            best_before=line.best_before,
        )
        for line in listing.scanned
    )
    return Deliver(
        lines,
        delivered_on="",
        paid_by=asked.paid_by,
        units=merged_units(each for line in listing.scanned for each in line.units),
        supplier=asked.supplier.id if asked.supplier is not None else None,
        wallet=buyer.wallet if asked.paid_by == "member" else None,
        author=author_of(listing.login),
    )
