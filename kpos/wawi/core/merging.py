"""What a till's changes of master data change here.

A till that was its own master brings its rows along, whole; a paired one says what members changed
at it, and only that is taken from the row, which may be weeks old: language, history, a card that
was lost or is new. What nobody here knows yet is taken whole too. Where two claim one code, number
or name, who came first keeps it. Of somebody who was erased nothing is taken any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from kpos.domain.document import Document, Json
from kpos.domain.ids import Id
from kpos.domain.values import dataclass, replace
from kpos.ledger import sealed, stammdaten
from kpos.ledger.database import Database
from kpos.ledger.stammdaten import MEMBERS

Private: TypeAlias = Mapping[str, Json] | None
# A setting that is about a till's own clock, and nobody else's business.
CLOCK_TRUSTED = "clock_trusted_at"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of master data as it is to be taken over; `lost` is what it had to leave."""

    id: Id
    action: str
    fields: Mapping[str, Json]
    private: Private
    lost: tuple[str, ...] = ()


def merge(
    db: Database, document: Document, private: Private, *, is_whole: bool
) -> tuple[Document, Private, tuple[str, ...]] | None:
    """The document as it is projected here, its private part, and what it lost; or None.

    `is_whole`: it is of a till that was its own master. What the office books is merged nowhere.
    """
    body = document.body
    row: Row | None = Row(Id(body["id"]), body["action"], body["fields"], private)
    entity = body["entity"]
    assert row is not None
    known = _KNOWN[entity](db, row) if entity in _KNOWN else False
    if entity == "member" and _is_erased(db, row.id):
        row = None
    elif not is_whole and known:
        row = _ALLOWED[entity](db, row) if entity in _ALLOWED else None
    elif entity == "member" and private is None and document.private_digest is not None:
        # Its till has forgotten who that is since; here they may be known as before.
        row = replace(row, private=_name(db, row.id))
    elif entity == "setting" and (not is_whole or known):
        row = None
    if row is not None and entity in _CLASHES:
        row = _CLASHES[entity](db, row)
    if row is None:
        return None
    changed = {**body, "id": row.id, "action": row.action, "fields": row.fields}
    return replace(document, body=changed), row.private, row.lost


# What is known already


def _has(table: str, column: str = "id") -> Callable[[Database, Row], bool]:
    return lambda db, row: sealed.one(db, table, column, row.id) is not None


_KNOWN: dict[str, Callable[[Database, Row], bool]] = {
    "product": _has("product"),
    "barcode": _has("barcode"),
    "group": _has("member_group"),
    "member": _has("member"),
    "wallet": _has("wallet"),
    "card": _has("card"),
    "supplier": _has("supplier"),
    "condition": _has("condition"),
    "setting": _has("setting"),
}


def _is_erased(db: Database, identifier: Id) -> bool:
    """Whether somebody is nobody any more, whatever a till that did not hear of it says of them.

    Who has no name, and is neither gone nor without a history, is one whose row lost its private
    part: what follows of them says who they became.
    """
    member = stammdaten.member(db, identifier)
    if member is None:
        return False
    return not member.name and member.retired and not member.history


# What a paired till's row may change


def _member(db: Database, row: Row) -> Row:
    """Language and history; history goes on only by a row that says nothing else.

    Another till's member may have switched it off since: that must not be undone by their saying
    here which language they read.
    """
    member = stammdaten.member(db, row.id)
    assert member is not None, "only a known member's row is merged"
    language, history = row.fields["language"], bool(row.fields["history"])
    if history and language != member.language:
        history = member.history
    fields = {
        "group": member.group,
        "wallet": member.wallet,
        "role": member.role,
        "language": language,
        "history": int(history),
    }
    action = "retire" if member.retired else "set"
    return Row(row.id, action, fields, _name(db, row.id))


def _name(db: Database, identifier: Id) -> Private:
    """Name and number of a member who is known and has a name."""
    member = stammdaten.member(db, identifier)
    if member is None or not member.name:
        return None
    return {"member": member.id, "name": member.name, "number": member.number}


def _card(db: Database, row: Row) -> Row | None:
    """A lost card is blocked; only the office lets one in again."""
    if not row.fields["blocked"]:
        return None
    known = sealed.one(db, "card", "id", row.id)
    assert known is not None, "only a known card's row is merged"
    _, code, wallet, _, asks_pin = known
    fields = {"wallet": wallet, "blocked": 1, "asks_pin": asks_pin}
    return Row(row.id, "set", fields, {"code": code} if code is not None else None)


_ALLOWED: dict[str, Callable[[Database, Row], Row | None]] = {"member": _member, "card": _card}


# Who came first keeps it


def _product_clash(db: Database, row: Row) -> Row:
    number = row.fields["number"]
    if number is None or not _number_is_taken(db, number, row.id):
        return row
    return replace(row, fields={**row.fields, "number": None}, lost=(f"short number {number}",))


def _barcode_clash(db: Database, row: Row) -> Row | None:
    if row.action == "retire":
        return row
    code = row.fields["code"]
    db.execute("DELETE FROM barcode WHERE id = ? AND code <> ?", (row.id, code))
    known = sealed.one(db, "barcode", "code", code)
    is_card = sealed.one(db, "card", "code", code) is not None
    if not is_card and (known is None or known[1] == row.id):
        return row
    return replace(row, action="retire", lost=(f"barcode {code}",))


def _group_clash(db: Database, row: Row) -> Row:
    """A group of the same name is meant by whoever names this one; prices of both stay."""
    name = row.fields["name"]
    first = stammdaten.group_of_name(db, name)
    if first is None or first.id == row.id:
        return row
    db.execute("DELETE FROM alias WHERE id = ?", (row.id,))
    db.execute("INSERT INTO alias VALUES (?, ?)", (row.id, first.id))
    # The group of every house means the same in all of them.
    lost = () if name == MEMBERS else (f"group name {name}",)
    fields = {"name": f"{name} {row.id}"}
    return replace(row, action="retire", fields=fields, lost=lost)


def _member_clash(db: Database, row: Row) -> Row:
    row = _in_group(db, row)
    number = (row.private or {}).get("number")
    if number is None or not _number_is_taken(db, number, row.id):
        return row
    private = {**(row.private or {}), "number": None}
    return replace(row, private=private, lost=(f"member number {number}",))


def _card_clash(db: Database, row: Row) -> Row:
    code = (row.private or {}).get("code")
    if code is None:
        return row
    known = sealed.one(db, "card", "code", code)
    is_goods = sealed.one(db, "barcode", "code", code) is not None
    if not is_goods and (known is None or known[0] == row.id):
        return row
    return replace(row, private=None, lost=("a card code",))


def _in_group(db: Database, row: Row) -> Row:
    group = row.fields["group"]
    alias = db.execute("SELECT stands_for FROM alias WHERE id = ?", (group,)).fetchone()
    return row if alias is None else replace(row, fields={**row.fields, "group": alias[0]})


def _number_is_taken(db: Database, number: int, holder: Id) -> bool:
    holders = (stammdaten.product_of_number(db, number), stammdaten.member_of_number(db, number))
    return any(each is not None and each.id != holder for each in holders)


_CLASHES: dict[str, Callable[[Database, Row], Row | None]] = {
    "product": _product_clash,
    "barcode": _barcode_clash,
    "group": _group_clash,
    "member": _member_clash,
    "wallet": _in_group,
    "card": _card_clash,
}
