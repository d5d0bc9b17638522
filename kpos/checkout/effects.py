"""What the shell is asked to do. Imperative; what can fail answers with an event."""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.checkout.events import Sound
from kpos.domain.cart import Cart
from kpos.domain.ids import Id
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.orders import Count, DiscardCount, Order
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Pin:
    """Digits somebody typed: never in a log, a repr or a frame."""

    digits: str = ""

    def __repr__(self) -> str:
        return "Pin(…)"


@dataclass(frozen=True, slots=True)
class PlaySound:
    """Say with a sound what the eye may miss."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class BeginPurchase:
    """The first scan of a purchase: the shell remembers the time, a signing device starts."""


@dataclass(frozen=True, slots=True)
class Book:
    """Book an order; answered by `Posted`, `PostingFailed`, `DiskFailed` or `BooksLocked`."""

    order: Order


@dataclass(frozen=True, slots=True)
class AskHold:
    """Ask the WaWi to hold an amount back from other tills.

    Answered within a moment by `HoldAnswered`, or by `HoldMissed`.
    """

    wallet: Id
    amount: Money


@dataclass(frozen=True, slots=True)
class LookUp:
    """Find what a typed number means; answered like a scan, or by `NumberUnknown`.

    Among everything: card code, product, member number in this order. Priced for the buyer.
    """

    number: str
    among: Literal["everything", "products", "holders"]
    buyer: Holder | None = None


@dataclass(frozen=True, slots=True)
class Reprice:
    """A cart that was filled before its buyer came, at the buyer's prices; see `Repriced`."""

    cart: Cart
    buyer: Holder


@dataclass(frozen=True, slots=True)
class NoteUnknown:
    """Keep a barcode nobody knew on the admin's list."""

    code: str


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Check a PIN in a worker, its attempt counted first; answered by `PinChecked`."""

    subject: Id
    pin: Pin


@dataclass(frozen=True, slots=True)
class FetchStanding:
    """How somebody stands with PINs by now: a wait may be over; answered by `PinStands`."""

    subject: Id


@dataclass(frozen=True, slots=True)
class StorePin:
    """Set somebody's PIN; answered by `PinStored`, or like an order that failed."""

    subject: Id
    pin: Pin
    author: str | None


@dataclass(frozen=True, slots=True)
class FindLastPurchase:
    """What this wallet bought last and may still undo; answered by `UndoFound`."""

    wallet: Id


@dataclass(frozen=True, slots=True)
class FindReceipt:
    """The document with this number, the prefix left out; answered by `UndoFound`."""

    number: str


@dataclass(frozen=True, slots=True)
class FetchBookings:
    """The last bookings of a wallet; answered by `BookingsFound`."""

    wallet: Id


@dataclass(frozen=True, slots=True)
class FetchNumbers:
    """Products with short numbers, priced for the buyer; answered by `NumbersFound`."""

    buyer: Holder | None = None


@dataclass(frozen=True, slots=True)
class FetchCash:
    """What must be in the cash box that `author` takes from; answered by `CashFound`."""

    author: str | None


@dataclass(frozen=True, slots=True)
class FetchFigures:
    """What a closing would freeze now (X); answered by `FiguresFound`."""


@dataclass(frozen=True, slots=True)
class FetchSuppliers:
    """Who delivers to this house; answered by `SuppliersFound`."""


@dataclass(frozen=True, slots=True)
class FetchCounts:
    """Counts that wait for approval; answered by `CountsFound`."""


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """Keep a count until it is approved, or discard one.

    Answered by `CountsChanged`, or like an order that failed.
    """

    order: Count | DiscardCount


@dataclass(frozen=True, slots=True)
class ShutDown:
    """Restart or power off the machine, after everything is closed."""

    mode: Literal["reboot", "poweroff"]


Effect: TypeAlias = (
    PlaySound
    | BeginPurchase
    | Book
    | AskHold
    | LookUp
    | Reprice
    | NoteUnknown
    | CheckPin
    | FetchStanding
    | StorePin
    | FindLastPurchase
    | FindReceipt
    | FetchBookings
    | FetchNumbers
    | FetchCash
    | FetchFigures
    | FetchSuppliers
    | FetchCounts
    | ChangeCounts
    | ShutDown
)
