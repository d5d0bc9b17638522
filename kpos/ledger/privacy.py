"""Privacy: switching a history off, and erasing a member, without touching the books.

A document keeps the salted digest of its private part for ever; the part itself can go. What is
erased here is gone from both files, their WALs and the copy beside them (`secure_delete` wipes
the pages); backups made before are the admin's to destroy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpos.domain import orders
from kpos.domain.document import Draft
from kpos.domain.ids import Id
from kpos.domain.member import Member
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass, replace
from kpos.ledger import conditions, master, sealed, stammdaten
from kpos.ledger.checks import Booked, booked
from kpos.ledger.pins import store_verifier
from kpos.ledger.seam import Booking, Books

if TYPE_CHECKING:
    from kpos.domain.exchange import Change
    from kpos.ledger.journal import Journal


def set_history(books: Books, order: orders.SetHistory) -> Booked:
    """Switch a history."""
    member = master.member_or_refuse(books, order.member)
    return change(books, replace(member, history=order.on), order.author)


def change(books: Books, member: Member, author: str | None) -> Booked:
    """Book a member's row; without a history it deletes the buyer from every purchase so far.

    Whatever else it says: it is what they are shown from now on.
    """
    credit = books.credit(member.wallet)
    forgotten = [] if member.history else stammdaten.named_purchases(books.current(), member.wallet)
    with books.booking() as booking:
        booking.append(master.member_row(member, author))
        booking.forget(forgotten)
    if forgotten:
        books.wipe()
    return booked(booking, member.wallet, credit)


def erase_member(books: Books, identifier: Id, author: str | None) -> None:
    """Delete everything that names a member; amounts stay, under a wallet that is nobody's.

    Raises:
        Refused: while there is credit, which would be lost to its owner.
    """
    member = stammdaten.member(books.current(), identifier)
    if member is None:
        raise refuse("unknown", f"there is no member {identifier}")
    credit = books.credit(member.wallet)
    if credit:
        raise refuse("credit", f"there is credit of {credit}: kpos payout or kpos transfer first")
    nameless = replace(member, name="", number=None, history=False, retired=True)
    drafts = [master.member_row(nameless, author)]
    drafts += _nameless_cards(books, member.wallet, author)
    drafts += _nameless_conditions(books, member.id, author)
    named = books.journal.parts_naming(member.id, member.wallet)
    with books.booking() as booking:
        for draft in drafts:
            booking.append(draft)
        booking.forget(named)
        forget_beside(booking, [(member.id, member.wallet)])
    books.wipe()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Positions of private parts that are to go, and who is nobody any more, with their wallet."""

    positions: list[int]
    nobodies: list[tuple[Id, Id]]


def is_silent(member: Change) -> bool:
    """Whether somebody keeps no history, or is nobody any more, whatever is said of theirs."""
    return not member.fields["history"] or not (member.private or {}).get("name")


def forgotten_elsewhere(books: Books, members: Iterable[Change]) -> Forgotten:
    """What names members whose history the office switched off, or whom it erased.

    Somebody who is not known here may be named all the same: in a journal that came back without
    its stammdaten.db. So may who has no name, but a history: of an older disk or backup.
    """
    db = books.current()
    named = {wallet for wallet, _, _ in sealed.every(db, "history", "WHERE named")}
    gone = Forgotten([], [])
    for each in members:
        wallet = Id(each.fields["wallet"])
        known = stammdaten.member(db, Id(each.id))
        if (each.private or {}).get("name"):
            if wallet in named:
                gone.positions.extend(stammdaten.named_purchases(db, wallet))
        elif known is None or known.name or known.history:
            gone.positions.extend(books.journal.parts_naming(Id(each.id), wallet))
            gone.nobodies.append((Id(each.id), wallet))
    return gone


def forget_as_told(booking: Booking, journal: Journal, row: Change) -> bool:
    """Forget what a member's row that comes back made silent when it was booked; whether any was.

    An older disk names whom the documents after it had forgotten. Called before the row is in the
    journal: it says itself who they are now.
    """
    if not is_silent(row):
        return False
    member, wallet = Id(row.id), Id(row.fields["wallet"])
    is_nobody = not (row.private or {}).get("name")
    if is_nobody:
        named = journal.parts_naming(member, wallet)
        forget_beside(booking, [(member, wallet)])
    else:
        named = journal.purchases_naming(wallet)
    booking.forget(named)
    return is_nobody or bool(named)


def forget_beside(booking: Booking, nobodies: Iterable[tuple[Id, Id]]) -> None:
    """What is kept beside documents of members, with their wallets: what to undo, and a PIN."""
    for member, wallet in nobodies:
        booking.db.execute("DELETE FROM undo WHERE wallet = ?", (wallet,))
        store_verifier(booking, member, None)


def _nameless_cards(books: Books, wallet: Id, author: str | None) -> list[Draft]:
    return [
        master.card_row(replace(card, code="", member=None, blocked=True), author)
        for card in stammdaten.cards(books.current(), wallet)
    ]


def _nameless_conditions(books: Books, member: Id, author: str | None) -> list[Draft]:
    """Whom they name is told nowhere any more, so that they are nobody's and gone."""
    gone = [replace(each, retired=True) for each in conditions.of_member(books.current(), member)]
    return [replace(master.condition_row(each, author), private=None) for each in gone]
