"""Stock and lots in stammdaten.db, as domain values; `Stockroom` follows them through a booking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpos.domain.goods import CostingItem
from kpos.domain.ids import Id
from kpos.domain.lots import CostFlow, Lot, Shelf, Take, give_back
from kpos.domain.money import portion
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.ledger.places import Places

_OPEN_LOTS = "SELECT * FROM lot WHERE product = ? AND place = ? AND quantity_left > 0"
_ORDER = {"lifo": " ORDER BY position DESC, line DESC"}
_ORDER |= dict.fromkeys(("fifo", "average"), " ORDER BY position, line")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a line of a document took from one lot (or from none yet) and did not give back."""

    position: int
    line: int
    product: Id
    take: Take
    account: str


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot as it came and what is left of it."""

    lot: Lot
    product: Id
    quantity: int
    cost_cents: int
    best_before: str | None


def lots(db: Database, *, everything: bool = False) -> list[LotRow]:
    """Lots of which something is left, the oldest first; `everything` has those used up too."""
    left = "quantity_left > 0"
    if everything:
        left = "NOT EXISTS (SELECT 1 FROM reversed WHERE original = lot.position)"
    return list(map(_lot, sealed.every(db, "lot", f"WHERE {left} ORDER BY position, line")))


def stock(db: Database, product: Id, place: str) -> int:
    """How much is there; negative where more was sold than delivered."""
    _, _, quantity, _, open_quantity = _stock(db, product, place)
    return int(quantity + open_quantity)


def is_known(db: Database, product: Id) -> bool:
    """Whether any of this product ever came or left."""
    return (
        db.execute("SELECT 1 FROM stock WHERE product = ? LIMIT 1", (product,)).fetchone()
        is not None
    )


def is_tracked(db: Database, product: Id, place: str) -> bool:
    """Whether the house ever booked goods of this product in."""
    return newest_lot(db, product, place) is not None


def kept(db: Database, product: Id, place: str) -> int | None:
    """How much is there; None where the house never booked any in, and so keeps no stock of it."""
    _, _, quantity, _, open_quantity = _stock(db, product, place)
    if not quantity and not is_tracked(db, product, place):
        return None
    return int(quantity + open_quantity)


def shelf(db: Database, product: Id, place: str, flow: CostFlow) -> Shelf:
    """The open lots of a product, in their order."""
    pool = (0, 0)
    if flow == "average":
        _, _, *pool_of, _ = _stock(db, product, place)
        pool = (pool_of[0], pool_of[1])
    rows = sealed.whole("lot", db.execute(_OPEN_LOTS + _ORDER[flow], (product, place)))
    return Shelf(tuple(_lot(row).lot for row in rows), flow, pool)


def next_cost(db: Database, product: Id, place: str, flow: CostFlow) -> tuple[int, int] | None:
    """(cost in cents, quantity) of what the next unit comes from.

    Of a lot it is what all of it cost as it came: what is left of it costs a fraction of a cent
    more or less after each sale, and a price by markup must not waver with that. With nothing
    there it is what the newest lot cost whose delivery still stands; None if there never was one.
    """
    if flow == "average":
        _, _, quantity, cost, _ = _stock(db, product, place)
        if quantity:
            return cost, quantity
    else:
        rows = db.execute(f"{_OPEN_LOTS}{_ORDER[flow]} LIMIT 1", (product, place))
        for row in map(_lot, sealed.whole("lot", rows)):
            return row.cost_cents, row.quantity
    standing = (
        "WHERE product = ? AND place = ?"
        " AND NOT EXISTS (SELECT 1 FROM reversed WHERE original = lot.position)"
        " ORDER BY position DESC, line DESC LIMIT 1"
    )
    newest = map(_lot, sealed.every(db, "lot", standing, product, place))
    return next(((row.cost_cents, row.quantity) for row in newest), None)


def newest_lot(db: Database, product: Id, place: str) -> LotRow | None:
    """The lot that came last and was not taken back, whether anything is left of it or not."""
    last = (
        "WHERE product = ? AND place = ?"
        " AND NOT EXISTS (SELECT 1 FROM reversed WHERE original = lot.position)"
        " ORDER BY position DESC, line DESC LIMIT 1"
    )
    rows = sealed.every(db, "lot", last, product, place)
    return _lot(rows[0]) if rows else None


def lots_of(db: Database, position: int, product: Id, place: str) -> list[LotRow]:
    """The lots of a product that a document made."""
    made = "WHERE product = ? AND place = ? AND position = ? ORDER BY line"
    return list(map(_lot, sealed.every(db, "lot", made, product, place, position)))


def takes_of(db: Database, position: int, line: int) -> tuple[Take, ...]:
    """What a line took and did not give back, in the order in which it took it."""
    rows = sealed.every(
        db, "taken", "WHERE position = ? AND line = ? ORDER BY ordinal", position, line
    )
    return tuple(_taken(row).take for row in rows)


def empties_expected(db: Database, place: str) -> dict[int, int]:
    """Empties that should be in the house, by deposit value: all its units but those on bottles."""
    expected: dict[int, int] = dict(sealed.every(db, "house_units", ""))
    full = db.execute(
        "SELECT deposit_cents, sum(quantity + open_quantity) FROM stock"
        " JOIN product ON product.id = stock.product"
        " WHERE place = ? AND deposit_cents > 0 GROUP BY deposit_cents",
        (place,),
    )
    for value, quantity in full:
        expected[value] = expected.get(value, 0) - quantity
    return expected


def is_any_lot_open(db: Database) -> bool:
    """Whether any lot has goods left, or costs: those that average costs left in an empty one."""
    query = "SELECT 1 FROM lot WHERE quantity_left <> 0 OR cost_left <> 0 LIMIT 1"
    return db.execute(query).fetchone() is not None


class Stockroom:
    """Lots and open lines of the products that a booking touches, document by document."""

    def __init__(self, db: Database, places: Places, place: str, flow: CostFlow) -> None:
        self._db = db
        self._places = places
        self.place = place
        self._flow = flow
        self._shelves: dict[Id, Shelf] = {}
        self._open: dict[Id, list[Taken]] = {}

    def take(self, product: Id, quantity: int) -> tuple[Take, ...]:
        """Goods leave, by the flow of costs."""
        takes, self._shelves[product] = self._shelf(product).take(quantity)
        return takes

    def move(self, product: Id, lot: Lot, quantity: int, cost_cents: int) -> None:
        """Goods come into a lot (+) or leave it (-)."""
        self._shelves[product] = self._shelf(product).moved(lot, quantity, cost_cents)

    def put_back(self, product: Id, take: Take) -> None:
        """Goods come back to the lot they were taken from."""
        assert take.lot is not None, "what has no lot yet is given back open"
        self.move(product, self._lot(take.lot), take.quantity, take.cost)

    def uncost(self, product: Id, gone: Sequence[Lot]) -> list[CostingItem]:
        """Whatever left these lots of one document loses them: they are about to leave, whole.

        Average costs know no lots: there, all that was costed since they came loses its cost.
        """
        items = []
        for row in self._taken_from(product, gone):
            taken = _taken(row)
            self.put_back(product, taken.take)
            self._open_of(product).append(taken)
            items.append(self._item(taken, taken.take, -1))
        return items

    def _taken_from(self, product: Id, gone: Sequence[Lot]) -> list[sealed.Row]:
        db, order = self._db, "ORDER BY position, line, ordinal"
        if self._flow == "average":
            since = f"WHERE product = ? AND lot <> '' AND costed > ? AND place = ? {order}"
            return sealed.every(db, "taken", since, product, gone[0].since[0], self.place)
        of_lot = f"WHERE product = ? AND lot = ? {order}"
        return [row for lot in gone for row in sealed.every(db, "taken", of_lot, product, lot.id)]

    def take_back(self, product: Id) -> list[CostingItem]:
        """At a server: what came back without a lot but was costed goes to the lot it was of."""
        items = []
        # Not by way of what still waits, which is all that was sold where nothing is delivered.
        back = "WHERE product = ? AND lot = '' AND quantity < 0 AND place = ?"
        rows = sealed.every(self._db, "taken", back, product, self.place)
        for taken in map(_taken, rows):
            costed = [each for each in takes_of(self._db, taken.position, taken.line) if each.lot]
            for take in give_back(costed, -taken.take.quantity):
                self.put_back(product, take)
                items.append(self._item(taken, take, -1))
        return items

    def cover(self, products: Iterable[Id]) -> list[CostingItem]:
        """Goods that left before their lot was known get what is there now, the oldest first."""
        items = []
        for product in dict.fromkeys(products):
            if not self._shelf(product).lots:
                continue
            still_open = [each for each in self._open_of(product) if each.take.quantity > 0]
            waiting = sorted(still_open, key=lambda each: (each.position, each.line))
            for taken in waiting:
                takes = self.take(product, taken.take.quantity)
                items += [self._item(taken, take, 1) for take in takes if take.lot is not None]
        return items

    def give_back_open(self, position: int, line: int, product: Id, quantity: int) -> None:
        """Goods come back that never had a lot: that much less waits for one."""
        self._open[product] = [
            _less(each, quantity) if (each.position, each.line) == (position, line) else each
            for each in self._open_of(product)
        ]
        self._open[product] = [each for each in self._open[product] if each.take.quantity]

    def _shelf(self, product: Id) -> Shelf:
        if product not in self._shelves:
            self._shelves[product] = shelf(self._db, product, self.place, self._flow)
        return self._shelves[product]

    def _open_of(self, product: Id) -> list[Taken]:
        if product not in self._open:
            waiting = "WHERE product = ? AND lot = '' AND place = ?"
            rows = sealed.every(self._db, "taken", waiting, product, self.place)
            self._open[product] = [_taken(row) for row in rows]
        return self._open[product]

    def _item(self, taken: Taken, take: Take, sign: int) -> CostingItem:
        assert take.lot is not None, "costs come from a lot"
        of = self._places.name_of(taken.position)
        quantity, cost = sign * take.quantity, sign * take.cost
        return CostingItem(of, taken.line, taken.product, take.lot, quantity, cost, taken.account)

    def _lot(self, identifier: Id) -> Lot:
        row = sealed.one(self._db, "lot", "id", identifier)
        assert row is not None, "what was taken names a lot that is there"
        return _lot(row).lot


class SharedStockroom(Stockroom):
    """Goods before which several tills stand: they leave without a lot, and the office costs them.

    Two tills that were offline could else take the last of one lot.
    """

    def take(self, product: Id, quantity: int) -> tuple[Take, ...]:  # noqa: ARG002 - as any room
        """Goods leave; from which lot, the office knows."""
        return (Take(None, quantity, None),)

    def cover(self, products: Iterable[Id]) -> list[CostingItem]:  # noqa: ARG002
        """The office's to do."""
        return []


def first_cost(row: LotRow | None, quantity: int) -> int:
    """What `quantity` would have cost as the lot came: goods that were found get this."""
    return portion(row.cost_cents, quantity, row.quantity) if row is not None else 0


def _less(taken: Taken, quantity: int) -> Taken:
    left = Take(None, taken.take.quantity - quantity, None)
    return Taken(taken.position, taken.line, taken.product, left, taken.account)


def _stock(db: Database, product: Id, place: str) -> Sequence[int]:
    rows = sealed.every(db, "stock", "WHERE product = ? AND place = ?", product, place)
    return rows[0] if rows else (product, place, 0, 0, 0)


def _lot(row: sealed.Row) -> LotRow:
    identifier, product, _, position, line, quantity, cost, left, cost_left, best_before = row
    lot = Lot(Id(identifier), (position, line), left, cost_left)
    return LotRow(lot, Id(product), quantity, cost, best_before)


def _taken(row: sealed.Row) -> Taken:
    position, line, _, product, _, lot, quantity, cost, account, _ = row
    take = Take(Id(lot), quantity, cost) if lot else Take(None, quantity, None)
    return Taken(position, line, Id(product), take, account)
