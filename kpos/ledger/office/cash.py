"""Cash and the closing at the command line.

A cash box is named ``till``, ``reader``, or by the member who holds it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain import orders
from kpos.domain.cashing import Pieces, Purpose, member_cash
from kpos.domain.document import Json
from kpos.domain.money import Money
from kpos.domain.refusal import refuse
from kpos.ledger import cash
from kpos.ledger.booking import book
from kpos.ledger.office import find
from kpos.ledger.seam import Books

_BANK = "bank"


def cash_move(
    books: Books,
    author: str,
    *,
    purpose: Purpose,
    cents: int | None = None,
    box: str | None = None,
    other: str | None = None,
    tax_key: str | None = None,
    tax_cents: int = 0,
    note: str | None = None,
) -> dict[str, Json]:
    """Move cash; without an amount, all that is collected or handed over."""
    if purpose in ("pay_in", "pay_out") and not (note or "").strip():
        raise refuse("invalid", "a pay-in or pay-out needs a reason: --reason")
    account = None if purpose == "settle" and box == _BANK else _account(books, box)
    far = _far_end(books, purpose, other)
    if cents is None:
        source = {"collect": far, "handover": account}.get(purpose)
        if source is None:
            raise refuse("amount", "say how much: --amount")
        cents = cash.expected(books, source).cents
    order = orders.CashMove(
        purpose, Money(cents), account, far, tax_key, Money(tax_cents), note, author
    )
    return {"receipt_number": book(books, order).receipt_number}


def cash_count(
    books: Books,
    author: str,
    *,
    pieces: Sequence[tuple[int, int]] = (),
    cents: int = 0,
    box: str | None = None,
    note: str | None = None,
) -> dict[str, Json]:
    """Count a cash box, by (value in cents, pieces) or as a sum."""
    counted = tuple(Pieces(value, number) for value, number in pieces)
    order = orders.CashCount(counted, Money(cents), _account(books, box), None, note, author)
    booked = book(books, order)
    [document] = booked.documents
    return {
        "receipt_number": booked.receipt_number,
        "expected_cents": document.body["expected_cents"],
        "counted_cents": document.body["counted_cents"],
    }


def closing(books: Books, author: str) -> dict[str, Json]:
    """Book the closing of everything since the last one."""
    booked = book(books, orders.Close(author))
    [document] = booked.documents
    return {
        "receipt_number": booked.receipt_number,
        "z_number": document.body["z_number"],
    }


def _account(books: Books, box: str | None) -> str:
    """The cash account of a box by its name; that of the till if none is named."""
    till = books.identity.cash_account
    if box in (None, "till"):
        return till
    if box == "reader":
        return f"{till}-reader"
    assert box is not None
    return member_cash(find.member(books.current(), box).id)


def _far_end(books: Books, purpose: Purpose, other: str | None) -> str | None:
    if purpose in ("collect", "handover"):
        return _account(books, other or ("reader" if purpose == "collect" else None))
    if purpose == "settle" and other is not None:
        return f"payable:{find.supplier(books.current(), other).id}"
    return other
