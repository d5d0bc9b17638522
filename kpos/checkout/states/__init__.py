"""Everything the till can be doing, as values.

`State` is the dialogue somebody is in, the language of the display, and the rules of the house.
Each dialogue names how long it waits (`waits`): its seconds are in `Timeouts`, and `machine`
answers what happens then. A dialogue that grew out of another one holds it, so that going back
is handing it out again. `purchase` has what everybody meets, `errands` what is behind the menus,
`cashing` what is done with the cash, `goods` what is gone, came in or is counted.
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from kpos.checkout.states.cashing import (
    CashAmount,
    CashConfirm,
    CashCounted,
    CashCounting,
    CashReceiver,
    CashVoucher,
    ClosingConfirm,
    ClosingPages,
)
from kpos.checkout.states.errands import (
    BookingList,
    CardHolder,
    Done,
    DoneCode,
    Empties,
    EmptiesHolder,
    GoingDown,
    HistoryConfirm,
    Menu,
    MoveAmount,
    MoveConfirm,
    MoveDone,
    MoveHolder,
    MoveKind,
    NewCard,
    NewCardConfirm,
    NewPin,
    NumberList,
    SystemConfirm,
    UndoCard,
    UndoChoice,
    UndoPart,
    UndoReceipt,
)
from kpos.checkout.states.goods import (
    CountChoice,
    CountConfirm,
    CountDecision,
    CountGoods,
    CountReview,
    Delivered,
    DeliveryConfirm,
    DeliveryCost,
    DeliveryExpiry,
    DeliveryGoods,
    DeliveryPaid,
    DeliverySupplier,
    HowMany,
    WriteOffConfirm,
    WriteOffGoods,
    WriteOffReason,
)
from kpos.checkout.states.purchase import (
    Bought,
    ConfirmCancel,
    ConfirmSwitch,
    HoldAsked,
    Idle,
    NotBooked,
    Notice,
    NoticeCode,
    PinChecking,
    PinEntry,
    PinRefused,
    Rules,
    Shopping,
    Timeouts,
    Waits,
)
from kpos.domain.ids import Id
from kpos.domain.member import Holder, Language
from kpos.domain.values import dataclass

__all__ = [
    "BookingList",
    "Bought",
    "CardHolder",
    "CashAmount",
    "CashConfirm",
    "CashCounted",
    "CashCounting",
    "CashReceiver",
    "CashVoucher",
    "ClosingConfirm",
    "ClosingPages",
    "ConfirmCancel",
    "ConfirmSwitch",
    "CountChoice",
    "CountConfirm",
    "CountDecision",
    "CountGoods",
    "CountReview",
    "Delivered",
    "DeliveryConfirm",
    "DeliveryCost",
    "DeliveryExpiry",
    "DeliveryGoods",
    "DeliveryPaid",
    "DeliverySupplier",
    "Dialogue",
    "Done",
    "DoneCode",
    "Empties",
    "EmptiesHolder",
    "GoingDown",
    "HistoryConfirm",
    "HoldAsked",
    "HowMany",
    "Idle",
    "Menu",
    "MoveAmount",
    "MoveConfirm",
    "MoveDone",
    "MoveHolder",
    "MoveKind",
    "NewCard",
    "NewCardConfirm",
    "NewPin",
    "NotBooked",
    "Notice",
    "NoticeCode",
    "NumberList",
    "OutOfOrder",
    "PinChecking",
    "PinEntry",
    "PinRefused",
    "Posting",
    "Rules",
    "Shopping",
    "State",
    "SystemConfirm",
    "Timeouts",
    "UndoCard",
    "UndoChoice",
    "UndoPart",
    "UndoReceipt",
    "Waits",
    "WriteOffConfirm",
    "WriteOffGoods",
    "WriteOffReason",
    "author_of",
    "buyer_of",
]


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
    Idle | Shopping | ConfirmCancel | ConfirmSwitch | HoldAsked | Bought | NotBooked
    | PinEntry | PinChecking | PinRefused
    | Menu | NumberList | BookingList
    | MoveHolder | MoveAmount | MoveConfirm | MoveDone
    | EmptiesHolder | Empties
    | UndoReceipt | UndoChoice | UndoPart | UndoCard
    | WriteOffReason | WriteOffGoods | WriteOffConfirm | HowMany
    | DeliveryGoods | DeliveryCost | DeliveryExpiry
    | DeliveryPaid | DeliverySupplier | DeliveryConfirm
    | CountGoods | CountConfirm | CountChoice | CountReview | CountDecision
    | HistoryConfirm | NewPin | CardHolder | NewCard | NewCardConfirm
    | CashCounting | CashCounted | CashAmount | CashVoucher | CashReceiver | CashConfirm
    | ClosingPages | ClosingConfirm
    | SystemConfirm | GoingDown | Done | Posting | OutOfOrder
)  # fmt: skip


_NOBODY = Idle()
_HOUSE = Rules()


@dataclass(frozen=True, slots=True)
class State:
    """The whole till: who does what, in which language, under which rules."""

    dialogue: Dialogue = _NOBODY
    language: Language = "de"
    rules: Rules = _HOUSE


def buyer_of(dialogue: Dialogue) -> Holder | None:
    """Whose prices a scan shows: those of whoever is logged in."""
    login = dialogue if isinstance(dialogue, Shopping) else getattr(dialogue, "login", None)
    return login.buyer if isinstance(login, Shopping) else None


def author_of(login: Shopping) -> str | None:
    """How the trusted person of a login signs documents."""
    member: Id | None = login.buyer.member if login.buyer is not None else None
    return f"member:{member}" if member is not None else None
