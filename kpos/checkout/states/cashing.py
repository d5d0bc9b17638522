"""Counting the cash, moving it, and closing the day: for trusted persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from kpos.checkout.states.purchase import Notice, Shopping, Waits
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.values import dataclass

if TYPE_CHECKING:
    from kpos.domain.closing import Closing

CashPurpose: TypeAlias = Literal["skim", "float", "pay_in", "pay_out", "collect", "handover"]


@dataclass(frozen=True, slots=True)
class CashCounting:
    """How many of each note and coin; `pieces` are those of the denominations so far, in order."""

    login: Shopping
    pieces: tuple[int, ...] = ()
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "purchase"


@dataclass(frozen=True, slots=True)
class CashCounted:
    """Only now it is said what should be there: whoever knows it before finds it."""

    counting: CashCounting
    expected: Money
    waits: ClassVar[Waits] = "purchase"


@dataclass(frozen=True, slots=True)
class CashAmount:
    """How much is moved, in cents."""

    purpose: CashPurpose
    login: Shopping
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class CashVoucher:
    """The number of the paper (Beleg) that says what a pay-in or pay-out was for."""

    purpose: CashPurpose
    login: Shopping
    amount: Money
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class CashReceiver:
    """Who gets a handover? A card, or a number and ``#``; ``#`` alone is the till's own box."""

    login: Shopping
    amount: Money
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class CashConfirm:
    """Once more what is moved, before it is booked."""

    purpose: CashPurpose
    login: Shopping
    amount: Money
    voucher: str = ""
    receiver: Holder | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class ClosingPages:
    """The figures since the last closing (X), a page of them; the last page leads to Z."""

    login: Shopping
    figures: Closing
    page: int = 0
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class ClosingConfirm:
    """Really close?"""

    pages: ClosingPages
    notice: Notice | None = None
    typed: str = ""
    waits: ClassVar[Waits] = "menu"
