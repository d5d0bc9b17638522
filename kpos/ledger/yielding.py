"""Own rows of master data on top of the feed's: who came first keeps a number, a name or a code.

The WaWi goes by the same rule when it applies the document. Until then an own row is here without
what another one of the feed has: that must not go for it, since the feed brings it again only when
it changes there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from kpos.domain.document import Json
from kpos.ledger.database import Database
from kpos.ledger.projection import put_entity

Body: TypeAlias = Mapping[str, Json]
Private: TypeAlias = Mapping[str, Json] | None


def put_own(db: Database, body: Body, private: Private) -> None:
    """Put the row of an own document that the WaWi has not applied yet."""
    yields = _YIELDS.get(body["entity"])
    if yields is not None:
        body, private = yields(db, body, private)
    put_entity(db, body, private)


def _product(db: Database, body: Body, private: Private) -> tuple[Body, Private]:
    if _is_anothers(db, "product", body["fields"]["number"], body):
        body = _with(body, number=None)
    return body, private


def _barcode(db: Database, body: Body, private: Private) -> tuple[Body, Private]:
    if _is_anothers(db, "barcode", body["fields"]["code"], body):
        body = {**body, "action": "retire"}
    return body, private


def _group(db: Database, body: Body, private: Private) -> tuple[Body, Private]:
    name = body["fields"]["name"]
    if _is_anothers(db, "group", name, body):
        body = _with(body, name=f"{name} {body['id']}")
    return body, private


def _member(db: Database, body: Body, private: Private) -> tuple[Body, Private]:
    if private is not None and _is_anothers(db, "member", private.get("number"), body):
        private = {**private, "number": None}
    return body, private


def _card(db: Database, body: Body, private: Private) -> tuple[Body, Private]:
    if private is not None and _is_anothers(db, "card", private.get("code"), body):
        private = None
    return body, private


def _with(body: Body, **fields: Json) -> Body:
    return {**body, "fields": {**body["fields"], **fields}}


# What no two rows of an entity have: its table and column.
_ONCE = {
    "product": ("product", "number"),
    "barcode": ("barcode", "code"),
    "group": ("member_group", "name"),
    "member": ("member", "number"),
    "card": ("card", "code"),
}


def _is_anothers(db: Database, entity: str, value: Json, body: Body) -> bool:
    table, column = _ONCE[entity]
    query = f"SELECT 1 FROM {table} WHERE {column} = ? AND id <> ?"  # noqa: S608 - own names
    return db.execute(query, (value, body["id"])).fetchone() is not None


_YIELDS: dict[str, Callable[[Database, Body, Private], tuple[Body, Private]]] = {
    "product": _product,
    "barcode": _barcode,
    "group": _group,
    "member": _member,
    "card": _card,
}
