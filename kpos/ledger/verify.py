"""The promises of the books, checked from the first document to the last.

The chain is what finds damage: SQLite's own integrity check saw a third of single flipped bits,
hashes and sums saw most of the rest. So every document is hashed and added up anew, and the
projections are built a second time and compared.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from kpos.domain.document import (
    FIRST_PREV_HASH,
    UNNUMBERED,
    Document,
    Json,
    canonical,
    private_digest,
    receipt_number,
)
from kpos.ledger import sealed
from kpos.ledger.compared import compare, compare_fed
from kpos.ledger.errors import Damaged, sqlite_errors
from kpos.ledger.files import Folder, connect_to_read
from kpos.ledger.places import OneJournal
from kpos.ledger.projection import Projector
from kpos.ledger.reading import (
    checked_document,
    is_cut_off,
    position_of,
    read_document,
    read_documents,
    read_head,
    read_identity,
    read_private,
    ref_of,
)
from kpos.ledger.schema import (
    COUNTS_SINCE,
    PAIRED_SINCE,
    SEALED_SINCE,
    is_fed,
    prepare_stammdaten,
    refuse_newer_journal,
    version_of,
)
from kpos.ledger.stammdaten import applied

_BATCH = 500
# What has seals beside the documents, and since which version.
_BESIDE = {
    "pin": SEALED_SINCE, "undo": SEALED_SINCE, "stocktake": COUNTS_SINCE,
    "pairing": PAIRED_SINCE, "fed_pin": PAIRED_SINCE,
}  # fmt: skip
Progress: TypeAlias = Callable[[int], None]
# What a body of another form than its kind's makes of the projecting code.
_CANNOT_BE_PROJECTED = (
    sqlite3.Error, OverflowError, TypeError, ValueError, LookupError, AttributeError, AssertionError
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to be right."""

    documents: int
    epochs: int
    receipts: int
    private_parts: int
    head: str
    projections_compared: bool


@dataclass(slots=True)
class _Walk:
    """What is carried from one document to the next."""

    position: int = 0
    prev_hash: str = FIRST_PREV_HASH
    till: str | None = None
    numbers: dict[int, int] = field(default_factory=dict)
    z_number: int = 0
    clearing: int = 0
    documents: int = 0
    receipts: int = 0
    privates: int = 0


def verify(folder: Folder, progress: Progress = lambda _done: None) -> Verified:
    """Check everything; reads only, and never for more than a moment in one transaction.

    Raises:
        Damaged: the first thing that is not as it must be.
        LedgerError: if the files cannot be read.
    """
    with closing(connect_to_read(folder.journal, "J-01")) as journal:
        walk = verify_journal(journal, str(folder.journal), progress)
        compared = folder.stammdaten.exists() and _verify_projections(folder, journal)
    return Verified(
        documents=walk.documents,
        epochs=len(walk.numbers),
        receipts=walk.receipts,
        private_parts=walk.privates,
        head=walk.prev_hash,
        projections_compared=compared,
    )


def verify_journal(
    journal: sqlite3.Connection, path: str, progress: Progress = lambda _done: None
) -> _Walk:
    """Check the journal alone.

    Raises:
        Damaged: the first thing that is not as it must be.
    """
    with sqlite_errors("J-01", path):
        refuse_newer_journal(journal)
        _check_pages(journal, "J-01")
        if journal.execute("SELECT 1 FROM identity").fetchone() is None:
            raise Damaged("J-11", path)
        walk = _Walk()
        for row in _rows(journal):
            _check_row(walk, row)
            if walk.documents % _BATCH == 0:
                progress(walk.documents)
        if walk.clearing:
            raise Damaged("J-10", f"the last purchase, at {ref_of(walk.position)}")
        stray = journal.execute(
            "SELECT position FROM private WHERE NOT EXISTS"
            " (SELECT 1 FROM document WHERE document.position = private.position) LIMIT 1"
        ).fetchone()
        if stray is not None:
            raise Damaged("J-08", f"there is no document {ref_of(stray[0])}")
        for table, since in _BESIDE.items():
            if version_of(journal) >= since:
                sealed.every(journal, table, "")
    return walk


def _rows(journal: sqlite3.Connection) -> Iterator[tuple[Json, ...]]:
    """Rows of documents with their private parts, batch by batch, up to the head of now."""
    last = journal.execute("SELECT max(position) FROM document").fetchone()[0] or 0
    rows: list[tuple[Json, ...]] = [(0,)]
    while rows:
        rows = journal.execute(
            "SELECT document.position, number, kind, content, hash, salt, part FROM document"
            " LEFT JOIN private USING (position)"
            " WHERE document.position > ? AND document.position <= ?"
            " ORDER BY document.position LIMIT ?",
            (rows[-1][0], last, _BATCH),
        ).fetchall()
        yield from rows


def _check_row(walk: _Walk, row: tuple[Json, ...]) -> None:
    position, number, kind, content, claimed, salt, part = row
    ref = ref_of(position)
    where = f"document {ref}"
    document = checked_document(position, content, claimed)
    _check_place(walk, document, where)
    if canonical(json.loads(content)) != content or document.kind != kind:
        raise Damaged("J-07", where)
    _check_number(walk, document, number, where)
    _check_sums(walk, document, where)
    if part is not None:
        walk.privates += 1
        if private_digest(salt, part) != document.private_digest:
            raise Damaged("J-08", where)
    walk.position, walk.prev_hash = position, claimed
    walk.documents += 1


def _check_place(walk: _Walk, document: Document, where: str) -> None:
    if document.prev_hash != walk.prev_hash:
        raise Damaged("J-03", where)
    before = ref_of(walk.position)
    follows = document.ref.epoch == before.epoch and document.ref.seq == before.seq + 1
    begins = document.ref.epoch > before.epoch and document.ref.seq == 1
    if not (follows or begins):
        raise Damaged("J-04", f"{where} comes after {before}")
    if walk.till is not None and document.till != walk.till:
        raise Damaged("J-07", f"{where} is another till's")
    walk.till = document.till


def _check_number(walk: _Walk, document: Document, number: int | None, where: str) -> None:
    epoch = document.ref.epoch
    last = walk.numbers.setdefault(epoch, 0)
    if document.kind in UNNUMBERED:
        if number is not None or document.receipt_number is not None:
            raise Damaged("J-05", where)
        return
    prefix = (document.receipt_number or "").rpartition("-")[0]
    if number != last + 1 or document.receipt_number != receipt_number(prefix, number):
        raise Damaged("J-05", where)
    walk.numbers[epoch] = number
    walk.receipts += 1
    if document.kind == "closing":
        if document.body["z_number"] != walk.z_number + 1:
            raise Damaged("J-05", f"{where}: Z {document.body['z_number']}")
        walk.z_number += 1


def _check_sums(walk: _Walk, document: Document, where: str) -> None:
    if sum(posting.cents for posting in document.postings):
        raise Damaged("J-06", f"{where}: postings")
    accounts = {posting.account: posting.cents for posting in document.postings}
    if len(accounts) != len(document.postings) or 0 in accounts.values():
        raise Damaged("J-06", f"{where}: an account twice, or nothing posted")
    costs = sum(movement.cost_cents or 0 for movement in document.movements)
    if accounts.get("inventory", 0) != costs:
        raise Damaged("J-06", f"{where}: inventory is not the sum of the costs")
    # A sale stands against clearing, its debit right behind it brings that back to zero.
    if walk.clearing and document.kind != "debit":
        raise Damaged("J-10", where)
    walk.clearing += accounts.get("clearing", 0)
    if document.kind == "debit" and walk.clearing:
        raise Damaged("J-10", where)


def _verify_projections(folder: Folder, journal: sqlite3.Connection) -> bool:
    """Build the projections a second time, in memory, and compare every row."""
    with (
        sqlite_errors("S-01", str(folder.stammdaten)),
        closing(sqlite3.connect(":memory:", isolation_level=None)) as second,
    ):
        prepare_stammdaten(second)
        position = _compared(folder, journal, second)
        # Where the projections are behind, at least nothing must keep them there.
        _project(second, journal, position, _head(journal))
    return position > 0


def _compared(folder: Folder, journal: sqlite3.Connection, second: sqlite3.Connection) -> int:
    """Up to where what is stored was found to be what follows; 0 if nothing was projected yet."""
    with closing(connect_to_read(folder.stammdaten, "S-01")) as db:
        _check_pages(db, "S-01")
        first = applied(db)
        if first is None:
            return 0
        _project(second, journal, 0, first[0])
        # What the till books meanwhile is few; only that is projected inside a transaction.
        db.execute("BEGIN")
        position, claimed = applied(db) or first
        _project(second, journal, first[0], position)
        identity = read_identity(journal)
        if identity and is_cut_off(identity, read_head(journal), position):
            raise Damaged("J-12", f"up to document {ref_of(position)}")
        document = read_document(journal, ref_of(position))
        if document is None or document.hash != claimed:
            raise Damaged("S-03", f"it follows document {ref_of(position)} of another journal")
        if is_fed(journal):
            assert identity is not None, "verified above"
            compare_fed(db, second, identity.place, partial(read_documents, journal))
        else:
            compare(db, second)
    return position


def _project(
    second: sqlite3.Connection, journal: sqlite3.Connection, after: int, last: int
) -> None:
    projector = Projector(second, OneJournal(partial(read_document, journal)))
    second.execute("BEGIN")
    for document in read_documents(journal, after, last=last):
        try:
            projector.project(document, read_private(journal, position_of(document)))
            projector.write()
        except _CANNOT_BE_PROJECTED as error:
            where = f"document {document.ref}"
            raise Damaged("J-07", f"{where} cannot be projected: {error}") from error
    second.execute("COMMIT")


def _head(journal: sqlite3.Connection) -> int:
    position: int = journal.execute("SELECT max(position) FROM document").fetchone()[0]
    return position


def _check_pages(db: sqlite3.Connection, code: str) -> None:
    answer = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise Damaged(code, str(answer).replace("\n", " "))
