"""The promises of a house's books, checked from the first document of each till to the last.

Every document is hashed and added up anew, and the projections are built a second time: beside
those there are, to compare, or in their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.ledger.compared import PROJECTIONS
from kpos.ledger.database import MISFITS, Database, in_memory
from kpos.ledger.errors import Damaged
from kpos.ledger.schema import statements
from kpos.sync.wire import Entry, Point, Private
from kpos.wawi.core import audit
from kpos.wawi.core.applying import Arrived, Follower
from kpos.wawi.core.entries import read
from kpos.wawi.core.feed import expire, lock
from kpos.wawi.core.following import SKIPPED, arrived
from kpos.wawi.core.schema import script
from kpos.wawi.core.strands import strand

TABLES = (*PROJECTIONS, "alias")
_BATCH = 500
_DOCUMENTS = (
    "SELECT position, content, hash, part, rights FROM document"
    " WHERE position > ? ORDER BY position LIMIT ?"
)


def check(db: Database) -> list[str]:
    """What is not as it must be, in words; nothing if all is well. Reads only."""
    return [*_chains(db), *audit.faults(db), *_sums(db), *_projections(db)]


def rebuild(db: Database, now: Instant) -> list[str]:
    """Build all projections anew from the documents; which tables had been wrong.

    Tills then begin anew too, since they may have been told what was wrong.
    """
    lock(db)
    before = {table: _rows(db, table) for table in TABLES}
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
    _follow_all(db, db)
    wrong = [table for table in TABLES if _rows(db, table) != before[table]]
    if wrong:
        expire(db, now)
    return wrong


def _chains(db: Database) -> Iterator[str]:
    """Each strand from where it leaves its parent."""
    numbers = db.execute("SELECT id FROM strand ORDER BY id").fetchall()
    for (number,) in numbers:
        on = strand(db, number)
        before = _left_at(db, number)
        rows = db.execute(
            "SELECT epoch, seq, hash, prev_hash, content, salt, part, kind,"
            " position IS NOT NULL OR rights = ?"
            " FROM document WHERE till = ? AND strand = ? ORDER BY epoch, seq",
            (SKIPPED, on.till, number),
        )
        applied = before
        for row in rows.fetchall():
            fault = _fault(on.till, before, row)
            if fault is not None:
                yield f"till {on.till}, document {row[0]}/{row[1]}: {fault}"
            before = Point(*row[:3])
            applied = before if row[8] else applied
        if before != (on.tip or before) or applied != (on.applied or applied):
            yield f"till {on.till}: its documents end elsewhere than is known of them"


def _left_at(db: Database, number: int) -> Point | None:
    """The document that the first one of a strand follows."""
    row = db.execute(
        "SELECT document.epoch, document.seq, document.hash FROM strand JOIN document"
        " ON document.till = strand.till AND document.strand = strand.parent"
        " AND document.epoch = after_epoch AND document.seq = after_seq WHERE strand.id = ?",
        (number,),
    ).fetchone()
    return Point(*row) if row else None


def _fault(till: Id, before: Point | None, row: tuple[Any, ...]) -> str | None:
    *point, prev_hash, content, salt, part, kind, _ = row
    if prev_hash != (before.hash if before else "0" * 64):
        return "it does not follow the one before it"
    if kind is None:
        return None  # it was stored as it came, and an alarm says so
    private = Private(salt, part) if part is not None else None
    return read(Entry(Point(*point), prev_hash, content, private), till, before).fault


def _sums(db: Database) -> Iterator[str]:
    total = db.execute("SELECT coalesce(sum(cents), 0) FROM balance").fetchone()[0]
    if total:
        yield f"the balances add up to {total} instead of nothing"
    clearing = db.execute("SELECT cents FROM balance WHERE account = 'clearing'").fetchone()
    waiting = db.execute("SELECT 1 FROM document WHERE position IS NULL LIMIT 1").fetchone()
    if clearing is not None and clearing[0] and waiting is None:
        yield f"purchases are torn: clearing stands at {clearing[0]}"


def _projections(db: Database) -> Iterator[str]:
    second = in_memory()
    for statement in statements(script()):
        second.execute(statement)
    try:
        _follow_all(second, db)
    except (Damaged, *MISFITS) as error:
        yield f"what was projected cannot be projected again: {error}"
        return
    for table in TABLES:
        if _rows(db, table) != _rows(second, table):
            yield f"{table} does not follow from the documents: rebuild mends it"


def _follow_all(into: Database, db: Database) -> None:
    """Project all documents that have a position, in their order."""
    after = 0
    while True:
        rows = db.execute(_DOCUMENTS, (after, _BATCH)).fetchall()
        if not rows:
            return
        follower = Follower(into, db)
        for position, *row in rows:
            each: Arrived = arrived(position, *row)
            follower.follow(each)
            # What a till sold before it was told has no private part here.
            follower.in_vain.clear()
        follower.write()
        after = rows[-1][0]


def _rows(db: Database, table: str) -> list[tuple[Any, ...]]:
    query = f"SELECT * FROM {table}"  # noqa: S608 - own names
    return sorted(map(tuple, db.execute(query).fetchall()), key=repr)
