"""Who switched their history off, and which tills may still name them for not having heard of it.

A till hears only how things are. Where a history is on again by the time that it asks, it would
never hear that it was off, and go on naming whoever bought before. So each till is told that it is
off until it has taken that over, and forgotten; whatever it sends until then names them no more.
So is a till where one was switched on that stays off here: by the time that it asks, it may be on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.sync.wire import Point
from kpos.wawi.core import told
from kpos.wawi.core.feed import everybody, touch


def is_pending(db: Database, till: str, wallet: str) -> bool:
    """Whether a till may not have heard yet that a history was switched off."""
    query = "SELECT 1 FROM silence WHERE till = ? AND wallet = ?"
    return db.execute(query, (till, wallet)).fetchone() is not None


def heed(
    db: Database, said: Mapping[str, bool], in_vain: Iterable[str], author: Id, rev: int
) -> None:
    """Rows of members were projected, of which the feed tells by revision `rev`.

    `said`: by wallet, whether a history went off by that. Their author does not listen to the feed
    about what it has said itself until that is projected: if it is waited for, it is told again.
    `in_vain`: wallets whose history it switched on, and that keep none here.
    """
    db.executemany(
        "INSERT INTO silence VALUES (?, ?, ?, NULL, NULL) ON CONFLICT DO NOTHING",
        [(wallet, author, rev) for wallet in in_vain],
    )
    for wallet, went_off in said.items():
        db.execute(
            "UPDATE silence SET told_rev = ?, until_epoch = NULL, until_seq = NULL"
            " WHERE wallet = ? AND till = ?",
            (rev, wallet, author),
        )
        if went_off:
            db.execute("DELETE FROM silence WHERE wallet = ? AND till <> ?", (wallet, author))
            db.execute(
                "INSERT INTO silence SELECT ?, id, ?, NULL, NULL FROM till"
                " WHERE branch IS NOT NULL AND id <> ?",
                (wallet, rev, author),
            )


def projected(db: Database, till: Id, applied: Point | None, now: Instant) -> None:
    """A till's documents are projected up to here: of whom it has forgotten, it hears the truth."""
    changed = []
    for wallet in told.ready(db, "silence", till, applied):
        db.execute("DELETE FROM silence WHERE wallet = ? AND till = ?", (wallet, till))
        member = sealed.one(db, "member", "wallet", wallet)
        if member is not None and member[7]:
            changed.append(everybody("member", member[0]))
    touch(db, changed, now)
