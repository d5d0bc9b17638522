"""What trusted persons do with goods: what is gone, what came in, what is there."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from kpos.checkout.carried import Supplier
from kpos.checkout.events import WaitingCount
from kpos.checkout.states.purchase import Notice, Shopping, Waits
from kpos.domain.cart import Entry
from kpos.domain.goods import PaidBy, Reason
from kpos.domain.money import Money
from kpos.domain.product import Offer, Pack
from kpos.domain.values import dataclass

# What is gone


@dataclass(frozen=True, slots=True)
class WriteOffReason:
    """Why are they gone?"""

    login: Shopping
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class WriteOffGoods:
    """What is gone, scan by scan."""

    login: Shopping
    reason: Reason
    scanned: tuple[Entry, ...] = ()
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class WriteOffConfirm:
    """All of it and why, once more."""

    goods: WriteOffGoods
    waits: ClassVar[Waits] = "goods"


# What came in


@dataclass(frozen=True, slots=True)
class Delivered:
    """One line of a delivery: the cost is that of all of it, `best_before` a day, 2026-11-22.

    `crate` is of what is delivered in crates.
    """

    goods: Entry
    cost: Money
    best_before: str | None = None
    crate: Pack | None = None

    @property
    def offer(self) -> Offer:
        """What was delivered."""
        return self.goods.offer

    @property
    def pieces(self) -> int:
        """How many a person would count."""
        return self.goods.pieces

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        """Deposit that the supplier takes for bottles and crates: value in cents, how many."""
        bottles = (self.offer.product.deposit.cents, self.pieces)
        if self.crate is None:
            return (bottles,)
        return bottles, (self.crate.deposit.cents, self.pieces // self.crate.size)

    @property
    def deposit(self) -> Money:
        """What these deposits come to."""
        return Money(sum(cents * quantity for cents, quantity in self.units))


@dataclass(frozen=True, slots=True)
class DeliveryGoods:
    """What came in, scan by scan, each with its cost."""

    login: Shopping
    scanned: tuple[Delivered, ...] = ()
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class DeliveryCost:
    """What did all of it cost, without deposit, in cents?"""

    listing: DeliveryGoods
    goods: Entry
    crate: Pack | None = None
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class DeliveryExpiry:
    """Until when is it good? Day, month, year, two digits each; or nothing."""

    asked: DeliveryCost
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class DeliveryPaid:
    """Who paid for it?"""

    listing: DeliveryGoods
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class DeliverySupplier:
    """To whom is it owed? Three to a page."""

    listing: DeliveryGoods
    suppliers: tuple[Supplier, ...]
    page: int = 0
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class DeliveryConfirm:
    """All of it, once more."""

    listing: DeliveryGoods
    paid_by: PaidBy
    supplier: Supplier | None = None
    waits: ClassVar[Waits] = "goods"


# What is there


@dataclass(frozen=True, slots=True)
class CountGoods:
    """What is there, scan by scan; what should be there is not shown to who counts."""

    login: Shopping
    scanned: tuple[Entry, ...] = ()
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class CountConfirm:
    """Is that all?"""

    listing: CountGoods
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class CountChoice:
    """Counts of others wait for approval: look at one of them, or count anew?"""

    login: Shopping
    counts: tuple[WaitingCount, ...]
    number: int = 0
    notice: Notice | None = None
    typed: str = ""
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class CountReview:
    """The differences of a count, a page of them; ``#`` at last books, ``0#`` discards."""

    choice: CountChoice
    page: int = 0
    typed: str = ""
    waits: ClassVar[Waits] = "goods"


@dataclass(frozen=True, slots=True)
class CountDecision:
    """Book the differences, or discard the count?"""

    review: CountReview
    books: bool
    waits: ClassVar[Waits] = "goods"


# Whatever is listed

Listing: TypeAlias = WriteOffGoods | DeliveryGoods | CountGoods


@dataclass(frozen=True, slots=True)
class HowMany:
    """A product without a quantity yet: how many, or how many grams of it?"""

    listing: Listing
    offer: Offer
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "goods"
