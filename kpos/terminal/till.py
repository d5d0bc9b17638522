"""The heart of the daemon: events in, effects carried out, one picture when all is quiet.

One thread, one inbox, one consumer. An input is finished when its effects and the events they
answered with are, a PIN check in its worker included; then the picture is drawn and shown if it
differs from the last one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from kpos.checkout.events import (
    BooksLocked,
    CardPresented,
    CardRefused,
    CodeUnknown,
    Event,
    KeyPressed,
    TimedOut,
)
from kpos.checkout.layout import Frame
from kpos.checkout.machine import step, timeout_ms
from kpos.checkout.screens import View, render
from kpos.checkout.screens.view import COUNTDOWN_S, Readers
from kpos.checkout.states import Idle, OutOfOrder, Rules, State, buyer_of
from kpos.clock import Clock
from kpos.domain.document import Document
from kpos.domain.member import Language
from kpos.domain.money import Money
from kpos.domain.values import dataclass, replace
from kpos.ledger import undo
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, LedgerError
from kpos.terminal import resolve
from kpos.terminal.fresh import with_credit
from kpos.terminal.front import Front
from kpos.terminal.localtime import Zone
from kpos.terminal.perform import Performer, lock_code, look
from kpos.terminal.texts import Texts
from kpos.terminal.wawi import WawiLink
from kpos.terminal.workers import Worker

# Readers repeat a card that lies on them several times a second.
_CARD_REPEAT_MS = 1500
_SECOND_MS = 1000
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the till is set in: nothing of it affects a booking."""

    clock: Clock
    texts: Texts
    front: Front
    worker: Worker
    shut_down: Callable[[str], None]
    rules: Rules
    name: str = "kpos"
    wawi: WawiLink | None = None


class Till:
    """A till with its books; `books` is None where they could not be opened."""

    def __init__(self, books: Books | None, around: Surroundings, locked: str = "J-01") -> None:
        self.books = books
        self._around = around
        self._inbox: deque[Event] = deque()
        self._performer = self._performs(books) if books else None
        self._zone = Zone(books.settings.zone if books else "UTC")
        self._frame: Frame | None = None
        # Cards read within `_CARD_REPEAT_MS`, and when last.
        self._cards: dict[str, int] = {}
        self._next_minute_ms = 0
        self._readers: Readers = ""
        # Keys and scans so far that a new picture answered: proof that both ends of the till work.
        self.inputs = 0
        self.state = State(language=around.rules.language, rules=around.rules)
        self._deadline_ms: int | None = None
        if books is None:
            self._inbox.append(BooksLocked(locked))
        else:
            books.committed = self._committed
            self.books_changed()
        self.settle()
        self._draw()

    def _performs(self, books: Books) -> Performer:
        return Performer(books, self._around.worker, self._inbox.append, self._around.wawi)

    def _committed(self, document: Document) -> None:
        self._around.front.booked(document)
        if self._around.wawi is not None:
            self._around.wawi.booked()

    @property
    def is_busy(self) -> bool:
        """Whether a worker still owes an answer to the last input."""
        return self._around.worker.outstanding > 0

    def warm_up(self) -> None:
        """Once, when the first picture is shown: let the first booking cost what all cost."""
        assert self.books is not None, "only open books are written"
        try:
            self.books.warm_up()
        except LedgerError as error:
            self.handle(BooksLocked(lock_code(error)))

    def lock(self, error: LedgerError) -> None:
        """The books cannot be trusted any more."""
        self.handle(BooksLocked(lock_code(error)))

    # Inputs

    def scan(self, text: str) -> None:
        """A scan, or a card reading: both are codes."""
        if self.books is None:
            return
        now_ms = self._around.clock.monotonic_ms()
        recent = {code: at for code, at in self._cards.items() if now_ms - at < _CARD_REPEAT_MS}
        self._cards = recent
        if text in recent:
            recent[text] = now_ms
            return
        buyer = buyer_of(self.state.dialogue)
        try:
            event = look(self.books, lambda books: resolve.scanned(books, text, buyer))
        except LedgerError as error:
            event = BooksLocked(lock_code(error))
        if isinstance(event, CardPresented | CardRefused | CodeUnknown):
            # Unknown ones too: a card that is given out just now still lies on the reader.
            recent[text] = now_ms
        if event is not None:
            self._answer(event)

    def key(self, key: str) -> None:
        """One of the twelve keys."""
        self._answer(KeyPressed(key))

    def _answer(self, event: Event) -> None:
        before = self._frame
        self.handle(event)
        self.inputs += self._frame != before

    def handle(self, event: Event) -> None:
        """One event, and all that follows from it."""
        self._inbox.append(event)
        self.settle()

    def settle(self) -> None:
        """Work until the inbox is empty, then show the picture."""
        handled = False
        while self._inbox:
            handled = True
            self.state, effects = step(self.state, self._inbox.popleft())
            for effect in effects:
                self._perform(effect)
        if handled:
            self._restart_timeout()
            self._draw()

    def books_changed(self) -> None:
        """Take over what an admin changed while the till runs: settings, and credit."""
        assert self.books is not None, "only open books have settings"
        self._refresh_credit(self.books)
        settings = self.books.settings
        rules = replace(
            self.state.rules,
            free_limit=Money(settings.free_limit_cents),
            refuses_empty=settings.empty_stock == "refuse",
        )
        self.state = replace(self.state, rules=rules)
        self._zone = Zone(settings.zone)

    def money_came(self) -> None:
        """A coin or note was booked: whoever stands there sees it, and has time for the next."""
        self._around.front.play("accept")
        self.books_changed()
        self._restart_timeout()
        self._draw()

    def readers_take(self, readers: Readers) -> None:
        """Who takes money in from now on: the display says so to whoever stands there."""
        if readers != self._readers:
            self._readers = readers
            self._draw()

    def _refresh_credit(self, books: Books) -> None:
        """Somebody tops up from the command line while the receiver stands at the till."""
        dialogue = with_credit(
            self.state.dialogue, lambda wallet: look(books, lambda books: books.credit(wallet))
        )
        if dialogue != self.state.dialogue:
            self.state = replace(self.state, dialogue=dialogue)
            self._draw()

    # Time

    def next_due_ms(self) -> int:
        """When `tick` must be called next, on the monotonic clock."""
        due_ms = self._next_minute_ms
        if self._deadline_ms is not None:
            left_ms = self._deadline_ms - self._around.clock.monotonic_ms()
            countdown_ms = COUNTDOWN_S * _SECOND_MS
            until_ms = left_ms - countdown_ms if left_ms > countdown_ms else left_ms % _SECOND_MS
            now_ms = self._deadline_ms - left_ms
            due_ms = min(due_ms, now_ms + (until_ms or min(_SECOND_MS, max(left_ms, 0))))
        return due_ms

    def tick(self) -> None:
        """Time has passed: time-outs, countdowns, the clock on the display, tidying up."""
        now_ms = self._around.clock.monotonic_ms()
        if self._deadline_ms is not None and now_ms >= self._deadline_ms:
            self.handle(TimedOut())
        if now_ms >= self._next_minute_ms:
            self._tidy()
        self._draw()

    def _tidy(self) -> None:
        """Once a minute: erase what nobody may know any longer."""
        if self.books is not None and not isinstance(self.state.dialogue, OutOfOrder):
            try:
                undo.tidy(self.books)
            except LedgerError as error:
                if isinstance(error, Damaged):
                    self.handle(BooksLocked(lock_code(error)))

    def _restart_timeout(self) -> None:
        wait_ms = timeout_ms(self.state)
        now_ms = self._around.clock.monotonic_ms()
        self._deadline_ms = None if wait_ms is None else now_ms + wait_ms

    # Outputs

    def _perform(self, effect: object) -> None:
        if self._performer is not None:
            self._performer.perform(effect, self._around.front, self._around.shut_down)

    def _draw(self) -> None:
        frame = render(self.state, self._view())
        if frame != self._frame:
            self._frame = frame
            self._around.front.show(frame)

    def _view(self) -> View:
        now = self._around.clock.now()
        now_ms = self._around.clock.monotonic_ms()
        self._next_minute_ms = now_ms + _MINUTE_MS - now.ms % _MINUTE_MS
        remaining_s = None
        if self._deadline_ms is not None and _counts_down(self.state):
            remaining_s = -(-max(self._deadline_ms - now_ms, 0) // _SECOND_MS)
        language: Language = self.state.language
        return View(
            language=language,
            text=self._around.texts[language],
            till_name=self._around.name,
            prefix=self.books.identity.prefix if self.books else "",
            time_of_day=self._zone.time_of_day(now),
            remaining_s=remaining_s,
            wawi=self._around.wawi.seen() if self._around.wawi is not None else None,
            clock_doubted=self.books is not None and self.books.read_clock().clock != "ok",
            readers=self._readers,
        )


class Ticker:
    """Has a till look at the wall clock when something of it is due."""

    def __init__(self, till: Till, clock: Clock) -> None:
        self._till = till
        self._clock = clock

    def due_ms(self) -> int:
        """Milliseconds until then."""
        return self._till.next_due_ms() - self._clock.monotonic_ms()

    def after(self) -> None:
        """Time has passed; a worker may have answered."""
        self._till.tick()
        self._till.settle()


def _counts_down(state: State) -> bool:
    """Results vanish without a countdown: nothing is lost with them. Half a number is."""
    dialogue = state.dialogue
    return bool(dialogue.typed) if isinstance(dialogue, Idle) else dialogue.waits != "result"
