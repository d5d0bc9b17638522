"""Rows that say whether they are as they were written.

SQLite keeps no checksum of its pages, and a fallen bit in a balance would be shown as credit. So
the last column of every table is a seal over the name of the table and the values before it, and
whoever reads a row here gets it whole or not at all. That costs a few microseconds a row whatever
the size of the file; a row that cannot be found any more is what `kpos verify` finds.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable
from typing import Any, TypeAlias

from kpos.ledger.database import Database
from kpos.ledger.errors import Damaged

Row: TypeAlias = tuple[Any, ...]
# Of the tables that are not stammdaten.db's.
_CODES = {
    "pairing": "J-11", "pin": "J-13", "undo": "J-13", "stocktake": "J-13", "reader": "J-13",
    "fed_pin": "J-13",
}  # fmt: skip
# Of the tables that are added to: the columns behind these are numbers.
_BY_KEY = {
    "balance": "WHERE account = ?",
    "stock": "WHERE product = ? AND place = ?",
    "house_units": "WHERE cents_per_unit = ?",
    "held_units": "WHERE wallet = ? AND cents_per_unit = ?",
    "sold_units": "WHERE cents_per_unit = ?",
}


def put(db: Database, table: str, *values: object, verb: str = "REPLACE") -> None:
    """Write a row: all columns of its table, in order, but the seal.

    `verb` is INSERT for rows that come once: the same one again is an error then.
    """
    marks = "?, " * len(values)
    db.execute(f"{verb} INTO {table} VALUES ({marks}?)", (*values, _seal(table, values)))


def add(db: Database, table: str, key: Row, *numbers: int) -> None:
    """Add to the numbers behind a key, which are zero where there is no row yet.

    Raises:
        Damaged: if what is to be added to is not as it was written.
    """
    sums = Sums(db)
    sums.add(table, key, *numbers)
    sums.write()


class Sums:
    """What is to be added to rows of one file, gathered: each is read and written once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sums: dict[tuple[str, Row], tuple[int, ...]] = {}

    def add(self, table: str, key: Row, *numbers: int) -> None:
        """Add to the numbers behind a key, later."""
        place = (table, key)
        before = self._sums.get(place)
        self._sums[place] = numbers if before is None else tuple(map(int.__add__, before, numbers))

    def write(self) -> None:
        """Now.

        Raises:
            Damaged: if what is to be added to is not as it was written.
        """
        # All are read before any is written: those who gather writes need not part them.
        sums = [(*place, self._sum(*place, n)) for place, n in self._sums.items() if any(n)]
        for (table, key), numbers in self._sums.items():
            if not any(numbers):
                put(self._db, table, *key, *numbers, verb="INSERT OR IGNORE")
        for table, key, numbers in sums:
            put(self._db, table, *key, *numbers)
        self._sums.clear()

    def _sum(self, table: str, key: Row, numbers: tuple[int, ...]) -> tuple[int, ...]:
        found = every(self._db, table, _BY_KEY[table], *key)
        return tuple(map(int.__add__, found[0][len(key) :], numbers)) if found else numbers


def one(db: Database, table: str, column: str, value: object) -> Row | None:
    """The row with this value in a column that has none of it twice, or None.

    Raises:
        Damaged: if it is not as it was written, or an index leads to another one.
    """
    found = every(db, table, f"WHERE {column} = ?", value)
    if not found:
        return None
    if value not in found[0]:
        raise Damaged("S-03", f"{table}: {column} leads to another row")
    return found[0]


def every(db: Database, table: str, rest: str, *values: object) -> list[Row]:
    """The rows that `rest` of the query selects.

    Raises:
        Damaged: if one of them is not as it was written.
    """
    rows = db.execute(f"SELECT * FROM {table} {rest}", values)  # noqa: S608 - own names
    return whole(table, rows)


def whole(table: str, rows: Iterable[Row]) -> list[Row]:
    """Rows without their seals, which hold.

    Raises:
        Damaged: if one does not.
    """
    found = []
    for row in rows:
        values = row[:-1]
        if row[-1] != _seal(table, values):
            raise Damaged(_CODES.get(table, "S-03"), f"{table}: a row is not as it was written")
        found.append(values)
    return found


def _seal(table: str, values: Iterable[object]) -> int:
    return crc32(ascii((table, *values)).encode())
