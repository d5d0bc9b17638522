"""Effects, carried out. What can fail answers with an event; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from kpos.checkout import effects
from kpos.checkout.carried import Supplier
from kpos.checkout.events import (
    BookingsFound,
    BooksLocked,
    CashFound,
    DiskFailed,
    Event,
    FiguresFound,
    HoldMissed,
    NumbersFound,
    PinChecked,
    PinStands,
    PinStored,
    Posted,
    PostingFailed,
    Repriced,
    SuppliersFound,
    Undoable,
    UndoFound,
    UndoLine,
)
from kpos.domain import undoing
from kpos.domain.bodies import Line
from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.orders import Deliver, Purchase
from kpos.domain.refusal import Refused
from kpos.domain.values import replace
from kpos.ledger import cash, master, stammdaten, suppliers, undo
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, DiskFull, LedgerError
from kpos.ledger.journal import position_of, ref_of
from kpos.ledger.localday import day_of
from kpos.ledger.pins import Verifier, make_verifier, store_verifier
from kpos.ledger.prices import prices_at, prices_now
from kpos.terminal import counts, resolve
from kpos.terminal.front import Front
from kpos.terminal.localtime import Zone
from kpos.terminal.past import past_booking
from kpos.terminal.wawi import WawiLink
from kpos.terminal.workers import Worker

_BOOKINGS_MAX = 30
_NUMBERS_MAX = 999
T = TypeVar("T")


def lock_code(error: LedgerError) -> str:
    """The code a locked till shows for an error of the books."""
    return error.code if isinstance(error, Damaged) else "J-09"


def look(books: Books, work: Callable[[Books], T]) -> T:
    """What `work` finds in the books; a damaged stammdaten.db is replaced and asked again.

    Raises:
        LedgerError: where that does not help; `Refused` passes through.
    """
    for _file in ("stammdaten.db", "its good copy"):
        try:
            with books.looking():
                return work(books)
        except Damaged as damage:
            if damage.code.startswith("J"):
                raise
    with books.looking():
        return work(books)


class Performer:
    """Carries effects out; `answer` takes the events they answer with."""

    def __init__(
        self,
        books: Books,
        worker: Worker,
        answer: Callable[[Event], None],
        wawi: WawiLink | None = None,
    ) -> None:
        self._books = books
        self._wawi = wawi
        self._worker = worker
        self._answer = answer
        # Of the open purchase: what the clock said at its first scan, and the time it is priced by.
        self._began_at: Instant | None = None
        self._priced_at: Instant | None = None
        self._handlers: dict[type, Callable[[Any], Event | None]] = {
            effects.BeginPurchase: self._begin_purchase,
            effects.AskHold: self._ask_hold,
            effects.LookUp: self._look_up,
            effects.Reprice: self._reprice,
            effects.NoteUnknown: self._note_unknown,
            effects.CheckPin: self._check_pin,
            effects.FetchStanding: self._fetch_standing,
            effects.StorePin: self._store_pin,
            effects.FindLastPurchase: self._find_last_purchase,
            effects.FindReceipt: self._find_receipt,
            effects.FetchBookings: self._fetch_bookings,
            effects.FetchNumbers: self._fetch_numbers,
            effects.FetchCash: self._fetch_cash,
            effects.FetchFigures: self._fetch_figures,
            effects.FetchSuppliers: self._fetch_suppliers,
            effects.FetchCounts: self._fetch_counts,
            effects.ChangeCounts: self._change_counts,
        }

    def perform(self, effect: object, front: Front, shut_down: Callable[[str], None]) -> None:
        """Carry one effect out."""
        if isinstance(effect, effects.PlaySound):
            front.play(effect.sound)
        elif isinstance(effect, effects.ShutDown):
            shut_down(effect.mode)
        elif isinstance(effect, effects.Book):
            self._answer(self._guarded(lambda: self._book(effect)))
        else:
            event = self._guarded(lambda: self._handlers[type(effect)](effect))
            if event is not None:
                self._answer(event)

    def _guarded(self, work: Callable[[], T]) -> T | Event:
        """What the disk refused, as the event that says so."""
        try:
            return look(self._books, lambda _books: work())
        except Refused as refused:
            return PostingFailed(refused.refusal)
        except DiskFull:
            return DiskFailed()
        except LedgerError as error:
            return BooksLocked(lock_code(error))

    def _book(self, effect: effects.Book) -> Event:
        order = effect.order
        if isinstance(order, Purchase):
            order = replace(order, cart=replace(order.cart, began_at=self._began_at))
        if isinstance(order, Deliver):
            today = day_of(self._books.settings.zone, self._books.believed_now())
            order = replace(order, delivered_on=today)
        booked = book(self._books, order)
        until = ""
        if booked.undo_until is not None:
            until = Zone(self._books.settings.zone).time_of_day(booked.undo_until)
        return Posted(booked.receipt_number or "", booked.credit, until)

    def _begin_purchase(self, _effect: effects.BeginPurchase) -> None:
        self._began_at = self._books.read_clock().at
        self._priced_at = self._books.believed_now()

    def _ask_hold(self, effect: effects.AskHold) -> Event | None:
        if self._wawi is None:
            return HoldMissed()
        self._worker.submit(self._wawi.hold(effect.wallet, effect.amount), self._answer)
        return None

    def _look_up(self, effect: effects.LookUp) -> Event:
        return resolve.typed(self._books, effect.number, effect.among, effect.buyer)

    def _reprice(self, effect: effects.Reprice) -> Event:
        """By the time of the first scan: what was cheap then was put into the cart for it."""
        at = self._priced_at or self._books.believed_now()
        buyer = effect.buyer
        cart, lost = prices_at(self._books, at).repriced(effect.cart, buyer.group, buyer.member)
        return Repriced(cart, lost)

    def _note_unknown(self, effect: effects.NoteUnknown) -> None:
        with suppress(LedgerError):  # a list for the admin is no reason to stop selling
            self._books.note_unknown(effect.code)

    # PINs: counted on this thread, derived in the worker, answered on this thread.

    def _check_pin(self, effect: effects.CheckPin) -> Event | None:
        pins, subject = self._books.pins, effect.subject
        verifier = pins.begin(subject)
        if verifier is None:
            return PinChecked(right=False, standing=pins.standing(subject))
        digits = effect.pin.digits
        self._worker.submit(
            lambda: verifier.matches(digits),
            lambda right: self._answer(self._guarded(lambda: self._pin_checked(subject, right))),
        )
        return None

    def _pin_checked(self, subject: Id, right: bool) -> Event:  # noqa: FBT001 - a worker's answer
        pins = self._books.pins
        if right:
            pins.succeeded(subject)
        return PinChecked(right=right, standing=pins.standing(subject))

    def _fetch_standing(self, effect: effects.FetchStanding) -> Event:
        return PinStands(self._books.pins.standing(effect.subject))

    def _store_pin(self, effect: effects.StorePin) -> None:
        digits = effect.pin.digits

        def store(verifier: Verifier) -> Event:
            with self._books.booking() as booking:
                booking.append(master.pin_row(effect.subject, effect.author, exists=True))
                store_verifier(booking, effect.subject, verifier)
            return PinStored()

        self._worker.submit(
            lambda: make_verifier(digits),
            lambda verifier: self._answer(self._guarded(lambda: store(verifier))),
        )

    # Looking things up

    def _find_last_purchase(self, effect: effects.FindLastPurchase) -> Event:
        document = undo.last_purchase(self._books, effect.wallet)
        return UndoFound(self._undoable(document) if document is not None else None)

    def _find_receipt(self, effect: effects.FindReceipt) -> Event:
        document = self._books.journal.find_number(int(effect.number))
        if document is None or document.kind in undoing.NEVER_REVERSED:
            return UndoFound(None)
        return UndoFound(self._undoable(document))

    def _undoable(self, document: Document) -> Undoable | None:
        if document.kind != "sale":
            position = position_of(document)
            if stammdaten.reversals_of(self._books.current(), position):
                return None
            # Goods that cost nothing, or whose cost is not known yet, leave without a posting.
            cents = max((abs(posting.cents) for posting in document.postings), default=0)
            number = document.receipt_number or ""
            of_goods = document.kind in undo.OF_GOODS
            return Undoable(document.ref, number, Money(cents), (), of_goods=of_goods)
        left = undo.lines_left(self._books, document)
        if not left:
            return None
        return Undoable(
            original=document.ref,
            receipt_number=document.receipt_number or "",
            total=Money(undoing.value_of(left)),
            lines=tuple(_undo_line(line) for line in left),
            needs_card=undo.known_wallet(self._books, document) is None,
        )

    def _fetch_bookings(self, effect: effects.FetchBookings) -> Event:
        books, wallet = self._books, effect.wallet
        zone = Zone(books.settings.zone)
        found = []
        for position in stammdaten.history(books.current(), wallet, _BOOKINGS_MAX):
            document = books.journal.document(ref_of(position))
            if document is not None:
                found.append(past_booking(document, wallet, zone))
        return BookingsFound(tuple(found))

    def _fetch_numbers(self, effect: effects.FetchNumbers) -> Event:
        products = stammdaten.products_with_number(self._books.current(), 0, _NUMBERS_MAX)
        prices = prices_now(self._books)
        return NumbersFound(
            tuple(resolve.offer_to(prices, product, effect.buyer) for product in products)
        )

    def _fetch_cash(self, effect: effects.FetchCash) -> Event:
        return CashFound(cash.expected(self._books, cash.box_of(self._books, effect.author)))

    def _fetch_figures(self, _effect: effects.FetchFigures) -> Event:
        return FiguresFound(cash.figures(self._books))

    def _fetch_suppliers(self, _effect: effects.FetchSuppliers) -> Event:
        every = suppliers.suppliers(self._books.current())
        return SuppliersFound(
            tuple(Supplier(each.id, each.name) for each in every if not each.retired)
        )

    def _fetch_counts(self, _effect: effects.FetchCounts) -> Event:
        return counts.found(self._books)

    def _change_counts(self, effect: effects.ChangeCounts) -> Event:
        return counts.changed(self._books, effect.order)


def _undo_line(line: Line) -> UndoLine:
    by_piece = line.unit == "piece"
    return UndoLine(line.line, line.name, line.quantity, by_piece, Money(undoing.value_of([line])))
