"""Undoing: reversals, and the short memory of who bought what that they need.

A purchase leaves a link from the sale to its wallet in a table of its own, outside chain and
replication; it is erased when the time to undo is over. After that a reversal needs the card
of whoever gets the credit.
"""

from __future__ import annotations

from kpos.domain import orders, postings, undoing
from kpos.domain.bodies import Line, Reversal, SaleHistory, read_reversal, read_sale
from kpos.domain.document import Document, plain
from kpos.domain.goods import returning
from kpos.domain.ids import Id
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.ledger import goods, sealed, stammdaten
from kpos.ledger.checks import Booked, book_one, booked, check_cash
from kpos.ledger.errors import Damaged
from kpos.ledger.reading import position_of, ref_of
from kpos.ledger.seam import Booking, Books


def link(booking: Booking, sale: Document, wallet: Id, expires_ms: int) -> None:
    """Remember whose purchase it was until `expires_ms` (trusted time)."""
    sealed.put(booking.db, "undo", position_of(sale), wallet, expires_ms, verb="INSERT")


def tidy(books: Books) -> None:
    """Erase links whose time is over; costs no write if there is none. For once a minute.

    Never as part of a booking: it goes through all links, and there may be a week of them.
    """
    now_ms = books.trusted_now().ms
    if books.journal.rows("SELECT 1 FROM undo WHERE expires_ms <= ? LIMIT 1", now_ms):
        with books.journal.transaction() as booking:
            booking.db.execute("DELETE FROM undo WHERE expires_ms <= ?", (now_ms,))


# Reversed whole, with the lots that they made or took from; no buyer's credit changes.
OF_GOODS = frozenset({"delivery", "write_off", "stocktake"})


def reverse(books: Books, order: orders.Reverse) -> Booked:
    """Take back a document, or parts of a sale; over all reversals no more than there was."""
    document = books.journal.document(order.original)
    if document is None or document.kind in undoing.NEVER_REVERSED:
        kind = document.kind if document is not None else "nothing"
        raise refuse("not_reversible", f"a {kind} is never reversed: book it anew")
    if document.kind == "sale":
        return _reverse_sale(books, order, document)
    if order.parts:
        raise refuse("invalid", f"a {document.kind} is reversed whole")
    if stammdaten.reversals_of(books.current(), books.places.position(document)):
        raise refuse("undone", f"{document.receipt_number} is reversed already")
    if document.kind in OF_GOODS:
        return goods.reverse(books, order, document)
    draft = undoing.whole_reversal(document, order.author)
    check_cash(books, draft.postings)
    wallet = document.body.get("wallet") or document.body.get("to_wallet")
    return book_one(books, draft, Id(wallet) if wallet else None, order.author)


def _reverse_sale(books: Books, order: orders.Reverse, document: Document) -> Booked:
    left = lines_left(books, document)
    parts = undoing.parts_of(left, order.parts)
    if not left or parts is None:
        raise refuse("undone", f"{document.receipt_number}: nothing is left to take back")
    wallet = _wallet_of_sale(books, order, document)
    credit = books.credit(wallet)
    history = books.journal.private_part(position_of(document))
    whole = not order.parts and not _reversals(books, document)
    room = goods.room_of(books, document)
    given_back = [
        returning(line.product, room.place, takes)
        for line, takes in zip(parts, goods.returned(books, room, document, parts), strict=True)
    ]
    draft, cents, units = undoing.sale_reversal(document, parts, given_back, whole=whole)
    with books.booking() as booking:
        private = None
        if history is not None and history.get("wallet") == wallet:
            member = history.get("member")
            private = plain(SaleHistory(wallet, member, booking.ref_after(1), {}))
        author = _author_but_the_buyer(books, order, wallet)
        booking.append(replace(draft, author=author, private=private))
        booking.append(postings.debit(wallet, -cents, units))
        goods.cover(booking, room, [line.product for line in parts])
        if set(parts) == set(left):
            booking.db.execute("DELETE FROM undo WHERE position = ?", (position_of(document),))
    return booked(booking, wallet, credit)


def lines_left(books: Books, document: Document) -> tuple[Line, ...]:
    """What reversals have left of a sale."""
    return undoing.remaining(read_sale(document.body), _reversals(books, document))


def _reversals(books: Books, document: Document) -> list[Reversal]:
    positions = stammdaten.reversals_of(books.current(), position_of(document))
    found = (books.journal.document(ref_of(p)) for p in positions)
    return [read_reversal(reversal.body) for reversal in found if reversal is not None]


def _wallet_of_sale(books: Books, order: orders.Reverse, document: Document) -> Id:
    """Who gets the credit: by undo link, by the buyer's history, or by the card presented."""
    linked = known_wallet(books, document)
    if linked is None:
        if order.wallet is None:
            raise refuse(
                "card_needed",
                f"{document.receipt_number}: nobody knows any more whose purchase it was;"
                " say whose card gets the credit with --card",
            )
        return order.wallet
    if order.wallet is not None and order.wallet != linked:
        raise refuse("wrong_holder", f"{document.receipt_number} was bought by somebody else")
    return linked


def known_wallet(books: Books, document: Document) -> Id | None:
    """Whose purchase a sale was: while it can be undone, or for ever with history on."""
    history = books.journal.private_part(position_of(document)) or {}
    return undo_wallet(books, document) or history.get("wallet")


def _author_but_the_buyer(books: Books, order: orders.Reverse, wallet: Id) -> str | None:
    """Who reverses; nobody where a trusted person takes back what they bought themselves."""
    known = stammdaten.wallet(books.current(), wallet)
    if known is not None and order.author == f"member:{known.member}":
        return None
    return order.author


def undo_wallet(books: Books, document: Document) -> Id | None:
    """The buyer of a sale, as long as the time to undo it runs."""
    rows = _links(books, "position = ?", position_of(document))
    return Id(rows[0][1]) if rows else None


def last_purchase(books: Books, wallet: Id) -> Document | None:
    """The last purchase of a wallet that its holder may still undo, or None."""
    rows = _links(books, "wallet = ?", wallet)
    return books.journal.document(ref_of(rows[0][0])) if rows else None


def _links(books: Books, where: str, value: object) -> list[sealed.Row]:
    """The newest link that counts; one that was damaged is as good as expired."""
    try:
        return books.journal.sealed(
            "undo",
            f"WHERE {where} AND expires_ms > ? ORDER BY position DESC LIMIT 1",
            value,
            books.trusted_now().ms,
        )
    except Damaged as damage:
        if damage.code != "J-13":
            raise
        return []
