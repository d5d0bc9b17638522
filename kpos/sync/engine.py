"""What to say next to the WaWi, and what its answers mean. Without threads, clocks or a network.

    while (job := engine.next_job()) is not None:
        engine.settle(job, attempt(job, line))    # the attempt may run in any thread

Documents go up first, then the feed is read; so what it says is as new as can be. Where the two
journals do not fit, their last common point decides (docs/sync.md): the till lost its end and
takes it back, the WaWi lost its own and gets it again, or the till goes on beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.ledger import feed, switching
from kpos.ledger.errors import Damaged, LedgerError
from kpos.ledger.joining import acknowledge, begin_epoch
from kpos.ledger.pins import pins_set
from kpos.ledger.reading import position_of
from kpos.ledger.replica import (
    entries_after,
    epochs_of,
    head_of,
    is_own,
    ref_at,
    sample,
    take_tail,
)
from kpos.sync.backend import BackendError, CursorExpired, Refused, Revoked, Unlinked, Unreachable
from kpos.sync.jobs import Beat, Compare, Fetch, Job, Read, Result, Send
from kpos.sync.search import Search, search
from kpos.sync.wire import BATCH_MAX, Ack, Page, Point, Push, Tail

if TYPE_CHECKING:
    from kpos.ledger.books import Books

# So often in a row a WaWi may name another end of the journal before it is asked less often.
_DOUBTS_MAX = 5


class Engine:
    """One till's side. All calls come from the thread that has the books."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._token: str | None = None
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of the WaWi but what the books say."""
        # Whether it was asked up to where it holds the journal, and all of the feed was read.
        self._is_greeted = self._is_read = False
        self._reads_whole = False
        self._is_behind = False
        self._search: Search | None = None
        self._fork: Point | None = None
        # Of the last answers: the useless ones in a row, what is wrong, what the WaWi cannot read.
        self._doubts = self.failures = 0
        self.trouble = self._unread = ""
        self.retry_after_s: int | None = None
        self.is_revoked = False
        # A whole feed was taken over: a copy of it is worth more than the last one.
        self.wants_copy = False

    @property
    def says(self) -> str:
        """What is wrong, if anything is: here, on the way, or there."""
        return self.trouble or self._unread

    def wake(self, *, anew: bool = False) -> None:
        """Time to read the feed again; `anew`: even of a WaWi that would not know this till."""
        self._is_read = False
        if anew:
            self.is_revoked = False
            self.failures = 0

    def next_job(self) -> Job | None:
        """What to ask; None if there is nothing to be asked now.

        Raises:
            Damaged: if the journal is. Anything else is a `trouble`.
        """
        try:
            with self._books.looking():
                return self._next_job()
        except LedgerError as error:
            self._fail_by(error)
            return None

    def _next_job(self) -> Job | None:
        journal = self._books.journal
        pairing = journal.pairing
        if (pairing.token if pairing is not None else None) != self._token:
            self._token = pairing.token if pairing is not None else None
            self._begin()
        if pairing is None or self.is_revoked:
            return None
        if self._search is not None:
            return Compare(self._search.points)
        if self._is_behind:
            return Fetch(head_of(journal))
        entries = entries_after(journal, pairing.acked, BATCH_MAX)
        if entries or not self._is_greeted:
            pins = pins_set(journal, entries) or None
            return Send(Push(pairing.acked, entries, head_of(journal), self._fork, pins))
        return None if self._is_read else Read(self._cursor())

    def _cursor(self) -> str | None:
        staged = switching.staged_cursor(self._books)
        if staged is not None or self._reads_whole:
            return staged
        taken = feed.taken(self._books.current())
        return (taken.cursor or None) if taken is not None else None

    def settle(self, job: Job, result: Result) -> bool:
        """Take an answer in; whether there was one at all.

        Raises:
            Damaged: if the journal is. Anything else is a `trouble`.
        """
        pairing = self._books.journal.pairing
        if pairing is None or pairing.token != self._token:
            return False  # it was asked of somebody else
        if isinstance(job, Beat) and (result is None or isinstance(result, Refused)):
            return True  # nothing follows from it, not even where an older WaWi knows no such thing
        try:
            with self._books.looking():
                self._settle(job, result)
        except LedgerError as error:
            self._fail_by(error)
        return not isinstance(result, Unreachable)

    def _settle(self, job: Job, result: Result) -> None:
        match job, result:
            case Send(push), Ack():
                self._acknowledged(push, result)
            case Send(push), Unlinked(held=held):
                self._unlinked(push.after, held)
            case Fetch(after), Unlinked(held=held):
                self._is_behind = False
                self._unlinked(after, held)
            case Fetch(), Tail():
                self._take(result)
            case Compare(points), Point() | None:
                self._compared(points, result)
            case Read(cursor), Page():
                self._staged(cursor, result)
            case Read(cursor), CursorExpired() if cursor is not None:
                switching.discard(self._books)
                self._reads_whole = True
                # It may have been restored, and lack documents as well.
                self._is_greeted = False
            case _, Revoked():
                self.is_revoked = True
                self._fail("the WaWi does not know this till (any more): kpos pair URL CODE")
            case _, BackendError():
                self._fail(str(result) or repr(result), getattr(result, "retry_after_s", None))
            case _:
                self._fail(f"no answer to {type(job).__name__}: {result!r}"[:200])

    def _fail_by(self, error: LedgerError) -> None:
        if isinstance(error, Damaged) and error.code.startswith("J"):
            raise error
        self._fail(str(error))

    def _fail(self, trouble: str, retry_after_s: int | None = None) -> None:
        self.failures += 1
        self.trouble = trouble
        self.retry_after_s = retry_after_s

    def _succeed(self) -> None:
        self.failures, self.trouble, self.retry_after_s = 0, "", None

    # Up

    def _acknowledged(self, push: Push, ack: Ack) -> None:
        if ack.acked is not None and not is_own(self._books.journal, ack.acked):
            self._look_for_common(ack.acked)
            return
        self._is_greeted = True
        self._doubts = 0
        self._unread = ack.unread
        acknowledge(self._books, ack.acked)
        if _position(ack.acked) > _position(self._fork):
            self._fork = None
        if push.entries and _position(ack.acked) <= _position(push.after):
            self._fail("the WaWi did not take the documents it was sent")
        else:
            self._succeed()

    def _unlinked(self, after: Point | None, held: Point | None) -> None:
        self._doubts += 1
        if held == after or self._doubts > _DOUBTS_MAX:
            self._fail("the WaWi did not take the documents that follow the last it holds")
        elif held is not None and not is_own(self._books.journal, held):
            self._look_for_common(held)
        else:
            acknowledge(self._books, held)

    # Where the journals part

    def _look_for_common(self, held: Point) -> None:
        self._search = search(self._books.journal, held)

    def _compared(self, points: tuple[Point, ...], found: Point | None) -> None:
        asked, self._search = self._search, None
        if asked is None or (found is not None and found not in points):
            self._fail("the WaWi named a document that it was not asked for")
            return
        then = asked.answered(self._books.journal, found)
        if isinstance(then, Search):
            self._search = then
        else:
            self._part(asked.held, then)

    def _part(self, held: Point, last_common: int) -> None:
        """Both hold the first `last_common` documents; the WaWi ends with `held`."""
        journal = self._books.journal
        if not last_common:
            self._fail("the WaWi holds another till's documents for this one")
            return
        ref = ref_at(epochs_of(journal), last_common)
        common = sample(journal, last_common - 1, last_common, 1)[0]
        if ref == journal.head.ref:
            self._is_behind = True
            return
        if self._books.identity.epoch <= held.epoch:
            begin_epoch(self._books, held, common)
        self._fork = common
        acknowledge(self._books, common)

    def _take(self, tail: Tail) -> None:
        self._is_behind = self._is_greeted = False
        take_tail(self._books, tail.entries)
        acknowledge(self._books, head_of(self._books.journal))
        self._is_behind = bool(tail.entries) and not tail.is_last

    # Down

    def _staged(self, cursor: str | None, page: Page) -> None:
        books = self._books
        applied = page.applied.get(books.identity.till)
        if page.is_last and not is_own(books.journal, applied):
            # Its balances include documents that are not here: ask where it ends.
            self._is_greeted = False
            switching.discard(books)
            self._fail("the WaWi counts documents of this till that it does not have")
            return
        if not page.is_last and page.cursor == cursor:
            self._fail("the WaWi's feed does not go on")
            return
        if self._is_news(page, cursor, applied):
            switching.stage(books, page.changes, page.cursor, whole=cursor is None)
            if page.is_last:
                self._switch(applied)
        self._is_read = page.is_last
        pairing = books.journal.pairing
        acked = pairing.acked if pairing is not None else None
        if page.is_last and _position(applied) < _position(acked):
            # It was restored since it said what it holds, or cannot read something: ask again.
            self._is_greeted = False
        elif page.is_last:
            self._unread = ""
        self._succeed()

    def _is_news(self, page: Page, cursor: str | None, applied: Point | None) -> bool:
        """Most answers say that nothing has changed, and nothing is written for them."""
        taken = feed.taken(self._books.current())
        if taken is None or page.changes or cursor != taken.cursor or page.cursor != cursor:
            return True
        return _position(applied) != taken.position

    def _switch(self, applied: Point | None) -> None:
        try:
            whole = switching.switch(self._books, applied)
        except LedgerError:
            switching.discard(self._books)
            raise
        self._reads_whole = False
        self.wants_copy = self.wants_copy or whole


def _position(point: Point | None) -> int:
    return position_of(point.ref) if point is not None else 0
