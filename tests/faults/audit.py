"""What must hold after any fault, checked twice: by an auditor of its own, and by `kpos verify`.

The auditor shares no code with the till. It reads the journal as its format says (sha256 over the
stored text, which names the hash before it) and knows what the till acknowledged.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from kpos.ledger.files import Folder
from kpos.ledger.verify import verify

_FIELDS = (
    "till epoch seq receipt_number kind at clock author body postings movements private_digest"
    " prev_hash"
).split()
# Kind, receipt number and seq: what `booked` says of a document.
Told: TypeAlias = tuple[str, str | None, int]
WITHOUT_NUMBER = {"debit", "costing", "master_change"}


class Lost(AssertionError):
    """A promise of the till that did not hold."""


def insist(*, holds: bool, else_say: str) -> None:
    if not holds:
        raise Lost(else_say)


@dataclass
class Found:
    """What the auditor read."""

    documents: int = 0
    told: list[Told] = field(default_factory=list)
    credit: dict[str, int] = field(default_factory=dict)  # cents by wallet
    attempts: dict[str, int] = field(default_factory=dict)  # wrong PINs by subject


def audit(data: Path, acknowledged: Iterable[Mapping[str, Any]] = ()) -> Found:
    """Read the books from outside, then let the till verify them.

    Args:
        data: the data folder; no till runs on it.
        acknowledged: what `booked` said of each document, as the witnesses remember it.

    Raises:
        Lost: what was acknowledged is not there once, or the books are not right.
        kpos.ledger.errors.Damaged: what `kpos verify` finds.
    """
    found = read_books(data / "journal.db", acknowledged)
    verify(Folder(data))
    return found


def read_books(journal: Path, acknowledged: Iterable[Mapping[str, Any]] = ()) -> Found:
    """The auditor's part, on the journal alone.

    Raises:
        Lost: as `audit` does.
    """
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT content, hash FROM document ORDER BY position").fetchall()
        attempts = dict(db.execute("SELECT subject, attempts FROM pin"))
    documents = _chain(rows)
    _gap_free(documents)
    told = [(each["kind"], each["receipt_number"], each["seq"]) for each in documents]
    _acknowledged(told, acknowledged)
    balances: Counter[str] = Counter()
    for document in documents:
        for account, cents in document["postings"]:
            balances[account] += cents
    insist(holds=balances["clearing"] == 0, else_say=f"half a purchase: {balances}")
    _goods(documents, balances["inventory"])
    credit = {
        account.partition(":")[2]: -cents
        for account, cents in balances.items()
        if account.startswith("wallet:")
    }
    return Found(len(documents), told, credit, attempts)


def _chain(rows: list[tuple[str, str]]) -> list[dict[str, Any]]:
    documents, before = [], "0" * 64
    for content, claimed in rows:
        document = dict(zip(_FIELDS, json.loads(content), strict=True))
        where = f"document {document['epoch']}/{document['seq']}"
        hashed = hashlib.sha256(content.encode()).hexdigest()
        insist(
            holds=(document["prev_hash"], hashed) == (before, claimed),
            else_say=f"the chain breaks at {where}",
        )
        added_up = sum(cents for _, cents in document["postings"])
        insist(holds=added_up == 0, else_say=f"{where} does not add up")
        documents.append(document)
        before = claimed
    return documents


def _goods(documents: list[dict[str, Any]], inventory: int) -> None:
    """No lot is overdrawn, an empty one has no cents left, and all of them are the inventory.

    As it is while every lot has its own cost: nobody changes the flow of costs here.
    """
    left: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for document in documents:
        where = f"document {document['epoch']}/{document['seq']}"
        for _product, _place, lot, quantity, cost, _best_before in document["movements"]:
            if lot is not None:
                left[lot] += quantity
                cents[lot] += cost
                insist(holds=left[lot] >= 0, else_say=f"{where} takes more than its lot has")
                insist(holds=left[lot] > 0 or cents[lot] == 0, else_say=f"{where} leaves cents")
    insist(holds=sum(cents.values()) == inventory, else_say="lots are not the inventory")


def _gap_free(documents: list[dict[str, Any]]) -> None:
    seq: Counter[int] = Counter()
    number: Counter[int] = Counter()
    for document in documents:
        epoch, receipt = document["epoch"], document["receipt_number"]
        seq[epoch] += 1
        insist(holds=document["seq"] == seq[epoch], else_say=f"no document {epoch}/{seq[epoch]}")
        if document["kind"] not in WITHOUT_NUMBER:
            number[epoch] += 1
            given = int(receipt.rpartition("-")[2])
            insist(holds=given == number[epoch], else_say=f"a receipt is missing before {receipt}")


def _acknowledged(documents: list[Told], booked: Iterable[Mapping[str, Any]]) -> None:
    """What was said to be booked is there once, in the words it was said in."""
    there = Counter(documents)
    for each in booked:
        told = (each["kind"], each["receipt_number"], each["seq"])
        insist(
            holds=there[told] == 1, else_say=f"acknowledged, {there[told]} x in the books: {told}"
        )
