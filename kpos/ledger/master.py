"""Master data as documents: one `master_change` per entity, always the full new row.

Names, member numbers and card codes stand in the private part, so that they can be erased.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpos.domain.barcode import Barcode, parse
from kpos.domain.bodies import MasterChange
from kpos.domain.condition import Condition
from kpos.domain.document import Draft, Json, body_of
from kpos.domain.ids import Id, make_id
from kpos.domain.member import NAME_LENGTH_MAX, Card, Member
from kpos.domain.product import NUMBER_MAX, PIECE, Product, ProductCode
from kpos.domain.refusal import refuse
from kpos.ledger import stammdaten
from kpos.ledger.suppliers import Supplier

if TYPE_CHECKING:
    from kpos.ledger.seam import Books


def _draft(change: MasterChange, author: str | None, private: Mapping[str, Json] | None) -> Draft:
    return Draft("master_change", body_of(change), author=author, private=private)


def _action(*, retired: bool) -> str:
    return "retire" if retired else "set"


def product_row(product: Product, author: str | None) -> Draft:
    """A product as it is from now on."""
    row = {
        "name": product.name,
        "price_cents": product.price.cents if product.price is not None else None,
        "deposit_cents": product.deposit.cents,
        "tax_key": product.tax_key,
        "number": product.number,
        "unit": product.unit,
        "low_stock": product.low_stock,
    }
    change = MasterChange("product", product.id, _action(retired=product.retired), row)
    return _draft(change, author, None)


def barcode_row(barcode: ProductCode, author: str | None, *, retired: bool = False) -> Draft:
    """A barcode of a product, or of a crate of it; several may lead to the same one."""
    crate = barcode.pack if barcode.pack != PIECE else None
    row = {
        "code": barcode.code,
        "product": barcode.product,
        "pack_size": crate.size if crate else None,
        "pack_deposit_cents": crate.deposit.cents if crate else None,
    }
    change = MasterChange("barcode", barcode.id, _action(retired=retired), row)
    return _draft(change, author, None)


def group_row(group: stammdaten.Group, author: str | None) -> Draft:
    """A price group."""
    change = MasterChange("group", group.id, _action(retired=group.retired), {"name": group.name})
    return _draft(change, author, None)


def member_row(member: Member, author: str | None) -> Draft:
    """A member; name and number in the private part, and nothing at all once erased."""
    row = {
        "group": member.group,
        "wallet": member.wallet,
        "role": member.role,
        "language": member.language,
        "history": int(member.history),
    }
    change = MasterChange("member", member.id, _action(retired=member.retired), row)
    private = {"member": member.id, "name": member.name, "number": member.number}
    return _draft(change, author, private if member.name else None)


def wallet_row(wallet: Id, member: Id | None, group: Id | None, author: str | None) -> Draft:
    """A wallet: a member's, or an anonymous one of a group."""
    return _draft(
        MasterChange("wallet", wallet, "set", {"member": member, "group": group}), author, None
    )


def card_row(card: Card, author: str | None) -> Draft:
    """A card; its code in the private part, and nowhere once erased."""
    row = {"wallet": card.wallet, "blocked": int(card.blocked), "asks_pin": int(card.asks_pin)}
    private = {"code": card.code, "member": card.member} if card.code else None
    return _draft(MasterChange("card", card.id, "set", row), author, private)


def condition_row(condition: Condition, author: str | None) -> Draft:
    """A condition; whom it names, and its comment, in the private part."""
    row = {
        "personal": int(condition.member is not None),
        "group": condition.group,
        "product": condition.product,
        "min_quantity": condition.min_quantity,
        "kind": condition.kind,
        "value": condition.value,
        "levy_cents": condition.levy.cents,
        "levy_for": condition.levy_for,
        "start": str(condition.start) if condition.start is not None else None,
        "end": str(condition.end) if condition.end is not None else None,
    }
    private: dict[str, Json] = {}
    if condition.member is not None:
        private |= {"member": condition.member}
    if condition.comment:
        private |= {"comment": condition.comment}
    change = MasterChange("condition", condition.id, _action(retired=condition.retired), row)
    return _draft(change, author, private or None)


def supplier_row(supplier: Supplier, author: str | None) -> Draft:
    """A supplier; a name may be a person's."""
    change = MasterChange("supplier", supplier.id, _action(retired=supplier.retired), {})
    return _draft(change, author, {"name": supplier.name})


def setting_row(key: str, value: Json, author: str | None) -> Draft:
    """A setting; its id follows from its key, so that every till names it alike."""
    identifier = make_id(hashlib.sha256(key.encode()).digest()[:8])
    return _draft(
        MasterChange("setting", identifier, "set", {"key": key, "value": value}), author, None
    )


def pin_row(subject: Id, author: str | None, *, exists: bool) -> Draft:
    """That a PIN was set or removed; the verifier is in no document."""
    row = {"exists": int(exists)}
    return _draft(MasterChange("pin", subject, "set", row), author, None)


def new_card(identifier: Id, code: str, wallet: Id, *, asks_pin: bool) -> Card:
    """A card that is not blocked."""
    return Card(identifier, code, wallet, None, blocked=False, asks_pin=asks_pin)


def member_or_refuse(books: Books, identifier: Id) -> Member:
    """A member who may still do something.

    Raises:
        Refused: if there is none of this id, or no more.
    """
    member = stammdaten.member(books.current(), identifier)
    if member is None or member.retired:
        raise refuse("unknown", f"there is no member {identifier}")
    return member


def canonical_code(text: str) -> str | None:
    """The one form a card or barcode is stored and looked up in; None if it is no code."""
    read = parse(text)
    return read.code if isinstance(read, Barcode) else None


def free_code(books: Books, text: str) -> str:
    """The canonical form of a code that neither a card nor a barcode has yet.

    Raises:
        Refused: if it is taken, or cannot be scanned.
    """
    code = canonical_code(text)
    if code is None:
        raise refuse("invalid", f"{text[:40]!r} is no code a scanner could send")
    db = books.current()
    if stammdaten.card_of_code(db, code) is not None:
        raise refuse("taken", f"{text[:40]!r} is a card already")
    product = stammdaten.product_of_code(db, code)
    if product is not None:
        raise refuse("taken", f"{text[:40]!r} is the barcode of {product.name}")
    return code


def free_number(books: Books, number: int | None, holder: Id) -> int | None:
    """A short number or member number that nobody but `holder` has.

    Raises:
        Refused: if it is taken or out of range.
    """
    if number is None:
        return None
    if not 1 <= number <= NUMBER_MAX:
        raise refuse("invalid", f"a number is from 1 to {NUMBER_MAX}")
    db = books.current()
    product = stammdaten.product_of_number(db, number)
    if product is not None and product.id != holder:
        raise refuse("taken", f"number {number} is {product.name}")
    member = stammdaten.member_of_number(db, number)
    if member is not None and member.id != holder:
        raise refuse("taken", f"number {number} is a member's")
    return number


def composed(text: str) -> str:
    """A name as it is stored (NFC): some keyboards send a letter and its accent apart."""
    return unicodedata.normalize("NFC", text)


def checked_name(text: str) -> str:
    """A name that can be printed: trimmed, one line, not empty, at most `NAME_LENGTH_MAX`.

    Raises:
        Refused: otherwise.
    """
    name = composed(text.strip())
    if not name or not name.isprintable():
        raise refuse("invalid", f"{text[:40]!r} is no name")
    if len(name) > NAME_LENGTH_MAX:
        raise refuse("invalid", f"a name has at most {NAME_LENGTH_MAX} characters")
    return name
