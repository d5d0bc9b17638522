"""Who changed what at the server, each row with the hash of the one before it."""

from __future__ import annotations

from collections.abc import Iterator

from kpos.domain.document import FIRST_PREV_HASH, Json, canonical, digest
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.ledger.database import Database


@dataclass(frozen=True, slots=True)
class Event:
    """A change; `was` and `became` are JSON, None where there was or is nothing. No names."""

    id: int
    at: str
    who: str
    what: str
    was: str | None
    became: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """What is changed, from what to what: values that JSON knows, and no names of people."""

    what: str
    was: Json = None
    became: Json = None


def note(db: Database, who: str, changed: Changed, now: Instant) -> None:
    """Write a change down."""
    row = db.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    last, prev_hash = row or (0, FIRST_PREV_HASH)
    values = [last + 1, str(now), who, changed.what, _text(changed.was), _text(changed.became)]
    own_hash = digest(canonical([*values, prev_hash]))
    db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*values, prev_hash, own_hash))


def events(db: Database, limit: int) -> list[Event]:
    """The last changes, the newest first."""
    query = "SELECT id, at, who, what, was, became FROM audit ORDER BY id DESC LIMIT ?"
    return [Event(*row) for row in db.execute(query, (limit,)).fetchall()]


def faults(db: Database) -> Iterator[str]:
    """What does not hold together."""
    prev_hash = FIRST_PREV_HASH
    for number, (*values, before, own_hash) in enumerate(
        db.execute("SELECT * FROM audit ORDER BY id"), start=1
    ):
        is_whole = digest(canonical([*values, before])) == own_hash
        if values[0] != number or before != prev_hash or not is_whole:
            yield f"audit row {values[0]} is not as it was written"
        prev_hash = own_hash


def _text(value: Json) -> str | None:
    return None if value is None else canonical(value)
