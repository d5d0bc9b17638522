"""What is checked before money moves, and the values that bookings come back as."""

from __future__ import annotations

import os
from collections.abc import Iterable

from kpos.domain.document import Document, Draft, Posting
from kpos.domain.ids import Id, make_id
from kpos.domain.instant import Instant
from kpos.domain.member import Holder
from kpos.domain.money import CENTS_MAX, ZERO, Money
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import dataclass, replace
from kpos.ledger import stammdaten
from kpos.ledger.seam import Booking, Books

# As long as the longest name; it stands on one line of a report.
NOTE_LENGTH_MAX = 200


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
    credit = books.credit(wallet) if wallet is not None else ZERO
    with books.booking() as booking:
        booking.append(replace(draft, author=author))
    return booked(booking, wallet, credit)


def booked(booking: Booking, wallet: Id | None, credit: Money) -> Booked:
    """What a booking became; `credit` is that of `wallet` before it.

    Added up rather than looked up: after the commit nothing may fail any more.
    """
    account = f"wallet:{wallet}"
    cents = sum(
        posting.cents
        for document in booking.documents
        for posting in document.postings
        if posting.account == account
    )
    return Booked(tuple(booking.documents), credit - Money(cents))


def check_positive(amount: Money) -> None:
    """Only more than nothing is booked."""
    if amount <= ZERO:
        raise refuse("amount", f"{amount} is no amount to book: it must be more than 0.00")
    check_size(amount)


def check_size(amount: Money) -> None:
    """No document holds more than `CENTS_MAX`, whatever its sign."""
    if abs(amount.cents) > CENTS_MAX:
        raise refuse("amount", f"{amount} is more than {Money(CENTS_MAX)}")


def check_note(note: str | None) -> None:
    """A note is one short line that can be printed."""
    if note is not None and not (note.isprintable() and len(note) <= NOTE_LENGTH_MAX):
        raise refuse("invalid", f"a note is one line of at most {NOTE_LENGTH_MAX} characters")


def check_wallet(books: Books, wallet: Id) -> None:
    """The wallet is there."""
    if stammdaten.wallet(books.current(), wallet) is None:
        raise refuse("unknown", f"there is no wallet {wallet}")


def check_holder(books: Books, holder: Holder) -> None:
    """Neither the card that was shown nor its member was blocked since."""
    db = books.current()
    if holder.card is not None and stammdaten.card_is_blocked(db, holder.card):
        raise refuse("blocked", "this card is blocked")
    member = stammdaten.member(db, holder.member) if holder.member is not None else None
    if member is not None and member.retired:
        raise refuse("blocked", f"{member.name or 'this member'} has left")


def check_credit(books: Books, wallet: Id, amount: Money, held: Money = ZERO) -> Money:
    """The wallet's credit, which suffices for `amount`; of that, a WaWi may hold some back."""
    credit = books.credit(wallet)
    if books.journal.is_fed:
        from kpos.ledger import credit as rule  # a till of its own need not know how
        from kpos.ledger import feed

        standing = feed.standing(books.current(), books.identity.till, wallet)
        limit = Money(books.settings.offline_limit_cents)
        refused = rule.refusal(standing, credit, amount, held, limit)
        if refused is not None:
            raise Refused(refused)
    if credit < amount:
        raise refuse("credit", f"the credit of {credit} does not suffice", amount - credit)
    return credit


def is_shared(books: Books, wallet: Id) -> bool:
    """Whether other tills may debit a wallet too."""
    if not books.journal.is_fed:
        return False
    from kpos.ledger import feed  # a till of its own need not know how

    return feed.standing(books.current(), books.identity.till, wallet).home in {"free", "elsewhere"}


def check_cash(books: Books, postings: Iterable[Posting]) -> None:
    """No cash box goes below zero."""
    for posting in postings:
        if posting.account.startswith("cash:") and posting.cents < 0:
            after = stammdaten.balance(books.current(), posting.account) + Money(posting.cents)
            if after < ZERO:
                raise refuse("cash", f"{posting.account} lacks {-after}: pay in first", -after)
