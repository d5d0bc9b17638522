"""What seeds begin with, made once per process and copied: new tills; houses come from `office`.

A third of the time of a short evening went into making the same tables again. What a seed decides
by itself (credits, limits, who is paired with which branch) comes after the copy.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from kpos.clock import ScriptClock
from kpos.domain.instant import Instant
from kpos.ledger.birth import create_till
from kpos.ledger.files import Folder
from kpos.wawi.core import tills
from kpos.wawi.core.schema import found
from kpos.wawi.core.transactions import transaction
from tests.simulator.swarm import seeded

START = Instant.parse("2026-11-20T19:00:00Z")
# So many, so that their ids come in more than one order.
TILLS = 12
ADMIN, OFFICE = "uid:0", "user:ada"
MEMORY = Path("/dev/shm")
# Below zero are no seeds of evenings.
_SEED_OF_TILLS = -1000


def folder_in_memory() -> TemporaryDirectory[str]:
    """A folder that no disk is waited for, where there is such a place."""
    return TemporaryDirectory(prefix="kpos-simulator-", dir=MEMORY if MEMORY.is_dir() else None)


def put_new_till(folder: Folder, number: int) -> None:
    """The files of one of `TILLS` tills that nobody has used yet."""
    folder.path.mkdir()
    made = Folder(Path(_new_tills().name) / str(number))
    for path in (made.journal, made.stammdaten):
        copyfile(path, folder.path / path.name)


@cache
def _new_tills() -> TemporaryDirectory[str]:
    place = folder_in_memory()
    for number in range(TILLS):
        with seeded(_SEED_OF_TILLS - number):
            create_till(Folder(Path(place.name) / str(number)), ScriptClock(START), ADMIN)
    return place


def new_house(branches: int) -> bytes:
    """The database of a house without goods and people."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        with transaction(db):
            found(db)
            for name in range(1, branches + 1):
                tills.add_branch(db, f"Branch {name}", OFFICE, START)
        return db.serialize()
