"""Privacy: switching a history off, and erasing a member, without touching the books.

A document keeps the salted digest of its private part for ever; the part itself can go. What is
erased here is gone from both files, their WALs and the copy beside them (`secure_delete` wipes
the pages); backups made before are the admin's to destroy.
"""

from __future__ import annotations

from dataclasses import replace

from kpos.domain import orders
from kpos.domain.document import Draft
from kpos.domain.ids import Id
from kpos.domain.refusal import refuse
from kpos.ledger import master, stammdaten
from kpos.ledger.books import Books
from kpos.ledger.checks import Booked
from kpos.ledger.pins import store_verifier


def set_history(books: Books, order: orders.SetHistory) -> Booked:
    """Switch a history; off also deletes the buyer from every purchase booked so far."""
    member = master.member_or_refuse(books, order.member)
    forgotten = [] if order.on else stammdaten.named_purchases(books.current(), member.wallet)
    with books.booking() as booking:
        booking.append(master.member_row(replace(member, history=order.on), order.author))
        booking.db.executemany("DELETE FROM private WHERE position = ?", forgotten)
    if forgotten:
        wipe(books)
    return Booked(tuple(booking.documents), books.credit(member.wallet))


def erase_member(books: Books, identifier: Id, author: str | None) -> Booked:
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
    named = _parts_naming(books, member.id, member.wallet)
    with books.booking() as booking:
        for draft in drafts:
            booking.append(draft)
        booking.db.executemany("DELETE FROM private WHERE position = ?", named)
        booking.db.execute("DELETE FROM undo WHERE wallet = ?", (member.wallet,))
        store_verifier(booking, member.id, None)
    wipe(books)
    return Booked(tuple(booking.documents), credit)


def wipe(books: Books) -> None:
    """Make erasing final: empty both WALs, drop the copy that still has what was erased."""
    for db in (books.journal.db, books.db):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    books.folder.good_copy.unlink(missing_ok=True)


def _nameless_cards(books: Books, wallet: Id, author: str | None) -> list[Draft]:
    return [
        master.card_row(replace(card, code="", member=None, blocked=True), author)
        for card in stammdaten.cards(books.current(), wallet)
    ]


def _parts_naming(books: Books, member: Id, wallet: Id) -> list[tuple[int]]:
    """Private parts that name a member or wallet, and notes on money that was theirs."""
    rows = books.journal.db.execute(
        "SELECT position FROM private WHERE instr(part, ?) OR instr(part, ?)", (member, wallet)
    ).fetchall()
    notes = [(position,) for position in stammdaten.history(books.current(), wallet, limit=-1)]
    return sorted({*rows, *notes})
