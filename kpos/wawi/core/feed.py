"""What changed: one row per entity at its last revision, and the cursors of those who read it.

A revision comes from the one row of the house, which every writing transaction locks first, so
that whoever commits later has a later one. Each transaction leaves a random mark beside its last
revision. A cursor carries the mark: a server that was restored does not know the marks that it gave
away since its backup, and sends whoever has one back to the beginning.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, TypeAlias

from kpos.domain.instant import DAY_MS, Instant
from kpos.domain.values import dataclass
from kpos.ledger.database import Database
from kpos.sync.backend import CursorExpired

# Rows of a page: some 60 KiB gzipped.
PAGE_MAX = 1000
# A till that was away for longer takes everything anew.
TOMBSTONE_MS = 90 * DAY_MS
_MARK_BYTES = 6
_EVERYBODY = ""
# Entity, id, and the branch whose tills are told; '' for all.
Key: TypeAlias = tuple[str, str, str]


def lock(db: Database) -> None:
    """Let nobody else write until this transaction ends; the first thing a writer does."""
    db.execute("UPDATE house SET one = 1")


def touch(db: Database, keys: Iterable[Key], now: Instant) -> int:
    """Tell tills of these rows, as they are by now; the revision of the last one."""
    distinct = dict.fromkeys(keys)
    if not distinct:
        rev: int = db.execute("SELECT rev FROM house").fetchone()[0]
        return rev
    row = db.execute("UPDATE house SET rev = rev + ? RETURNING rev", (len(distinct),)).fetchone()
    rev = row[0]
    first = rev - len(distinct) + 1
    db.executemany(
        "INSERT INTO feed VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (entity, id, scope)"
        " DO UPDATE SET rev = excluded.rev, gone = excluded.gone, at_ms = excluded.at_ms",
        [
            (*key, number, int(_is_gone(db, *key[:2])), now.ms)
            for number, key in enumerate(distinct, start=first)
        ],
    )
    _leave_mark(db, rev, now)
    return rev


def everybody(entity: str, identifier: str) -> Key:
    """A row that all tills are told of."""
    return entity, identifier, _EVERYBODY


def purge(db: Database, now: Instant) -> None:
    """Forget tombstones that are too old, and the marks of cursors that would need them.

    For once a day.
    """
    lock(db)
    old = now.ms - TOMBSTONE_MS
    row = db.execute("SELECT max(rev) FROM mark WHERE at_ms < ?", (old,)).fetchone()
    if row[0] is not None:
        db.execute("DELETE FROM feed WHERE gone = 1 AND rev <= ?", row)
        db.execute("DELETE FROM mark WHERE rev < ?", row)


def expire(db: Database, now: Instant) -> None:
    """Make every till begin anew: what they were told may not be what is here."""
    db.execute("DELETE FROM mark")
    _leave_mark(db, db.execute("UPDATE house SET rev = rev + 1 RETURNING rev").fetchone()[0], now)


def _leave_mark(db: Database, rev: int, now: Instant) -> None:
    db.execute("INSERT INTO mark VALUES (?, ?, ?)", (rev, os.urandom(_MARK_BYTES).hex(), now.ms))


_TABLES = {"barcode": "barcode", "condition": "condition", "pin": "pin"}


def _is_gone(db: Database, entity: str, identifier: str) -> bool:
    if entity not in _TABLES:
        return False
    column, more = ("subject", " AND verifier IS NOT NULL") if entity == "pin" else ("id", "")
    query = f"SELECT 1 FROM {_TABLES[entity]} WHERE {column} = ?{more}"  # noqa: S608 - own names
    return db.execute(query, (identifier,)).fetchone() is None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a till has read.

    `since` is how far it had read when it took over the last pages; what it read after that is
    only staged. `floor`: tombstones before it do not concern the till, which began without rows.
    """

    rev: int
    since: int
    floor: int

    @property
    def is_staged(self) -> bool:
        """Whether the till has not taken over all that it read."""
        return self.since != self.rev

    @property
    def is_snapshot(self) -> bool:
        """Whether it began without rows."""
        return self.since == 0


def read_cursor(db: Database, text: str | None) -> Cursor:
    """A cursor as it was given.

    Raises:
        CursorExpired: if it is too old, or not one of ours.
    """
    if text is None:
        return Cursor(0, 0, db.execute("SELECT rev FROM house").fetchone()[0])
    try:
        version, number, mark, *rest = text.split(".")
        since, floor = map(int, rest or (number, number))
        cursor = Cursor(int(number), since, floor)
    except ValueError as error:
        raise CursorExpired(f"{text[:40]!r} is no cursor") from error  # noqa: EM102
    if version != "v1" or mark != _mark(db, cursor.rev):
        raise CursorExpired("begin without a cursor")
    return cursor


def write_cursor(db: Database, cursor: Cursor) -> str:
    """A cursor to give away."""
    text = f"v1.{cursor.rev}.{_mark(db, cursor.rev)}"
    return f"{text}.{cursor.since}.{cursor.floor}" if cursor.is_staged else text


def _mark(db: Database, rev: int) -> str | None:
    """The mark of the transaction that a revision is of; of none at all before the first."""
    if rev == 0:
        return "0"
    found = db.execute("SELECT mark FROM mark WHERE rev >= ? ORDER BY rev LIMIT 1", (rev,))
    row = found.fetchone()
    return row[0] if row else None


def rows_after(db: Database, cursor: Cursor, branch: str, limit: int) -> list[tuple[Any, ...]]:
    """(entity, id, rev) of rows that a till of a branch did not read yet."""
    return db.execute(
        "SELECT entity, id, rev FROM feed WHERE rev > ? AND scope IN ('', ?)"
        " AND (gone = 0 OR rev > ?) ORDER BY rev LIMIT ?",
        (cursor.rev, branch, cursor.floor, limit),
    ).fetchall()
