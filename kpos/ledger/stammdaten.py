"""stammdaten.db: master data and projections, as domain values.

Every function takes a connection, so that the daemon (read-write) and the commands that only
read share them. Nothing here is precious: whatever is missing follows from the journal. All of
them raise `Damaged` for a row that is not as it was written (`sealed.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kpos.domain.ids import Id
from kpos.domain.member import Card, Member
from kpos.domain.money import ZERO, Money
from kpos.domain.product import PIECE, Pack, Product
from kpos.domain.settings import Settings, with_setting
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.ledger.errors import Damaged

# The price group that everybody begins in: whoever is nobody yet sees its prices.
MEMBERS = "members"
_CARD_COLUMNS = 6  # with the seal


@dataclass(frozen=True, slots=True)
class Group:
    """A price group."""

    id: Id
    name: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet; without a member it is anonymous and has its own group."""

    id: Id
    member: Id | None
    group: Id | None


def applied(db: Database) -> tuple[int, str] | None:
    """Position and hash of the last projected document; None before the first."""
    row = sealed.one(db, "applied", "one", 1)
    return (row[1], row[2]) if row else None


def balance(db: Database, account: str) -> Money:
    """The balance of an account, debit positive."""
    row = sealed.one(db, "balance", "account", account)
    return Money(row[1]) if row else ZERO


def credit(db: Database, wallet: Id) -> Money:
    """What a wallet may spend: minus the balance of its account, which is as old as the wallet."""
    row = sealed.one(db, "balance", "account", f"wallet:{wallet}")
    if row is None and sealed.one(db, "wallet", "id", wallet) is not None:
        raise Damaged("S-03", f"balance: none of wallet {wallet}")
    return -Money(row[1]) if row else ZERO


def product(db: Database, identifier: Id) -> Product | None:
    """A product by id."""
    row = sealed.one(db, "product", "id", identifier)
    return _product(row) if row else None


def product_of_code(db: Database, code: str | None) -> Product | None:
    """The product with a barcode in its canonical form; None, as of what is no code, has none."""
    found = article_of_code(db, code)
    return found[0] if found else None


def article_of_code(db: Database, code: str | None) -> tuple[Product, Pack] | None:
    """The product with a barcode in its canonical form, and the crate of it that it stands for."""
    row = sealed.one(db, "barcode", "code", code)
    if row is None:
        return None
    found = product(db, Id(row[2]))
    if found is None:
        raise Damaged("S-03", f"product: none of barcode {code}")
    return found, _pack(row)


def product_of_number(db: Database, number: int) -> Product | None:
    """The product with a short number."""
    row = sealed.one(db, "product", "number", number)
    return _product(row) if row else None


def products(db: Database) -> Iterator[Product]:
    """All products, retired ones too, by name."""
    return map(_product, sealed.every(db, "product", "ORDER BY name, id"))


def products_with_number(db: Database, after: int, limit: int) -> list[Product]:
    """Products on sale that have a short number above `after`, by number."""
    on_sale = "WHERE number > ? AND NOT retired ORDER BY number LIMIT ?"
    return list(map(_product, sealed.every(db, "product", on_sale, after, limit)))


def barcodes(db: Database, of_product: Id | None = None) -> list[tuple[str, Id, Id]]:
    """(code, barcode's id, product's id), of one product or all."""
    rows = sealed.every(db, "barcode", "WHERE ?1 IS NULL OR product = ?1 ORDER BY code", of_product)
    return [(code, Id(own), Id(product)) for code, own, product, _, _ in rows]


def packs(db: Database, of_product: Id | None = None) -> dict[str, Pack]:
    """The crates that codes stand for, of one product or all."""
    crates = "WHERE (?1 IS NULL OR product = ?1) AND pack_size IS NOT NULL ORDER BY code"
    rows = sealed.every(db, "barcode", crates, of_product)
    return {row[0]: _pack(row) for row in rows}


def member(db: Database, identifier: Id) -> Member | None:
    """A member by id."""
    row = sealed.one(db, "member", "id", identifier)
    return _member(row) if row else None


def member_of(db: Database, card: Card) -> Member:
    """The member that a card is of; who has left and was erased is still there."""
    row = sealed.one(db, "member", "id", card.member)
    if row is None:
        raise Damaged("S-03", f"member: none of card {card.id}")
    return _member(row)


def member_of_number(db: Database, number: int) -> Member | None:
    """The member with a number."""
    row = sealed.one(db, "member", "number", number)
    return _member(row) if row else None


def members_of_name(db: Database, name: str) -> list[Member]:
    """All members of this name: names need not be unique."""
    return list(map(_member, sealed.every(db, "member", "WHERE name = ?", name)))


def members(db: Database) -> Iterator[Member]:
    """All members, retired ones too, by name."""
    return map(_member, sealed.every(db, "member", "ORDER BY name, id"))


def wallet(db: Database, identifier: Id) -> Wallet | None:
    """A wallet by id."""
    row = sealed.one(db, "wallet", "id", identifier)
    return Wallet(*row) if row else None


def card_of_code(db: Database, code: str | None) -> Card | None:
    """The card with a code in its canonical form; None, as of what is no code, has none."""
    row = sealed.one(db, "card", "code", code)
    return _card(row, sealed.one(db, "wallet", "id", row[2])) if row else None


def cards(db: Database, of_wallet: Id | None = None) -> list[Card]:
    """Cards of one wallet, or all, by code."""
    rows = db.execute(
        "SELECT card.*, wallet.* FROM card JOIN wallet ON wallet.id = card.wallet"
        " WHERE ?1 IS NULL OR card.wallet = ?1 ORDER BY code, card.id",
        (of_wallet,),
    ).fetchall()
    held = sealed.whole("card", (row[:_CARD_COLUMNS] for row in rows))
    by = sealed.whole("wallet", (row[_CARD_COLUMNS:] for row in rows))
    return list(map(_card, held, by))


def card_is_blocked(db: Database, identifier: Id) -> bool:
    """Whether a card, by its id, is blocked."""
    row = sealed.one(db, "card", "id", identifier)
    return row is not None and bool(row[3])


def group(db: Database, identifier: Id) -> Group | None:
    """A price group by id."""
    row = sealed.one(db, "member_group", "id", identifier)
    return _group(row) if row else None


def groups(db: Database) -> list[Group]:
    """All price groups by name."""
    return list(map(_group, sealed.every(db, "member_group", "ORDER BY name")))


def group_of_name(db: Database, name: str) -> Group | None:
    """A price group by its name."""
    row = sealed.one(db, "member_group", "name", name)
    return _group(row) if row else None


def settings(db: Database) -> Settings:
    """The settings in force."""
    result = Settings()
    for key, _, value in sealed.every(db, "setting", ""):
        result = with_setting(result, key, json.loads(value))
    return result


def held_units(db: Database, of_wallet: Id) -> dict[int, int]:
    """Deposit units a wallet holds, by value in cents."""
    rows = sealed.every(db, "held_units", "WHERE wallet = ?", of_wallet)
    return {cents: quantity for _, cents, quantity in rows}


def sold_units(db: Database) -> dict[int, int]:
    """Deposit units in the hands of all buyers together, by value in cents."""
    return dict(sealed.every(db, "sold_units", ""))


def reversals_of(db: Database, position: int) -> list[int]:
    """Positions of the reversals of a document, in order."""
    rows = sealed.every(db, "reversed", "WHERE original = ? ORDER BY position", position)
    return [reversal for _, reversal in rows]


def history(db: Database, of_wallet: Id, limit: int) -> list[int]:
    """Positions of the last documents that a wallet's holder may look at, newest first."""
    newest = "WHERE wallet = ? ORDER BY position DESC LIMIT ?"
    return [position for _, position, _ in sealed.every(db, "history", newest, of_wallet, limit)]


def named_purchases(db: Database, of_wallet: Id) -> list[int]:
    """Positions of sales and reversals whose private part names this wallet."""
    rows = sealed.every(db, "history", "WHERE wallet = ? AND named", of_wallet)
    return [position for _, position, _ in rows]


def _product(row: tuple[Any, ...]) -> Product:
    identifier, name, price, deposit, tax_key, number, unit, low_stock, retired = row
    return Product(
        id=Id(identifier),
        name=name,
        price=Money(price) if price is not None else None,
        deposit=Money(deposit),
        tax_key=tax_key,
        number=number,
        unit="kg" if unit == "kg" else "piece",
        low_stock=low_stock,
        retired=bool(retired),
    )


def _pack(row: tuple[Any, ...]) -> Pack:
    """The crate in a row of `barcode`; a piece is one of itself."""
    size, deposit = row[3:]
    return PIECE if size is None else Pack(size, Money(deposit))


def _member(row: tuple[Any, ...]) -> Member:
    identifier, name, number, its_group, its_wallet, role, language, keeps, retired = row
    return Member(
        id=Id(identifier),
        name=name,
        wallet=Id(its_wallet),
        group=Id(its_group),
        role=role,
        number=number,
        language=language,
        history=bool(keeps),
        retired=bool(retired),
    )


def _group(row: tuple[Any, ...]) -> Group:
    return Group(row[0], row[1], bool(row[2]))


def _card(row: tuple[Any, ...], its_wallet: tuple[Any, ...] | None) -> Card:
    identifier, code, wallet_id, blocked, asks_pin = row
    if its_wallet is None:
        raise Damaged("S-03", f"wallet: none of card {identifier}")
    its_member = its_wallet[1]
    return Card(
        id=Id(identifier),
        code=code or "",
        wallet=Id(wallet_id),
        member=Id(its_member) if its_member else None,
        blocked=bool(blocked),
        asks_pin=bool(asks_pin),
    )
