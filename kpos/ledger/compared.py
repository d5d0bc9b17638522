"""What is stored of the projections, and what should be: row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.ledger import feed, sealed
from kpos.ledger.errors import Damaged

Own: TypeAlias = Callable[[int], Iterator[Document]]

_MASTER_DATA = (
    "product", "barcode", "member_group", "member", "wallet", "card", "supplier", "setting",
    "condition",
)  # fmt: skip
# What follows from the journal of a till alone, whoever leads it.
_OWN = (
    "lot", "taken", "house_units", "held_units", "sold_units", "reversed", "sale_line",
    "posting_sum",
)  # fmt: skip
PROJECTIONS = (*_MASTER_DATA, "balance", "stock", "history", *_OWN)


def compare(db: sqlite3.Connection, second: sqlite3.Connection) -> None:
    """Every row of a till of its own.

    Raises:
        Damaged: for the first that is not as it follows from the journal.
    """
    for table in PROJECTIONS:
        _same(table, _rows(db, table), _rows(second, table))


def compare_fed(db: sqlite3.Connection, second: sqlite3.Connection, place: str, own: Own) -> None:
    """What a till of a WaWi can know by itself; `own` are its documents after a position.

    Its master data came from there, whole or not at all, and so did what own documents add to.

    Raises:
        Damaged: for the first row that is not as it follows from both.
    """
    for table in _OWN:
        _same(table, _rows(db, table), _rows(second, table))
    others = "WHERE account NOT LIKE 'wallet:%'"
    _same("balance", _rows(db, "balance", others), _rows(second, "balance", others))
    for table in (*_MASTER_DATA, "history", "own_move"):
        sealed.every(db, table, "")
    taken = feed.taken(db)
    if taken is None:
        return
    effects = feed.effects_of(own(taken.position), place)
    wallets = sealed.every(db, "balance", "WHERE account LIKE 'wallet:%'")
    stored = {(account.removeprefix("wallet:"), cents) for account, cents in wallets}
    said = {wallet: -cents for wallet, cents, _ in sealed.every(db, "fed_wallet", "")}
    _same("balance", stored, _sums(said, effects.wallets))
    goods = sealed.every(db, "stock", "WHERE place = ?", place)
    there = {(product, quantity + more) for product, _, quantity, _, more in goods}
    said = {row[0]: row[1] for row in sealed.every(db, "fed_stock", "")}
    _same("stock", there, _sums(said, effects.goods))


def _sums(said: Mapping[str, int], moved: Mapping[str, int]) -> set[tuple[str, int]]:
    return {(name, said.get(name, 0) + moved.get(name, 0)) for name in {*said, *moved}}


def _rows(db: sqlite3.Connection, table: str, where: str = "") -> set[sealed.Row]:
    return set(db.execute(f"SELECT * FROM {table} {where}"))  # noqa: S608 - own names


def _same(table: str, stored: set[sealed.Row], expected: set[sealed.Row]) -> None:
    for row in sorted(stored ^ expected, key=repr)[:1]:
        raise Damaged("S-03", f"{table}: {Id(str(row[0]))}: kpos rebuild mends it")
