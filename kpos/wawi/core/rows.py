"""Rows of the feed as a till is told of them, in the form of a `master_change`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from kpos.domain.document import Draft, Json
from kpos.domain.ids import Id
from kpos.domain.lots import CostFlow
from kpos.domain.member import Card
from kpos.domain.money import Money
from kpos.domain.product import PIECE, Pack, ProductCode
from kpos.domain.values import dataclass, replace
from kpos.ledger import conditions, master, sealed, stammdaten, suppliers
from kpos.ledger.database import Database
from kpos.ledger.stock import next_cost
from kpos.sync.wire import Change
from kpos.wawi.core import silences
from kpos.wawi.core.homes import home_seen_by


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom rows are read: a till, and the branch whose goods it sells.

    `places` are the branch's, `flow` is the house's, `is_choosy`: it sells some products only.
    """

    till: Id
    branch: Id
    places: tuple[str, ...]
    flow: CostFlow
    is_choosy: bool


def reader_of(db: Database, till: Id) -> Reader:
    """A till that reads."""
    branch = db.execute("SELECT branch FROM till WHERE id = ?", (till,)).fetchone()[0]
    rows = db.execute("SELECT place FROM branch_place WHERE branch = ? ORDER BY place", (branch,))
    places = tuple(place for (place,) in rows.fetchall())
    flow = stammdaten.settings(db).cost_flow
    return Reader(till, branch, places, flow, has_assortment(db, branch))


def change(db: Database, reader: Reader, entity: str, identifier: str) -> Change:
    """A row as it is for a till; gone where there is none any more, or its branch sells no such."""
    made = master_row(db, entity, identifier)
    if made is None and entity in _OWN:
        made = _OWN[entity](db, reader, identifier)
    if made is None or not _is_sold(db, reader, made):
        return Change(entity, identifier, "gone", {})
    if entity == "member" and silences.is_pending(db, reader.till, made.fields["wallet"]):
        return replace(made, fields={**made.fields, "history": 0})
    return made


def master_row(db: Database, entity: str, identifier: str) -> Change | None:
    """A row of master data."""
    draft = _MASTER[entity](db, Id(identifier)) if entity in _MASTER else None
    if draft is None:
        return None
    body = draft.body
    return Change(entity, identifier, body["action"], body["fields"], draft.private)


def _is_sold(db: Database, reader: Reader, made: Change) -> bool:
    """Whether what it is about is in the assortment of a branch, or about no product at all."""
    product = made.id if made.entity in ("product", "stock") else made.fields.get("product")
    if product is None or not reader.is_choosy:
        return True
    query = "SELECT 1 FROM assortment WHERE branch = ? AND product = ?"
    return db.execute(query, (reader.branch, product)).fetchone() is not None


def has_assortment(db: Database, branch: str) -> bool:
    """Whether a branch sells some products only."""
    query = "SELECT 1 FROM assortment WHERE branch = ? LIMIT 1"
    return db.execute(query, (branch,)).fetchone() is not None


def _product(db: Database, identifier: Id) -> Draft | None:
    found = stammdaten.product(db, identifier)
    return master.product_row(found, None) if found else None


def _barcode(db: Database, identifier: Id) -> Draft | None:
    row = sealed.one(db, "barcode", "id", identifier)
    if row is None:
        return None
    code, _, product, size, deposit = row
    pack = PIECE if size is None else Pack(size, Money(deposit))
    return master.barcode_row(ProductCode(identifier, code, product, pack), None)


def _group(db: Database, identifier: Id) -> Draft | None:
    found = stammdaten.group(db, identifier)
    return master.group_row(found, None) if found else None


def _member(db: Database, identifier: Id) -> Draft | None:
    found = stammdaten.member(db, identifier)
    return master.member_row(found, None) if found else None


def _wallet(db: Database, identifier: Id) -> Draft | None:
    found = stammdaten.wallet(db, identifier)
    return master.wallet_row(found.id, found.member, found.group, None) if found else None


def _card(db: Database, identifier: Id) -> Draft | None:
    row = sealed.one(db, "card", "id", identifier)
    if row is None:
        return None
    _, code, wallet, blocked, asks_pin = row
    owner = stammdaten.wallet(db, wallet)
    member = owner.member if owner is not None else None
    flags = {"blocked": bool(blocked), "asks_pin": bool(asks_pin)}
    return master.card_row(Card(identifier, code or "", wallet, member, **flags), None)


def _supplier(db: Database, identifier: Id) -> Draft | None:
    found = suppliers.supplier(db, identifier)
    return master.supplier_row(found, None) if found else None


def _setting(db: Database, identifier: Id) -> Draft | None:
    row = sealed.one(db, "setting", "id", identifier)
    return master.setting_row(row[0], json.loads(row[2]), None) if row else None


def _condition(db: Database, identifier: Id) -> Draft | None:
    found = conditions.condition(db, identifier)
    return master.condition_row(found, None) if found else None


def _balance(db: Database, reader: Reader, wallet: str) -> Change:
    home = home_seen_by(db, reader.till, wallet)
    cents = stammdaten.credit(db, Id(wallet)).cents
    return Change("balance", wallet, "set", {"cents": cents, "home": home})


def _stock(db: Database, reader: Reader, product: str) -> Change:
    """What is there at all places of the branch, and what the next unit of it costs."""
    costs = (next_cost(db, Id(product), place, reader.flow) for place in reader.places)
    cost: tuple[int | None, int | None] = next((each for each in costs if each), (None, None))
    levels = [sealed.every(db, "stock", _AT_PLACE, product, place) for place in reader.places]
    quantity = sum(row[2] + row[4] for level in levels for row in level)
    fields = {"quantity": quantity, "cost_cents": cost[0], "cost_quantity": cost[1]}
    return Change("stock", product, "set", fields)


_AT_PLACE = "WHERE product = ? AND place = ?"


def _pin(db: Database, _reader: Reader, subject: str) -> Change | None:
    """The verifier of a PIN; wrong tries are each till's own."""
    row = sealed.one(db, "pin", "subject", subject)
    if row is None or row[2] is None:
        return None
    _, salt, key, n, r, p, _ = row
    found = db.execute("SELECT version FROM pin_version WHERE subject = ?", (subject,)).fetchone()
    fields: Mapping[str, Json] = {
        "salt": salt.hex(),
        "verifier": key.hex(),
        "n": n,
        "r": r,
        "p": p,
        "version": found[0] if found else 0,
    }
    return Change("pin", subject, "set", fields)


_MASTER: dict[str, Callable[[Database, Id], Draft | None]] = {
    "product": _product,
    "barcode": _barcode,
    "group": _group,
    "member": _member,
    "wallet": _wallet,
    "card": _card,
    "supplier": _supplier,
    "setting": _setting,
    "condition": _condition,
}

_OWN: dict[str, Callable[[Database, Reader, str], Change | None]] = {
    "balance": _balance,
    "stock": _stock,
    "pin": _pin,
}
