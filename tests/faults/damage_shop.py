"""A till after an evening, twice: closed for the night, and as a kill leaves it."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpos.ledger.backup import back_up
from kpos.ledger.files import Folder
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.pairing import Pairing, write_pairing
from tests.kiosk import CHEESE_250_G, MALT, MATE, SPEZI, Kiosk, build_shop

CARDS = "CARD-ADA CARD-LINUS CARD-GRACE CARD-TONY CARD-KEN GUEST-1".split()
_GOODS = [MATE, SPEZI, MALT, CHEESE_250_G]
# What lies beside the documents, outside their chain.
_BESIDE = ("identity", "pairing", "private", "pin", "undo")
# Paired, but never in reach.
_NOBODY = Pairing("http://127.0.0.1:9", "token", "Keller")
Rows = list[tuple[Any, ...]]


@dataclass
class State:
    """A data folder to copy, and what is true of it."""

    path: Path
    documents: Rows
    beside: dict[str, Rows]
    credit: dict[str, int] = field(default_factory=dict)  # cents by card


@dataclass
class Shop:
    """The folders that mutants are made of."""

    closed: State
    killed: State
    backup: Path


def build(work: Path, seed: int) -> Shop:
    """An evening's till."""
    rng = random.Random(seed)
    data = build_shop(work / "shop")
    kiosk = Kiosk(data)
    assert kiosk.books is not None
    with kiosk.books.journal.transaction() as booking:
        write_pairing(booking.db, _NOBODY, is_fed=False)
    kiosk.close()
    kiosk.open()
    _evening(kiosk, rng, 25)
    credit = _credit(kiosk)
    copy_stammdaten(kiosk.folder)
    kiosk.close()
    closed = _state(shutil.copytree(data, work / "closed"), credit)
    backup = work / "backup.db"
    back_up(kiosk.folder, backup)
    kiosk.open()
    _evening(kiosk, rng, 8)
    credit = _credit(kiosk)
    # What is copied while the till runs is what its death would leave.
    killed = _state(shutil.copytree(data, work / "killed"), credit)
    kiosk.close()
    return Shop(closed, killed, backup)


def _evening(kiosk: Kiosk, rng: random.Random, errands: int) -> None:
    for _ in range(errands):
        kiosk.waits(6)
        card = rng.choice(CARDS)
        kiosk.office("top_up", card=card, cents=rng.choice([500, 1000]))
        kiosk.card(card)
        for good in rng.choices(_GOODS, k=rng.randint(1, 3)):
            kiosk.scan(good)
        kiosk.type("#")
        if rng.random() < 0.2:
            kiosk.waits(6)
            kiosk.opens_menu("Linus")
            kiosk.type("1#")
        if rng.random() < 0.2:
            kiosk.waits(6)
            kiosk.type("77#9999#")
    kiosk.waits(60)


def _credit(kiosk: Kiosk) -> dict[str, int]:
    return {card: kiosk.credit(card).cents for card in CARDS}


def _state(path: Path, credit: dict[str, int]) -> State:
    """The truth, read from a copy: a reader would put a killed till's files in order."""
    copy = shutil.copytree(path, path.with_name("copy"))
    documents, beside = read(Folder(copy).journal)
    shutil.rmtree(copy)
    return State(path, documents, beside, credit)


def read(journal: Path) -> tuple[Rows, dict[str, Rows]]:
    """The documents as they are stored, and what lies beside them."""
    with contextlib.closing(sqlite3.connect(journal)) as db:
        documents = db.execute(
            "SELECT position, number, kind, content, hash FROM document ORDER BY position"
        ).fetchall()
        beside = {
            name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in _BESIDE
        }
    return documents, beside
