"""journal.db: the documents, one after the other, and what is kept beside them.

A booking is one transaction with one fdatasync: `with journal.transaction(reading) as booking`
appends documents and whatever must stand or fall with them. What the rest of the till believes
about the head changes only after the commit has returned.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kpos.domain.document import Document, Json, Ref
from kpos.domain.ids import Id
from kpos.domain.instant import Reading
from kpos.ledger import sealed
from kpos.ledger.appending import Booking, Written
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
from kpos.ledger.schema import is_fed, prepare_journal

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
        """Read identity, head and pairing from the file; they and the tail are checked."""
        with sqlite_errors("J-01", self.path):
            self.identity, self.head = read_till(self.db)
            self.pairing, self.is_fed = None, is_fed(self.db)
            if self.db.execute("SELECT 1 FROM pairing").fetchone() is not None:
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

    def purchases_naming(self, wallet: Id) -> list[int]:
        """Positions of sales and reversals whose private part names this wallet."""
        query = "SELECT position FROM private WHERE instr(part, ?)"
        return [position for (position,) in self.rows(query, f'"wallet":"{wallet}"')]

    def find_number(self, number: int) -> Document | None:
        """The newest document with a receipt number, whatever its prefix, or None."""
        with sqlite_errors("J-01", self.path):
            return next(find_number(self.db, number), None)

    def find_receipt(self, number: str) -> Document | None:
        """The document with a receipt number such as ``K1-000042``, or None."""
        with sqlite_errors("J-01", self.path):
            return find_receipt(self.db, number)
