"""Pages of the feed, each read in one transaction together with what its balances include."""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.ledger.database import Database
from kpos.sync.wire import Page, Point
from kpos.wawi.core import told
from kpos.wawi.core.feed import PAGE_MAX, Cursor, lock, read_cursor, rows_after, write_cursor
from kpos.wawi.core.following import caught_up
from kpos.wawi.core.rows import change, reader_of
from kpos.wawi.core.strands import strand_of


def changes(db: Database, till: Id, cursor: str | None, limit: int = PAGE_MAX) -> Page:
    """What changed for a till since a cursor; without one, a page of all there is.

    Only reads, in a transaction of the caller's that sees one state of the database throughout.

    Raises:
        CursorExpired: if the feed does not reach back to the cursor.
    """
    before = read_cursor(db, cursor)
    reader = reader_of(db, till)
    rows = rows_after(db, before, reader.branch, limit + 1)
    is_last = len(rows) <= limit
    rows = rows[:limit]
    made = []
    for entity, identifier, rev in rows:
        row = change(db, reader, entity, identifier)
        # Who began without rows need not hear of those that were gone, or not sold, before that.
        if row.action != "gone" or not before.is_snapshot or rev > before.floor:
            made.append(row)
    if is_last:
        rev = db.execute("SELECT rev FROM house").fetchone()[0]
        after = Cursor(rev, rev, rev)
    else:
        after = Cursor(rows[-1][2], before.since, before.floor)
    applied = strand_of(db, till).applied
    named: dict[str, Point] = {till: applied} if applied else {}
    return Page(tuple(made), write_cursor(db, after), is_last, named)


def must_confirm(db: Database, till: Id) -> bool:
    """Whether it matters that a till asks again: then call `confirm` before `changes`."""
    return told.is_awaited(db, till)


def confirm(db: Database, till: Id, cursor: str | None, now: Instant) -> None:
    """A till asks for what comes after a cursor, so it has taken over what came before; writes.

    Raises:
        CursorExpired: if the feed does not reach back to the cursor.
    """
    lock(db)
    on = strand_of(db, till)
    told.taken_over(db, till, read_cursor(db, cursor), on.tip)
    caught_up(db, till, on.applied, now)
