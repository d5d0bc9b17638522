"""journal.db: the documents, one after the other, and what is kept beside them.

A booking is one transaction with one fdatasync: `with journal.transaction(reading) as booking`
appends documents and whatever must stand or fall with them. What the rest of the till believes
about the head changes only after the commit has returned.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from kpos.domain.document import (
    SALT_BYTES,
    UNNUMBERED,
    Document,
    Draft,
    Json,
    Place,
    Ref,
    canonical,
    fault_of,
    plain,
    private_digest,
    receipt_number,
    seal,
)
from kpos.domain.ids import Id
from kpos.domain.instant import Instant, Reading
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.ledger.errors import Damaged, LedgerError, sqlite_errors, translate
from kpos.ledger.files import Folder, connect
from kpos.ledger.reading import (
    Head,
    Identity,
    find_number,
    find_receipt,
    position_of,
    read_document,
    read_documents,
    read_private,
    read_till,
    ref_of,
)
from kpos.ledger.schema import prepare_journal

if TYPE_CHECKING:
    from kpos.ledger.pairing import Pairing

__all__ = ["Booking", "Head", "Identity", "Journal", "position_of", "ref_of"]


class Journal:
    """The one read-write connection to journal.db."""

    def __init__(self, folder: Folder) -> None:
        """Open and, where needed, migrate; the last documents are checked.

        Raises:
            LedgerError: of the kind that fits.
        """
        self.path = str(folder.journal)
        self.db = connect(folder.journal, code="J-01", synchronous="FULL")
        self._broken: LedgerError | None = None
        self.head = Head()
        self.identity: Identity | None = None
        # With whom the till is paired, and whether master data ever came from there.
        self.pairing: Pairing | None = None
        self.is_fed = False
        try:
            with sqlite_errors("J-01", self.path):
                prepare_journal(self.db)
            self.reload()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; SQLite checkpoints the WAL."""
        self.db.close()

    def reload(self) -> None:
        """Read identity and head from the file; they and the tail of the chain are checked."""
        with sqlite_errors("J-01", self.path):
            self.identity, self.head = read_till(self.db)
            row = self.db.execute("SELECT token IS NOT NULL, fed FROM identity").fetchone()
            is_paired, self.is_fed = map(bool, row or (0, 0))
            self.pairing = None
            if is_paired:
                # A till of its own need not know how.
                from kpos.ledger.pairing import read_pairing

                self.pairing = read_pairing(self.db)

    @contextmanager
    def transaction(self, reading: Reading | None = None) -> Iterator[Booking]:
        """One transaction; `reading` is needed where documents are appended.

        Raises:
            DiskFull: nothing was written, the same may be tried again.
            LedgerError: the disk failed; nothing more is written by this process, because what
                a failed fsync left behind is only known after the file was opened anew.
        """
        if self._broken is not None:
            raise self._broken
        booking, identity = Booking(self, reading), self.identity
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield booking
            self.db.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back(identity)
            failure = translate(error, "J-09", self.path)
            if isinstance(failure, Damaged):
                self._broken = failure
            raise failure from error
        except BaseException:
            self._roll_back(identity)
            raise
        self.head = booking.head

    @contextmanager
    def unsynced(self) -> Iterator[Booking]:
        """A transaction without documents that survives this process, but not a power cut.

        It waits for no disk; the next one that does brings it along.

        Raises:
            LedgerError: as `transaction`.
        """
        self.db.execute("PRAGMA synchronous=NORMAL")
        try:
            with self.transaction() as booking:
                yield booking
        finally:
            self.db.execute("PRAGMA synchronous=FULL")

    def _roll_back(self, identity: Identity | None) -> None:
        self.identity = identity
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def store(self, written: Written) -> None:
        """Write the next document, as part of the open transaction."""
        position = position_of(written.document.ref)
        self.db.execute(
            "INSERT INTO document (position, number, kind, content, hash) VALUES (?, ?, ?, ?, ?)",
            (
                position,
                written.number,
                written.document.kind,
                written.content,
                written.document.hash,
            ),
        )
        if written.private is not None:
            row = (position, written.private.salt, written.private.part)
            self.db.execute("INSERT INTO private VALUES (?, ?, ?)", row)

    def forget(self, positions: Iterable[int]) -> None:
        """Erase the private parts of documents, as part of the open transaction."""
        rows = [(position,) for position in positions]
        self.db.executemany("DELETE FROM private WHERE position = ?", rows)

    def document(self, ref: Ref) -> Document | None:
        """One document, or None."""
        with sqlite_errors("J-01", self.path):
            return read_document(self.db, ref)

    def documents_after(self, position: int) -> Iterator[Document]:
        """All documents after a position, in order."""
        with sqlite_errors("J-01", self.path):
            yield from read_documents(self.db, position)

    def private_part(self, position: int) -> dict[str, Json] | None:
        """The private part of a document, or None if it has none or it was erased."""
        with sqlite_errors("J-01", self.path):
            return read_private(self.db, position)

    def rows(self, query: str, *values: object) -> list[Any]:
        """The answer to a query on the tables beside the documents.

        Raises:
            LedgerError: if the file does not answer.
        """
        with sqlite_errors("J-01", self.path):
            return self.db.execute(query, values).fetchall()

    def sealed(self, table: str, rest: str, *values: object) -> list[sealed.Row]:
        """Rows of a table with seals.

        Raises:
            Damaged: J-13 for a row that is not as it was written; its reader knows what to do.
            LedgerError: if the file does not answer.
        """
        with sqlite_errors("J-01", self.path):
            return sealed.every(self.db, table, rest, *values)

    def parts_naming(self, member: Id, wallet: Id) -> list[int]:
        """Positions of private parts that name a member or wallet, notes on their money, cards.

        Looked for by wallet in the open, not by member: an author's documents are about others.
        """
        found = self.rows(
            "SELECT position FROM private JOIN document USING (position)"
            " WHERE instr(part, ?1) OR instr(part, ?2) OR instr(content, ?2)",
            member,
            wallet,
        )
        return [position for (position,) in found]

    def find_number(self, number: int) -> Document | None:
        """The newest document with a receipt number, whatever its prefix, or None."""
        with sqlite_errors("J-01", self.path):
            return next(find_number(self.db, number), None)

    def find_receipt(self, number: str) -> Document | None:
        """The document with a receipt number such as ``K1-000042``, or None."""
        with sqlite_errors("J-01", self.path):
            return find_receipt(self.db, number)


@dataclass(frozen=True, slots=True)
class Private:
    """A private part as it is stored: 16 bytes of salt, and canonical JSON."""

    salt: bytes
    part: str


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it is stored; `number` is its receipt number without its prefix."""

    document: Document
    content: str
    number: int | None
    private: Private | None


class Store(Protocol):
    """Where a booking writes: the journal of a till, or the office's of a house."""

    @property
    def db(self) -> Database:
        """Where the tables beside the documents are."""
        ...

    @property
    def head(self) -> Head:
        """The last document."""
        ...

    @property
    def identity(self) -> Identity | None:
        """Who books."""
        ...

    def store(self, written: Written) -> None:
        """Write the next document."""
        ...

    def forget(self, positions: Iterable[int]) -> None:
        """Erase private parts."""
        ...


class Booking:
    """What is written in one transaction of a journal."""

    def __init__(self, journal: Store, reading: Reading | None) -> None:
        self.db: Database = journal.db
        self.head = journal.head
        self.documents: list[Document] = []
        self.privates: list[dict[str, Json] | None] = []
        # What the WaWi held back for this purchase.
        self.held_cents = 0
        self._journal = journal
        self._reading = reading

    @property
    def identity(self) -> Identity:
        """Who books."""
        identity = self._journal.identity
        assert identity is not None, "documents are booked by a till"
        return identity

    def become(self, identity: Identity) -> None:
        """Who books from now on; with whom the till is paired stays."""
        self.db.execute(
            "INSERT INTO identity (one, till, place, prefix, cash_prefix, epoch)"
            " VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET till = excluded.till,"
            " place = excluded.place, prefix = excluded.prefix, cash_prefix = excluded.cash_prefix,"
            " epoch = excluded.epoch",
            (identity.till, identity.place, identity.prefix, identity.cash_prefix, identity.epoch),
        )
        self._journal.identity = identity

    def ref_after(self, documents: int) -> Ref:
        """Where the document after the next `documents` ones will stand."""
        epoch = self.identity.epoch
        seq = self.head.ref.seq if self.head.ref.epoch == epoch else 0
        return Ref(epoch, seq + documents + 1)

    def append(self, draft: Draft) -> Document:
        """Seal a draft as the next document and write it, with its private part."""
        fault = fault_of(draft)
        assert fault is None, f"{draft.kind}: {fault}"
        assert self._reading is not None, "documents need a reading of the clock"
        ref = self.ref_after(0)
        number = self._next_number(ref, draft.kind)
        salt, part, part_digest = self._private_of(draft)
        place = Place(
            till=self.identity.till,
            ref=ref,
            receipt_number=receipt_number(self.identity.prefix, number) if number else None,
            reading=self._reading,
            prev_hash=self.head.hash,
        )
        document, content = seal(draft, place, part_digest)
        private = None if part is None else Private(salt, part)
        self._journal.store(Written(document, content, number, private))
        self._moved_on(document, number, self._reading.at)
        self.documents.append(document)
        self.privates.append(None if part is None else json.loads(part))
        return document

    def forget(self, positions: Iterable[int]) -> None:
        """Erase the private parts of documents; they keep the digests."""
        self._journal.forget(positions)

    def _private_of(self, draft: Draft) -> tuple[bytes, str | None, str | None]:
        if draft.private is None:
            return b"", None, None
        salt, part = os.urandom(SALT_BYTES), canonical(plain(draft.private))
        return salt, part, private_digest(salt, part)

    def _next_number(self, ref: Ref, kind: str) -> int | None:
        if kind in UNNUMBERED:
            return None
        return self.head.number + 1 if self.head.ref.epoch == ref.epoch else 1

    def _moved_on(self, document: Document, number: int | None, at: Instant) -> None:
        same_epoch = self.head.ref.epoch == document.epoch
        self.head = Head(
            ref=document.ref,
            hash=document.hash,
            at=at,
            number=number or (self.head.number if same_epoch else 0),
            trusted_at=at if document.clock == "ok" else self.head.trusted_at,
        )
