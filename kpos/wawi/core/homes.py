"""At which till a wallet is at home, and how that changes while no two tills ever think so.

Whoever loses a right is told first. Only when each of them has taken over the page that says so,
and all that was booked before is projected here, the others are told.
"""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.refusal import refuse
from kpos.ledger import stammdaten
from kpos.ledger.database import Database
from kpos.sync.wire import Point
from kpos.wawi.core import audit, told
from kpos.wawi.core.feed import everybody, lock, touch


def home_of(db: Database, wallet: str) -> str | None:
    """Where a wallet is at home; None where it is free."""
    row = db.execute("SELECT till FROM home WHERE wallet = ?", (wallet,)).fetchone()
    return row[0] if row else None


def home_seen_by(db: Database, till: Id, wallet: str) -> str | None:
    """What a till is told: what will be if it loses by that, else what is.

    It loses whether it is still waited for or not: who knows already, and who came meanwhile, is
    told nothing else until the others know, too.
    """
    home = home_of(db, wallet)
    row = db.execute("SELECT home FROM homing WHERE wallet = ? LIMIT 1", (wallet,)).fetchone()
    loses = row is not None and home in (None, till) and row[0] != till
    return row[0] if loses else home


def is_moving(db: Database, wallet: str) -> bool:
    """Whether the home of a wallet changes once some till knows."""
    row = db.execute("SELECT 1 FROM homing WHERE wallet = ? LIMIT 1", (wallet,))
    return row.fetchone() is not None


def set_home(db: Database, wallet: Id, home: Id | None, now: Instant) -> None:
    """Give a wallet a home, another one, or none, as soon as that is safe."""
    before = home_of(db, wallet)
    db.execute("DELETE FROM homing WHERE wallet = ?", (wallet,))
    losers = active_tills(db) if before is None else [before]
    losers = [till for till in losers if till != home and before != home]
    rev = touch(db, [everybody("balance", wallet)], now)
    if not losers:
        _settle(db, wallet, home)
        return
    db.executemany(
        "INSERT INTO homing VALUES (?, ?, ?, ?, NULL, NULL)",
        [(wallet, till, home, rev) for till in losers],
    )


def move(db: Database, wallet: Id, home: Id | None, who: str, now: Instant) -> None:
    """The same, as somebody at the office wants it.

    Raises:
        Refused: if there is no such wallet, or the till is none that sells: a wallet at home at one
            that is lost or not paired could be spent nowhere.
    """
    lock(db)
    if stammdaten.wallet(db, wallet) is None:
        raise refuse("unknown", f"there is no wallet {wallet}")
    if home is not None and home not in active_tills(db):
        raise refuse("invalid", "only a till that is paired can be a home")
    changed = audit.Changed(f"home {wallet}", {"till": home_of(db, wallet)}, {"till": home})
    audit.note(db, who, changed, now)
    set_home(db, wallet, home, now)


def awaited(db: Database, wallet: Id) -> list[str]:
    """The prefixes of the tills that must know before the home of a wallet changes."""
    rows = db.execute(
        "SELECT prefix FROM homing JOIN till ON till.id = homing.till WHERE wallet = ?"
        " ORDER BY prefix",
        (wallet,),
    )
    return [prefix for (prefix,) in rows.fetchall()]


def settle_new(db: Database, wallets: list[str], maker: Id, now: Instant) -> None:
    """New wallets are at home at the only till of a house, and free in one with several.

    Whoever made one (a guest's card) takes it for its own until it is told otherwise.
    """
    tills = active_tills(db)
    if len(tills) == 1:
        _put(db, wallets, tills[0])
    elif maker in tills:
        _put(db, wallets, maker)
        for wallet in wallets:
            set_home(db, Id(wallet), None, now)


def _put(db: Database, wallets: list[str], home: Id) -> None:
    db.executemany(
        "INSERT INTO home VALUES (?, ?) ON CONFLICT (wallet) DO NOTHING",
        [(wallet, home) for wallet in wallets],
    )


def till_came(db: Database, now: Instant) -> None:
    """With the first till all wallets are at home there, with the second one they become free."""
    tills = active_tills(db)
    if len(tills) == 1:
        _all_at_home(db, now)
    elif len(tills) == 2:
        _free_all(db, now)


def till_went(db: Database, till: Id, now: Instant) -> None:
    """Its homes are free, also those to come; nobody waits for it; a last one is home to all."""
    waiting = db.execute("SELECT wallet FROM homing WHERE till = ?", (till,)).fetchall()
    _known(db, till, [wallet for (wallet,) in waiting], now)
    wallets = db.execute("SELECT wallet FROM home WHERE till = ?", (till,)).fetchall()
    db.execute("DELETE FROM home WHERE till = ?", (till,))
    touch(db, [everybody("balance", wallet) for (wallet,) in wallets], now)
    coming = db.execute("SELECT DISTINCT wallet FROM homing WHERE home = ?", (till,)).fetchall()
    for (wallet,) in coming:
        set_home(db, wallet, None, now)
    if len(active_tills(db)) == 1:
        _all_at_home(db, now)


def _all_at_home(db: Database, now: Instant) -> None:
    """What is free, or soon would be, is at home at the only till from now on."""
    free = db.execute(
        "SELECT id FROM wallet WHERE NOT EXISTS (SELECT 1 FROM home WHERE home.wallet = wallet.id)"
        " UNION SELECT wallet FROM homing"
    ).fetchall()
    db.execute("DELETE FROM homing")
    _put(db, [wallet for (wallet,) in free], active_tills(db)[0])
    touch(db, [everybody("balance", wallet) for (wallet,) in free], now)


def _free_all(db: Database, now: Instant) -> None:
    rows = db.execute(
        "SELECT wallet, till FROM home WHERE NOT EXISTS"
        " (SELECT 1 FROM homing WHERE homing.wallet = home.wallet)"
    ).fetchall()
    rev = touch(db, [everybody("balance", wallet) for wallet, _ in rows], now)
    db.executemany(
        "INSERT INTO homing VALUES (?, ?, NULL, ?, NULL, NULL)",
        [(wallet, till, rev) for wallet, till in rows],
    )


def projected(db: Database, till: Id, applied: Point | None, now: Instant) -> None:
    """A till's documents are projected up to here: homes that waited for that may change."""
    _known(db, till, told.ready(db, "homing", till, applied), now)


def _known(db: Database, till: Id, wallets: list[str], now: Instant) -> None:
    """A till need not be waited for any more; where it was the last one, the home changes."""
    changed = []
    for wallet in wallets:
        query = "DELETE FROM homing WHERE wallet = ? AND till = ? RETURNING home"
        [(home,)] = db.execute(query, (wallet, till)).fetchall()
        others = db.execute("SELECT 1 FROM homing WHERE wallet = ? LIMIT 1", (wallet,))
        if others.fetchone() is None:
            _settle(db, wallet, home)
            changed.append(everybody("balance", wallet))
    touch(db, changed, now)


def active_tills(db: Database) -> list[Id]:
    """Tills that are paired and not lost."""
    rows = db.execute(
        "SELECT id FROM till WHERE token_hash IS NOT NULL AND branch IS NOT NULL ORDER BY id"
    )
    return [Id(till) for (till,) in rows.fetchall()]


def _settle(db: Database, wallet: str, home: str | None) -> None:
    db.execute("DELETE FROM home WHERE wallet = ?", (wallet,))
    if home is not None:
        db.execute("INSERT INTO home VALUES (?, ?)", (wallet, home))
