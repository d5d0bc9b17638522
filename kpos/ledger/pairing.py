"""With which WaWi a till is paired, and up to where that holds its journal."""

from __future__ import annotations

import json
import sqlite3

from kpos.domain.exchange import Point
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.ledger.reading import position_of


@dataclass(frozen=True, slots=True)
class Pairing:
    """`acked` is the last document that the WaWi is known to hold."""

    url: str
    token: str
    branch: str
    fingerprint: str | None = None
    acked: Point | None = None

    def __repr__(self) -> str:
        return f"Pairing({self.url!r}, …, {self.branch!r}, {self.acked!r})"


def read_pairing(db: sqlite3.Connection) -> Pairing | None:
    """The pairing of a journal of today's tables; None if there is none.

    Raises:
        Damaged: if it is not as it was written.
    """
    row = sealed.one(db, "pairing", "one", 1)
    if row is None or row[1] is None:
        return None
    _one, url, token, branch, fingerprint, acked, _fed = row
    point = Point(*json.loads(acked)) if acked is not None else None
    return Pairing(url, token, branch, fingerprint, point)


def write_pairing(db: Database, pairing: Pairing | None, *, is_fed: bool) -> None:
    """Put a pairing in place, or none, as part of the journal's open transaction.

    `is_fed` says whether master data ever came from a WaWi: that outlives a pairing.
    """
    if pairing is None:
        sealed.put(db, "pairing", 1, None, None, None, None, None, int(is_fed))
        return
    acked = pairing.acked
    point = None if acked is None else json.dumps([acked.epoch, acked.seq, acked.hash])
    words = (pairing.url, pairing.token, pairing.branch, pairing.fingerprint)
    sealed.put(db, "pairing", 1, *words, point, int(is_fed))


def unsent(db: sqlite3.Connection) -> int:
    """How many documents the WaWi is not known to hold."""
    pairing = read_pairing(db)
    acked = position_of(pairing.acked.ref) if pairing is not None and pairing.acked else 0
    found = db.execute("SELECT count(*) FROM document WHERE position > ?", (acked,))
    count: int = found.fetchone()[0]
    return count


def next_prefix(prefix: str) -> str:
    """K1 -> K1A -> K1B … K1Z -> K1ZA: the prefix of the epoch after this one's."""
    last = prefix[-1]
    if not ("A" <= last <= "Z") or len(prefix) == 1:
        return f"{prefix}A"
    return f"{prefix}A" if last == "Z" else f"{prefix[:-1]}{chr(ord(last) + 1)}"


def later_prefix(prefix: str, epochs: int) -> str:
    """The prefix of so many epochs after this one's: each epoch that is begun takes one."""
    for _ in range(epochs):
        prefix = next_prefix(prefix)
    return prefix
