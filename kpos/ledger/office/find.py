"""What a person typed, found: by id, number, code or name."""

from __future__ import annotations

from kpos.domain.condition import Condition
from kpos.domain.ids import Id, is_id
from kpos.domain.member import Card, Member
from kpos.domain.product import Product
from kpos.domain.refusal import refuse
from kpos.ledger import conditions, stammdaten, suppliers
from kpos.ledger.database import Database
from kpos.ledger.master import canonical_code, composed
from kpos.ledger.stammdaten import Group
from kpos.ledger.suppliers import Supplier

_NUMBER_DIGITS_MAX = 5


def product(db: Database, text: str) -> Product:
    """A product by id, short number, barcode or exact name.

    Raises:
        Refused: if there is none, or the name is that of several.
    """
    found = stammdaten.product(db, Id(text)) if is_id(text) else None
    if found is None and _is_number(text):
        found = stammdaten.product_of_number(db, int(text))
    if found is None:
        found = stammdaten.product_of_code(db, canonical_code(text))
    if found is not None:
        return found
    name = composed(text)
    named = [each for each in stammdaten.products(db) if each.name == name and not each.retired]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(each.id for each in named)
        raise refuse(
            "unknown", f"{len(named)} products are called {text[:40]!r}: name one by id ({ids})"
        )
    raise refuse("unknown", f"there is no product {text[:40]!r}: see kpos product list")


def member(db: Database, text: str) -> Member:
    """A member by id, number, card or exact name; retired ones only by id.

    Raises:
        Refused: if there is none, or the name is that of several.
    """
    found = stammdaten.member(db, Id(text)) if is_id(text) else None
    if found is not None:
        return found
    if _is_number(text):
        found = stammdaten.member_of_number(db, int(text))
    named = [each for each in stammdaten.members_of_name(db, composed(text)) if not each.retired]
    if found is None and len(named) > 1:
        which = ", ".join(str(each.number or each.id) for each in named)
        raise refuse(
            "unknown", f"{len(named)} members are called {text[:40]!r}: by number or id ({which})"
        )
    found = found or (named[0] if named else None)
    if found is None:
        held = stammdaten.card_of_code(db, canonical_code(text))
        if held is not None and held.member is not None:
            found = stammdaten.member(db, held.member)
    if found is None or found.retired:
        raise refuse("unknown", f"there is no member {text[:40]!r}: see kpos member list")
    return found


def card(db: Database, text: str) -> Card:
    """A card by its code.

    Raises:
        Refused: if there is none.
    """
    found = stammdaten.card_of_code(db, canonical_code(text))
    if found is None:
        raise refuse("unknown", f"there is no card {text[:40]!r}: see kpos card list")
    return found


def group(db: Database, text: str) -> Group:
    """A group by name or id.

    Raises:
        Refused: if there is none.
    """
    found = stammdaten.group_of_name(db, composed(text)) or (
        stammdaten.group(db, Id(text)) if is_id(text) else None
    )
    if found is None or found.retired:
        raise refuse("unknown", f"there is no group {text[:40]!r}: kpos group add {text[:40]}")
    return found


def condition(db: Database, text: str) -> Condition:
    """A condition by its id or the beginning of it, if no other begins like that.

    Raises:
        Refused: if there is none, or it was retired.
    """
    found = conditions.beginning_with(db, text)
    if len(found) != 1 or not text:
        why = "several conditions begin like that" if found else "there is no such condition"
        raise refuse("unknown", f"{text[:40]!r}: {why}: see kpos condition list")
    return found[0]


def supplier(db: Database, text: str) -> Supplier:
    """A supplier by id or exact name; retired ones only by id.

    Raises:
        Refused: if there is none.
    """
    found = suppliers.supplier(db, Id(text)) if is_id(text) else None
    if found is not None:
        return found
    name = composed(text)
    for each in suppliers.suppliers(db):
        if each.name == name and not each.retired:
            return each
    raise refuse("unknown", f"there is no supplier {text[:40]!r}: kpos supplier add {text[:40]!r}")


def wallet(db: Database, *, of_card: str | None, of_member: str | None) -> Id:
    """The wallet of a card or of a member; exactly one of the two is named.

    Raises:
        Refused: if there is none, or none or both are named.
    """
    if (of_card is None) == (of_member is None):
        raise refuse("invalid", "say whose it is: either --card or --member")
    if of_card is not None:
        return card(db, of_card).wallet
    assert of_member is not None
    return member(db, of_member).wallet


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _NUMBER_DIGITS_MAX
