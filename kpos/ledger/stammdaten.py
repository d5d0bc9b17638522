"""stammdaten.db: master data and projections, as domain values.

Every function takes a connection, so that the daemon (read-write) and the commands that only
read share them. Nothing here is precious: whatever is missing follows from the journal.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from kpos.domain.ids import Id
from kpos.domain.member import Card, Member
from kpos.domain.money import ZERO, Money
from kpos.domain.product import Product
from kpos.domain.settings import Settings, with_setting
from kpos.domain.values import dataclass

_PRODUCT = "id, name, price_cents, deposit_cents, tax_key, number, unit, retired"
_MEMBER = "id, name, wallet, member_group, role, number, language, history, retired"
_CARD = "card.id, code, card.wallet, wallet.member, blocked, asks_pin"


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


def applied(db: sqlite3.Connection) -> tuple[int, str] | None:
    """Position and hash of the last projected document; None before the first."""
    row = db.execute("SELECT position, hash FROM applied").fetchone()
    return (row[0], row[1]) if row else None


def balance(db: sqlite3.Connection, account: str) -> Money:
    """The balance of an account, debit positive."""
    row = db.execute("SELECT cents FROM balance WHERE account = ?", (account,)).fetchone()
    return Money(row[0]) if row else ZERO


def credit(db: sqlite3.Connection, wallet: Id) -> Money:
    """What a wallet may spend: minus the balance of its account."""
    return -balance(db, f"wallet:{wallet}")


def product(db: sqlite3.Connection, identifier: Id) -> Product | None:
    """A product by id."""
    return _one_product(db, "id = ?", identifier)


def product_of_code(db: sqlite3.Connection, code: str) -> Product | None:
    """The product with a barcode in its canonical form."""
    row = db.execute(
        f"SELECT {_PRODUCT} FROM product WHERE id = (SELECT product FROM barcode WHERE code = ?)",  # noqa: S608
        (code,),
    ).fetchone()
    return _product(row) if row else None


def product_of_number(db: sqlite3.Connection, number: int) -> Product | None:
    """The product with a short number."""
    return _one_product(db, "number = ?", number)


def products(db: sqlite3.Connection) -> Iterator[Product]:
    """All products, retired ones too, by name."""
    rows = db.execute(f"SELECT {_PRODUCT} FROM product ORDER BY name, id")  # noqa: S608
    return map(_product, rows.fetchall())


def products_with_number(db: sqlite3.Connection, after: int, limit: int) -> list[Product]:
    """Products on sale that have a short number above `after`, by number."""
    rows = db.execute(
        f"SELECT {_PRODUCT} FROM product WHERE number > ? AND NOT retired"  # noqa: S608
        " ORDER BY number LIMIT ?",
        (after, limit),
    )
    return [_product(row) for row in rows.fetchall()]


def barcodes(db: sqlite3.Connection, of_product: Id | None = None) -> list[tuple[str, Id, Id]]:
    """(code, barcode's id, product's id), of one product or all."""
    rows = db.execute(
        "SELECT code, id, product FROM barcode WHERE ?1 IS NULL OR product = ?1 ORDER BY code",
        (of_product,),
    )
    return [(code, Id(own), Id(product)) for code, own, product in rows.fetchall()]


def member(db: sqlite3.Connection, identifier: Id) -> Member | None:
    """A member by id."""
    row = db.execute(f"SELECT {_MEMBER} FROM member WHERE id = ?", (identifier,)).fetchone()  # noqa: S608
    return _member(row) if row else None


def member_of_number(db: sqlite3.Connection, number: int) -> Member | None:
    """The member with a number."""
    row = db.execute(f"SELECT {_MEMBER} FROM member WHERE number = ?", (number,)).fetchone()  # noqa: S608
    return _member(row) if row else None


def members_of_name(db: sqlite3.Connection, name: str) -> list[Member]:
    """All members of this name: names need not be unique."""
    rows = db.execute(f"SELECT {_MEMBER} FROM member WHERE name = ?", (name,))  # noqa: S608
    return [_member(row) for row in rows.fetchall()]


def members(db: sqlite3.Connection) -> Iterator[Member]:
    """All members, retired ones too, by name."""
    rows = db.execute(f"SELECT {_MEMBER} FROM member ORDER BY name, id")  # noqa: S608
    return map(_member, rows.fetchall())


def wallet(db: sqlite3.Connection, identifier: Id) -> Wallet | None:
    """A wallet by id."""
    row = db.execute(
        "SELECT id, member, member_group FROM wallet WHERE id = ?", (identifier,)
    ).fetchone()
    return Wallet(*row) if row else None


def card_of_code(db: sqlite3.Connection, code: str) -> Card | None:
    """The card with a code in its canonical form."""
    row = db.execute(
        f"SELECT {_CARD} FROM card JOIN wallet ON wallet.id = card.wallet WHERE code = ?",  # noqa: S608
        (code,),
    ).fetchone()
    return _card(row) if row else None


def cards(db: sqlite3.Connection, of_wallet: Id | None = None) -> list[Card]:
    """Cards of one wallet, or all, by code."""
    rows = db.execute(
        f"SELECT {_CARD} FROM card JOIN wallet ON wallet.id = card.wallet"  # noqa: S608
        " WHERE ?1 IS NULL OR card.wallet = ?1 ORDER BY code, card.id",
        (of_wallet,),
    )
    return [_card(row) for row in rows.fetchall()]


def card_is_blocked(db: sqlite3.Connection, identifier: Id) -> bool:
    """Whether a card, by its id, is blocked."""
    row = db.execute("SELECT blocked FROM card WHERE id = ?", (identifier,)).fetchone()
    return row is not None and bool(row[0])


def group(db: sqlite3.Connection, identifier: Id) -> Group | None:
    """A price group by id."""
    row = db.execute(
        "SELECT id, name, retired FROM member_group WHERE id = ?", (identifier,)
    ).fetchone()
    return Group(row[0], row[1], bool(row[2])) if row else None


def groups(db: sqlite3.Connection) -> list[Group]:
    """All price groups by name."""
    rows = db.execute("SELECT id, name, retired FROM member_group ORDER BY name")
    return [Group(row[0], row[1], bool(row[2])) for row in rows.fetchall()]


def group_of_name(db: sqlite3.Connection, name: str) -> Group | None:
    """A price group by its name."""
    row = db.execute(
        "SELECT id, name, retired FROM member_group WHERE name = ?", (name,)
    ).fetchone()
    return Group(row[0], row[1], bool(row[2])) if row else None


def settings(db: sqlite3.Connection) -> Settings:
    """The settings in force."""
    result = Settings()
    for key, value in db.execute("SELECT key, value FROM setting").fetchall():
        result = with_setting(result, key, json.loads(value))
    return result


def held_units(db: sqlite3.Connection, of_wallet: Id) -> dict[int, int]:
    """Deposit units a wallet holds, by value in cents."""
    rows = db.execute(
        "SELECT cents_per_unit, quantity FROM held_units WHERE wallet = ?", (of_wallet,)
    )
    return dict(rows.fetchall())


def sold_units(db: sqlite3.Connection) -> dict[int, int]:
    """Deposit units in the hands of all buyers together, by value in cents."""
    rows = db.execute("SELECT cents_per_unit, quantity FROM sold_units")
    return dict(rows.fetchall())


def reversals_of(db: sqlite3.Connection, position: int) -> list[int]:
    """Positions of the reversals of a document, in order."""
    rows = db.execute(
        "SELECT position FROM reversed WHERE original = ? ORDER BY position", (position,)
    )
    return [row[0] for row in rows.fetchall()]


def history(db: sqlite3.Connection, of_wallet: Id, limit: int) -> list[int]:
    """Positions of the last documents that a wallet's holder may look at, newest first."""
    rows = db.execute(
        "SELECT position FROM history WHERE wallet = ? ORDER BY position DESC LIMIT ?",
        (of_wallet, limit),
    )
    return [row[0] for row in rows.fetchall()]


def named_purchases(db: sqlite3.Connection, of_wallet: Id) -> list[tuple[int]]:
    """Positions of sales and reversals whose private part names this wallet."""
    rows = db.execute("SELECT position FROM history WHERE wallet = ? AND named", (of_wallet,))
    return rows.fetchall()


def _one_product(db: sqlite3.Connection, where: str, value: str | int) -> Product | None:
    row = db.execute(f"SELECT {_PRODUCT} FROM product WHERE {where}", (value,)).fetchone()  # noqa: S608
    return _product(row) if row else None


def _product(row: tuple[str, str, int, int, str, int | None, str, int]) -> Product:
    identifier, name, price, deposit, tax_key, number, unit, retired = row
    return Product(
        id=Id(identifier),
        name=name,
        price=Money(price),
        deposit=Money(deposit),
        tax_key=tax_key,
        number=number,
        unit="kg" if unit == "kg" else "piece",
        retired=bool(retired),
    )


def _member(row: sqlite3.Row) -> Member:
    identifier, name, its_wallet, its_group, role, number, language, keeps, retired = row
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


def _card(row: sqlite3.Row) -> Card:
    identifier, code, its_wallet, its_member, blocked, asks_pin = row
    return Card(
        id=Id(identifier),
        code=code or "",
        wallet=Id(its_wallet),
        member=Id(its_member) if its_member else None,
        blocked=bool(blocked),
        asks_pin=bool(asks_pin),
    )
