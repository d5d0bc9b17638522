"""The cart: scans in their order, so that the last one can be taken back.

A scan keeps the prices it was made at. Prices by quantity count all of one product; reaching such
a quantity, or falling below it, prices the scans of that product anew and no others.
"""

from __future__ import annotations

from collections.abc import Callable

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.product import DEPOSIT, Offer
from kpos.domain.values import dataclass, replace

QUANTITY_MAX = 99
# More scans than anybody makes beside a fridge; bounds a receipt and the work of every step.
SCANS_MAX = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One scan: an offer and how many of it (thousandths of a kilogram where it is weighed)."""

    offer: Offer
    quantity: int

    @property
    def gross(self) -> Money:
        """Goods without charges."""
        return self.offer.gross(self.quantity)

    @property
    def charged(self) -> Money:
        """Deposit and levies."""
        return self.offer.charged(self.quantity)

    @property
    def undeposited(self) -> Money:
        """Goods and levies: what is not given back for an empty."""
        levies = (each for each in self.offer.charges if each.account != DEPOSIT)
        return self.gross + Money(sum(each.per_unit.cents for each in levies) * self.quantity)

    @property
    def total(self) -> Money:
        """What the buyer pays for it."""
        return self.offer.gross(self.quantity) + self.offer.charged(self.quantity)

    @property
    def pieces(self) -> int:
        """How many articles a person would count: a weighed one is one."""
        return self.quantity if self.offer.product.unit == "piece" else 1


@dataclass(frozen=True, slots=True)
class Cart:
    """What was scanned and not yet booked; `began_at` is the time of the first scan."""

    entries: tuple[Entry, ...] = ()
    began_at: Instant | None = None

    def plus(self, entry: Entry) -> Cart:
        """The cart with one more scan.

        Raises:
            OverflowError: beyond `SCANS_MAX` scans.
        """
        if len(self.entries) >= SCANS_MAX:
            msg = f"a cart holds {SCANS_MAX} scans"
            raise OverflowError(msg)
        return Cart(_priced((*self.entries, entry), entry), self.began_at)

    def minus_last(self) -> Cart:
        """The cart without its last scan; the last scan of all also forgets `began_at`."""
        rest = _priced(self.entries[:-1], self.entries[-1])
        return Cart(rest, self.began_at if rest else None)

    def taxed(self, rate_of: Callable[[str], int]) -> Cart:
        """The cart at the tax rates of now, by tax key: midnight may have passed since a scan."""
        rates = {key: rate_of(key) for entry in self.entries for key in entry.offer.tax_keys}
        if all(entry.offer.has_rates(rates) for entry in self.entries):
            return self
        entries = (replace(each, offer=each.offer.taxed(rates)) for each in self.entries)
        return Cart(tuple(entries), self.began_at)

    @property
    def lines(self) -> tuple[Entry, ...]:
        """One entry per offer, in the order of their first scan. Weighed goods stay apart."""
        merged: dict[object, Entry] = {}
        for position, entry in enumerate(self.entries):
            key: object = entry.offer if entry.offer.product.unit == "piece" else position
            before = merged.get(key)
            quantity = entry.quantity + (before.quantity if before else 0)
            merged[key] = Entry(entry.offer, quantity)
        return tuple(merged.values())

    def line_of_last(self) -> Entry:
        """The merged line that the last scan went to; the cart must not be empty."""
        last = self.entries[-1]
        if last.offer.product.unit == "kg":
            return last
        same = (entry.quantity for entry in self.entries if entry.offer == last.offer)
        return Entry(last.offer, sum(same))

    def quantity_of(self, product: Id) -> int:
        """How much of a product is in the cart, at whatever prices."""
        same = (entry for entry in self.entries if entry.offer.product.id == product)
        return sum(entry.quantity for entry in same)

    @property
    def pieces(self) -> int:
        """How many articles are in the cart."""
        return sum(entry.pieces for entry in self.entries)

    @property
    def total(self) -> Money:
        """What the buyer pays, deposit and levies included."""
        return Money(sum(entry.total.cents for entry in self.entries))

    def __bool__(self) -> bool:
        return bool(self.entries)


def _priced(entries: tuple[Entry, ...], changed: Entry) -> tuple[Entry, ...]:
    """The scans with the prices for how many of `changed`'s product there are now in all.

    Each keeps the prices it was scanned with; only its step by quantity is another.
    """
    same = [entry for entry in entries if _is_same(entry, changed)]
    if not any(entry.offer.tiers for entry in same):
        return entries
    quantity = sum(entry.quantity for entry in same)
    return tuple(
        replace(entry, offer=entry.offer.at(quantity)) if _is_same(entry, changed) else entry
        for entry in entries
    )


def _is_same(entry: Entry, other: Entry) -> bool:
    mine, its = entry.offer.product, other.offer.product
    return (mine.id, mine.unit) == (its.id, its.unit)
