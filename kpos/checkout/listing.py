"""Goods listed one after the other: what is gone, what came in, what is there.

    Listing --scan--> Listing          --number#--> HowMany --#--> Listing
            --#--> whatever comes then   --*--> the last one goes

A number before a scan says how many, or how many grams of what is weighed. Nobody types that before
a short number, so it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
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
from kpos.checkout.states import Dialogue, HowMany, Notice, State
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
from kpos.domain.product import Offer
from kpos.domain.values import replace

# More than a shelf holds of anything; of what is weighed, a ton.
PIECES_MAX, GRAMS_MAX = 9_999, 999_999
# What is listed at a till is carried through every step; a bigger list is one for a file.
LISTED_MAX = 500
_DIGITS_MAX = 6

Adding = Callable[[State, Any, Entry], Step]


def add_to_list(state: State, listing: Listing, entry: Entry) -> Step:
    """The next one is on the list."""
    listed = replace(listing, scanned=(*listing.scanned, entry), typed="", notice=None)
    return go(state, listed, ACCEPT)


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


def when_how_many(state: State, asked: HowMany, event: Event, add: Adding) -> Step:
    """A quantity."""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, asked.listing)
        case KeyPressed("#"):
            quantity = int(asked.typed or "0")
            if not asked.typed or not _is_possible(asked.listing, asked.offer, quantity):
                return refuse(state, asked, "how_many")
            return add(state, asked.listing, Entry(asked.offer, quantity))
        case KeyPressed(key):
            return typed(state, asked, key, _DIGITS_MAX)
        case _:
            return when_nobody_comes(state, asked.listing, event)


def when_nobody_comes(state: State, listing: Listing, event: Event) -> Step:
    """What was listed and is not booked is gone with whoever left it: the till says so."""
    match event:
        case TimedOut() if listing.scanned or listing.typed:
            return leave(state, CANCELLED, REFUSE)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def by_product(entries: tuple[Entry, ...]) -> tuple[tuple[Id, int], ...]:
    """How much of each product is listed, in the order of their first scans."""
    sums: dict[Id, int] = {}
    for entry in entries:
        product = entry.offer.product.id
        sums[product] = sums.get(product, 0) + entry.quantity
    return tuple(sums.items())


def pieces_of(entries: tuple[Entry, ...]) -> int:
    """How many a person would count: what is weighed is one."""
    return sum(entry.pieces for entry in entries)


def _scan(state: State, listing: Listing, scanned: ProductScanned) -> Step:
    offer = scanned.offer
    if len(listing.scanned) >= LISTED_MAX:
        return refuse(state, listing, "list_full")
    quantity = _quantity(listing, scanned)
    if quantity is None:
        return go(state, HowMany(replace(listing, typed="", notice=None), offer), ACCEPT)
    if not _is_possible(listing, offer, quantity):
        return refuse(state, listing, "how_many")
    return add_to_list(state, listing, Entry(offer, quantity))


def _quantity(listing: Listing, scanned: ProductScanned) -> int | None:
    """What was typed, what a scale's label says, or one; None where it must be asked for."""
    if scanned.offer.product.unit == "kg":
        return int(listing.typed) if listing.typed else scanned.offer.weight
    if scanned.by_number:
        return None
    return scanned.count * int(listing.typed or "1")


def _is_possible(_listing: Listing, offer: Offer, quantity: int) -> bool:
    most = GRAMS_MAX if offer.product.unit == "kg" else PIECES_MAX
    return 1 <= quantity <= most


def _take_back(state: State, listing: Listing) -> Step:
    *rest, gone = listing.scanned
    left: Any = replace(listing, scanned=tuple(rest))
    notice = Notice("goods_back", gone.offer.product.name)
    return go(state, replace(left, notice=notice), ACCEPT)
