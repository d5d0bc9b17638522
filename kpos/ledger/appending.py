"""How documents are appended to a journal: sealed with place, number, time and private part.

A till's journal and the office's of a house are written by the same `Booking`; where its rows go
is the journal's to know.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Protocol

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
from kpos.domain.instant import Instant, Reading
from kpos.domain.values import dataclass
from kpos.ledger.database import Database
from kpos.ledger.reading import Head, Identity


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

    # Who books.
    identity: Identity | None

    @property
    def db(self) -> Database:
        """Where the tables beside the documents are."""
        ...

    @property
    def head(self) -> Head:
        """The last document."""
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
            "REPLACE INTO identity (one, till, place, prefix, cash_prefix, epoch)"
            " VALUES (1, ?, ?, ?, ?, ?)",
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
