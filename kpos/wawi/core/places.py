"""Where the documents of all tills stand, and which ones they name.

A name in a body is one of the author's own journal: of its strand, or of what that shares with
its parent. The office's costings say whose document they mean, and which by its hash where the
till has several at that place and it is not the one that came first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpos.domain.document import Document, FarRef, Json, read_content
from kpos.ledger.database import Database

_AT = (
    "SELECT position, hash, strand, content FROM document"
    " WHERE till = ? AND epoch = ? AND seq = ? AND position IS NOT NULL ORDER BY position"
)


class HousePlaces:
    """Places as the table of documents has them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recent: dict[str, int] = {}
        # What was asked for: one that is named is asked for several times, and nobody who has
        # these stores documents meanwhile.
        self._known: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        self._read: dict[str, Document] = {}

    def remember(self, document: Document, position: int) -> None:
        """One that is projected now is asked for several times."""
        self._recent[document.hash] = position

    def position(self, document: Document) -> int:
        """Where a document stands."""
        recent = self._recent.get(document.hash)
        if recent is not None:
            return recent
        row = self._db.execute(
            "SELECT position FROM document WHERE till = ? AND epoch = ? AND seq = ? AND hash = ?",
            (document.till, document.epoch, document.seq, document.hash),
        ).fetchone()
        position: int = row[0]
        return position

    def position_named(self, by: Document, name: Mapping[str, Json]) -> int:
        """Where the document stands that `by` names."""
        row = self._named(by, name)
        assert row is not None, "what a document names is here"
        position: int = row[0]
        return position

    def named(self, by: Document, name: Mapping[str, Json]) -> Document | None:
        """The document that `by` names, or None."""
        row = self._named(by, name)
        if row is None:
            return None
        document = self._read.get(row[1])
        if document is None:
            document = self._read[row[1]] = read_content(row[3], row[1])
        return document

    def name_of(self, position: int) -> FarRef:
        """Whose document it is and where it stands there."""
        till, epoch, seq, own_hash = self._db.execute(
            "SELECT till, epoch, seq, hash FROM document WHERE position = ?", (position,)
        ).fetchone()
        first = self._at(till, epoch, seq)[0]
        return FarRef(till, epoch, seq, own_hash if first[0] != position else None)

    def _at(self, *place: Json) -> list[tuple[Any, ...]]:
        if place not in self._known:
            rows = self._db.execute(_AT, place).fetchall()
            if not rows:
                return []
            self._known[place] = rows
        return self._known[place]

    def _named(self, by: Document, name: Mapping[str, Json]) -> tuple[Any, ...] | None:
        far = "till" in name
        till = name["till"] if far else by.till
        rows = self._at(till, name["epoch"], name["seq"])
        if len(rows) < 2:
            return tuple(rows[0]) if rows else None
        if far:
            exact = [row for row in rows if row[1] == name["hash"]]
            return tuple((exact or rows)[0])
        return self._on_strand(by, rows)

    def _on_strand(self, by: Document, rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
        """That on the strand of `by`, or on the nearest of its parents."""
        number: int | None = self._db.execute(
            "SELECT strand FROM document WHERE till = ? AND epoch = ? AND seq = ? AND hash = ?",
            (by.till, by.epoch, by.seq, by.hash),
        ).fetchone()[0]
        by_strand = {row[2]: row for row in rows}
        while number not in by_strand:
            parent = self._db.execute("SELECT parent FROM strand WHERE id = ?", (number,))
            number = parent.fetchone()[0]
        return tuple(by_strand[number])
