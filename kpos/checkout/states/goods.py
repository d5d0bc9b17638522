"""What trusted persons do with goods: what is gone, what came in, what is there."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from kpos.checkout.states.purchase import Notice, Shopping, Waits
from kpos.domain.cart import Entry
from kpos.domain.goods import Reason
from kpos.domain.product import Offer
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


# Whatever is listed

Listing: TypeAlias = WriteOffGoods


@dataclass(frozen=True, slots=True)
class HowMany:
    """A product without a quantity yet: how many, or how many grams of it?"""

    listing: Listing
    offer: Offer
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "goods"
