"""As much of a database connection as the books need, whoever opened it.

At a till it is SQLite's own; a server may bring one to another database that speaks the SQL
written here: values stand for ``?`` and ``?1``, a row is replaced by ``REPLACE INTO``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol


class Rows(Protocol):
    """What a statement answers."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        ...

    def fetchone(self) -> Any:  # noqa: ANN401 - a row, as its columns are
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """An open connection; transactions are its owner's."""

    def execute(self, query: str, values: Sequence[Any] = (), /) -> Rows:
        """Run a statement."""
        ...

    def executemany(self, query: str, rows: Iterable[Sequence[Any]], /) -> Rows:
        """Run a statement once for each of these rows."""
        ...


def in_memory() -> Database:
    """An empty database that is gone with the connection; SQLite's, without transactions begun."""
    return sqlite3.connect(":memory:", isolation_level=None)


class Unstorable(Exception):
    """Another database than SQLite says that a value does not fit its column, or comes twice."""


# What a body of another form than its kind's makes of the code that projects it, and of the
# database. A disk that fails or a file that is damaged is none of it: that is nobody's document.
MISFITS = (
    sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError,
    Unstorable,
    OverflowError, TypeError, ValueError, LookupError, AttributeError, AssertionError,
)  # fmt: skip
