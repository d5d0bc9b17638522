"""journal.db: the documents, one after the other, and what is kept beside them.

A booking is one transaction with one fdatasync: `with journal.transaction(reading) as booking`
appends documents and whatever must stand or fall with them. What the rest of the till believes
about the head changes only after the commit has returned.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from kpos.domain.document import (
    FIRST_PREV_HASH,
    SALT_BYTES,
    UNNUMBERED,
    Document,
    Draft,
    Json,
    Place,
    Ref,
    canonical,
    digest,
    fault_of,
    private_digest,
    read_content,
    receipt_number,
    seal,
)
from kpos.domain.ids import Id
from kpos.domain.instant import EARLIEST, Instant, Reading
from kpos.ledger.errors import Damaged, LedgerError, sqlite_errors, translate
from kpos.ledger.files import Folder, connect
from kpos.ledger.schema import prepare_journal

_SEQ_BITS = 32
_SEQ_MASK = (1 << _SEQ_BITS) - 1
# So many documents are checked at every start: more than the last evening of most clubs, a few
# milliseconds. `kpos verify` checks all.
_TAIL = 50
_BEFORE_THE_FIRST = Ref(1, 0)


def position_of(ref: Ref) -> int:
    """The primary key of a document: order and place in one integer."""
    return ref.epoch << _SEQ_BITS | ref.seq


def ref_of(position: int) -> Ref:
    """The inverse of `position_of`."""
    return Ref(position >> _SEQ_BITS, position & _SEQ_MASK)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this till is; `cash_prefix` names its cash account for ever."""

    till: Id
    place: Id
    prefix: str
    cash_prefix: str
    epoch: int

    @property
    def cash_account(self) -> str:
        """The account of the cash box."""
        return f"cash:{self.cash_prefix}"


@dataclass(frozen=True, slots=True)
class Head:
    """The last document, as far as the next one needs it.

    `number` is the last receipt number of `ref.epoch`; `trusted_at` the time of the last
    document whose clock was believed.
    """

    ref: Ref = _BEFORE_THE_FIRST
    hash: str = FIRST_PREV_HASH
    at: Instant = EARLIEST
    number: int = 0
    trusted_at: Instant = EARLIEST

    @property
    def position(self) -> int:
        """The head's primary key; of an empty journal the one before the first."""
        return position_of(self.ref)


class Journal:
    """The one read-write connection to journal.db."""

    def __init__(self, folder: Folder) -> None:
        """Open and, where needed, migrate; the last documents are checked.

        Raises:
            LedgerError: of the kind that fits.
        """
        self.path = str(folder.journal)
        self.db = connect(folder.journal, code="J-01", synchronous="FULL")
        with sqlite_errors("J-01", self.path):
            prepare_journal(self.db)
        self._broken: LedgerError | None = None
        self.head = Head()
        self.identity: Identity | None = None
        self.reload()

    def close(self) -> None:
        """Close the connection; SQLite checkpoints the WAL."""
        self.db.close()

    def reload(self) -> None:
        """Read identity and head from the file and check the tail of the chain."""
        with sqlite_errors("J-01", self.path):
            self.identity = read_identity(self.db)
            self.head = read_head(self.db)

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
        booking = Booking(self, reading)
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield booking
            self.db.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            failure = translate(error, "J-09", self.path)
            if isinstance(failure, Damaged):
                self._broken = failure
            raise failure from error
        except BaseException:
            self._roll_back()
            raise
        self.head = booking.head

    def _roll_back(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def document(self, ref: Ref) -> Document | None:
        """One document, or None."""
        found = list(read_documents(self.db, position_of(ref) - 1, limit=1))
        return found[0] if found and found[0].ref == ref else None

    def documents_after(self, position: int) -> Iterator[Document]:
        """All documents after a position, in order."""
        return read_documents(self.db, position)

    def private_part(self, position: int) -> dict[str, Json] | None:
        """The private part of a document, or None if it has none or it was erased."""
        return read_private(self.db, position)

    def find_receipt(self, number: str) -> Document | None:
        """The document with a receipt number such as ``K1-000042``, or None."""
        return find_receipt(self.db, number)


class Booking:
    """What is written in one transaction of the journal."""

    def __init__(self, journal: Journal, reading: Reading | None) -> None:
        self.db = journal.db
        self.head = journal.head
        self.documents: list[Document] = []
        self.privates: list[dict[str, Json] | None] = []
        self._journal = journal
        self._reading = reading

    @property
    def identity(self) -> Identity:
        """Who books.

        Raises:
            Damaged: if the file does not say.
        """
        identity = self._journal.identity
        if identity is None:
            raise Damaged("J-11", self._journal.path)
        return identity

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
        position = position_of(ref)
        self.db.execute(
            "INSERT INTO document (position, number, kind, content, hash) VALUES (?, ?, ?, ?, ?)",
            (position, number, draft.kind, content, document.hash),
        )
        if part is not None:
            self.db.execute("INSERT INTO private VALUES (?, ?, ?)", (position, salt, part))
        self._moved_on(document, number)
        if not content.isascii():
            # What is projected is what was stored, in NFC, not what was typed.
            document = read_content(content, document.hash)
        self.documents.append(document)
        self.privates.append(None if part is None else json.loads(part))
        return document

    def _private_of(self, draft: Draft) -> tuple[bytes, str | None, str | None]:
        if draft.private is None:
            return b"", None, None
        salt, part = os.urandom(SALT_BYTES), canonical(dict(draft.private))
        return salt, part, private_digest(salt, part)

    def _next_number(self, ref: Ref, kind: str) -> int | None:
        if kind in UNNUMBERED:
            return None
        return self.head.number + 1 if self.head.ref.epoch == ref.epoch else 1

    def _moved_on(self, document: Document, number: int | None) -> None:
        at = Instant.parse(document.at)
        same_epoch = self.head.ref.epoch == document.epoch
        self.head = replace(
            self.head,
            ref=document.ref,
            hash=document.hash,
            at=at,
            number=number or (self.head.number if same_epoch else 0),
            trusted_at=at if document.clock == "ok" else self.head.trusted_at,
        )


def read_identity(db: sqlite3.Connection) -> Identity | None:
    """The identity row, or None before `kpos init`."""
    row = db.execute("SELECT till, place, prefix, cash_prefix, epoch FROM identity").fetchone()
    return Identity(*row) if row else None


def read_head(db: sqlite3.Connection) -> Head:
    """The head, with the last `_TAIL` documents checked against their hashes.

    Raises:
        Damaged: if the chain does not hold there.
    """
    rows = db.execute(
        "SELECT position, number, content, hash FROM document ORDER BY position DESC LIMIT ?",
        (_TAIL,),
    ).fetchall()
    if not rows:
        return Head()
    later = None
    trusted_at = None
    for position, _, content, claimed in rows:
        document = checked_document(position, content, claimed)
        if later is not None and later.prev_hash != claimed:
            raise Damaged("J-03", f"document {later.epoch}/{later.seq}")
        later = document
        if trusted_at is None and document.clock == "ok":
            trusted_at = Instant.parse(document.at)
    position, _, content, claimed = rows[0]
    last = read_content(content, claimed)
    numbers = db.execute(
        "SELECT max(number) FROM document WHERE position >> 32 = ? AND number IS NOT NULL",
        (position >> _SEQ_BITS,),
    )
    return Head(
        ref=last.ref,
        hash=claimed,
        at=Instant.parse(last.at),
        number=numbers.fetchone()[0] or 0,
        trusted_at=trusted_at or _trusted_at(db),
    )


def checked_document(position: int, content: str, claimed: str) -> Document:
    """A stored document whose hash and place were checked.

    Raises:
        Damaged: if its bytes do not give its hash, or it stands in another's place.
    """
    ref = ref_of(position)
    try:
        document = read_content(content, claimed)
        if digest(content) != claimed:
            raise Damaged("J-03", f"document {ref.epoch}/{ref.seq}")
    except (ValueError, TypeError, AttributeError) as error:
        raise Damaged("J-07", f"document {ref.epoch}/{ref.seq}") from error
    if document.ref != ref:
        raise Damaged("J-04", f"document {ref.epoch}/{ref.seq} says {document.ref}")
    return document


def read_documents(
    db: sqlite3.Connection, after: int, limit: int | None = None, batch: int = 500
) -> Iterator[Document]:
    """Documents after a position, read in batches so that no read transaction stays open."""
    left = limit
    while left is None or left > 0:
        count = batch if left is None else min(batch, left)
        rows = db.execute(
            "SELECT position, content, hash FROM document WHERE position > ?"
            " ORDER BY position LIMIT ?",
            (after, count),
        ).fetchall()
        for position, content, claimed in rows:
            try:
                yield read_content(content, claimed)
            except (ValueError, TypeError) as error:
                ref = ref_of(position)
                raise Damaged("J-07", f"document {ref.epoch}/{ref.seq}") from error
            after = position
        if len(rows) < count:
            return
        left = None if left is None else left - count


def read_private(db: sqlite3.Connection, position: int) -> dict[str, Json] | None:
    """The private part stored for a position."""
    row = db.execute("SELECT part FROM private WHERE position = ?", (position,)).fetchone()
    if row is None:
        return None
    part: dict[str, Json] = json.loads(row[0])
    return part


def find_receipt(db: sqlite3.Connection, receipt: str) -> Document | None:
    """The document with this receipt number, in any epoch; the newest if prefixes recur."""
    digits = receipt.rpartition("-")[2]
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        return None
    head = db.execute("SELECT max(position) FROM document").fetchone()[0] or 0
    for epoch in range(head >> _SEQ_BITS, 0, -1):
        row = db.execute(
            "SELECT content, hash FROM document"
            " WHERE position >> 32 = ? AND number = ? AND number IS NOT NULL",
            (epoch, int(digits)),
        ).fetchone()
        document = read_content(*row) if row else None
        if document is not None and document.receipt_number == receipt:
            return document
    return None


def _trusted_at(db: sqlite3.Connection) -> Instant:
    """The time of the last document whose clock was believed, however far back."""
    position = db.execute("SELECT max(position) FROM document").fetchone()[0]
    while position is not None:
        rows = db.execute(
            "SELECT position, content, hash FROM document WHERE position <= ?"
            " ORDER BY position DESC LIMIT 500",
            (position,),
        ).fetchall()
        for row_position, content, claimed in rows:
            document = read_content(content, claimed)
            if document.clock == "ok":
                return Instant.parse(document.at)
            position = row_position - 1
        if not rows:
            break
    return EARLIEST
