"""Transactions over Django's connection: the core is given one that is open, and never commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.db import connection, transaction

from kpos.ledger.database import Database


@contextmanager
def writing() -> Iterator[Database]:
    """One transaction that writes: all of it or nothing."""
    with transaction.atomic():
        yield database()


@contextmanager
def reading() -> Iterator[Database]:
    """One picture of the database: what others commit meanwhile is not in it.

    SQLite's transactions are IMMEDIATE here; a look must not queue behind writers, so it begins
    a deferred one itself.
    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.execute("BEGIN DEFERRED")
        try:
            yield database()
        finally:
            connection.connection.execute("ROLLBACK")
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield database()


def wipe() -> None:
    """Make erasing final: what was erased is in no log of the database any more.

    PostgreSQL looks after its own; it overwrites what was erased when it needs the room.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def database() -> Database:
    """Django's connection as the core speaks to it."""
    if connection.vendor == "sqlite":
        return cast("Database", connection.connection)
    from kpos.wawi.core.postgres import connected

    return connected(connection.connection)
