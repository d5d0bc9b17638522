"""What is done behind the menus, by members for themselves and by trusted persons for others."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from kpos.checkout.carried import PastBooking
from kpos.checkout.effects import Pin
from kpos.checkout.events import Undoable
from kpos.checkout.states.purchase import Notice, Shopping, Waits
from kpos.domain.member import Holder
from kpos.domain.money import ZERO, Money
from kpos.domain.orders import LinePart
from kpos.domain.product import Offer
from kpos.domain.values import dataclass

# Menus and lists


@dataclass(frozen=True, slots=True)
class Menu:
    """What may be chosen; `login` is None before a card."""

    login: Shopping | None
    page: Literal["guest", "member", "trusted", "trusted_2", "cash", "system"]
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class NumberList:
    """What has a short number, a page of it."""

    login: Shopping | None
    offers: tuple[Offer, ...]
    page: int = 0
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class BookingList:
    """My last bookings, a page of them."""

    login: Shopping
    bookings: tuple[PastBooking, ...]
    page: int = 0
    waits: ClassVar[Waits] = "menu"


# Money

MoveKind: TypeAlias = Literal["top_up", "payout", "transfer"]


@dataclass(frozen=True, slots=True)
class MoveHolder:
    """Whose wallet? A card, or a number and ``#``."""

    kind: MoveKind
    login: Shopping
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class MoveAmount:
    """How much, in cents."""

    kind: MoveKind
    login: Shopping
    holder: Holder
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class MoveConfirm:
    """Both names and the amount, once more."""

    kind: MoveKind
    login: Shopping
    holder: Holder
    amount: Money
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class MoveDone:
    """Booked; a trusted person goes on with the next card."""

    move: MoveConfirm
    receipt_number: str
    credit: Money
    waits: ClassVar[Waits] = "menu"


# Deposit


@dataclass(frozen=True, slots=True)
class EmptiesHolder:
    """Deposit by hand: whose wallet?"""

    login: Shopping
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class Empties:
    """Empties are scanned; `by_hand` by a trusted person, without a limit."""

    login: Shopping
    holder: Holder
    by_hand: bool
    scanned: tuple[tuple[Offer, int], ...] = ()
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "purchase"


# Undo


@dataclass(frozen=True, slots=True)
class UndoReceipt:
    """A trusted person types the number of a receipt."""

    login: Shopping
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class UndoChoice:
    """All of it (``#``), or a line's number and ``#``."""

    login: Shopping
    found: Undoable
    by_trusted: bool
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class UndoPart:
    """How many of a line; nothing typed means all."""

    choice: UndoChoice
    line: int
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class UndoCard:
    """Who gets the credit, since nobody knows any more who bought it? A card, or a number."""

    choice: UndoChoice
    parts: tuple[LinePart, ...]
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


# Own account, and what trusted persons do for others


@dataclass(frozen=True, slots=True)
class HistoryConfirm:
    """Switch my history on, or off and delete it?"""

    login: Shopping
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class NewPin:
    """A new PIN is typed twice; `author` is the trusted person who resets it, else None."""

    login: Shopping
    holder: Holder
    author: str | None
    first: Pin | None = None
    pin: Pin = Pin()
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Whose PIN is reset, or whose card was lost? A card, or a number and ``#``."""

    task: Literal["reset_pin", "lost_card"]
    login: Shopping
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class NewCard:
    """A new card is shown; `holder` is None for a guest card."""

    login: Shopping
    holder: Holder | None
    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class NewCardConfirm:
    """Block the old cards and give this one out?"""

    new_card: NewCard
    code: str
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class SystemConfirm:
    """Really restart or power off?"""

    login: Shopping
    mode: Literal["reboot", "poweroff"]
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class GoingDown:
    """The machine restarts or powers off."""

    waits: ClassVar[Waits] = "for_ever"


# Done

DoneCode: TypeAlias = Literal[
    "empties", "undone", "history_on", "history_off", "pin", "card_replaced", "guest_card",
    "cash_counted", "cash_moved", "closed",
    "written_off", "undone_goods", "delivered", "count_kept", "counted", "count_dropped",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """Something else than a purchase worked; `login` goes on with the next key."""

    code: DoneCode
    login: Shopping
    receipt_number: str = ""
    name: str = ""
    credit: Money = ZERO
    waits: ClassVar[Waits] = "result"
