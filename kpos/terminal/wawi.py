"""The till's line to its WaWi, if it has one: when to ask, whom to hold, what to say of it.

Nothing of `kpos.sync` is imported by a till that is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kpos.checkout.events import Event, HoldAnswered, HoldMissed
from kpos.checkout.screens.view import Wawi
from kpos.clock import Clock
from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.values import dataclass
from kpos.ledger.books import Books
from kpos.ledger.errors import LedgerError
from kpos.terminal.beside import Beside
from kpos.terminal.workers import Post, Worker

if TYPE_CHECKING:
    from kpos.sync.holds import Holds
    from kpos.sync.worker import SyncWorker

_MINUTE_MS = 60_000
# In the environment: the socket that leads to the WaWi, where the till has no network of its own.
_LINE = "KPOS_LINE"


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a till with a WaWi has."""

    worker: SyncWorker
    holds: Holds


class WawiLink:
    """`changed` and `locked` tell the till; set before the first turn of the loop."""

    def __init__(self, books: Books, clock: Clock, post: Post, beside: Beside) -> None:
        """`beside` hears with whom the till is paired."""
        self._books = books
        self._beside = beside
        self._clock = clock
        self._post = post
        self._asking: _Asking | None = None
        self.changed: Callable[[], None] = lambda: None
        self.locked: Callable[[LedgerError], None] = lambda _error: None
        self.pairing_changed()

    def pairing_changed(self) -> None:
        """The books may have got a WaWi, or another."""
        if self._books.wawi_url is not None:
            self._beside.name_wawi(self._books.wawi_url)
        if self._books.is_led and self._asking is None:
            self._asking = self._begin()
        elif self._asking is not None:
            self._asking.worker.wake()

    def _begin(self) -> _Asking:
        import os
        from random import random

        from kpos.sync.holds import BUDGET_MS, Holds
        from kpos.sync.lines import HttpLine
        from kpos.sync.worker import Around, SyncWorker

        copies = Worker(self._post)
        folder = self._books.folder

        def keep_copy() -> None:
            from kpos.ledger.good_copy import keep_stammdaten

            copies.submit(lambda: keep_stammdaten(folder), lambda _done: None)

        through = os.environ.get(_LINE)
        around = Around(
            clock=self._clock,
            thread=Worker(self._post),
            line=HttpLine(through=through),
            fraction=random,
            changed=self._has_changed,
            locked=self._has_locked,
            keep_copy=keep_copy,
        )
        return _Asking(SyncWorker(self._books, around), Holds(HttpLine(BUDGET_MS, through)))

    def _has_changed(self) -> None:
        self.changed()

    def _has_locked(self, error: LedgerError) -> None:
        self.locked(error)

    # As an input of the loop

    def due_ms(self) -> int | None:
        """Milliseconds until something is to be asked."""
        return self._asking.worker.due_ms() if self._asking is not None else None

    def after(self) -> None:
        """Ask, if it is time."""
        if self._asking is not None:
            self._asking.worker.after()

    def booked(self) -> None:
        """There is something to send."""
        if self._asking is not None:
            self._asking.worker.booked()

    # What it is good for

    def hold(self, wallet: Id, amount: Money) -> Callable[[], Event]:
        """The question, for a thread; an event is its answer."""
        journal, asking = self._books.journal, self._asking
        pairing = journal.pairing
        if asking is None or pairing is None:
            return HoldMissed
        if asking.worker.engine.failures:
            asking.worker.wanted()  # for the next try
            return HoldMissed  # who does not answer is not waited for at each purchase
        from kpos.ledger.replica import head_of

        head, holds = head_of(journal), asking.holds

        def ask() -> Event:
            hold = holds.ask(pairing, wallet, amount.cents, head)
            if hold is None:
                return HoldMissed()
            return HoldAnswered(amount, hold.is_granted, Money(hold.balance_cents))

        return ask

    def sync(self, then: Callable[[], None]) -> None:
        """Say and hear all there is, then `then`."""
        if self._asking is None:
            then()
        else:
            self._asking.worker.wake(then)

    # What to say of it

    def seen(self) -> Wawi | None:
        """For the corner of the idle screen."""
        if self._asking is None:
            return None
        worker = self._asking.worker
        if self._books.journal.pairing is None or worker.engine.is_revoked:
            return Wawi(trouble="revoked")
        if not worker.is_out:
            return Wawi(trouble="other" if worker.engine.says else "")
        if worker.reached_at is None:
            return Wawi(out=-1)
        out_ms = self._clock.now().ms - worker.reached_at.ms
        return Wawi(out=max(out_ms, 0) // _MINUTE_MS)

    def status(self) -> dict[str, Any]:
        """For `kpos status`."""
        if self._asking is None:
            return {}
        from kpos.ledger.status import wawi_status

        row = wawi_status(self._books.journal.db, self._books.current())
        if row:
            worker = self._asking.worker
            at = worker.reached_at
            row |= {"wawi_reached": str(at) if at is not None else None}
            row |= {"wawi_trouble": worker.engine.says}
        return row
