"""The books' SQL on PostgreSQL: a connection of psycopg 3 that speaks SQLite's dialect.

The books are written for SQLite. What differs is little and translated here: placeholders, `IS ?`,
truth as a number, `REPLACE`, `OR IGNORE`, `instr`, types and indexes of tables. Values are put into
the text of a query (`ClientCursor`), so that PostgreSQL infers no types of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import Any, TypeAlias

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from kpos.ledger.database import Database, Rows, Unstorable
from kpos.wawi.core.schema import script

# A statement for psycopg, and which of its caller's values each of its places takes.
Translated: TypeAlias = tuple[str, tuple[int, ...]]
# So many statements travel together.
_TOGETHER = 200

_PLACE = re.compile(r"'(?:[^']|'')*'|\?(\d*)|%")
_REPLACE = re.compile(r"REPLACE INTO (\w+) (VALUES .*)", re.DOTALL)
_IGNORE = re.compile(r"INSERT OR IGNORE INTO (.*)", re.DOTALL)
_WORDS = (
    (re.compile(r"\bIS (?=\?)"), "IS NOT DISTINCT FROM "),
    (re.compile(r"\bNOT retired\b"), "retired = 0"),
    (re.compile(r"\bAND named\b(?! =)"), "AND named = 1"),
    (re.compile(r"\binstr\("), "strpos("),
    (re.compile(r"^BEGIN \w+$"), "BEGIN"),
)
_TABLE_WORDS = (
    (re.compile(r"--[^\n]*"), ""),
    (re.compile(r"\)\s*(?:STRICT|WITHOUT ROWID)(?:, WITHOUT ROWID)?;"), ");"),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
    # As SQLite compares texts: by code points.
    (re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
)
_UNSTORABLE = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError)


class _WholeNumber(Loader):
    """A sum of whole numbers, which PostgreSQL calls numeric, is a whole number."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


class Postgres:
    """A `Database` over a connection that its owner opened, and in whose transaction it is."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, query: str, values: Sequence[Any] = (), /) -> Rows:
        """Run a statement of SQLite's."""
        text, places = translated(query)
        cursor = self._cursor()
        try:
            cursor.execute(_raw(text), [values[place] for place in places])
        except _UNSTORABLE as error:
            raise Unstorable(str(error)) from error
        return _Answer(cursor)

    def executemany(self, query: str, rows: Iterable[Sequence[Any]], /) -> Rows:
        """Run a statement once for each of these rows; many of them travel together."""
        text, places = translated(query)
        cursor = self._cursor()
        try:
            statements = [
                cursor.mogrify(_raw(text), [values[place] for place in places]) for values in rows
            ]
            for first in range(0, len(statements), _TOGETHER):
                cursor.execute(_raw(";".join(statements[first : first + _TOGETHER])))
        except _UNSTORABLE as error:
            raise Unstorable(str(error)) from error
        return _Answer(cursor)

    def _cursor(self) -> psycopg.ClientCursor[Any]:
        cursor = psycopg.ClientCursor(self._connection)
        cursor.adapters.register_loader("numeric", _WholeNumber)
        return cursor


class _Answer:
    """What a statement answers; one without rows answers none."""

    def __init__(self, cursor: psycopg.ClientCursor[Any]) -> None:
        self._cursor = cursor
        self.rowcount = cursor.rowcount

    def fetchone(self) -> Any:  # noqa: ANN401 - a row
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    def __iter__(self) -> Any:  # noqa: ANN401 - rows
        return iter(self._cursor)


@cache
def translated(query: str) -> Translated:
    """A statement of SQLite's for PostgreSQL."""
    if query.lstrip().startswith("CREATE"):
        return _applied(_TABLE_WORDS, _applied(_WORDS, query)).replace("%", "%%"), ()
    replacing = _REPLACE.fullmatch(query)
    if replacing is not None:
        query = _upsert(*replacing.groups())
    query = _IGNORE.sub(r"INSERT INTO \1 ON CONFLICT DO NOTHING", query)
    places: list[int] = []
    text = _PLACE.sub(partial(_numbered, places), _applied(_WORDS, query))
    return text, tuple(places)


def _numbered(places: list[int], found: re.Match[str]) -> str:
    if found.group() == "%":
        return "%%"
    if not found.group().startswith("?"):
        return found.group().replace("%", "%%")
    places.append(int(found.group(1)) - 1 if found.group(1) else len(places))
    return "%s"


def _applied(words: Iterable[tuple[re.Pattern[str], str]], text: str) -> str:
    for pattern, replacement in words:
        text = pattern.sub(replacement, text)
    return text


def _upsert(table: str, values: str) -> str:
    """`REPLACE` where only the primary key may be there already."""
    keys, columns = _tables()[table]
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
    return f"INSERT INTO {table} {values} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


@cache
def _tables() -> dict[str, tuple[list[str], list[str]]]:
    """Primary key and columns of each table."""
    tables = {}
    for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", script(), re.DOTALL):
        columns = re.findall(r"^    ([a-z_]+) +(?:TEXT|INTEGER|BLOB)", body, re.MULTILINE)
        key = re.findall(r"^    ([a-z_]+) .*PRIMARY KEY", body, re.MULTILINE)
        together = re.search(r"PRIMARY KEY \((.*?)\)", body)
        tables[name] = (together.group(1).split(", ") if together else key, columns)
    return tables


def _raw(text: str) -> bytes:
    """What psycopg takes for a query whose text was put together."""
    return text.encode()


def connected(connection: psycopg.Connection[Any]) -> Database:
    """The books' view of a connection; that of a framework is as good."""
    return Postgres(connection)
