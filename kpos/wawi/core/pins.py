"""PINs of all tills: what was set at one of them is told to the others."""

from __future__ import annotations

from collections.abc import Iterable

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.sync.wire import Entry, SetPin
from kpos.wawi.core.feed import everybody, touch

_MS = 1000


def take_pins(
    db: Database, till: Id, entries: Iterable[Entry], pins: Iterable[SetPin], now: Instant
) -> None:
    """Take PINs over that new documents of a till say were set there.

    Only with the document, so each once; and only what was set by somebody who knew what is in
    force here: who was offline for weeks undoes neither what the office nor what another till did.
    """
    said = [each.content for each in entries if '"entity":"pin"' in each.content]
    for pin in pins:
        named = f'"id":"{pin.subject}"'
        if any(named in content for content in said) and _may_be_set(db, till, pin):
            found = pin.verifier
            values = (found.salt, found.key, found.n, found.r, found.p) if found else (None,) * 5
            sealed.put(db, "pin", pin.subject, *values, 0)
            next_version(db, pin.subject, till, now)
            touch(db, [everybody("pin", pin.subject)], now)


def drop(db: Database, subjects: Iterable[str]) -> None:
    """Let nobody know somebody's PIN any more; tills are told by whoever calls."""
    for subject in subjects:
        sealed.put(db, "pin", subject, None, None, None, None, None, 0)


def _may_be_set(db: Database, till: Id, pin: SetPin) -> bool:
    member = sealed.one(db, "member", "id", pin.subject)
    if member is not None and not member[1]:
        return False  # erased
    row = db.execute(
        "SELECT version, till FROM pin_version WHERE subject = ?", (pin.subject,)
    ).fetchone()
    if row is None or row[1] == till:
        return True
    held = sealed.one(db, "pin", "subject", pin.subject)
    is_there = held is not None and held[2] is not None
    return pin.replaces >= row[0] if is_there else pin.replaces == 0


def next_version(db: Database, subject: str, till: Id | None, now: Instant) -> None:
    """Count a PIN that is set now: later ones win, also those of a server that was restored."""
    query = "SELECT version FROM pin_version WHERE subject = ?"
    row = db.execute(query, (subject,)).fetchone()
    version = max((row[0] if row else 0) + 1, now.ms // _MS)
    db.execute("REPLACE INTO pin_version VALUES (?, ?, ?)", (subject, version, till))
