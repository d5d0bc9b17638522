"""Reading journal.db: places, identity, head, documents; through any connection to it.

The daemon reads through its own connection, the commands that only look through one of theirs.
Whatever is not as it was written is `Damaged`; SQLite's own errors are the caller's to translate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from kpos.domain.document import (
    FIRST_PREV_HASH,
    Document,
    Json,
    Ref,
    digest,
    read_content,
)
from kpos.domain.ids import Id, is_id
from kpos.domain.instant import EARLIEST, Instant
from kpos.domain.values import dataclass
from kpos.ledger.database import Database
from kpos.ledger.errors import Damaged

_SEQ_BITS = 32
_SEQ_MASK = (1 << _SEQ_BITS) - 1
# So many documents are checked at every start: more than the last evening of most clubs, a few
# milliseconds. `kpos verify` checks all.
_TAIL = 50
_DIGITS_MAX = 16
LAST = (1 << 63) - 1
_CASH = "cash:"
_BATCH = 500
_BEFORE_THE_FIRST = Ref(1, 0)


def position_of(ref: Ref | Document) -> int:
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

    def seq_in(self, epoch: int) -> int:
        """How many documents an epoch has: a new one has none before its first booking."""
        return self.ref.seq if self.ref.epoch == epoch else 0

    @property
    def position(self) -> int:
        """The head's primary key; of an empty journal the one before the first."""
        return position_of(self.ref)


def read_identity(db: Database) -> Identity | None:
    """The identity row, or None before `kpos init`."""
    row = db.execute("SELECT till, place, prefix, cash_prefix, epoch FROM identity").fetchone()
    return Identity(*row) if row else None


def read_till(db: Database) -> tuple[Identity | None, Head]:
    """Who the till is, and its head; no identity and no document before `kpos init`.

    The identity is outside the chain: what was booked under one must not go on under another
    because a bit fell over.

    Raises:
        Damaged: if the last documents do not hold together, or are another till's.
    """
    identity, tail = read_identity(db), _tail(db)
    for document in tail:
        if identity is None or not _is_of(identity, document):
            raise Damaged("J-11", f"document {document.ref}")
    return identity, _head(db, tail)


def is_cut_off(identity: Identity, head: Head, followed: int) -> bool:
    """Whether the journal once went on to the position `followed`, in the epoch that still is.

    What is projected was on the disk before; only a restore may go back, and begins an epoch.
    """
    return ref_of(followed).epoch == identity.epoch and followed > head.position


def read_head(db: Database) -> Head:
    """The head, with the last `_TAIL` documents checked against their hashes.

    Raises:
        Damaged: if the chain does not hold there.
    """
    return _head(db, _tail(db))


def _is_of(identity: Identity, document: Document) -> bool:
    """Whether a document is this till's, by all that it says of it."""
    if document.till != identity.till or document.epoch > identity.epoch:
        return False
    if document.receipt_number is not None:
        # A new epoch begins under a new prefix, or numbers would be given twice.
        same_prefix = document.receipt_number.rpartition("-")[0] == identity.prefix
        if same_prefix != (document.epoch == identity.epoch):
            return False
    elsewhere = any(one.place != identity.place for one in document.movements)
    if document.kind == "sale" and elsewhere and document.epoch == identity.epoch:
        return False  # a till that came to another branch began an epoch there
    if document.kind in {"top_up", "payout", "cash_count", "cash_move"}:
        cash = {one.account for one in document.postings if one.account.startswith(_CASH)}
        return cash <= _cash_accounts(identity, document)
    return True


def _cash_accounts(identity: Identity, document: Document) -> set[str]:
    """The cash accounts that a document of this till may touch.

    Its own two, and what its author holds; where cash changes hands, what other members hold.
    """
    accounts = {identity.cash_account, f"{identity.cash_account}-reader"}
    holders = {(document.author or "").removeprefix("member:")}
    if document.kind in {"cash_count", "cash_move"}:
        holders |= {one.account.removeprefix(_CASH) for one in document.postings}
    return accounts | {f"{_CASH}{holder}" for holder in holders if is_id(holder)}


def _tail(db: Database) -> list[Document]:
    """The last documents, the newest first, each checked against its hash and its successor."""
    rows = db.execute(
        "SELECT position, content, hash FROM document ORDER BY position DESC LIMIT ?", (_TAIL,)
    )
    documents: list[Document] = []
    for row in rows.fetchall():
        document = checked_document(*row)
        if documents and documents[-1].prev_hash != document.hash:
            raise Damaged("J-03", f"document {documents[-1].ref}")
        documents.append(document)
    return documents


def _head(db: Database, tail: list[Document]) -> Head:
    if not tail:
        return Head()
    last = tail[0]
    numbers = db.execute(
        "SELECT max(number) FROM document WHERE position >> 32 = ? AND number IS NOT NULL",
        (last.epoch,),
    )
    trusted = next((Instant.parse(each.at) for each in tail if each.clock == "ok"), None)
    return Head(
        ref=last.ref,
        hash=last.hash,
        at=Instant.parse(last.at),
        number=numbers.fetchone()[0] or 0,
        trusted_at=trusted or _trusted_at(db),
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
            raise Damaged("J-03", f"document {ref}")
    except (ValueError, TypeError, AttributeError) as error:
        raise Damaged("J-07", f"document {ref}") from error
    if document.ref != ref:
        raise Damaged("J-04", f"document {ref} says {document.ref}")
    return document


def read_document(db: Database, ref: Ref) -> Document | None:
    """One document, or None."""
    position = position_of(ref)
    row = db.execute(
        "SELECT content, hash FROM document WHERE position = ?", (position,)
    ).fetchone()
    return _read(position, *row) if row else None


def read_documents(
    db: Database,
    after: int,
    *,
    last: int = LAST,
    kind: str | None = None,
    mention: str = "",
) -> Iterator[Document]:
    """Documents after a position: all, of one kind, or whose content has a text (`mention`).

    They are read in batches, so that no read transaction stays open. SQLite finds a text a good
    deal faster than a document is read.
    """
    rows = [(after, "", "")]
    while rows:
        rows = db.execute(
            "SELECT position, content, hash FROM document WHERE position > ?1 AND position <= ?2"
            " AND (?3 IS NULL OR kind = ?3) AND instr(content, ?4) > 0 ORDER BY position LIMIT ?5",
            (rows[-1][0], last, kind, mention, _BATCH),
        ).fetchall()
        for row in rows:
            yield _read(*row)


def _read(position: int, content: str, claimed: str) -> Document:
    try:
        return read_content(content, claimed)
    except ValueError as error:
        ref = ref_of(position)
        raise Damaged("J-07", f"document {ref}") from error


def read_private(db: Database, position: int) -> dict[str, Json] | None:
    """The private part stored for a position."""
    row = db.execute("SELECT part FROM private WHERE position = ?", (position,)).fetchone()
    if row is None:
        return None
    part: dict[str, Json] = json.loads(row[0])
    return part


def find_receipt(db: Database, receipt: str) -> Document | None:
    """The document with this receipt number, in any epoch; the newest if prefixes recur."""
    digits = receipt.rpartition("-")[2]
    if not (digits.isascii() and digits.isdigit() and len(digits) < _DIGITS_MAX):
        return None
    found = find_number(db, int(digits))
    return next((document for document in found if document.receipt_number == receipt), None)


def find_number(db: Database, number: int) -> Iterator[Document]:
    """The documents with a receipt number, whatever its prefix; the newest first."""
    head = db.execute("SELECT max(position) FROM document").fetchone()[0] or 0
    for epoch in range(head >> _SEQ_BITS, 0, -1):
        row = db.execute(
            "SELECT content, hash FROM document"
            " WHERE position >> 32 = ? AND number = ? AND number IS NOT NULL",
            (epoch, number),
        ).fetchone()
        if row is not None:
            yield read_content(*row)


def _trusted_at(db: Database) -> Instant:
    """The time of the last document whose clock was believed, however far back."""
    rows = db.execute("SELECT position, content, hash FROM document ORDER BY position DESC")
    documents = (_read(*row) for row in rows)
    believed = (document.at for document in documents if document.clock == "ok")
    at = next(believed, None)
    return EARLIEST if at is None else Instant.parse(at)
