"""Tills that must have heard of something before it goes on, and have sent what they booked before.

A table of these has a row for each till that is waited for: `told_rev` is the revision of the feed
that tells it. When it has taken that over, what is held of its journal is noted (`until_epoch`,
`until_seq`); once that is projected, it is waited for no longer.
"""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.ledger.database import Database
from kpos.sync.wire import Point
from kpos.wawi.core.feed import Cursor

_TABLES = ("homing", "silence")


def is_awaited(db: Database, till: Id) -> bool:
    """Whether it matters how far a till has read."""
    queries = (
        f"SELECT 1 FROM {table} WHERE till = ? AND until_epoch IS NULL LIMIT 1"  # noqa: S608
        for table in _TABLES
    )
    return any(db.execute(query, (till,)).fetchone() for query in queries)


def taken_over(db: Database, till: Id, cursor: Cursor, held: Point | None) -> None:
    """A till asks for what comes after a cursor: it has taken over what came before.

    It asks only when all it has is held, so what it booked before it was told ends there.
    """
    for table in _TABLES:
        db.execute(
            f"UPDATE {table} SET until_epoch = ?, until_seq = ?"  # noqa: S608 - own names
            " WHERE till = ? AND until_epoch IS NULL AND told_rev <= ?",
            (held.epoch if held else 0, held.seq if held else 0, till, cursor.since),
        )


def ready(db: Database, table: str, till: Id, applied: Point | None) -> list[str]:
    """The wallets about which a till is waited for no longer, as it is projected up to here."""
    epoch, seq = (applied.epoch, applied.seq) if applied else (0, 0)
    rows = db.execute(
        f"SELECT wallet FROM {table} WHERE till = ? AND until_epoch IS NOT NULL"  # noqa: S608
        " AND (until_epoch < ? OR until_epoch = ? AND until_seq <= ?)",
        (till, epoch, epoch, seq),
    )
    return [wallet for (wallet,) in rows.fetchall()]
