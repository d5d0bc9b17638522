"""Whether a document that came is one: its hash, its place, its sums."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kpos.domain.document import INTEGER_MAX, Document, Json, digest, private_digest, read_content
from kpos.domain.ids import Id
from kpos.domain.values import dataclass
from kpos.sync.wire import Entry, Point


@dataclass(frozen=True, slots=True)
class Read:
    """What an entry is. Without a document it cannot be read, and `fault` says why.

    `private` is None where there is none, and where it does not belong to the document; then
    `fault` says so, though the document is good.
    """

    document: Document | None
    private: Mapping[str, Json] | None = None
    fault: str | None = None


def read(entry: Entry, till: Id, before: Point | None) -> Read:
    """An entry of a till that follows the document at `before`."""
    try:
        document = _document(entry, till, before)
    except (ValueError, TypeError, AttributeError, OverflowError) as fault:
        return Read(None, fault=str(fault) or type(fault).__name__)
    if entry.private is None:
        return Read(document)
    if private_digest(entry.private.salt, entry.private.part) != document.private_digest:
        return Read(document, fault="its private part is not the one that it was booked with")
    try:
        private = json.loads(entry.private.part)
    except (ValueError, RecursionError):
        return Read(None, fault="its private part cannot be read")
    if not isinstance(private, dict):
        return Read(None, fault="its private part is none")
    return Read(document, private)


def _document(entry: Entry, till: Id, before: Point | None) -> Document:
    if digest(entry.content) != entry.point.hash:
        raise ValueError("its hash is not that of its content")  # noqa: EM101 - for the alarm
    document = read_content(entry.content, entry.point.hash)
    if document.till != till:
        raise ValueError("it is another till's")
    if (document.ref, document.prev_hash) != (entry.point.ref, entry.prev_hash):
        raise ValueError("it says that it stands elsewhere")  # noqa: EM101
    if not _follows(entry.point, before):
        raise ValueError("a document before it is missing")
    if not isinstance(document.body, dict):
        raise TypeError("it has no body")
    _check_sums(document)
    return document


def _follows(point: Point, before: Point | None) -> bool:
    if before is None:
        return point.seq == 1
    if point.epoch == before.epoch:
        return point.seq == before.seq + 1
    return point.epoch > before.epoch and point.seq == 1


def _check_sums(document: Document) -> None:
    """Whole numbers that add up, and no account twice, as of every document that was booked."""
    accounts: dict[str, int] = {}
    total = costs = 0
    for posting in document.postings:
        _check_amount(posting.cents)
        accounts[posting.account] = posting.cents
        total += posting.cents
    if total or len(accounts) != len(document.postings):
        raise ValueError("its postings do not add up")
    for movement in document.movements:
        _check_amount(movement.quantity)
        if movement.cost_cents:
            _check_amount(movement.cost_cents)
            costs += movement.cost_cents
    if accounts.get("inventory", 0) != costs:
        raise ValueError("its movements do not add up")


def _check_amount(amount: int) -> None:
    if type(amount) is not int or not amount or not -INTEGER_MAX <= amount <= INTEGER_MAX:
        raise TypeError("an amount of it is none")
