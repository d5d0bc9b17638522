"""What somebody asks the books to do, before it is checked and becomes documents.

The same orders come from the keypad and from the command line; `kpos.ledger.booking` books
them. `author` is ``member:<id>`` of the trusted person, ``uid:<n>`` at the command line, None
for what members and guests do for themselves.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.domain.bodies import TaxedUnits, Units
from kpos.domain.cart import Cart
from kpos.domain.cashing import Pieces, Purpose
from kpos.domain.document import Ref
from kpos.domain.goods import PaidBy, Reason
from kpos.domain.ids import Id
from kpos.domain.member import Holder, Language
from kpos.domain.money import ZERO, Money
from kpos.domain.tax import DEFAULT_KEY
from kpos.domain.values import dataclass

Means: TypeAlias = Literal["cash", "transfer", "reader", "opening"]


@dataclass(frozen=True, slots=True)
class Purchase:
    """Book the cart on the buyer's wallet; `held` is what the WaWi holds back for that."""

    cart: Cart
    buyer: Holder
    held: Money = ZERO


@dataclass(frozen=True, slots=True)
class ReaderMark:
    """How far a reader of coins or notes has counted its events."""

    reader: str
    counter: int


@dataclass(frozen=True, slots=True)
class TopUp:
    """Credit a wallet. Only an opening amount may be negative.

    `mark` is what a reader that numbers its credits has counted with this one.
    """

    wallet: Id
    amount: Money
    means: Means = "cash"
    note: str | None = None
    author: str | None = None
    mark: ReaderMark | None = None


@dataclass(frozen=True, slots=True)
class Payout:
    """Pay credit out in cash."""

    wallet: Id
    amount: Money
    note: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move credit from one wallet to another."""

    from_wallet: Id
    to_wallet: Id
    amount: Money
    note: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnDeposit:
    """Credit empties; `limited` applies the house's policy on how many may come back."""

    wallet: Id
    units: tuple[TaxedUnits, ...]
    limited: bool = True
    author: str | None = None


@dataclass(frozen=True, slots=True)
class LinePart:
    """Part of a line of a sale: the line's number and how much of it."""

    line: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Reverse:
    """Take a document back, or `parts` of a sale (none: all that is left).

    `wallet` is who presents a card; needed for a sale whose undo link is gone.
    """

    original: Ref
    parts: tuple[LinePart, ...] = ()
    wallet: Id | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class SetHistory:
    """Switch a member's history; off also deletes the buyer from what was booked."""

    member: Id
    on: bool
    author: str | None = None


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The language a member reads."""

    member: Id
    language: Language
    author: str | None = None


@dataclass(frozen=True, slots=True)
class ReplaceCard:
    """A card was lost: block every card of the wallet and issue a new one."""

    wallet: Id
    code: str
    author: str | None = None


@dataclass(frozen=True, slots=True)
class NewGuestCard:
    """Issue an anonymous card of the guests' price group."""

    code: str
    author: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveredGoods:
    """One line of a delivery: `quantity` in pieces (thousandths), cost and tax of all of it.

    `pack_size` is what a crate holds where crates came; `best_before` a day, ``2026-11-22``.
    """

    product: Id
    quantity: int
    cost: Money
    tax_key: str = DEFAULT_KEY
    tax: Money = ZERO
    pack_size: int | None = None
    best_before: str | None = None


@dataclass(frozen=True, slots=True)
class Deliver:
    """Goods in. `units` of deposit come with them (+) or go back to the supplier (-).

    `wallet` is credited if a member laid the money out (`paid_by` member).
    """

    lines: tuple[DeliveredGoods, ...]
    delivered_on: str
    paid_by: PaidBy = "cash"
    supplier: Id | None = None
    invoice: str = ""
    units: tuple[Units, ...] = ()
    deposit_tax: Money = ZERO
    wallet: Id | None = None
    note: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Goods are gone: (product, quantity) each."""

    reason: Reason
    lines: tuple[tuple[Id, int], ...]
    note: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted: (product, quantity) and (deposit value in cents, empties) each.

    It waits for somebody else's approval; `counted_by` is an author.
    """

    lines: tuple[tuple[Id, int], ...]
    counted_by: str
    empties: tuple[tuple[int, int], ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ApproveCount:
    """Book a count's differences; `reasons` by product, where one is known."""

    count: int
    approved_by: str
    reasons: tuple[tuple[Id, str], ...] = ()
    author: str | None = None


@dataclass(frozen=True, slots=True)
class DiscardCount:
    """Forget a count that is wrong; nothing is booked."""

    count: int


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash goes in, out, or elsewhere.

    `box` is the cash account it is about, None for that of `author` (of the till for `collect`,
    the bank for `settle`); `other` the far end where the purpose leaves a choice: where a float
    comes from (opening, bank), whose cash is collected, who gets a handover, whom a settlement
    pays (``payable:<supplier>``).
    """

    purpose: Purpose
    amount: Money
    box: str | None = None
    other: str | None = None
    tax_key: str | None = None
    tax: Money = ZERO
    note: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class CashCount:
    """A cash box was counted, by pieces or (None of them) as a sum.

    `expected` is what somebody was shown that should be in it; None if nobody was.
    """

    pieces: tuple[Pieces, ...] = ()
    counted: Money = ZERO
    box: str | None = None
    expected: Money | None = None
    note: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """Book the closing (Z) of everything since the last one."""

    author: str | None = None


Order: TypeAlias = (
    Purchase
    | TopUp
    | Payout
    | Transfer
    | ReturnDeposit
    | Reverse
    | SetHistory
    | SetLanguage
    | ReplaceCard
    | NewGuestCard
    | Deliver
    | WriteOff
    | ApproveCount
    | CashMove
    | CashCount
    | Close
)
