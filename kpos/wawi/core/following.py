"""New documents are stored and projected together; where that fails, the till's wait from there.

All of a batch is tried at once. If one of them cannot be projected, the batch is taken back and
projected one by one, up to the one that cannot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from kpos.domain.document import Document, read_content
from kpos.domain.ids import Id, is_id
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass, replace
from kpos.ledger.database import MISFITS, Database
from kpos.sync.wire import Entry, Point
from kpos.wawi.core import holds, homes, parts, pins, silences
from kpos.wawi.core.alarms import raise_alarm
from kpos.wawi.core.applying import Arrived, Follower, Moved, names_nobody
from kpos.wawi.core.entries import Read
from kpos.wawi.core.feed import everybody, touch
from kpos.wawi.core.flags import Flagger
from kpos.wawi.core.rows import master_row
from kpos.wawi.core.strands import Strand, move_applied
from kpos.wawi.core.transactions import part

MALFORMED = "malformed"
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class New:
    """A document that is not here yet, what it is, and with which rights it came."""

    entry: Entry
    read: Read
    rights: str
    is_fork: bool


def follow(
    db: Database, on: Strand, new: Sequence[New], now: Instant, *, is_stopped: bool
) -> Moved:
    """Store documents and project them, up to the first that cannot be; what goods moved."""
    good = [each.read.document for each in new if each.read.document is not None]
    if not is_stopped and len(good) == len(new):
        try:
            with part(db):
                return _at_once(db, on, new, now)
        except MISFITS:
            pass
    _store(db, on, [_without_nobodies(db, each) for each in new], [None] * len(new), now)
    return set() if is_stopped else follow_waiting(db, on, now)


def follow_waiting(db: Database, on: Strand, now: Instant) -> Moved:
    """Project what is stored of a strand and was not projected; what goods moved.

    The first document that cannot be stops the projection of its till.
    """
    moved: Moved = set()
    for number, waiting in _waiting(db, on.id):
        try:
            if waiting is None:
                raise ValueError("it cannot be read")
            with part(db):
                follower = Follower(db, db)
                db.execute(
                    "UPDATE document SET position = ? WHERE id = ?", (waiting.position, number)
                )
                follower.follow(waiting)
                follower.write()
                announce(db, follower, on.till, now)
                db.execute("UPDATE house SET position = ?", (waiting.position,))
        except MISFITS as error:
            fault = f"document {number}: {str(error) or type(error).__name__}"
            db.execute("UPDATE till SET stopped = ? WHERE id = ?", (fault, on.till))
            db.execute("UPDATE document SET flags = ? WHERE id = ?", (MALFORMED, number))
            raise_alarm(db, "stopped", on.till, fault, now)
            break
        moved |= follower.moved
        document = waiting.document
        move_applied(db, on.id, Point(document.epoch, document.seq, document.hash))
    return moved


def caught_up(db: Database, till: Id, applied: Point | None, now: Instant) -> None:
    """A till's documents are projected up to here: what waited for that may go on."""
    holds.projected(db, till, applied)
    homes.projected(db, till, applied, now)
    silences.projected(db, till, applied, now)


def skip(db: Database, number: int, now: Instant) -> None:
    """Never project the first document of a till that waits: its till hears what counts without it.

    Nobody would find in it whose purchase it was when they want that forgotten: it says so no more.
    """
    row = db.execute(
        "UPDATE document SET rights = ? WHERE id = ? RETURNING content, strand, epoch, seq, hash",
        (SKIPPED, number),
    )
    content, strand, *point = row.fetchone()
    move_applied(db, strand, Point(*point))
    with suppress(*MISFITS):  # of what cannot be read at all nothing is known
        _tell_without(db, read_content(content, ""), now)
    db.execute(
        "UPDATE document SET salt = NULL, part = NULL WHERE id = ? AND instr(part, ?) > 0",
        (number, '"wallet":'),
    )


def _tell_without(db: Database, document: Document, now: Instant) -> None:
    """Let tills be told of what a document is about, as it is without that."""
    follower = Follower(db, db)
    follower.tell(document)
    row = None
    if document.kind == "master_change" and is_id(document.body["id"]):
        entity, identifier = document.body["entity"], document.body["id"]
        row = master_row(db, entity, identifier)
        # What is not known here stays at its till: documents that count may be about it.
        if row is not None:
            follower.touched[everybody(entity, identifier)] = None
    rev = touch(db, follower.touched, now)
    if row is not None and row.entity == "member":
        wallet, is_on = row.fields["wallet"], row.fields["history"]
        silences.heed(db, {wallet: False}, () if is_on else (wallet,), Id(document.till), rev)


def announce(db: Database, follower: Follower, till: Id, now: Instant) -> None:
    """Tell tills and people what documents changed, and let the office cost what left."""
    homes.settle_new(db, follower.wallets, till, now)
    for document, what in follower.lost:
        where = f"{document.body['entity']} {document.body['id']} lost {what}: another has it"
        raise_alarm(db, "clash", till, where, now)
    parts.forget(db, follower.forgotten)
    pins.drop(db, follower.nobodies)
    rev = touch(db, follower.touched, now)
    silences.heed(db, follower.said, follower.in_vain, till, rev)


def _at_once(db: Database, on: Strand, new: Sequence[New], now: Instant) -> Moved:
    row = db.execute("UPDATE house SET position = position + ? RETURNING position", (len(new),))
    first: int = row.fetchone()[0] - len(new) + 1
    positions = range(first, first + len(new))
    _store(db, on, new, positions, now)
    follower = Follower(db, db)
    for each, position in zip(new, positions, strict=True):
        assert each.read.document is not None, "only what can be read is projected at once"
        follower.follow(Arrived(each.read.document, each.read.private, position, each.rights))
    follower.write()
    move_applied(db, on.id, new[-1].entry.point)
    announce(db, follower, on.till, now)
    return follower.moved


def _store(
    db: Database, on: Strand, new: Sequence[New], positions: Iterable[int | None], now: Instant
) -> None:
    first: int = db.execute("SELECT coalesce(max(id), 0) + 1 FROM document").fetchone()[0]
    flagger = Flagger(db, now)
    rows = []
    for number, (each, position) in enumerate(zip(new, positions, strict=True), start=first):
        entry, document = each.entry, each.read.document
        kind = document.kind if document is not None else None
        receipt = document.receipt_number if document is not None else None
        kept = (entry.private.salt, entry.private.part) if entry.private else (None, None)
        place = (entry.point.epoch, entry.point.seq, entry.point.hash, entry.prev_hash)
        about = (on.id, position, kind, receipt, entry.content, *kept, each.rights)
        flags = (int(each.is_fork), _flags(flagger, each), now.ms)
        rows.append((number, on.till, *place, *about, *flags))
    marks = ", ".join("?" * len(rows[0]))
    db.executemany(f"INSERT INTO document VALUES ({marks})", rows)  # noqa: S608 - question marks


def _without_nobodies(db: Database, new: New) -> New:
    """What waits, perhaps for good, names nobody who was erased; who is silent, when it follows."""
    document, private = new.read.document, new.read.private
    if document is None or private is None or not names_nobody(db, document, private):
        return new
    return replace(new, entry=replace(new.entry, private=None))


def _flags(flagger: Flagger, new: New) -> str:
    if new.read.document is None:
        return MALFORMED
    try:
        return flagger.flags(new.read.document)
    except MISFITS:
        return MALFORMED


def _waiting(db: Database, number: int) -> Iterator[tuple[int, Arrived | None]]:
    rows = db.execute(
        "SELECT id, kind, content, hash, part, rights FROM document"
        " WHERE strand = ? AND position IS NULL AND rights <> ? ORDER BY id",
        (number, SKIPPED),
    ).fetchall()
    for identifier, kind, *row in rows:
        position: int = db.execute("SELECT position + 1 FROM house").fetchone()[0]
        yield identifier, None if kind is None else arrived(position, *row)


def arrived(position: int, content: str, claimed: str, private: str | None, rights: str) -> Arrived:
    """A document as it is stored, in its place among all."""
    named = json.loads(private) if private is not None else None
    return Arrived(read_content(content, claimed), named, position, rights)
