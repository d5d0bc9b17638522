"""A worker with its till, and the thread that works when a test says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from kpos.ledger.errors import LedgerError
from kpos.ledger.pairing import Pairing
from kpos.sync.backend import Backend, Unreachable
from kpos.sync.jobs import Result
from kpos.sync.worker import Around, SyncWorker
from tests.sync.tills import Till


class Hand:
    """A thread whose work is done when the test says so."""

    def __init__(self) -> None:
        self.work: deque[tuple[Callable[[], Result], Callable[[Result], None]]] = deque()

    def submit(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        self.work.append((work, then))

    def does(self) -> None:
        work, then = self.work.popleft()
        then(work())


class Desk:
    """A worker with its till; it turns as the till's loop would."""

    def __init__(self, till: Till) -> None:
        self.till, self.hand = till, Hand()
        self.changes, self.copies = 0, 0
        self.locks: list[str] = []
        self.down: Unreachable | None = None
        around = Around(
            till.clock, self.hand, self.line, lambda: 0.5, self.changed, self.lock, self.copy
        )
        self.worker = SyncWorker(till.books, around)

    def line(self, pairing: Pairing) -> Backend:
        if self.down is not None:
            raise self.down
        return self.till.line

    def changed(self) -> None:
        self.changes += 1

    def lock(self, error: LedgerError) -> None:
        self.locks.append(str(error))

    def copy(self) -> None:
        self.copies += 1

    def turns(self) -> list[str]:
        """Until nothing is due now; what was asked."""
        before = len(self.till.line.asked)
        self.worker.after()
        while self.hand.work:
            self.hand.does()
            self.worker.after()
        return self.till.line.asked[before:]

    def waits(self, ms: int) -> list[str]:
        self.till.wait(ms)
        return self.turns()
