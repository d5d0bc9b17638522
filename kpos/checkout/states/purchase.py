"""Rules, answers, and the dialogues everybody meets: idle, the cart, thanks, the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from kpos.checkout.effects import Pin
from kpos.domain.cart import Cart
from kpos.domain.member import Holder, Language, PinStanding
from kpos.domain.money import ZERO, Money
from kpos.domain.values import dataclass

if TYPE_CHECKING:
    from kpos.checkout.states import Dialogue

Waits: TypeAlias = Literal["for_ever", "purchase", "menu", "goods", "pin", "result"]

NoticeCode: TypeAlias = Literal[
    "cancelled", "taken_back", "unknown", "misread", "no_number", "blocked", "number_needs_pin",
    "credit_short", "not_in_cart", "cart_full", "quantity", "weigh", "show_card", "card_first",
    "no_deposit", "units", "cash_short", "own_wallet", "amount", "no_undo", "not_undone",
    "pin_short", "pin_differs", "code_taken", "no_guest_group", "refused", "disk", "no_card",
    "too_many", "wrong_holder", "admins_only", "no_receipt", "no_price", "repriced",
    "cash_changed", "voucher", "same_box", "trusted_only", "nothing_to_close",
    "sold_out", "stock_short", "how_many", "list_full", "goods_back",
    "no_day", "no_supplier", "not_counted", "held_elsewhere", "offline_limit", "offline",
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
    # Who counts or unpacks goods looks away from the till, and what is listed takes long to list
    # again. It is no option: longer would leave the menu of a trusted person open.
    goods_s: int = 300
    pin_s: int = 20
    result_s: int = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """What the house decided, as far as the dialogues need it."""

    language: Language = "de"
    free_limit: Money = Money(2000)
    refuses_empty: bool = False
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
    """An open purchase: with goods first there is no buyer yet, after a card no goods yet.

    `guests` is what guests pay for the last line, its deposit apart, while nobody is the buyer.
    `left` is how many of the last product are in stock once this cart is bought; below zero are
    those that the books do not have, None is for whoever keeps no stock of it.
    """

    buyer: Holder | None
    cart: Cart = Cart()
    typed: str = ""
    notice: Notice | None = None
    pin_given: bool = False
    guests: Money | None = None
    left: int | None = None
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
class HoldAsked:
    """The WaWi is asked to hold what the cart costs; the answer comes within a moment."""

    shopping: Shopping
    waits: ClassVar[Waits] = "for_ever"


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
    """A PIN is typed. `then` says what for.

    It opens the login of `origin`, repeats ``#`` in it (``press``), or lets its login into it.
    """

    holder: Holder
    origin: Dialogue
    then: Literal["login", "press", "enter"]
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
