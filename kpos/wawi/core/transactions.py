"""Transactions, for whoever has no framework that begins them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kpos.ledger.database import Database


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All of it, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextmanager
def part(db: Database) -> Iterator[None]:
    """A part of the open transaction: all of that part, or nothing."""
    db.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK TO SAVEPOINT part")
        db.execute("RELEASE SAVEPOINT part")
        raise
    db.execute("RELEASE SAVEPOINT part")
