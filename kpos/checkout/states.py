"""Everything the till can be doing, as values.

`State` is the dialogue somebody is in, the language of the display, and the rules of the house.
Each dialogue names how long it waits (`waits`): its seconds are in `Timeouts`, and `machine`
answers what happens then. A dialogue that grew out of another one holds it, so that going back
is handing it out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from kpos.checkout.effects import Pin
from kpos.checkout.events import PastBooking, Undoable
from kpos.domain.cart import Cart
from kpos.domain.ids import Id
from kpos.domain.member import Holder, Language, PinStanding
from kpos.domain.money import ZERO, Money
from kpos.domain.orders import LinePart
from kpos.domain.product import Offer, Product

Waits: TypeAlias = Literal["for_ever", "purchase", "menu", "pin", "result"]

NoticeCode: TypeAlias = Literal[
    "cancelled", "taken_back", "unknown", "misread", "no_number", "blocked", "number_needs_pin",
    "credit_short", "not_in_cart", "cart_full", "quantity", "weigh", "show_card", "card_first",
    "no_deposit", "units", "cash_short", "own_wallet", "amount", "no_undo", "not_undone",
    "pin_short", "pin_differs", "code_taken", "no_guest_group", "refused", "disk", "history_off",
    "wrong_holder",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """The answer to the last input, for the first lines of the display."""

    code: NoticeCode
    name: str = ""
    amount: Money = ZERO
    missing: Money = ZERO


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long the till waits for somebody, in seconds."""

    purchase_s: int = 60
    menu_s: int = 30
    pin_s: int = 20
    result_s: int = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """What the house decided, as far as the dialogues need it."""

    language: Language = "de"
    free_limit: Money = Money(2000)
    timeouts: Timeouts = Timeouts()


# Buying


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is buying; `typed` is a number that is not finished."""

    typed: str = ""
    notice: Notice | None = None
    waits: ClassVar[Waits] = "result"


@dataclass(frozen=True, slots=True)
class Shopping:
    """An open purchase: with goods first there is no buyer yet, after a card no goods yet."""

    buyer: Holder | None
    cart: Cart = Cart()
    typed: str = ""
    notice: Notice | None = None
    pin_given: bool = False
    waits: ClassVar[Waits] = "purchase"


@dataclass(frozen=True, slots=True)
class ConfirmCancel:
    """``0#`` in an open cart: cancel everything?"""

    shopping: Shopping
    waits: ClassVar[Waits] = "purchase"


@dataclass(frozen=True, slots=True)
class ConfirmSwitch:
    """Somebody else's card in an open cart: cancel it and go on with them?"""

    shopping: Shopping
    other: Holder
    waits: ClassVar[Waits] = "purchase"


@dataclass(frozen=True, slots=True)
class Bought:
    """Thanks; for a few seconds, or until the next input."""

    name: str
    receipt_number: str
    total: Money
    credit: Money
    undo_until: str
    waits: ClassVar[Waits] = "result"


@dataclass(frozen=True, slots=True)
class NotBooked:
    """The disk refused a purchase; the cart is still there."""

    shopping: Shopping
    waits: ClassVar[Waits] = "purchase"


# PIN


@dataclass(frozen=True, slots=True)
class PinEntry:
    """A PIN is typed. `then` says whether it opens a login or repeats ``#`` in `origin`."""

    holder: Holder
    origin: Dialogue
    then: Literal["login", "press"]
    pin: Pin = Pin()
    notice: Notice | None = None
    waits: ClassVar[Waits] = "pin"


@dataclass(frozen=True, slots=True)
class PinChecking:
    """A worker derives the key; takes up to a second on a slow machine."""

    entry: PinEntry
    waits: ClassVar[Waits] = "for_ever"


@dataclass(frozen=True, slots=True)
class PinRefused:
    """Wrong, or locked before it was tried."""

    entry: PinEntry
    standing: PinStanding
    waits: ClassVar[Waits] = "pin"


# Menus and lists


@dataclass(frozen=True, slots=True)
class Menu:
    """What may be chosen; `login` is None before a card."""

    login: Shopping | None
    page: Literal["guest", "member", "trusted", "trusted_2", "system"]
    waits: ClassVar[Waits] = "menu"


@dataclass(frozen=True, slots=True)
class NumberList:
    """Products with short numbers, a page of them."""

    login: Shopping | None
    products: tuple[Product, ...]
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
    """Whose card gets the credit, since nobody knows any more who bought it."""

    choice: UndoChoice
    parts: tuple[LinePart, ...]
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


# Everywhere

DoneCode: TypeAlias = Literal[
    "empties", "undone", "history_on", "history_off", "pin", "card_replaced", "guest_card"
]


@dataclass(frozen=True, slots=True)
class Done:
    """Something else than a purchase worked; `login` goes on with the next key."""

    code: DoneCode
    login: Shopping
    receipt_number: str = ""
    name: str = ""
    credit: Money = ZERO
    waits: ClassVar[Waits] = "result"


@dataclass(frozen=True, slots=True)
class Posting:
    """An order is on its way to the disk; `origin` is told how it went."""

    origin: Dialogue
    waits: ClassVar[Waits] = "for_ever"


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """The books cannot be trusted: the till stops selling rather than guess."""

    code: str
    waits: ClassVar[Waits] = "for_ever"


Dialogue: TypeAlias = (
    Idle | Shopping | ConfirmCancel | ConfirmSwitch | Bought | NotBooked
    | PinEntry | PinChecking | PinRefused
    | Menu | NumberList | BookingList
    | MoveHolder | MoveAmount | MoveConfirm | MoveDone
    | EmptiesHolder | Empties
    | UndoReceipt | UndoChoice | UndoPart | UndoCard
    | HistoryConfirm | NewPin | CardHolder | NewCard | NewCardConfirm
    | SystemConfirm | GoingDown | Done | Posting | OutOfOrder
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """The whole till: who does what, in which language, under which rules."""

    dialogue: Dialogue = Idle()
    language: Language = "de"
    rules: Rules = Rules()


def author_of(login: Shopping) -> str | None:
    """How the trusted person of a login signs documents."""
    member: Id | None = login.buyer.member if login.buyer is not None else None
    return f"member:{member}" if member is not None else None
