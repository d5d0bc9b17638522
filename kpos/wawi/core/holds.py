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


@dataclass(frozen=True, slots=True)
class _Before:
    """What is held for a till, since its journal ended at `at`; `bought` of it was held before."""

    cents: int
    bought: int
    at: tuple[int, ...]
    until: tuple[int, ...] | None


def hold(db: Database, till: Id, wish: Wish, now: Instant) -> Hold:
    """Hold an amount for a till, if it is there.

    Nothing of a wallet is granted that is at home elsewhere: there all of it may be spent without
    asking. That it was asked for frees it, so that its owner can buy here the next time.
    """
    lock(db)
    wallet = wish.wallet
    credit = stammdaten.credit(db, wallet).cents
    told = homes.home_seen_by(db, till, wallet)
    if told not in (None, till):
        if not homes.is_moving(db, wallet):
            homes.set_home(db, wallet, None, now)
        return Hold(is_granted=False, balance_cents=credit)
    before = _held(db, till, wallet)
    at = (wish.head.epoch, wish.head.seq) if wish.head else (0, 0)
    if before is not None and (at < before.at or (before.until is not None and at < before.until)):
        # It asked again since, or went on: this wish was late on its way.
        return Hold(is_granted=False, balance_cents=credit)
    # What it went on from may have been bought, and is not here yet.
    bought = least = 0
    if before is not None:
        # Of two wishes at one point nobody knows which one was the first.
        bought = before.cents if at > before.at else before.bought
        least = before.cents - bought
    others = db.execute(
        "SELECT coalesce(sum(cents), 0) FROM hold WHERE wallet = ? AND till <> ?", (wallet, till)
    ).fetchone()
    is_granted = 0 <= wish.cents <= credit - int(others[0]) - bought
    if is_granted:
        held = (wallet, till, bought + max(wish.cents, least), bought, *at)
        db.execute("DELETE FROM hold WHERE wallet = ? AND till = ?", (wallet, till))
        db.execute("INSERT INTO hold VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)", held)
    return Hold(is_granted, credit)


def _held(db: Database, till: Id, wallet: Id) -> _Before | None:
    row = db.execute(
        "SELECT cents, bought, head_epoch, head_seq, until_epoch, until_seq FROM hold"
        " WHERE wallet = ? AND till = ?",
        (wallet, till),
    ).fetchone()
    if row is None:
        return None
    cents, bought, *at = row
    until = tuple(at[2:]) if at[2] is not None else None
    return _Before(cents, bought, tuple(at[:2]), until)


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
