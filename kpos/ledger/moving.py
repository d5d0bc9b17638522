"""What movements of goods do to stock, to lots, and to what can still be taken back.

Stock and lots know movements, not kinds. Only which line took from which lot needs a look into
the body: movements stand in the order of the lines, those of one line add up to its quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kpos.domain.document import Document, Json, Movement
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.ledger.places import Places

_LEFT = slice(7, 9)  # quantity_left and cost_left of a lot


def move(
    db: Database,
    sums: sealed.Sums,
    document: Document,
    places: Places,
) -> None:
    """Follow a document's movements; `places` finds the document a reversal names."""
    for ordinal, movement in enumerate(document.movements):
        cost = movement.cost_cents or 0
        if movement.lot is None:
            numbers = (0, cost, movement.quantity)
        else:
            numbers = (movement.quantity, cost, 0)
            _lot(db, places.position(document), ordinal, movement)
        sums.add("stock", (movement.product, movement.place), *numbers)
    if document.kind in _LINES:
        _took(db, places, document)
    elif document.kind == "costing":
        _costed(db, places, document)
    elif document.kind == "reversal" and document.movements:
        named = places.named(document, document.body["original"])
        assert named is not None, "a reversal names a document that is there"
        if named.kind in _LINES:
            name = document.body["original"]
            _gave_back(db, places.position_named(document, name), document, named)


def _lot(db: Database, position: int, ordinal: int, movement: Movement) -> None:
    """A lot begins with its first movement; the others take from it or give back."""
    cost = movement.cost_cents or 0
    row = sealed.one(db, "lot", "id", movement.lot)
    if row is None:
        first = (movement.quantity, cost)
        row = (movement.lot, movement.product, movement.place, position, ordinal, *first, 0, 0)
        row = (*row, movement.best_before)
    quantity_left, cost_left = row[_LEFT]
    left = (quantity_left + movement.quantity, cost_left + cost)
    sealed.put(db, "lot", *row[: _LEFT.start], *left, *row[_LEFT.stop :])


def _took(db: Database, places: Places, document: Document) -> None:
    """Remember what each line took from where, and which account bears the cost."""
    position = places.position(document)
    ordinals: dict[int, int] = {}
    for line, account, movement in by_line(document, document):
        if movement.quantity < 0:
            ordinal = ordinals.get(line, 0)
            ordinals[line] = ordinal + 1
            sealed.put(
                db, "taken", position, line, ordinal, movement.product, movement.place,
                movement.lot or "", -movement.quantity, -(movement.cost_cents or 0), account,
                position, verb="INSERT",
            )  # fmt: skip


def _gave_back(db: Database, position: int, reversal: Document, original: Document) -> None:
    """What was taken by the original, at `position`, comes back."""
    for line, account, movement in by_line(original, reversal):
        if movement.quantity > 0:
            _change(db, (position, line), movement, account, costed=0)


def _costed(db: Database, places: Places, document: Document) -> None:
    """Goods that left get their lot, or lose it again."""
    costed = places.position(document)
    for item in document.body["items"]:
        key = (places.position_named(document, item["of"]), item["line"])
        place = _takes(db, key)[0][4]
        quantity, cost = item["quantity"], item["cost_cents"]
        for lot, gone, cents in ((None, quantity, None), (item["lot"], -quantity, -cost)):
            movement = Movement(item["product"], place, lot, gone, cents)
            _change(db, key, movement, item["account"], costed=costed)


def _change(
    db: Database, key: tuple[int, int], movement: Movement, account: str, *, costed: int
) -> None:
    """A line's take from a lot changes by a movement; nothing left of it is forgotten."""
    rows = _takes(db, key)
    lot = movement.lot or ""
    before = next((row for row in rows if row[5] == lot), None)
    if before is None:
        ordinal = rows[-1][2] + 1 if rows else 0
        before = (*key, ordinal, movement.product, movement.place, lot, 0, 0, account, 0)
    quantity, cost = before[6] - movement.quantity, before[7] - (movement.cost_cents or 0)
    if quantity:
        sealed.put(db, "taken", *before[:6], quantity, cost, account, max(before[9], costed))
    else:
        where = "position = ? AND line = ? AND ordinal = ?"
        db.execute(f"DELETE FROM taken WHERE {where}", before[:3])  # noqa: S608 - own names


def _takes(db: Database, key: tuple[int, int]) -> list[sealed.Row]:
    return sealed.every(db, "taken", "WHERE position = ? AND line = ? ORDER BY ordinal", *key)


def by_line(goods: Document, document: Document) -> Iterator[tuple[int, str, Movement]]:
    """Line, bearing account and movement: the lines of `goods`, the movements of `document`."""
    movements = iter(document.movements)
    lines = document.body["lines"] or goods.body["lines"]
    accounts = {each["line"]: _LINES[goods.kind](goods, each) for each in goods.body["lines"]}
    for each in lines:
        left = _quantity(each)
        while left:
            movement = next(movements, None)
            assert movement is not None, "movements add up to the quantity of their line"
            left -= abs(movement.quantity)
            yield each["line"], accounts[each["line"]], movement


def _quantity(line: Mapping[str, Json]) -> int:
    if "quantity" in line:
        quantity: int = line["quantity"]
        return quantity
    difference: int = line["expected"] - line["counted"]
    return abs(difference)


# Kinds whose lines take goods -> the account that bears the cost of one.
_LINES: dict[str, Callable[[Document, Mapping[str, Json]], str]] = {
    "sale": lambda _document, _line: "cost",
    "write_off": lambda document, _line: f"writeoff:{document.body['reason']}",
    "stocktake": lambda _document, line: f"writeoff:{line['reason']}",
}
