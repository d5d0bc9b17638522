"""Private parts of documents, of whomever: whose they are, and erasing them.

A document is meant by its position; one that waits for its position, and may do so for long, by its
id below zero.
"""

from __future__ import annotations

from collections.abc import Iterable

from kpos.ledger.database import Database


def naming(db: Database, member: str, wallet: str, till: str | None = None) -> list[int]:
    """Documents whose private parts name a member or wallet, or are notes on their money.

    `till`: only of its documents.
    """
    rows = db.execute(
        "SELECT coalesce(position, -id) FROM document WHERE part IS NOT NULL"
        " AND (instr(part, ?1) > 0 OR instr(part, ?2) > 0 OR instr(content, ?2) > 0)"
        " AND till = coalesce(?3, till)",
        (member, wallet, till),
    )
    return [number for (number,) in rows.fetchall()]


def forget(db: Database, numbers: Iterable[int]) -> None:
    """Erase the private parts of documents."""
    meant = list(numbers)
    for column, sign in (("position", 1), ("id", -1)):
        rows = [(sign * number,) for number in meant if sign * number > 0]
        query = f"UPDATE document SET salt = NULL, part = NULL WHERE {column} = ?"  # noqa: S608
        db.executemany(query, rows)
