"""What happened: the only way into the checkout. Past tense, no device, no database inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from kpos.checkout.carried import PastBooking, Supplier
from kpos.domain.cart import Cart
from kpos.domain.document import Ref
from kpos.domain.member import Holder, PinStanding
from kpos.domain.money import Money
from kpos.domain.product import Offer, Pack
from kpos.domain.refusal import Refusal
from kpos.domain.values import dataclass

if TYPE_CHECKING:
    from kpos.domain.closing import Closing

KEYS = "0123456789*#"


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """One of `KEYS`."""

    key: str


@dataclass(frozen=True, slots=True)
class ProductScanned:
    """A product was scanned or its number typed.

    `count` is how many pieces the code stands for: those of a crate, or what a scale counted.
    The offer is the buyer's; without one it is the members', and `guests` that of guests.
    `stock` is how many the books say are there; None where nobody ever booked any in. `by_number`:
    the number was typed, so nothing that was typed before it says how many. `crate`: what a
    crate's code stands for.
    """

    offer: Offer
    count: int = 1
    guests: Offer | None = None
    stock: int | None = None
    by_number: bool = False
    crate: Pack | None = None


@dataclass(frozen=True, slots=True)
class Repriced:
    """The answer to `Reprice`; `lost` names a product that this buyer cannot have, if any."""

    cart: Cart
    lost: str = ""


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was read; never the same one twice within 1.5 s, readers repeat."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class NumberEntered:
    """Somebody typed a member's number: who they are is not shown yet."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class CardRefused:
    """A card that is blocked, or whose member left."""


@dataclass(frozen=True, slots=True)
class CodeUnknown:
    """A scan that is neither card nor product."""

    code: str


@dataclass(frozen=True, slots=True)
class CodeMisread:
    """A scan that cannot be right: scan again."""


@dataclass(frozen=True, slots=True)
class NumberUnknown:
    """A typed number that leads to nothing."""

    number: str


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The answer to `CheckPin`; `standing` is what holds after it."""

    right: bool
    standing: PinStanding


@dataclass(frozen=True, slots=True)
class PinStands:
    """The answer to `FetchStanding`."""

    standing: PinStanding


@dataclass(frozen=True, slots=True)
class PinStored:
    """The answer to `StorePin`."""


@dataclass(frozen=True, slots=True)
class Posted:
    """An order is in the books. `undo_until` is local time, ``21:09``, or empty."""

    receipt_number: str
    credit: Money
    undo_until: str


@dataclass(frozen=True, slots=True)
class PostingFailed:
    """An order is not in the books, and why."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class DiskFailed:
    """An order is not in the books: the disk is full. It can be tried again."""


@dataclass(frozen=True, slots=True)
class HoldAnswered:
    """The answer to `AskHold`; `balance` is that over all tills."""

    amount: Money
    granted: bool
    balance: Money


@dataclass(frozen=True, slots=True)
class HoldMissed:
    """No answer to `AskHold` in time: what is known here must do."""


@dataclass(frozen=True, slots=True)
class UndoLine:
    """What is left of one line of a sale; `total` with its charges."""

    line: int
    name: str
    quantity: int
    by_piece: bool
    total: Money


@dataclass(frozen=True, slots=True)
class Undoable:
    """A document that can be taken back. `lines` is empty where it only goes whole.

    `needs_card`: nobody knows any more whose purchase it was. `of_goods`: it is nobody's credit.
    """

    original: Ref
    receipt_number: str
    total: Money
    lines: tuple[UndoLine, ...]
    needs_card: bool = False
    of_goods: bool = False


@dataclass(frozen=True, slots=True)
class UndoFound:
    """The answer to `FindLastPurchase` and `FindReceipt`; None: there is nothing to take back."""

    found: Undoable | None


@dataclass(frozen=True, slots=True)
class BookingsFound:
    """The answer to `FetchBookings`, newest first."""

    bookings: tuple[PastBooking, ...]


@dataclass(frozen=True, slots=True)
class NumbersFound:
    """The answer to `FetchNumbers`: what has a short number, in order."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class CashFound:
    """The answer to `FetchCash`."""

    expected: Money


@dataclass(frozen=True, slots=True)
class FiguresFound:
    """The answer to `FetchFigures`; None: nothing was booked since the last closing."""

    figures: Closing | None


@dataclass(frozen=True, slots=True)
class SuppliersFound:
    """The answer to `FetchSuppliers`, by name."""

    suppliers: tuple[Supplier, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a count found of a product; grams where it is weighed.

    Of empties, which have a `deposit` and no name, only what is missing (-) or too many is known.
    """

    name: str
    expected: int
    counted: int
    by_piece: bool = True
    deposit: Money | None = None


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """A count that waits for approval. `when` is local; `counted` is how many products it has."""

    number: int
    counted_by: str
    name: str
    when: str
    counted: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class CountsFound:
    """The answer to `FetchCounts`, the oldest first."""

    counts: tuple[WaitingCount, ...]


@dataclass(frozen=True, slots=True)
class CountsChanged:
    """The answer to `ChangeCounts`."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """Nobody did anything for as long as this state waits."""


@dataclass(frozen=True, slots=True)
class BooksLocked:
    """The books cannot be trusted or written any more; `code` is for the admin."""

    code: str


Event: TypeAlias = (
    KeyPressed
    | ProductScanned
    | Repriced
    | CardPresented
    | NumberEntered
    | CardRefused
    | CodeUnknown
    | CodeMisread
    | NumberUnknown
    | PinChecked
    | PinStands
    | PinStored
    | Posted
    | PostingFailed
    | DiskFailed
    | HoldAnswered
    | HoldMissed
    | UndoFound
    | BookingsFound
    | NumbersFound
    | CashFound
    | FiguresFound
    | SuppliersFound
    | CountsFound
    | CountsChanged
    | TimedOut
    | BooksLocked
)
Sound: TypeAlias = Literal["accept", "refuse", "paid", "error"]
