"""Writes are gathered and travel together, until somebody asks for what they wrote.

To project a document takes a dozen small statements. Prepared and run one by one, they cost more
than the rows themselves, above all where each one is a journey to another process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from kpos.ledger.database import Database, Rows

_WRITES = re.compile(r"(?:INSERT INTO|INSERT OR IGNORE INTO|REPLACE INTO) (\w+)\b.*", re.DOTALL)
# So many rows of one table wait at most: what they are in memory is bounded.
_WAITING_MAX = 1000


class Gathering:
    """A `Database` over another one, for the time of one batch; call `write` at its end.

    What does not fit is therefore said late, but within the batch.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        # By table, in their order: a statement and the rows that it waits to be run with.
        self._waiting: dict[str, list[tuple[str, list[Sequence[Any]]]]] = {}

    def execute(self, query: str, values: Sequence[Any] = (), /) -> Rows:
        """Run a statement, or, where it only writes a row, keep it for later."""
        table = _written(query)
        if table is None:
            self._write_named(query)
            return self._db.execute(query, values)
        runs = self._waiting.setdefault(table, [])
        if not runs or runs[-1][0] != query or len(runs[-1][1]) >= _WAITING_MAX:
            self._write(table)
            runs.append((query, []))
        runs[-1][1].append(values)
        return _NOTHING

    def executemany(self, query: str, rows: Iterable[Sequence[Any]], /) -> Rows:
        """Run a statement once for each of these rows."""
        self._write_named(query)
        return self._db.executemany(query, rows)

    def write(self) -> None:
        """Run what waits."""
        for table in self._waiting:
            self._write(table)

    def _write(self, table: str) -> None:
        runs = self._waiting[table]
        for query, rows in runs:
            self._db.executemany(query, rows)
        runs.clear()

    def _write_named(self, query: str) -> None:
        for table, runs in self._waiting.items():
            if runs and _names(query, table):
                self._write(table)


class _Nothing:
    """What a statement answers that was not run yet."""

    rowcount = -1

    def fetchone(self) -> None:
        """No row."""

    def fetchall(self) -> list[Any]:
        """No rows."""
        return []

    def __iter__(self) -> Any:  # noqa: ANN401 - no rows
        return iter(())


_NOTHING = _Nothing()


@cache
def _written(query: str) -> str | None:
    """The table that a statement writes a row to; None where it asks, or changes what is there."""
    found = _WRITES.fullmatch(query)
    return found.group(1) if found and "RETURNING" not in query and "SELECT" not in query else None


@cache
def _names(query: str, table: str) -> bool:
    """Whether a table is named in a statement."""
    return re.search(rf"\b{table}\b", query) is not None
