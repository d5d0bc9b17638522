"""The journal as it is copied: documents out as they are stored, and back in when they were lost.

Whatever comes in is checked as if a stranger had sent it: its hash, the hash before it, its till,
its place, its number. There is no other way into the journal than this and `Booking.append`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from kpos.domain.document import UNNUMBERED, Document, Ref, private_digest
from kpos.domain.exchange import Change, Entry, Point, Private, prev_of
from kpos.domain.values import replace
from kpos.ledger.errors import Damaged, LedgerError
from kpos.ledger.feed import is_change
from kpos.ledger.pairing import later_prefix
from kpos.ledger.privacy import forget_as_told
from kpos.ledger.reading import checked_document, position_of, ref_of

if TYPE_CHECKING:
    from kpos.ledger.books import Books
    from kpos.ledger.journal import Booking, Journal

# Epoch and how many documents it has, in order.
Epochs: TypeAlias = Sequence[tuple[int, int]]
# What the hash, content, salt and private part of a document are.
_STORED = {(str, str, type(None), type(None)), (str, str, bytes, str)}


class NotOwn(LedgerError):
    """What came back is not how this till's journal goes on: nothing of it was taken."""

    def __init__(self, ref: Ref, why: str) -> None:
        super().__init__(f"document {ref} came back {why}")


def entries_after(journal: Journal, after: Point | None, limit: int) -> tuple[Entry, ...]:
    """The next documents as they are stored, each with its private part while there is one.

    They are not read: the till's thread has sales to book. No batch ends between a sale, or what
    takes it back, and its debit: whoever has one has both, whatever becomes of this disk. `limit`
    is 2 or more.

    Raises:
        Damaged: if one cannot be a document, nor what goes with it a private part.
    """
    position = position_of(after.ref) if after else 0
    rows = journal.rows(
        "SELECT document.position, hash, content, salt, part, kind FROM document"
        " LEFT JOIN private USING (position) WHERE document.position > ?"
        " ORDER BY document.position LIMIT ?",
        position,
        limit + 1,
    )
    is_cut = len(rows) > limit and rows[limit][-1] == "debit"
    entries = []
    prev_hash = prev_of(after)
    for at, own_hash, content, salt, part, _kind in rows[: limit - 1 if is_cut else limit]:
        ref = ref_of(at)
        kinds = tuple(map(type, (own_hash, content, salt, part)))
        if kinds not in _STORED:
            raise Damaged("J-01", f"document {ref}")
        private = Private(salt, part) if salt is not None else None
        point = Point(ref.epoch, ref.seq, own_hash)
        entries.append(Entry(point, prev_hash, content, private))
        prev_hash = own_hash
    return tuple(entries)


def is_own(journal: Journal, point: Point | None) -> bool:
    """Whether a point is in this journal; the one before the first document is in every one."""
    if point is None:
        return True
    document = journal.document(point.ref)
    return document is not None and document.hash == point.hash


def head_of(journal: Journal) -> Point | None:
    """Where the journal ends."""
    head = journal.head
    return Point(head.ref.epoch, head.ref.seq, head.hash) if head.ref.seq else None


def take_tail(books: Books, entries: Sequence[Entry]) -> None:
    """Append documents of this till that were lost here and kept by the WaWi: all, or none.

    They may have begun epochs; whatever they began is gone on with.

    Raises:
        NotOwn: if they are not what follows here.
        LedgerError: if the disk or the files are at fault; nothing was taken.
    """
    is_erasing = append(books.journal, entries)
    books.journal_changed()
    if is_erasing:
        books.wipe()


def append(journal: Journal, entries: Sequence[Entry]) -> bool:
    """The same, in a journal that nothing follows; whether it names somebody no more."""
    with journal.transaction() as booking:
        erased = [_take(booking, journal, entry) for entry in entries]
    journal.reload()
    return any(erased)


def _take(booking: Booking, journal: Journal, entry: Entry) -> bool:
    """Append one document; whether it made anything be forgotten."""
    document = _checked(booking, entry)
    position = position_of(document.ref)
    _, _, digits = (document.receipt_number or "").rpartition("-")
    number = int(digits) if digits.isdigit() else None
    if (number is None) != (document.kind in UNNUMBERED):
        raise NotOwn(document.ref, "without its number")
    is_erasing = is_change(document, "member") and forget_as_told(
        booking, journal, _row(document, entry.private)
    )
    booking.db.execute(
        "INSERT INTO document (position, number, kind, content, hash) VALUES (?, ?, ?, ?, ?)",
        (position, number, document.kind, entry.content, document.hash),
    )
    if entry.private is not None:
        row = (position, entry.private.salt, entry.private.part)
        booking.db.execute("INSERT INTO private VALUES (?, ?, ?)", row)
    booking.head = replace(booking.head, ref=document.ref, hash=document.hash)
    _follow_epoch(booking, document)
    return is_erasing


def _row(document: Document, private: Private | None) -> Change:
    body = document.body
    named = json.loads(private.part) if private else None
    return Change(body["entity"], body["id"], body["action"], body["fields"], named)


def _checked(booking: Booking, entry: Entry) -> Document:
    ref, head = entry.point.ref, booking.head
    try:
        document = checked_document(position_of(ref), entry.content, entry.point.hash)
    except Damaged as damage:
        raise NotOwn(ref, "damaged") from damage
    if document.till != booking.identity.till or document.prev_hash != head.hash:
        raise NotOwn(ref, f"as if it did not follow document {head.ref}")
    follows = ref == Ref(head.ref.epoch, head.ref.seq + 1)
    if not follows and not (ref.epoch > head.ref.epoch and ref.seq == 1):
        raise NotOwn(ref, f"right behind document {head.ref}")
    private = entry.private
    if private and private_digest(private.salt, private.part) != document.private_digest:
        raise NotOwn(ref, "with another's private part")
    return document


def _follow_epoch(booking: Booking, document: Document) -> None:
    """Go on in the epoch that a document began, under the prefix that it says or numbers with.

    One that says none follows from how many epochs there were; the first number tells.
    """
    identity, prefix = booking.identity, _prefix_in(document)
    if document.epoch > identity.epoch:
        epochs = document.epoch - identity.epoch
        named = prefix or later_prefix(identity.prefix, epochs)
        booking.become(replace(identity, epoch=document.epoch, prefix=named))
    elif document.epoch == identity.epoch and prefix and prefix != identity.prefix:
        booking.become(replace(identity, prefix=prefix))


def _prefix_in(document: Document) -> str:
    if is_change(document, "fork") or is_change(document, "pairing"):
        return str(document.body["fields"].get("prefix", ""))
    return (document.receipt_number or "").rpartition("-")[0]


# Looking for the last point that both sides hold


def epochs_of(journal: Journal) -> Epochs:
    """Every epoch that has documents."""
    found: list[tuple[int, int]] = []
    before = 1 << 62
    while True:
        query = "SELECT max(position) FROM document WHERE position < ?"
        position = journal.rows(query, before)[0][0]
        if position is None:
            return found[::-1]
        ref = ref_of(position)
        found.append((ref.epoch, ref.seq))
        before = position_of(Ref(ref.epoch, 0))


def sample(journal: Journal, low: int, high: int, most: int) -> list[Point]:
    """At most so many points of the documents `low` + 1 to `high`, counted over all epochs.

    Evenly apart, the last one always.
    """
    epochs = epochs_of(journal)
    step = -(-(high - low) // most)
    numbers = range(high, low, -step)
    return [_point(journal, ref_at(epochs, number)) for number in reversed(numbers)]


def _point(journal: Journal, ref: Ref) -> Point:
    rows = journal.rows("SELECT hash FROM document WHERE position = ?", position_of(ref))
    return Point(ref.epoch, ref.seq, rows[0][0])


def ref_at(epochs: Epochs, number: int) -> Ref:
    """The place of the n-th document over all epochs, from 1."""
    before = list(accumulate((documents for _, documents in epochs), initial=0))
    at = bisect_left(before, number) - 1
    return Ref(epochs[at][0], number - before[at])


def number_of(epochs: Epochs, ref: Ref) -> int:
    """The inverse of `ref_at`."""
    return ref.seq + sum(documents for epoch, documents in epochs if epoch < ref.epoch)
