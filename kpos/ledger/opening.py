"""Opening stammdaten.db, or putting something in its place: nothing in it is precious."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from kpos.ledger.errors import Damaged, sqlite_errors
from kpos.ledger.files import Folder, connect
from kpos.ledger.schema import prepare_stammdaten


def open_stammdaten(folder: Folder) -> sqlite3.Connection:
    """stammdaten.db, created or replaced where it is missing, old or unreadable."""
    with suppress(Damaged):
        db = _prepared(folder) if folder.stammdaten.exists() else None
        if db is not None:
            return db
    return restart_stammdaten(folder)


def restart_stammdaten(folder: Folder) -> sqlite3.Connection:
    """Remove stammdaten.db and begin with its last good copy, or with empty tables."""
    for suffix in ("", "-wal", "-shm"):
        folder.stammdaten.with_name(folder.stammdaten.name + suffix).unlink(missing_ok=True)
    if folder.good_copy.exists():
        folder.good_copy.replace(folder.stammdaten)
        return open_stammdaten(folder)
    db = _prepared(folder)
    assert db is not None, "new tables are of today's version"
    return db


def _prepared(folder: Folder) -> sqlite3.Connection | None:
    """stammdaten.db with its tables; None if they are of another version."""
    db = connect(folder.stammdaten, code="S-01", synchronous="NORMAL")
    with ExitStack() as failed:
        failed.callback(db.close)
        with sqlite_errors("S-01", str(folder.stammdaten)):
            if prepare_stammdaten(db):
                failed.pop_all()
                return db
    return None


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of it, or nothing."""
    with db:
        db.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def durable(db: sqlite3.Connection) -> Iterator[None]:
    """What is committed inside is on the disk, as it need not be in this file."""
    db.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        db.execute("PRAGMA synchronous=NORMAL")
