"""What follows from the documents: balances, stock, deposit units, master data.

Balances, cash and stock know postings and movements, not kinds (`moving` has the goods); only
deposit units and master data need to look into a body. `project` takes documents in their order,
`write` ends what was begun with them; all of it is one transaction of the caller's, which also
moves `applied`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from kpos.domain.document import Document, Json
from kpos.ledger import conditions, reported, sealed
from kpos.ledger.database import Database
from kpos.ledger.moving import move
from kpos.ledger.places import Places

_WALLET = "wallet:"


class Projector:
    """Adds documents to one set of tables; `places` says where they and those they name stand."""

    def __init__(self, db: Database, places: Places) -> None:
        self.db = db
        self.places = places
        self.sums = sealed.Sums(db)
        self.posted = reported.Postings(db)

    def project(self, document: Document, private: Mapping[str, Json] | None) -> None:
        """Take one document. `private` is its private part, None where there is none (any more)."""
        position = self.places.position(document)
        for posting in document.postings:
            self._post(posting.account, posting.cents)
        move(self.db, self.sums, document, self.places)
        self._remember(document, private, position)
        if document.kind != "reversal":
            self.posted.add(document, document.kind)
        for_kind = _KINDS.get(document.kind)
        if for_kind is not None:
            for_kind(self, document, private)

    def write(self) -> None:
        """Add up what was gathered.

        Raises:
            Damaged: if what it is added to is not as it was written.
        """
        self.sums.write()
        self.posted.write()

    def _post(self, account: str, cents: int) -> None:
        self.sums.add("balance", (account,), cents)

    def _remember(
        self, document: Document, private: Mapping[str, Json] | None, position: int
    ) -> None:
        """What a wallet's holder may look at: own money moves, purchases only with history on."""
        rows = []
        if private is not None and "wallet" in private:
            rows.append((private["wallet"], position, 1))
        elif document.kind != "debit":
            rows += [
                (posting.account.removeprefix(_WALLET), position, 0)
                for posting in document.postings
                if posting.account.startswith(_WALLET)
            ]
        for row in rows:
            sealed.put(self.db, "history", *row, verb="INSERT")

    def house_units(self, cents_per_unit: int, quantity: int) -> None:
        """Deposit units in (+) or out (-) of the house."""
        self.sums.add("house_units", (cents_per_unit,), quantity)

    def held_units(self, wallet: str, cents_per_unit: int, quantity: int) -> None:
        """Deposit units that a wallet now holds (+) or gave back (-)."""
        self.sums.add("held_units", (wallet, cents_per_unit), quantity)
        self.sums.add("sold_units", (cents_per_unit,), quantity)

    def lines_units(self, lines: list[Json], sign: int) -> None:
        """Deposit units of sold lines leave the house (`sign` -1) or come back (+1)."""
        for line in lines:
            for charge in line["charges"]:
                if charge["account"] == "deposit":
                    self.house_units(charge["cents_per_unit"], sign * line["quantity"])

    def body_units(self, document: Document, sign: int) -> None:
        """`units` of a body, + into the house; a deposit return's leave the wallet's hands."""
        wallet = document.body.get("wallet") if document.kind == "deposit_return" else None
        for units in document.body.get("units") or ():
            value, quantity = units["cents_per_unit"], sign * units["quantity"]
            self.house_units(value, quantity)
            if wallet is not None:
                self.held_units(wallet, value, -quantity)


def _sale(projector: Projector, document: Document, _private: object) -> None:
    projector.lines_units(document.body["lines"], -1)
    reported.put_sale(projector.db, projector.places, document)


def _debit(projector: Projector, document: Document, _private: object) -> None:
    for units in document.body["units"]:
        projector.held_units(document.body["wallet"], units["cents_per_unit"], units["quantity"])


def _units(projector: Projector, document: Document, _private: object) -> None:
    projector.body_units(document, 1)


def _costing(projector: Projector, document: Document, _private: object) -> None:
    reported.add_costs(projector.db, projector.places, document)


def _reversal(projector: Projector, document: Document, _private: object) -> None:
    places, name = projector.places, document.body["original"]
    positions = places.position_named(document, name), places.position(document)
    sealed.put(projector.db, "reversed", *positions, verb="INSERT")
    original = places.named(document, name)
    assert original is not None, "a reversal names a document that is there"
    projector.posted.add(document, original.kind)
    if original.kind == "sale":
        projector.lines_units(document.body["lines"] or original.body["lines"], 1)
        reported.put_reversal(projector.db, places, document, original)
    else:
        projector.body_units(original, -1)


def _master_change(
    projector: Projector, document: Document, private: Mapping[str, Json] | None
) -> None:
    put_entity(projector.db, document.body, private)
    if document.body["entity"] == "member":
        hide_purchases(projector.db, document.body["fields"])


def hide_purchases(db: Database, member: Mapping[str, Json]) -> None:
    """A member without a history is shown no purchases, as none names them any more.

    Not where a row is put again that was booked before they had one.
    """
    if not member["history"]:
        db.execute("DELETE FROM history WHERE wallet = ? AND named", (member["wallet"],))


def put_entity(db: Database, body: Mapping[str, Json], private: Mapping[str, Json] | None) -> None:
    """A row of master data as a `master_change` says it; nothing of an unknown entity."""
    write = _ENTITIES.get(body["entity"])
    if write is not None:
        write(db, body, private or {})


def _is_retired(body: Mapping[str, Json]) -> int:
    return int(body["action"] == "retire")


def _product(db: Database, body: Mapping[str, Json], _private: object) -> None:
    values = body["fields"]
    columns = ("name", "price_cents", "deposit_cents", "tax_key", "number", "unit")
    row = (values[column] for column in columns)
    sealed.put(db, "product", body["id"], *row, values.get("low_stock"), _is_retired(body))


def _barcode(db: Database, body: Mapping[str, Json], _private: object) -> None:
    if body["action"] == "retire":
        db.execute("DELETE FROM barcode WHERE id = ?", (body["id"],))
    else:
        values = body["fields"]
        pack = (values.get("pack_size"), values.get("pack_deposit_cents"))
        sealed.put(db, "barcode", values["code"], body["id"], values["product"], *pack)
        db.execute("DELETE FROM unknown_code WHERE code = ?", (values["code"],))


def _group(db: Database, body: Mapping[str, Json], _private: object) -> None:
    sealed.put(db, "member_group", body["id"], body["fields"]["name"], _is_retired(body))


def _member(db: Database, body: Mapping[str, Json], private: Mapping[str, Json]) -> None:
    values = body["fields"]
    sealed.put(
        db,
        "member",
        body["id"],
        private.get("name", ""),
        private.get("number"),
        *(values[column] for column in ("group", "wallet", "role", "language", "history")),
        _is_retired(body),
    )


def _wallet(db: Database, body: Mapping[str, Json], _private: object) -> None:
    """With a balance, even of nothing: one that is missing later was lost."""
    values = body["fields"]
    sealed.put(db, "wallet", body["id"], values["member"], values["group"])
    sealed.add(db, "balance", (f"{_WALLET}{body['id']}",), 0)


def _card(db: Database, body: Mapping[str, Json], private: Mapping[str, Json]) -> None:
    values = body["fields"]
    row = (values[column] for column in ("wallet", "blocked", "asks_pin"))
    sealed.put(db, "card", body["id"], private.get("code"), *row)


def _supplier(db: Database, body: Mapping[str, Json], private: Mapping[str, Json]) -> None:
    sealed.put(db, "supplier", body["id"], private.get("name", ""), _is_retired(body))


def _setting(db: Database, body: Mapping[str, Json], _private: object) -> None:
    values = body["fields"]
    sealed.put(db, "setting", values["key"], body["id"], json.dumps(values["value"]))


_KINDS: dict[str, Callable[[Projector, Document, Mapping[str, Json] | None], None]] = {
    "sale": _sale,
    "debit": _debit,
    "costing": _costing,
    "reversal": _reversal,
    "deposit_return": _units,
    "delivery": _units,
    "write_off": _units,
    "stocktake": _units,
    "master_change": _master_change,
}

_ENTITIES: dict[str, Callable[[Database, Mapping[str, Json], Mapping[str, Json]], None]] = {
    "product": _product,
    "barcode": _barcode,
    "group": _group,
    "member": _member,
    "wallet": _wallet,
    "card": _card,
    "supplier": _supplier,
    "setting": _setting,
    "condition": conditions.put,
}
