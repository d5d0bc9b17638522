"""Money that is held back for a purchase at one till from all the others."""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.ledger import stammdaten
from kpos.ledger.database import Database
from kpos.sync.wire import Hold, Point
from kpos.wawi.core import homes
from kpos.wawi.core.feed import lock


@dataclass(frozen=True, slots=True)
class Wish:
    """To spend so much of a wallet, asked when the till's journal ended at `head`."""

    wallet: Id
    cents: int
    head: Point | None


def hold(db: Database, till: Id, wish: Wish, now: Instant) -> Hold:
    """Hold an amount for a till, if it is there.

    Nothing of a wallet is granted that is at home elsewhere: there all of it may be spent without
    asking. That it was asked for frees it, so that its owner can buy here the next time.
    """
    lock(db)
    wallet = wish.wallet
    db.execute("DELETE FROM hold WHERE wallet = ? AND till = ?", (wallet, till))
    credit = stammdaten.credit(db, wallet).cents
    told = homes.home_seen_by(db, till, wallet)
    if told not in (None, till):
        if not _is_moving(db, wallet):
            homes.set_home(db, wallet, None, now)
        return Hold(is_granted=False, balance_cents=credit)
    row = db.execute("SELECT coalesce(sum(cents), 0) FROM hold WHERE wallet = ?", (wallet,))
    is_granted = 0 <= wish.cents <= credit - int(row.fetchone()[0])
    if is_granted:
        at = (wish.head.epoch, wish.head.seq) if wish.head else (0, 0)
        values = (wallet, till, wish.cents, *at)
        db.execute("INSERT INTO hold VALUES (?, ?, ?, ?, ?, NULL, NULL)", values)
    return Hold(is_granted, credit)


def pushed(db: Database, till: Id, head: Point | None) -> None:
    """A till's journal went past where it asked: what was bought, if anything, is before `head`."""
    if head is not None:
        db.execute(
            "UPDATE hold SET until_epoch = ?, until_seq = ? WHERE till = ?"
            " AND until_epoch IS NULL AND (head_epoch < ? OR head_epoch = ? AND head_seq < ?)",
            (head.epoch, head.seq, till, head.epoch, head.epoch, head.seq),
        )


def projected(db: Database, till: Id, applied: Point | None) -> None:
    """What a till bought up to here is in the balances, and needs no hold any more."""
    if applied is not None:
        db.execute(
            "DELETE FROM hold WHERE till = ? AND until_epoch IS NOT NULL"
            " AND (until_epoch < ? OR until_epoch = ? AND until_seq <= ?)",
            (till, applied.epoch, applied.epoch, applied.seq),
        )


def drop(db: Database, till: Id) -> None:
    """A till is gone for good."""
    db.execute("DELETE FROM hold WHERE till = ?", (till,))


def _is_moving(db: Database, wallet: Id) -> bool:
    row = db.execute("SELECT 1 FROM homing WHERE wallet = ? LIMIT 1", (wallet,))
    return row.fetchone() is not None
