"""The cash book (Kassenbuch): every entry of one cash account with the balance after it.

Entries are numbered from 1 without gaps for as long as the till exists, whatever part is printed;
a part begins with what was carried forward. Counts are entries too, those without a difference
included. Order is that of the documents; a clock that was wrong does not change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from kpos.domain.document import Document
from kpos.domain.instant import Instant
from kpos.domain.money import Money

COLUMNS = ["number", "date", "receipt", "text", "in_cents", "out_cents", "balance_cents"]
Note = Callable[[Document], str | None]

_TEXTS = {"top_up": "top-up"}
_PURPOSES = {
    "float": "float",
    "skim": "to the bank",
    "pay_in": "pay-in",
    "pay_out": "pay-out",
    "collect": "collected",
    "handover": "handed over",
    "settle": "supplier paid",
}
# Their notes say what for; those of other kinds say it to the member they name.
_NOTED = {"cash_count", "cash_move", "delivery"}


@dataclass(frozen=True)
class Part:
    """Which part of the book: days in `zone`, both included, and where it takes up."""

    zone: tzinfo
    first: date | None = None
    last: date | None = None
    number: int = 0
    balance_cents: int = 0


def cash_book(
    documents: Iterable[Document], account: str, note: Note, part: Part
) -> list[dict[str, Any]]:
    """The entries of a cash account in `documents`, which follow upon `part.number`."""
    return list(_entries(documents, account, note, part))


def _entries(
    documents: Iterable[Document], account: str, note: Note, part: Part
) -> Iterator[dict[str, Any]]:
    number, balance = part.number, part.balance_cents
    begun = part.first is None
    for document in documents:
        cents = sum(each.cents for each in document.postings if each.account == account)
        if not cents and not _is_count(document, account):
            continue
        day = Instant.parse(document.at).as_datetime().astimezone(part.zone).date()
        believed = document.clock == "ok"
        if part.last is not None and believed and day > part.last:
            break
        if not begun and believed and part.first is not None and day >= part.first:
            begun = True
            yield _carried_forward(balance)
        number += 1
        balance += cents
        if begun:
            yield {
                "number": number,
                "date": str(day),
                "receipt": document.receipt_number,
                "text": _text(document, note(document) if document.kind in _NOTED else None),
                "in_cents": cents if cents > 0 else None,
                "out_cents": -cents if cents < 0 else None,
                "balance_cents": balance,
            }
    if not begun:
        yield _carried_forward(balance)


def _carried_forward(balance: int) -> dict[str, Any]:
    row = dict.fromkeys(COLUMNS)
    return {**row, "text": "carried forward", "balance_cents": balance}


def _is_count(document: Document, account: str) -> bool:
    return document.kind == "cash_count" and document.body["account"] == account


def _text(document: Document, note: str | None) -> str:
    body = document.body
    text: str = _TEXTS.get(document.kind, document.kind.replace("_", " "))
    if document.kind == "cash_move":
        text = _PURPOSES.get(body["purpose"], str(body["purpose"]))
    elif document.kind == "cash_count":
        text = f"counted {Money(body['counted_cents'])}"
    elif document.kind == "reversal":
        text = f"reversal of {body['original_receipt']}"
    elif document.kind == "delivery" and body.get("invoice"):
        text = f"delivery {body['invoice']}"
    return f"{text}: {note}" if note else text
