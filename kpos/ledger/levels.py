"""How much is there of each product, and what of it goes off next."""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.ledger.stock import lots


@dataclass(frozen=True, slots=True)
class Level:
    """How much is there of a product: in lots, and gone before it had one (not positive)."""

    quantity: int
    open_quantity: int
    best_before: str | None


NOTHING = Level(0, 0, None)


def levels(db: Database) -> dict[Id, Level]:
    """What is there of every product that ever came or left, at all places together."""
    best_before: dict[str, str] = {}
    for row in lots(db):
        if row.best_before is not None:
            first = best_before.get(row.product, row.best_before)
            best_before[row.product] = min(first, row.best_before)
    found: dict[Id, Level] = {}
    for product, _, quantity, _, open_quantity in sealed.every(db, "stock", ""):
        before = found.get(Id(product), NOTHING)
        sums = before.quantity + quantity, before.open_quantity + open_quantity
        found[Id(product)] = Level(*sums, best_before.get(product))
    return found
