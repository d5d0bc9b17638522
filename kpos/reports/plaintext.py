"""The books in plain text: for beancount and for hledger, one transaction per document.

Accounts are those of the books under the five roots that both programs know. Documents without
postings (master data, closings) have nothing to say there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, tzinfo

from kpos.domain.document import Document, Posting
from kpos.domain.instant import Instant
from kpos.domain.money import Money

_CURRENCY = "EUR"
# First part of an account of the books -> its root, and its name there if it has another one.
_ROOTS: dict[str, str] = {
    "cash": "Assets",
    "bank": "Assets",
    "inventory": "Assets",
    "deposit": "Assets",
    "deposit_tax": "Assets",
    "input_tax": "Assets",
    "clearing": "Assets",
    "opening": "Equity",
    "wallet": "Liabilities",
    "payable": "Liabilities",
    "tax": "Liabilities",
    "revenue": "Income",
    "levy": "Income",
    "income": "Income",
    "cost": "Expenses",
    "expense": "Expenses",
    "cash_difference": "Expenses",
    "writeoff": "Expenses",
}
# The books of a newer kpos may know accounts that this one does not: nothing is left out.
_UNKNOWN_ROOT = "Equity:Unknown"
_OTHER = {"income": "Other", "expense": "Other"}
Names = Mapping[str, str]


def account_name(account: str) -> str:
    """``cash:K1`` -> ``Assets:Cash:K1``; valid in beancount and in hledger."""
    first, *rest = account.split(":")
    root = _ROOTS.get(first, _UNKNOWN_ROOT)
    parts = [_OTHER.get(first, first), *rest]
    return ":".join([root, *(_component(part) for part in parts)])


def beancount(
    documents: Callable[[], Iterable[Document]], zone: tzinfo, names: Names
) -> Iterator[str]:
    """Lines of a beancount file; `documents` is read twice, once for the accounts.

    `names` says whose an account is, where that may be told.
    """
    yield 'option "title" "kpos"'
    yield f'option "operating_currency" "{_CURRENCY}"'
    yield ""
    for account, day in _opened(documents(), zone).items():
        yield f"{day} open {account_name(account)} {_CURRENCY}"
        if account in names:
            yield f"  holder: {_quoted(names[account])}"
    for document in documents():
        if document.postings:
            yield ""
            yield from _beancount_transaction(document, _day(document, zone))


def hledger(
    documents: Callable[[], Iterable[Document]], zone: tzinfo, names: Names
) -> Iterator[str]:
    """Lines of an hledger journal; as `beancount`."""
    yield "commodity 1000.00 EUR"
    yield ""
    for account in _opened(documents(), zone):
        holder = f"  ; holder: {_tag(names[account])}" if account in names else ""
        yield f"account {account_name(account)}{holder}"
    for document in documents():
        if document.postings:
            yield ""
            yield from _hledger_transaction(document, _day(document, zone))


def _beancount_transaction(document: Document, day: date) -> Iterator[str]:
    link = f" ^{document.receipt_number}" if document.receipt_number else ""
    yield f"{day} * {_quoted(_narration(document))}{link}"
    for key, value in _facts(document).items():
        yield f"  {key}: {_quoted(value)}"
    for posting in document.postings:
        yield _posting(posting)


def _hledger_transaction(document: Document, day: date) -> Iterator[str]:
    code = f" ({document.receipt_number})" if document.receipt_number else ""
    tags = ", ".join(f"{key}: {_tag(value)}" for key, value in _facts(document).items())
    yield f"{day} *{code} {document.kind}  ; {tags}"
    for posting in document.postings:
        yield _posting(posting)


def _opened(documents: Iterable[Document], zone: tzinfo) -> dict[str, date]:
    """Accounts by name with the first day of their use.

    That is not the day of their first document where a clock was wrong.
    """
    days: dict[str, date] = {}
    for document in documents:
        for posting in document.postings:
            day = _day(document, zone)
            days[posting.account] = min(day, days.get(posting.account, day))
    return dict(sorted(days.items()))


def _narration(document: Document) -> str:
    number = document.receipt_number
    return f"{number} {document.kind}" if number else document.kind


def _facts(document: Document) -> dict[str, str]:
    """What leads from a transaction back to its document."""
    facts = {"kind": document.kind, "document": str(document.ref)}
    if document.receipt_number is not None:
        facts["receipt"] = document.receipt_number
    if document.clock != "ok":
        facts["clock"] = document.clock
    return facts


def _posting(posting: Posting) -> str:
    return f"  {account_name(posting.account)}  {Money(posting.cents)} {_CURRENCY}"


def _day(document: Document, zone: tzinfo) -> date:
    return Instant.parse(document.at).as_datetime().astimezone(zone).date()


def _component(part: str) -> str:
    """A part of an account's name: capital or digit first, then letters, digits and dashes."""
    name = part.replace("_", "-")
    if part[:1].islower():
        name = "-".join(word[:1].upper() + word[1:] for word in name.split("-"))
    return name if name[:1].isalnum() else f"X{name}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _tag(text: str) -> str:
    """A value of hledger's tags ends at a comma."""
    return text.replace(",", " ")
