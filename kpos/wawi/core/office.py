"""The office's journal: what somebody books at the server, and what the server does by itself.

One more author beside the tills, with an identity, a prefix (`W`) and a chain of its own. Its
documents are projected in the transaction that books them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from kpos.domain.document import Document, Json, Ref, read_content
from kpos.domain.ids import Id
from kpos.domain.instant import Instant, Reading
from kpos.ledger import sealed
from kpos.ledger.appending import Booking, Written
from kpos.ledger.database import Database
from kpos.ledger.pairing import next_prefix
from kpos.ledger.reading import Head, Identity
from kpos.sync.wire import point_of
from kpos.wawi.core import costing, parts
from kpos.wawi.core.applying import OFFICE, Arrived, Follower, Moved
from kpos.wawi.core.feed import lock
from kpos.wawi.core.following import announce
from kpos.wawi.core.strands import move_applied, move_tip, strand_of
from kpos.wawi.core.transactions import part

# Told of the documents of a booking before they are projected.
Witness: TypeAlias = Callable[[Sequence[Document]], None]


def _nobody(_documents: Sequence[Document]) -> None:
    """Nobody wants to know."""


class OfficeJournal:
    """Documents of the office, and the tables beside them: a `kpos.ledger.seam.Journal`."""

    path = "the database"
    # Nobody leads the office: master data are its own.
    is_fed = False

    def __init__(
        self, db: Database, place: str, witness: Witness = lambda _documents: None
    ) -> None:
        """Of the house in a database; `place` is where goods come and leave that it books."""
        self.db = db
        self._witness = witness
        self._pending: list[Arrived] = []
        # What the last transaction moved.
        self.moved: Moved = set()
        office, epoch = db.execute("SELECT office, epoch FROM house").fetchone()
        prefix, cash_prefix = db.execute(
            "SELECT prefix, cash_prefix FROM till WHERE id = ?", (office,)
        ).fetchone()
        self.identity: Identity | None = Identity(office, Id(place), prefix, cash_prefix, epoch)
        self.reload()

    def reload(self) -> None:
        """Read where the journal ends: costs may have been booked behind what was."""
        assert self.identity is not None, "a house has an office"
        self._strand = strand_of(self.db, self.identity.till)
        self.head = self._head()

    def _head(self) -> Head:
        tip = self._strand.tip
        if tip is None:
            return Head()
        document = self.document(tip.ref)
        assert document is not None, "what was booked is there"
        number, trusted_ms = self.db.execute("SELECT number, trusted_ms FROM house").fetchone()
        at = Instant.parse(document.at)
        return Head(tip.ref, tip.hash, at, number, Instant(trusted_ms))

    @contextmanager
    def transaction(self, reading: Reading | None = None) -> Iterator[Booking]:
        """A part of the caller's transaction; what was booked in it is projected at its end."""
        lock(self.db)
        booking = Booking(self, reading)
        self._pending = []
        with part(self.db):
            yield booking
            if self._pending:
                self._follow(booking.head)
        self.head = booking.head

    def _follow(self, head: Head) -> None:
        documents = [arrived.document for arrived in self._pending]
        self._witness(documents)
        follower = Follower(self.db, self.db)
        for arrived in self._pending:
            follower.follow(arrived)
        follower.write()
        self.moved = follower.moved
        last = documents[-1]
        self.db.execute(
            "UPDATE house SET number = ?, trusted_ms = ?", (head.number, head.trusted_at.ms)
        )
        move_tip(self.db, self._strand.id, point_of(last))
        move_applied(self.db, self._strand.id, point_of(last))
        announce(self.db, follower, self._strand.till, Instant.parse(last.at))

    def store(self, written: Written) -> None:
        """Write the next document."""
        document, kept = written.document, written.private
        query = "UPDATE house SET position = position + 1 RETURNING position"
        position: int = self.db.execute(query).fetchone()[0]
        number = self.db.execute("SELECT coalesce(max(id), 0) + 1 FROM document").fetchone()[0]
        place = (document.till, document.epoch, document.seq, document.hash, document.prev_hash)
        about = (position, document.kind, document.receipt_number, written.content)
        private = (kept.salt, kept.part) if kept else (None, None)
        came_ms = Instant.parse(document.at).ms
        row = (number, *place, self._strand.id, *about, *private, OFFICE, 0, "", came_ms)
        self.db.execute(f"INSERT INTO document VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        named = json.loads(kept.part) if kept else None
        self._pending.append(Arrived(document, named, position, OFFICE))

    def forget(self, positions: Iterable[int]) -> None:
        """Erase private parts, of whomever."""
        parts.forget(self.db, positions)

    # Looking

    def document(self, ref: Ref) -> Document | None:
        """One of the office's documents, or None."""
        row = self.db.execute(
            "SELECT content, hash FROM document"
            " WHERE till = ? AND epoch = ? AND seq = ? AND strand = ?",
            (self._strand.till, ref.epoch, ref.seq, self._strand.id),
        ).fetchone()
        return read_content(*row) if row else None

    def private_part(self, position: int) -> dict[str, Json] | None:
        """The private part of a document, of whomever."""
        query = "SELECT part FROM document WHERE position = ? AND part IS NOT NULL"
        row = self.db.execute(query, (position,)).fetchone()
        found: dict[str, Json] | None = json.loads(row[0]) if row else None
        return found

    def parts_naming(self, member: Id, wallet: Id) -> list[int]:
        """Positions of private parts that name a member or wallet, or are notes on their money."""
        return parts.naming(self.db, member, wallet)

    def find_receipt(self, number: str) -> Document | None:
        """One of the office's documents by its receipt number; tills reverse their own."""
        row = self.db.execute(
            "SELECT content, hash FROM document WHERE receipt = ? AND till = ?",
            (number, self._strand.till),
        ).fetchone()
        return read_content(*row) if row else None

    def rows(self, query: str, *values: object) -> list[Any]:
        """The answer to a query."""
        return self.db.execute(query, values).fetchall()

    def sealed(self, table: str, rest: str, *values: object) -> list[sealed.Row]:
        """Rows of a table with seals."""
        return sealed.every(self.db, table, rest, *values)


def begin_epoch(db: Database) -> str:
    """Let the office's receipts begin anew under another prefix, which is returned.

    After a server was restored: numbers after the backup may have been handed out.
    """
    lock(db)
    office = db.execute("SELECT office FROM house").fetchone()[0]
    row = db.execute("SELECT prefix FROM till WHERE id = ?", (office,)).fetchone()
    prefix = next_prefix(row[0])
    db.execute("UPDATE till SET prefix = ? WHERE id = ?", (prefix, office))
    db.execute("UPDATE house SET epoch = epoch + 1, number = 0")
    return prefix


def book_costs(db: Database, moved: Moved, now: Instant) -> None:
    """Let the office cost what left, or came back, without a lot."""
    by_place: dict[str, dict[Id, bool]] = {}
    for product, place, came_back in sorted(moved):
        by_place.setdefault(place, {})[Id(product)] = came_back
    for place, products in by_place.items():
        drafts = costing.drafts(db, place, products)
        if drafts:
            journal = OfficeJournal(db, place)
            at = max(now, journal.head.trusted_at)
            with journal.transaction(Reading(at, "ok")) as booking:
                for draft in drafts:
                    booking.append(draft)
