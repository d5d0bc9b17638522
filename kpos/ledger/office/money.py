"""Money at the command line: what the trusted person's menu does, for admins."""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain import orders
from kpos.domain.document import Json
from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.orders import Means
from kpos.domain.postings import WALLET
from kpos.domain.refusal import refuse
from kpos.ledger import undo
from kpos.ledger.booking import book
from kpos.ledger.checks import Booked
from kpos.ledger.office import find
from kpos.ledger.seam import Books


def top_up(
    books: Books,
    author: str,
    *,
    cents: int,
    card: str | None = None,
    member: str | None = None,
    means: Means = "cash",
    note: str | None = None,
) -> dict[str, Json]:
    """Credit a wallet."""
    wallet = find.wallet(books.current(), of_card=card, of_member=member)
    return _answer(book(books, orders.TopUp(wallet, Money(cents), means, note, author)))


def payout(
    books: Books,
    author: str,
    *,
    cents: int,
    card: str | None = None,
    member: str | None = None,
    note: str | None = None,
) -> dict[str, Json]:
    """Pay credit out in cash."""
    wallet = find.wallet(books.current(), of_card=card, of_member=member)
    return _answer(book(books, orders.Payout(wallet, Money(cents), note, author)))


def transfer(
    books: Books,
    author: str,
    *,
    cents: int,
    source: dict[str, str],
    target: dict[str, str],
    note: str | None = None,
) -> dict[str, Json]:
    """Move credit; source and target each name a ``card`` or a ``member``."""
    db = books.current()
    from_wallet = find.wallet(db, of_card=source.get("card"), of_member=source.get("member"))
    to_wallet = find.wallet(db, of_card=target.get("card"), of_member=target.get("member"))
    order = orders.Transfer(from_wallet, to_wallet, Money(cents), note, author)
    return _answer(book(books, order))


def reverse(
    books: Books,
    author: str,
    *,
    receipt: str,
    card: str | None = None,
    parts: Sequence[tuple[int, int | None]] = (),
) -> dict[str, Json]:
    """Reverse a document by its receipt number, or (line, quantity) parts of a sale.

    A quantity of None is all that is left of that line.
    """
    document = books.journal.find_receipt(receipt)
    if document is None:
        raise refuse("unknown", f"there is no receipt {receipt[:40]!r}")
    wallet: Id | None = None
    if card is not None:
        wallet = find.card(books.current(), card).wallet
    left = (
        {line.line: line.quantity for line in undo.lines_left(books, document)}
        if parts and document.kind == "sale"
        else {}
    )
    wanted = tuple(
        orders.LinePart(line, left.get(line, 0) if quantity is None else quantity)
        for line, quantity in parts
    )
    return _answer(book(books, orders.Reverse(document.ref, wanted, wallet, author)))


def _answer(booked: Booked) -> dict[str, Json]:
    """The credit is that of the wallet, where one was concerned."""
    postings = (posting for document in booked.documents for posting in document.postings)
    concerned = any(posting.account.startswith(WALLET) for posting in postings)
    credit = booked.credit.cents if concerned else None
    return {"receipt_number": booked.receipt_number, "credit_cents": credit}
