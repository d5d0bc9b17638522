"""What tills and a WaWi hand to each other: documents as they are stored, rows as they are to be.

The values alone; `kpos.sync` says how they travel, the ledger gives and takes them.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.document import FIRST_PREV_HASH, Document, Json, Ref
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """The place of a document and its hash: never the place alone."""

    epoch: int
    seq: int
    hash: str

    @property
    def ref(self) -> Ref:
        """The place."""
        return Ref(self.epoch, self.seq)


@dataclass(frozen=True, slots=True)
class Private:
    """The private part of a document, as it is stored: 16 bytes of salt, and canonical JSON."""

    salt: bytes
    part: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document on its way: its content as it was hashed, and what its author claims of it.

    Claimed, because an entry whose content cannot be read must be kept like any other.
    """

    point: Point
    prev_hash: str
    content: str
    private: Private | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it is from now on; `action` is set, retire, or gone where there is none any more."""

    entity: str
    id: str
    action: str
    fields: Mapping[str, Json]
    private: Mapping[str, Json] | None = None


def point_of(document: Document) -> Point:
    """Where a document stands."""
    return Point(document.epoch, document.seq, document.hash)


def entry_of(document: Document, content: str, private: Private | None) -> Entry:
    """A document as it travels."""
    return Entry(point_of(document), document.prev_hash, content, private)


def prev_of(point: Point | None) -> str:
    """What the document after a point holds as the hash of the one before it."""
    return point.hash if point else FIRST_PREV_HASH
