"""What is checked before money moves, and the values that bookings come back as."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from kpos.domain.document import Document, Draft
from kpos.domain.ids import Id, make_id
from kpos.domain.instant import Instant
from kpos.domain.money import ZERO, Money
from kpos.domain.refusal import refuse
from kpos.ledger import stammdaten
from kpos.ledger.books import Books


@dataclass(frozen=True, slots=True)
class Booked:
    """What an order became: its documents, and what its wallet may spend now.

    `undo_until` is wall time, for the display; None where nothing can be undone by its buyer.
    """

    documents: tuple[Document, ...]
    credit: Money
    undo_until: Instant | None = None

    @property
    def receipt_number(self) -> str | None:
        """The number of the first document that has one."""
        numbers = (document.receipt_number for document in self.documents)
        return next((number for number in numbers if number), None)


def new_id() -> Id:
    """A random id."""
    return make_id(os.urandom(8))


def book_one(books: Books, draft: Draft, wallet: Id | None, author: str | None) -> Booked:
    """Book a single document; the credit is that of `wallet` afterwards."""
    with books.booking() as booking:
        booking.append(replace(draft, author=author))
    credit = books.credit(wallet) if wallet is not None else ZERO
    return Booked(tuple(booking.documents), credit)


def check_positive(amount: Money) -> None:
    """Only more than nothing is booked."""
    if amount <= ZERO:
        raise refuse("amount", f"{amount} is no amount to book: it must be more than 0.00")


def check_wallet(books: Books, wallet: Id) -> None:
    """The wallet is there."""
    if stammdaten.wallet(books.current(), wallet) is None:
        raise refuse("unknown", f"there is no wallet {wallet}")


def check_credit(books: Books, wallet: Id, amount: Money) -> Money:
    """The wallet's credit, which suffices for `amount`."""
    credit = books.credit(wallet)
    if credit < amount:
        raise refuse("credit", f"the credit of {credit} does not suffice", amount - credit)
    return credit


def check_cash(books: Books, draft: Draft) -> None:
    """No cash box goes below zero."""
    for posting in draft.postings:
        if posting.account.startswith("cash:") and posting.cents < 0:
            after = stammdaten.balance(books.current(), posting.account) + Money(posting.cents)
            if after < ZERO:
                raise refuse("cash", f"{posting.account} lacks {-after}: pay in first", -after)
