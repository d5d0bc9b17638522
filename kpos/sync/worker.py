"""The engine at work: one job at a time in a thread, between sales, when there is something to say.

It wakes at a booking, at a time, at a command. A till that has no WaWi never does; one without a
network does for nothing but its next try.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from kpos import __version__
from kpos.clock import Clock
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.ledger import feed
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, LedgerError
from kpos.ledger.pairing import Pairing, unsent
from kpos.sync.backend import Backend
from kpos.sync.engine import Engine
from kpos.sync.jobs import Beat, Job, Result, attempt
from kpos.sync.waiting import BEAT_EVERY_MS, backoff_ms, poll_ms
from kpos.sync.wire import Heartbeat

# When the WaWi was last reached is written down so often, for a till that is switched off.
_NOTE_EVERY_MS = 3_600_000


class Thread(Protocol):
    """Runs work in a thread of its own, and what follows on the till's."""

    def submit(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Do `work` there, then `then(result)` here."""
        ...


class Line(Protocol):
    """How a WaWi is reached; called in the thread alone."""

    def __call__(self, pairing: Pairing) -> Backend:
        """A backend; the same one as long as the pairing is the same.

        Raises:
            BackendError: if there can be none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What a worker is set in. `fraction` draws a random number from 0 to 1."""

    clock: Clock
    thread: Thread
    line: Line
    fraction: Callable[[], float]
    # Tells the till that what it shows may have changed; that the books cannot be trusted.
    changed: Callable[[], None]
    locked: Callable[[LedgerError], None]
    # Keeps a copy of stammdaten.db, in a thread.
    keep_copy: Callable[[], None]


class SyncWorker:
    """Call `after` from time to time, at `due_ms` at the latest."""

    def __init__(self, books: Books, around: Around) -> None:
        self._books = books
        self._around = around
        self.engine = Engine(books)
        self._is_asking = self._is_locked = False
        self._due_ms = around.clock.monotonic_ms()
        self._noted_ms: int | None = None
        # When the WaWi was told last how this till is, and by which token.
        self._beat: tuple[str, int] | None = None
        # Whether the last question got no answer, and when one last did.
        self.is_out = True
        self.reached_at: Instant | None = None
        # Who waits until all is said.
        self._waiting: list[Callable[[], None]] = []
        with suppress(LedgerError), books.looking():
            self.reached_at = feed.reached_at(books.current())

    # When

    def due_ms(self) -> int | None:
        """Milliseconds until something is to be asked; None while nothing is."""
        if self._books.journal.pairing is None or self._is_asking or self._is_locked:
            return None
        if self.engine.is_revoked and not self._waiting:
            return None
        return max(self._due_ms - self._around.clock.monotonic_ms(), 0)

    def booked(self) -> None:
        """Something was booked. Who did not answer is not asked more often for that."""
        if not self.engine.failures:
            self._due_ms = self._around.clock.monotonic_ms()

    def wanted(self) -> None:
        """Somebody at the till needs an answer: is the WaWi there again? It may ask for time."""
        if self.engine.retry_after_s is None:
            self._due_ms = self._around.clock.monotonic_ms()

    def wake(self, then: Callable[[], None] | None = None) -> None:
        """Now, whatever was; `then` is called when all is said, or it failed."""
        if then is not None:
            self._waiting.append(then)
        self.engine.wake(anew=True)
        self._due_ms = self._around.clock.monotonic_ms()
        if self._books.journal.pairing is None:
            self._end()

    def after(self) -> None:
        """Ask, if it is time."""
        if self.due_ms() == 0:
            self._guarded(self._ask)

    # What

    def _ask(self) -> None:
        job = self.engine.next_job()
        # In front of what is to be said, once the engine knows who is spoken to.
        job = self._next_beat() or job
        if job is None:
            self._rest(poll_ms(self._around.fraction()))
            return
        pairing, line = self._books.journal.pairing, self._around.line
        assert pairing is not None, "there is nothing to be asked of nobody"
        self._is_asking = True
        self._around.thread.submit(
            lambda: attempt(job, lambda: line(pairing)), lambda result: self._answered(job, result)
        )

    def _next_beat(self) -> Beat | None:
        """What to say of this till, before anything else is said, if it is time for that."""
        pairing, now_ms = self._books.journal.pairing, self._around.clock.monotonic_ms()
        assert pairing is not None, "nobody is told"
        if self._beat and self._beat[0] == pairing.token and now_ms < self._beat[1] + BEAT_EVERY_MS:
            return None
        queue = unsent(self._books.journal.db)
        return Beat(Heartbeat(__version__, queue, self._around.clock.now()))

    def _answered(self, job: Job, result: Result) -> None:
        self._is_asking = False
        self._guarded(lambda: self._settle(job, result))
        self._around.changed()

    def _settle(self, job: Job, result: Result) -> None:
        engine, pairing = self.engine, self._books.journal.pairing
        self.is_out = not engine.settle(job, result)
        if not self.is_out:
            self._note_reached()
        if engine.wants_copy:
            engine.wants_copy = False
            self._around.keep_copy()
        if isinstance(job, Beat) and not self.is_out and pairing is not None:
            # What failed before may work again: it is asked at once.
            self._beat = (pairing.token, self._around.clock.monotonic_ms())
        elif engine.failures:
            wait_ms = backoff_ms(engine.failures, engine.retry_after_s, self._around.fraction())
            self._rest(wait_ms)

    def _rest(self, wait_ms: int) -> None:
        self.engine.wake()
        self._due_ms = self._around.clock.monotonic_ms() + wait_ms
        self._end()

    def _end(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _note_reached(self) -> None:
        self.reached_at = self._around.clock.now()
        now_ms = self._around.clock.monotonic_ms()
        if self._noted_ms is None or now_ms >= self._noted_ms + _NOTE_EVERY_MS:
            self._noted_ms = now_ms
            with suppress(LedgerError), self._books.looking():
                feed.note_reached(self._books.current(), self.reached_at)

    def _guarded(self, work: Callable[[], None]) -> None:
        """A damaged journal is for the till to show; nothing is asked any more."""
        try:
            work()
        except Damaged as damage:
            self._is_locked = True
            self._end()
            self._around.locked(damage)
