"""What somebody should look at."""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.ledger.database import Database


@dataclass(frozen=True, slots=True)
class Alarm:
    """What happened; `kind` is a word of its own, `settled_by` who has looked at it."""

    id: int
    at: Instant
    kind: str
    till: Id | None
    detail: str
    settled_by: str | None


def raise_alarm(db: Database, kind: str, till: Id | None, detail: str, now: Instant) -> None:
    """Remember that something happened."""
    number = db.execute("SELECT coalesce(max(id), 0) + 1 FROM alarm").fetchone()[0]
    db.execute(
        "INSERT INTO alarm VALUES (?, ?, ?, ?, ?, NULL)", (number, now.ms, kind, till, detail)
    )


def settle(db: Database, number: int, who: str) -> None:
    """Somebody has looked at it."""
    db.execute("UPDATE alarm SET settled_by = ? WHERE id = ?", (who, number))


def alarms(db: Database, *, everything: bool = False) -> list[Alarm]:
    """Those that nobody has looked at, or all, the newest first."""
    which = "" if everything else "WHERE settled_by IS NULL"
    rows = db.execute(f"SELECT * FROM alarm {which} ORDER BY id DESC")  # noqa: S608 - own words
    return [
        Alarm(number, Instant(at_ms), kind, till, detail, settled_by)
        for number, at_ms, kind, till, detail, settled_by in rows.fetchall()
    ]
