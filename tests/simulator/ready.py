"""What seeds begin with, made once per process and copied: new tills; houses come from `office`.

A third of the time of a short evening went into making the same tables again. What a seed decides
by itself (credits, limits, who is paired with which branch) comes after the copy.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
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


def folder_in_memory(place: Path | None = None) -> TemporaryDirectory[str]:
    """A folder in `place`, or where no disk is waited for, if there is such a place."""
    memory = MEMORY if MEMORY.is_dir() else None
    return TemporaryDirectory(prefix="kpos-simulator-", dir=place or memory)


def put_new_till(folder: Folder, number: int) -> None:
    """The files of one of `TILLS` tills that nobody has used yet."""
    folder.path.mkdir()
    for path, content in zip(_files_of(folder), _new_till(number), strict=True):
        path.write_bytes(content)


def _files_of(folder: Folder) -> tuple[Path, ...]:
    return folder.journal, folder.stammdaten


@cache
def _new_till(number: int) -> tuple[bytes, ...]:
    with folder_in_memory() as place, seeded(_SEED_OF_TILLS - number):
        folder = Folder(Path(place) / "till")
        create_till(folder, ScriptClock(START), ADMIN)
        return tuple(path.read_bytes() for path in _files_of(folder))


def new_house(branches: int) -> bytes:
    """The database of a house without goods and people."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        with transaction(db):
            found(db)
            for name in range(1, branches + 1):
                tills.add_branch(db, f"Branch {name}", OFFICE, START)
        return db.serialize()
