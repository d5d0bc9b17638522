"""Cash orders: who keeps which cash, what is checked before it moves, and the closing.

With the setting `cash_per` at `person`, what a trusted person takes at the till is theirs to
account for: it stands on ``cash:<member>``, which is counted, handed over and collected by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.domain import cashing, orders
from kpos.domain.cashing import CASH, DENOMINATIONS, PIECES_MAX, CashCount, CashMove
from kpos.domain.ids import Id
from kpos.domain.money import ZERO, Money
from kpos.domain.refusal import refuse
from kpos.domain.tax import TAX_KEYS
from kpos.ledger import stammdaten
from kpos.ledger.checks import (
    Booked,
    book_one,
    check_cash,
    check_note,
    check_positive,
    check_size,
)
from kpos.ledger.errors import sqlite_errors
from kpos.ledger.seam import Books

if TYPE_CHECKING:
    from kpos.domain.closing import Closing

_MEMBER = "member:"
_PAYABLE = "payable:"


def box_of(books: Books, author: str | None) -> str:
    """The cash account that what `author` takes goes to, and what they hand out comes from."""
    if books.settings.cash_per == "person" and author is not None and author.startswith(_MEMBER):
        return cashing.member_cash(Id(author.removeprefix(_MEMBER)))
    return books.identity.cash_account


def expected(books: Books, box: str) -> Money:
    """What must be in a cash box."""
    return stammdaten.balance(books.current(), box)


def move(books: Books, order: orders.CashMove) -> Booked:
    """Cash goes in, out, or from one box to another."""
    check_positive(order.amount)
    check_note(order.note)
    from_account, to_account = _ends(books, order)
    if from_account == to_account:
        raise refuse("invalid", f"{from_account}: from and to are the same")
    _check_tax(order)
    moved = CashMove(
        order.purpose, from_account, to_account, order.amount.cents, order.tax_key, order.tax.cents
    )
    draft = cashing.cash_move(moved, order.note)
    check_cash(books, draft.postings)
    return book_one(books, draft, None, order.author)


def count(books: Books, order: orders.CashCount) -> Booked:
    """What is in a cash box; the difference is booked.

    An `expected` that is no longer true is refused: something was booked while it was counted.
    """
    check_note(order.note)
    box = _checked_box(books, order.box or box_of(books, order.author))
    for each in order.pieces:
        if each.cents not in DENOMINATIONS or not 0 <= each.pieces <= PIECES_MAX:
            raise refuse("amount", f"{each.pieces} x {Money(each.cents)}: there is no such cash")
    counted = cashing.value_of(order.pieces) if order.pieces else order.counted
    check_size(counted)
    if counted < ZERO:
        raise refuse("amount", f"{counted} cannot be in a cash box")
    there = expected(books, box)
    if order.expected is not None and order.expected != there:
        raise refuse("changed", f"{box} holds {there} by now: count again")
    draft = cashing.cash_count(CashCount(box, order.pieces, there.cents, counted.cents), order.note)
    return book_one(books, draft, None, order.author)


def figures(books: Books) -> Closing | None:
    """What a closing would freeze now (X); None if nothing was booked since the last one."""
    # Nobody closes on the way to the first picture.
    from kpos.ledger.closings import Names, figures

    with sqlite_errors("J-01", books.journal.path):
        return figures(books.journal.db, Names(books.current()))


def close(books: Books, order: orders.Close) -> Booked:
    """The closing of everything since the last one."""
    from kpos.domain.closing import closing

    summed = figures(books)
    if summed is None:
        raise refuse("amount", "nothing was booked since the last closing")
    return book_one(books, closing(summed), None, order.author)


def _ends(books: Books, order: orders.CashMove) -> tuple[str, str]:
    """From which account to which, all of them known."""
    till_box = books.identity.cash_account
    purpose, other = order.purpose, order.other
    box = order.box or (till_box if purpose == "collect" else box_of(books, order.author))
    if purpose == "settle":
        return _settled(books, order)
    _checked_box(books, box)
    if purpose in ("collect", "handover") and other is not None:
        _checked_box(books, other)
    elif purpose == "float" and other not in (None, "opening", "bank"):
        raise refuse("invalid", f"a float comes from opening or bank, not from {other}")
    return cashing.ends_of(purpose, box, other, till_box)


def _settled(books: Books, order: orders.CashMove) -> tuple[str, str]:
    """A supplier is paid what is owed, by bank or from a cash box."""
    payable = order.other or ""
    owed = -stammdaten.balance(books.current(), payable)
    if not payable.startswith(_PAYABLE) or owed < order.amount:
        raise refuse("amount", f"{payable or 'nobody'} is owed {max(owed, ZERO)}")
    if order.box is None:
        return "bank", payable
    return _checked_box(books, order.box), payable


def _checked_box(books: Books, box: str) -> str:
    """A cash account of this till, or of one of its members.

    Raises:
        Refused: if it is neither.
    """
    own = books.identity.cash_account
    holder = Id(box.removeprefix(CASH))
    if box not in (own, f"{own}-reader") and (
        box == holder or stammdaten.member(books.current(), holder) is None
    ):
        raise refuse("unknown", f"there is no cash box {box[:40]!r}: see kpos cash list")
    return box


def _check_tax(order: orders.CashMove) -> None:
    """Input tax has its key, and is less than what was paid."""
    if not order.tax and order.tax_key is None:
        return
    if order.purpose != "pay_out":
        raise refuse("invalid", "only a pay-out has input tax")
    if order.tax_key not in TAX_KEYS or not ZERO < order.tax < order.amount:
        raise refuse("amount", f"input tax of {order.tax} at key {order.tax_key}: both are needed")
