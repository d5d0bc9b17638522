"""Documents as they are held, strand by strand, and how far each strand is projected."""

from __future__ import annotations

from typing import Any

from kpos.domain.document import Ref
from kpos.domain.ids import Id
from kpos.domain.values import dataclass
from kpos.ledger.database import Database
from kpos.sync.wire import Entry, Point, Private


@dataclass(frozen=True, slots=True)
class Strand:
    """Part of a till's journal that goes on after `after` on the strand `parent`."""

    id: int
    till: Id
    parent: int | None
    after: Ref
    tip: Point | None
    applied: Point | None


@dataclass(frozen=True, slots=True)
class Held:
    """A document that is here: on which strand, and where it was projected."""

    id: int
    strand: int
    position: int | None


def strand(db: Database, number: int) -> Strand:
    """A strand that is there."""
    row = db.execute("SELECT * FROM strand WHERE id = ?", (number,)).fetchone()
    _, till, parent, epoch, seq, *points = row
    return Strand(number, till, parent, Ref(epoch, seq), _point(points[:3]), _point(points[3:]))


def strand_of(db: Database, till: Id) -> Strand:
    """The strand on which a till wrote last."""
    row = db.execute("SELECT strand FROM till WHERE id = ?", (till,)).fetchone()
    return strand(db, row[0])


def _point(row: list[Any]) -> Point | None:
    return Point(*row) if row[0] else None


def held(db: Database, till: Id, point: Point) -> Held | None:
    """The document at a point, if it is here."""
    row = db.execute(
        "SELECT id, strand, position FROM document"
        " WHERE till = ? AND epoch = ? AND seq = ? AND hash = ?",
        (till, point.epoch, point.seq, point.hash),
    ).fetchone()
    return Held(*row) if row else None


def kind_at(db: Database, till: Id, point: Point) -> str | None:
    """The kind of a document that is held; None if it cannot be read."""
    row = db.execute(
        "SELECT kind FROM document WHERE till = ? AND epoch = ? AND seq = ? AND hash = ?",
        (till, point.epoch, point.seq, point.hash),
    ).fetchone()
    kind: str | None = row[0]
    return kind


def is_taken(db: Database, till: Id, ref: Ref) -> bool:
    """Whether any document of a till is at a place."""
    row = db.execute(
        "SELECT 1 FROM document WHERE till = ? AND epoch = ? AND seq = ? LIMIT 1",
        (till, ref.epoch, ref.seq),
    )
    return row.fetchone() is not None


def move_tip(db: Database, number: int, tip: Point) -> None:
    """A strand now ends here."""
    db.execute(
        "UPDATE strand SET epoch = ?, seq = ?, hash = ? WHERE id = ?",
        (tip.epoch, tip.seq, tip.hash, number),
    )


def move_applied(db: Database, number: int, applied: Point) -> None:
    """A strand is projected up to here."""
    db.execute(
        "UPDATE strand SET applied_epoch = ?, applied_seq = ?, applied_hash = ? WHERE id = ?",
        (applied.epoch, applied.seq, applied.hash, number),
    )


def entries_after(db: Database, number: int, after: Ref, limit: int) -> list[Entry]:
    """Documents after a place on a strand, those it shares with its parents first."""
    own = strand(db, number)
    found: list[Entry] = []
    if own.parent is not None and _key(after) < _key(own.after):
        found = [
            each
            for each in entries_after(db, own.parent, after, limit)
            if _key(each.point.ref) <= _key(own.after)
        ]
        after = own.after
    rows = db.execute(
        "SELECT epoch, seq, hash, prev_hash, content, salt, part FROM document"
        " WHERE till = ? AND (epoch > ? OR epoch = ? AND seq > ?) AND strand = ?"
        " ORDER BY epoch, seq LIMIT ?",
        (own.till, after.epoch, after.epoch, after.seq, number, limit - len(found)),
    )
    return [*found, *map(_entry, rows.fetchall())]


def _entry(row: tuple[Any, ...]) -> Entry:
    *point, prev_hash, content, salt, part = row
    private = Private(salt, part) if part is not None else None
    return Entry(Point(*point), prev_hash, content, private)


def _key(ref: Ref) -> tuple[int, int]:
    return ref.epoch, ref.seq
