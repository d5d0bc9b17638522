"""Reading the files beside a running till: read-only connections, short transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TypeAlias

from kpos.clock import Clock
from kpos.ledger.books import Books
from kpos.ledger.errors import AlreadyOpen, Damaged, LedgerError, NotWritable, translate
from kpos.ledger.files import Folder, connect_to_read
from kpos.ledger.reading import Head, Identity, is_cut_off, read_till, ref_of
from kpos.ledger.stammdaten import applied

Connection: TypeAlias = sqlite3.Connection
SQLITE_VERSION = sqlite3.sqlite_version_info


@contextmanager
def reading_journal(folder: Folder) -> Iterator[Connection]:
    """journal.db for reading.

    Raises:
        LedgerError: with what to do; also for what a query meets inside.
    """
    try:
        db = connect_to_read(folder.journal, "J-01")
        with closing(db):
            yield db
    except sqlite3.Error as error:
        raise translate(error, "J-01", str(folder.journal)) from error


@contextmanager
def reading_stammdaten(folder: Folder, clock: Clock) -> Iterator[Connection]:
    """stammdaten.db for reading; brought in step first if no till runs that does so.

    Raises:
        LedgerError: with what to do; also for what a query meets inside.
    """
    if not _is_in_step(folder):
        # A running till catches up by itself; without rights, what is there must do.
        with suppress(AlreadyOpen, NotWritable):
            Books(folder, clock).close()
    with reading_as_it_is(folder) as db:
        yield db


@contextmanager
def reading_as_it_is(folder: Folder) -> Iterator[Connection]:
    """stammdaten.db for reading, in step or not.

    Raises:
        LedgerError: if it cannot be read; also for what a query meets inside.
    """
    try:
        db = connect_to_read(folder.stammdaten, "S-01")
        with closing(db):
            yield db
    except sqlite3.Error as error:
        raise translate(error, "S-01", str(folder.stammdaten)) from error


def check_journal(folder: Folder) -> tuple[Identity | None, Head]:
    """Whose journal it is, and its head: its end is whole, and is the end.

    Raises:
        LedgerError: if not. What stammdaten.db knows of the end would be lost with it.
    """
    followed = 0
    with suppress(LedgerError):
        # First: a running till may book in between.
        followed = applied_position(folder) or 0
    with reading_journal(folder) as journal:
        identity, head = read_till(journal)
    if identity is not None and is_cut_off(identity, head, followed):
        raise Damaged("J-12", f"up to document {ref_of(followed)}")
    return identity, head


def applied_position(folder: Folder) -> int | None:
    """Up to where stammdaten.db follows the journal; None before the first document.

    Raises:
        LedgerError: if it cannot be read.
    """
    with reading_as_it_is(folder) as db:
        found = applied(db)
    return found[0] if found else None


def _is_in_step(folder: Folder) -> bool:
    with reading_journal(folder) as journal:
        head: int | None = journal.execute("SELECT max(position) FROM document").fetchone()[0]
    if not folder.stammdaten.exists():
        return False
    try:
        position = applied_position(folder)
    except Damaged:
        return False
    return position == head
