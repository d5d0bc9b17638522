"""Cards: what opens a wallet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from kpos.domain.document import Draft, Json
from kpos.domain.ids import CARD_CODE_BYTES, Id, make_card_code
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.ledger import master
from kpos.ledger.checks import new_id
from kpos.ledger.office import find
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.seam import Books

# Fifty sheets of paper: who asks for more has typed a number too many.
ISSUED_MAX = 500


def card_issue(
    books: Books,
    author: str,
    *,
    code: str,
    member: str | None = None,
    group: str | None = None,
    asks_pin: bool = False,
) -> dict[str, Json]:
    """Issue a card to a member, or an anonymous one with a wallet of its own to a group."""
    if (member is None) == (group is None):
        raise refuse("invalid", "say whose card it is: either --member or --group")
    free = master.free_code(books, code)
    drafts: list[Draft] = []
    if member is not None:
        wallet = find.member(books.current(), member).wallet
    else:
        assert group is not None
        wallet, drafts = _guest_wallet(find.group(books.current(), group).id, author)
    card = master.new_card(new_id(), free, wallet, asks_pin=asks_pin)
    _book(books, [*drafts, master.card_row(card, author)])
    return {"code": free, "id": card.id, "wallet": wallet}


def cards_issue(
    books: Books,
    author: str,
    *,
    members: Sequence[str] = (),
    guests: int = 0,
    group: str | None = None,
) -> dict[str, Json]:
    """Issue one card each to members, and anonymous ones, all with new random codes, or none.

    Guests' cards are of `group`, or of the setting `guest_group`. The codes come back in this
    order.
    """
    if not (guests >= 0 and 1 <= len(members) + guests <= ISSUED_MAX):
        raise refuse("invalid", f"from 1 to {ISSUED_MAX} cards are issued at once")
    db = books.current()
    owners: list[tuple[Id, list[Draft]]] = [(find.member(db, each).wallet, []) for each in members]
    if guests:
        its_group = find.group(db, group or books.settings.guest_group).id
        owners += [_guest_wallet(its_group, author) for _ in range(guests)]
    codes = [make_card_code(os.urandom(CARD_CODE_BYTES)) for _ in owners]
    drafts = []
    for code, (wallet, wallet_drafts) in zip(codes, owners, strict=True):
        card = master.new_card(new_id(), code, wallet, asks_pin=False)
        drafts += [*wallet_drafts, master.card_row(card, author)]
    _book(books, drafts)
    return {"codes": codes}


def card_set(books: Books, author: str, *, card: str, changes: dict[str, Any]) -> dict[str, Json]:
    """Block or unblock a card (`blocked`), or make it ask the PIN (`asks_pin`)."""
    before = find.card(books.current(), card)
    values = checked_fields(changes, "blocked asks_pin")
    _book(books, [master.card_row(replace(before, **values), author)])
    return {"code": before.code}


def _guest_wallet(group: Id, author: str) -> tuple[Id, list[Draft]]:
    """A new wallet without a member, and what books it."""
    wallet = new_id()
    return wallet, [master.wallet_row(wallet, None, group, author)]


def _book(books: Books, drafts: Sequence[Draft]) -> None:
    with books.booking() as booking:
        for draft in drafts:
            booking.append(draft)
