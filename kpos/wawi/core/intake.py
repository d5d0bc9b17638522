"""Documents come in: stored as they are, if they follow what is held, and projected right away.

What follows is judged by hashes alone, on every way in. A push begins after a document that is
held, wherever that stands; what is held already is passed over; the first new document must follow
one that has none after it, or the till must say that it goes on beside what is here.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain.document import Ref
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass, replace
from kpos.ledger.database import Database
from kpos.sync.backend import Unlinked
from kpos.sync.wire import BATCH_MAX, Ack, Entry, Point, Push, Tail, prev_of
from kpos.wawi.core import holds
from kpos.wawi.core.alarms import raise_alarm
from kpos.wawi.core.applying import OWN, PAIRED, Moved
from kpos.wawi.core.entries import read
from kpos.wawi.core.feed import lock
from kpos.wawi.core.following import New, caught_up, follow
from kpos.wawi.core.office import book_costs
from kpos.wawi.core.pins import take_pins
from kpos.wawi.core.schema import new_strand
from kpos.wawi.core.strands import (
    Strand,
    entries_after,
    held,
    is_taken,
    kind_at,
    move_tip,
    strand,
    strand_of,
)


@dataclass(frozen=True, slots=True)
class _Intake:
    """Taking documents of one till in. Up to `joined` it was its own master."""

    db: Database
    till: Id
    now: Instant
    joined: tuple[int, int]
    is_stopped: bool


def push(db: Database, till: Id, pushed: Push, now: Instant) -> Ack:
    """Take documents of a till in.

    Raises:
        Unlinked: if they do not follow what is held; nothing was taken in.
    """
    lock(db)
    row = db.execute(
        "SELECT joined_epoch, joined_seq, stopped FROM till WHERE id = ?", (till,)
    ).fetchone()
    intake = _Intake(db, till, now, (row[0], row[1]), row[2] is not None)
    on, after, entries = _unheld(db, till, pushed)
    if entries:
        on = _linked(intake, on, after, pushed.fork)
        moved = _take_in(intake, on, after, entries)
        take_pins(db, till, entries, pushed.pins or (), now)
        book_costs(db, moved, now)
        on = strand(db, on.id)
    elif pushed.head is not None and _is_behind(pushed.head, on.tip):
        raise Unlinked(on.tip)
    # Who sells is heard of by that; its queue is empty when all it has is held.
    db.execute(
        "UPDATE till SET strand = ?, seen_ms = ?, queue = CASE WHEN ? = 1 THEN 0 ELSE queue END"
        " WHERE id = ?",
        (on.id, now.ms, int(on.tip == pushed.head), till),
    )
    holds.pushed(db, till, pushed.head)
    caught_up(db, till, on.applied, now)
    return Ack(on.tip, on.applied)


def tail(db: Database, till: Id, after: Point | None, limit: int = BATCH_MAX) -> Tail:
    """A till's own documents after one of them, on the strand on which that stands.

    No part of them ends between a sale, or what takes it back, and its debit: a till that is cut
    off then has both or neither. `limit` is 2 or more.

    Raises:
        Unlinked: if it is not held.
    """
    on = strand_of(db, till)
    ref = Ref(0, 0)
    if after is not None:
        found = held(db, till, after)
        if found is None:
            raise Unlinked(on.tip)
        ref = after.ref
        if not _leads_to(db, on, found.strand, ref):
            on = strand(db, found.strand)
    entries = entries_after(db, on.id, ref, limit + 1)
    if len(entries) <= limit:
        return Tail(tuple(entries), is_last=True)
    whole = limit - 1 if kind_at(db, till, entries[limit].point) == "debit" else limit
    return Tail(tuple(entries[:whole]), is_last=False)


def common(db: Database, till: Id, points: Sequence[Point]) -> Point | None:
    """The last of these points that is held."""
    return next((point for point in reversed(points) if held(db, till, point)), None)


def _unheld(db: Database, till: Id, pushed: Push) -> tuple[Strand, Point | None, list[Entry]]:
    """Where the entries begin that are not here yet, and these; all are chained by their hashes."""
    on = strand_of(db, till)
    after, number = pushed.after, None
    if after is not None:
        found = held(db, till, after)
        if found is None:
            raise Unlinked(on.tip)
        number = found.strand
    entries = list(pushed.entries)
    while entries and entries[0].prev_hash == prev_of(after):
        found = held(db, till, entries[0].point)
        if found is None:
            break
        after, number = entries.pop(0).point, found.strand
    before = after
    for entry in entries:
        if entry.prev_hash != prev_of(before):
            raise Unlinked(on.tip)
        before = entry.point
    return (on if number is None or number == on.id else strand(db, number)), after, entries


def _linked(intake: _Intake, on: Strand, after: Point | None, fork: Point | None) -> Strand:
    """The strand that goes on after a document: its own if that is the last one, else a new one."""
    db = intake.db
    if after == on.tip:
        return on
    if after is None or fork != after:
        raise Unlinked(strand_of(db, on.till).tip)
    number = new_strand(db, on.till, on.id, (after.epoch, after.seq, after.hash))
    db.execute(
        "UPDATE document SET fork = 1 WHERE till = ? AND strand = ?"
        " AND (epoch > ? OR epoch = ? AND seq > ?)",
        (on.till, on.id, after.epoch, after.epoch, after.seq),
    )
    where = f"it went on beside documents after {after.ref}"
    raise_alarm(db, "fork", on.till, where, intake.now)
    return strand(db, number)


def _take_in(intake: _Intake, on: Strand, before: Point | None, entries: Sequence[Entry]) -> Moved:
    taken = []
    for entry in entries:
        taken.append(_new(intake, on, before, entry))
        before = entry.point
    assert before is not None, "there are entries"
    move_tip(intake.db, on.id, before)
    return follow(intake.db, on, taken, intake.now, is_stopped=intake.is_stopped)


def _new(intake: _Intake, on: Strand, before: Point | None, entry: Entry) -> New:
    db, till = intake.db, intake.till
    found = read(entry, till, before)
    if found.fault is not None and found.document is not None:
        where = f"document {entry.point.ref}: {found.fault}"
        raise_alarm(db, "private", till, where, intake.now)
        entry = replace(entry, private=None)
    is_own = (entry.point.epoch, entry.point.seq) <= intake.joined
    is_fork = on.parent is not None and is_taken(db, till, entry.point.ref)
    return New(entry, found, OWN if is_own else PAIRED, is_fork)


def _is_behind(head: Point, tip: Point | None) -> bool:
    """Whether a till's journal ends before what is held of it: it was restored."""
    return tip is not None and (head.epoch, head.seq) < (tip.epoch, tip.seq)


def _leads_to(db: Database, on: Strand, number: int, ref: Ref) -> bool:
    """Whether a document on the strand `number` is one of those before the end of `on`."""
    limit: tuple[int, int] | None = None
    while on.id != number:
        if on.parent is None:
            return False
        limit = (on.after.epoch, on.after.seq)
        on = strand(db, on.parent)
    return limit is None or (ref.epoch, ref.seq) <= limit
