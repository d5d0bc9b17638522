"""Suppliers in stammdaten.db."""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.database import Database


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who delivers; the name is empty once it was erased."""

    id: Id
    name: str
    retired: bool = False


def supplier(db: Database, identifier: Id) -> Supplier | None:
    """A supplier by id."""
    row = sealed.one(db, "supplier", "id", identifier)
    return Supplier(Id(row[0]), row[1], bool(row[2])) if row else None


def suppliers(db: Database) -> list[Supplier]:
    """All suppliers, retired ones too, by name."""
    rows = sealed.every(db, "supplier", "ORDER BY name, id")
    return [Supplier(Id(identifier), name, bool(retired)) for identifier, name, retired in rows]
