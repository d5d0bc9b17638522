"""Goods listed one after the other: what is gone, what came in, what is there.

    Listing --scan--> Listing          --number#--> HowMany --#--> Listing
            --#--> whatever comes then   --*--> the last one goes

A number before a scan says how many, or how many grams of what is weighed. Nobody types that before
a short number, so it is asked for; and of a delivery, since nobody gets one bottle. Each line of a
delivery goes on to its cost (`delivering`) before it is listed. A count may be none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kpos.checkout.effects import LookUp
from kpos.checkout.events import (
    CodeMisread,
    CodeUnknown,
    Event,
    KeyPressed,
    NumberUnknown,
    ProductScanned,
    TimedOut,
)
from kpos.checkout.states import (
    CountGoods,
    Delivered,
    DeliveryCost,
    DeliveryGoods,
    Dialogue,
    HowMany,
    Notice,
    State,
)
from kpos.checkout.states.goods import Listing
from kpos.checkout.steps import (
    ACCEPT,
    CANCELLED,
    REFUSE,
    Step,
    go,
    leave,
    refuse,
    reject,
    typed,
    unknown,
)
from kpos.domain.cart import Entry
from kpos.domain.ids import Id
from kpos.domain.product import Offer, Pack
from kpos.domain.values import replace

# More than a shelf holds of anything; of what is weighed, a ton.
PIECES_MAX, GRAMS_MAX = 9_999, 999_999
# What is listed at a till is carried through every step; a bigger list is one for a file.
LISTED_MAX = 500
_DIGITS_MAX = 6


def when_listing(
    state: State, listing: Listing, event: Event, back: Dialogue, go_on: Callable[[], Step]
) -> Step:
    """One event while goods are listed; ``#`` goes on, ``*`` at last `back`."""
    match event:
        case ProductScanned():
            return _scan(state, listing, event)
        case KeyPressed("*") if not listing.typed and listing.scanned:
            return _take_back(state, listing)
        case KeyPressed("*") if not listing.typed:
            return go(state, back)
        case KeyPressed("#") if listing.typed:
            cleared = replace(listing, typed="", notice=None)
            return go(state, cleared, LookUp(listing.typed, "products"))
        case KeyPressed("#"):
            return go_on() if listing.scanned else reject(state)
        case KeyPressed(key):
            return typed(state, listing, key)
        case CodeUnknown(code):
            return unknown(state, listing, code)
        case CodeMisread():
            return refuse(state, listing, "misread")
        case NumberUnknown(number):
            return refuse(state, listing, "no_number", name=number)
        case _:
            return when_nobody_comes(state, listing, event)


def when_how_many(state: State, asked: HowMany, event: Event) -> Step:
    """A quantity."""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, asked.listing)
        case KeyPressed("#"):
            quantity = int(asked.typed or "0")
            if not asked.typed or not _is_possible(asked.listing, asked.offer, quantity):
                return refuse(state, asked, "how_many")
            return _add(state, asked.listing, Entry(asked.offer, quantity), None)
        case KeyPressed(key):
            return typed(state, asked, key, _DIGITS_MAX)
        case _:
            return when_nobody_comes(state, asked.listing, event, begun=True)


def when_nobody_comes(state: State, listing: Listing, event: Event, *, begun: bool = False) -> Step:
    """What was listed, or begun, and is not booked is gone with who left it: the till says so."""
    match event:
        case TimedOut() if listing.scanned or listing.typed or begun:
            return leave(state, CANCELLED, REFUSE)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def by_product(entries: Sequence[Entry]) -> tuple[tuple[Id, int], ...]:
    """How much of each product is listed, in the order of their first scans."""
    sums: dict[Id, int] = {}
    for entry in entries:
        product = entry.offer.product.id
        sums[product] = sums.get(product, 0) + entry.quantity
    return tuple(sums.items())


def pieces_of(listing: Listing) -> int:
    """How many a person would count: what is weighed is one."""
    return sum(entry.pieces for entry in listing.scanned)


def listed(listing: Listing, entry: Entry | Delivered) -> Listing:
    """The list with one more."""
    return _with(listing, (*listing.scanned, entry), None)


def _with(listing: Any, scanned: tuple[Any, ...], notice: Notice | None) -> Listing:
    changed: Listing = replace(listing, scanned=scanned, typed="", notice=notice)
    return changed


def _scan(state: State, listing: Listing, scanned: ProductScanned) -> Step:
    offer = scanned.offer
    if len(listing.scanned) >= LISTED_MAX:
        return refuse(state, listing, "list_full")
    quantity = _quantity(listing, scanned)
    if quantity is None:
        return go(state, HowMany(replace(listing, typed="", notice=None), offer), ACCEPT)
    if not _is_possible(listing, offer, quantity):
        return refuse(state, listing, "how_many")
    return _add(state, listing, Entry(offer, quantity), scanned.crate)


def _quantity(listing: Listing, scanned: ProductScanned) -> int | None:
    """What was typed, what a label says, or one; None where it must be asked for."""
    if scanned.offer.product.unit == "kg":
        return int(listing.typed) if listing.typed else scanned.offer.weight
    if listing.typed:
        return scanned.count * int(listing.typed)
    is_asked = scanned.by_number or isinstance(listing, DeliveryGoods)
    return None if is_asked and scanned.count == 1 else scanned.count


def _is_possible(listing: Listing, offer: Offer, quantity: int) -> bool:
    least = 0 if isinstance(listing, CountGoods) else 1
    most = GRAMS_MAX if offer.product.unit == "kg" else PIECES_MAX
    return least <= quantity <= most


def _add(state: State, listing: Listing, entry: Entry, crate: Pack | None) -> Step:
    if isinstance(listing, DeliveryGoods):
        kept = replace(listing, typed="", notice=None)
        return go(state, DeliveryCost(kept, entry, crate), ACCEPT)
    return go(state, listed(listing, entry), ACCEPT)


def _take_back(state: State, listing: Listing) -> Step:
    notice = Notice("goods_back", listing.scanned[-1].offer.product.name)
    return go(state, _with(listing, listing.scanned[:-1], notice), ACCEPT)
