"""The tables of the two files, and how older files become today's.

journal.db: a document's place is one integer, `epoch << 32 | seq`, so that the primary key is
the order and the largest key is the head. Triggers refuse every change but the next document;
the insert trigger also stops INSERT OR REPLACE, which fires no delete trigger. What is mutable
beside the documents ends in the seal of its row (`sealed.py`), as in stammdaten.db (`tables.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from kpos.ledger import conditions, sealed
from kpos.ledger.errors import Damaged
from kpos.ledger.reported import TABLES as REPORTED
from kpos.ledger.tables import FEED, STAMMDATEN

JOURNAL_VERSION = 4
SEALED_SINCE = 2  # journal.db: what is mutable beside the documents
COUNTS_SINCE = 3
PAIRED_SINCE = 4
STAMMDATEN_VERSION = 4

_DOCUMENT = """
CREATE TABLE document (
    position INTEGER PRIMARY KEY,      -- epoch << 32 | seq
    number   INTEGER,                  -- the receipt number without its prefix
    kind     TEXT NOT NULL,
    content  TEXT NOT NULL,            -- the canonical JSON that was hashed
    hash     TEXT NOT NULL,
    epoch    INTEGER AS (position >> 32) VIRTUAL,
    seq      INTEGER AS (position & 4294967295) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX receipt ON document (position >> 32, number) WHERE number IS NOT NULL;
"""

_APPEND_ONLY = """
CREATE TRIGGER document_is_never_changed BEFORE UPDATE ON document
BEGIN SELECT RAISE(ABORT, 'documents are never changed'); END;
CREATE TRIGGER document_is_never_deleted BEFORE DELETE ON document
BEGIN SELECT RAISE(ABORT, 'documents are never deleted'); END;
CREATE TRIGGER document_is_the_next_one BEFORE INSERT ON document
WHEN NEW.position <> coalesce((SELECT max(position) FROM document), 4294967296) + 1
 AND NOT (NEW.position & 4294967295 = 1
          AND NEW.position > coalesce((SELECT max(position) FROM document), 0))
BEGIN SELECT RAISE(ABORT, 'a document comes right after the last one'); END;
"""

_IDENTITY = """
CREATE TABLE identity (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    till        TEXT NOT NULL,
    place       TEXT NOT NULL,
    prefix      TEXT NOT NULL,         -- of the receipt numbers, now
    cash_prefix TEXT NOT NULL,         -- of the cash account, for ever
    epoch       INTEGER NOT NULL
) STRICT;
"""

_PAIRING = """
CREATE TABLE pairing (
    one         INTEGER PRIMARY KEY CHECK (one = 1),  -- no row: never paired
    url         TEXT,                  -- null: not paired any more
    token       TEXT,
    branch      TEXT,                  -- its name
    fingerprint TEXT,                  -- of the certificate; null: the usual authorities vouch
    acked       TEXT,                  -- [epoch,seq,hash] of the last document the WaWi holds
    fed         INTEGER NOT NULL,      -- whether master data ever came from a WaWi
    seal        INTEGER NOT NULL
) STRICT;
CREATE TABLE fed_pin (
    subject TEXT PRIMARY KEY,
    version INTEGER NOT NULL,          -- of the last PIN that a WaWi gave
    seal    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_PRIVATE = """
CREATE TABLE private (
    position INTEGER PRIMARY KEY,
    salt     BLOB NOT NULL,
    part     TEXT NOT NULL             -- canonical JSON; the document holds its digest
) STRICT;
"""

_SEALED = """
CREATE TABLE undo (
    position   INTEGER PRIMARY KEY,    -- of the sale
    wallet     TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,       -- trusted time
    seal       INTEGER NOT NULL
) STRICT;
CREATE INDEX undo_of_wallet ON undo (wallet);
CREATE TABLE pin (
    subject  TEXT PRIMARY KEY,         -- member, wallet of a guest card, or 'till'
    salt     BLOB,
    verifier BLOB,
    n        INTEGER,
    r        INTEGER,
    p        INTEGER,
    attempts INTEGER NOT NULL,
    seal     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_COUNT = """
CREATE TABLE stocktake (
    id      INTEGER PRIMARY KEY,       -- of a count that waits for approval
    content TEXT NOT NULL,             -- canonical JSON
    seal    INTEGER NOT NULL
) STRICT;
"""


def _create_journal(db: sqlite3.Connection) -> None:
    _run(db, _DOCUMENT + _APPEND_ONLY + _IDENTITY + _PRIVATE + _SEALED + _COUNT + _PAIRING)


def _journal_0_to_1(db: sqlite3.Connection) -> None:
    """Version 0 kept undo links without an index, and REPLACE could change a document."""
    _run(
        db,
        """
        DROP TRIGGER document_is_never_changed;
        DROP TRIGGER document_is_never_deleted;
        CREATE INDEX undo_of_wallet ON undo (wallet);
        """
        + _APPEND_ONLY,
    )


def _journal_1_to_2(db: sqlite3.Connection) -> None:
    """Version 1 did not see when a counter of wrong PINs or an undo link had changed by itself."""
    tables = ("undo", "pin")
    rows = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608
    for table in tables:
        db.execute(f"DROP TABLE {table}")
    _run(db, _SEALED)
    for table in tables:
        for row in rows[table]:
            sealed.put(db, table, *row)


def _journal_2_to_3(db: sqlite3.Connection) -> None:
    """Version 2 knew no counts that wait for approval."""
    _run(db, _COUNT)


def _journal_3_to_4(db: sqlite3.Connection) -> None:
    """Version 3 had nobody to be paired with."""
    columns = "one, till, place, prefix, cash_prefix, epoch"
    rows = db.execute(f"SELECT {columns} FROM identity").fetchall()  # noqa: S608 - own names
    db.execute("DROP TABLE identity")
    _run(db, _IDENTITY + _PAIRING)
    db.executemany(f"INSERT INTO identity ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608


_JOURNAL_STEPS = {0: _journal_0_to_1, 1: _journal_1_to_2, 2: _journal_2_to_3, 3: _journal_3_to_4}


def prepare_journal(db: sqlite3.Connection) -> None:
    """Create the tables of a new journal, or bring an older one to today's version.

    Each step is one transaction with its version number, so that a power cut leaves either.

    Raises:
        Damaged: if a newer kpos wrote the file.
    """
    if not _has_table(db, "document"):
        _in_transaction(db, lambda: _create_journal(db), JOURNAL_VERSION)
    refuse_newer_journal(db)
    for old in range(version_of(db), JOURNAL_VERSION):
        step = _JOURNAL_STEPS[old]
        _in_transaction(db, lambda step=step: step(db), old + 1)  # type: ignore[misc]


def prepare_stammdaten(db: sqlite3.Connection) -> bool:
    """Create the tables where there are none; False if the file is of another version.

    stammdaten.db is never migrated: whatever is older is rebuilt from the journal.
    """
    if not _has_table(db, "applied"):
        tables = STAMMDATEN + FEED + REPORTED + conditions.TABLES
        _in_transaction(db, lambda: _run(db, tables), STAMMDATEN_VERSION)
    return version_of(db) == STAMMDATEN_VERSION


def refuse_newer_journal(db: sqlite3.Connection) -> None:
    """Leave a journal alone whose tables may mean something else.

    Raises:
        Damaged: if a newer kpos wrote the file.
    """
    version = version_of(db)
    if version > JOURNAL_VERSION:
        raise Damaged("J-02", f"version {version}, this kpos knows {JOURNAL_VERSION}")


def is_fed(journal: sqlite3.Connection) -> bool:
    """Whether master data ever came from a WaWi; in a journal of whatever version.

    Raises:
        Damaged: if what says so is not as it was written.
    """
    if version_of(journal) < PAIRED_SINCE:
        return False
    row = sealed.one(journal, "pairing", "one", 1)
    return row is not None and bool(row[-1])


def _in_transaction(db: sqlite3.Connection, work: Callable[[], None], version: int) -> None:
    """All of it or nothing: whoever cannot prepare a file closes it, and SQLite takes it back."""
    db.execute("BEGIN IMMEDIATE")
    work()
    db.execute(f"PRAGMA user_version={version}")
    db.execute("COMMIT")


def _run(db: sqlite3.Connection, script: str) -> None:
    """Run statements inside the open transaction; `executescript` would commit it first."""
    for statement in statements(script):
        db.execute(statement)


def _has_table(db: sqlite3.Connection, name: str) -> bool:
    row = db.execute("SELECT 1 FROM sqlite_schema WHERE type='table' AND name=?", (name,))
    return row.fetchone() is not None


def version_of(db: sqlite3.Connection) -> int:
    """Of which version the tables of a file are."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def tables_of_a_house() -> str:
    """Those of stammdaten.db and, beside the documents, of journal.db: a server has them too."""
    return STAMMDATEN + REPORTED + conditions.TABLES + _SEALED + _COUNT


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
