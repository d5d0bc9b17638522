"""What is recorded for the power-cut explorer: real processes, from the first `kpos init` on.

Everything a process draws at random, and the wall clock, come from the seed (`shim.c`): the same
seed records the same bytes, so that a state is found again by its number.
"""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from kpos.ledger.files import Folder
from tests.faults.evening import Evening
from tests.faults.shim import OUTPUT, Record, Shim
from tests.process.jsonl_till import ROOT, JsonlTill, kpos

SCHEMA_0 = ROOT / "tests/ledger/fixtures/journal_0.sql"
TILL, STICK = "till", "stick"
BACKUP = f"{STICK}/backup.db"
_EVENING = "2026-11-22T18:00:00Z"
_LATE = "2026-11-22T23:00:00Z"
_NEXT_DAY = "2026-11-23T18:00:00Z"
# Enough for a WAL to be checkpointed and begun anew, with other salts, while members buy.
ERRANDS = 150
_TRIES, _PAUSE_S = 3000, 0.01


@dataclass(frozen=True)
class Recording:
    """What was on the disk, and what happened to it."""

    name: str
    before: dict[str, bytes]
    records: tuple[Record, ...]


class _Stage:
    """A disk of its own, and commands on it. `tree` is whose kpos runs."""

    def __init__(self, place: Path, seed: int, tree: Path) -> None:
        self.disk = place / "disk"
        (self.disk / STICK).mkdir(parents=True)
        self.data = self.disk / TILL
        self._tree = tree
        self.shim = Shim(self.disk, place / "own", seed)

    def kpos(self, *arguments: str | Path) -> None:
        self.shim.note(str(arguments[0]))
        command = [*self.shim.before, *kpos(*arguments, "--data", self.data)]
        subprocess.run(command, check=True, cwd=self._tree, capture_output=True)

    def till(self, at: str) -> JsonlTill:
        self.shim.note("run")
        env, *assignments = self.shim.before
        before = (env, f"--chdir={self._tree}", *assignments)
        till = JsonlTill(self.data, "--at", at, before=before)
        till.do(wait_ms=0)
        return till


def sell(till: JsonlTill, evening: Evening, errands: int) -> None:
    for _ in range(errands):
        for line in evening.errand():
            till.do(**line)


def record_evening(
    place: Path, seed: int, *, tree: Path = ROOT, errands: int = ERRANDS
) -> Recording:
    """A till's life: made, sold at, backed up, rebuilt, cut off, restored, sold at again."""
    stage = _Stage(place, seed, tree)
    evening = Evening(seed)
    before = {f"{STICK}/here": b""}
    stage.kpos("init", "--demo")
    till = stage.till(_EVENING)
    sell(till, evening, errands)
    stage.kpos("backup", stage.disk / BACKUP)
    sell(till, evening, 30)
    _keep_good_copy(till, stage.data)
    assert till.end() == 0
    stage.kpos("rebuild")
    till = stage.till(_LATE)
    sell(till, evening, 15)
    till.kill()
    stage.kpos("restore", stage.disk / BACKUP)
    till = stage.till(_NEXT_DAY)
    sell(till, evening, 10)
    assert till.end() == 0
    return Recording("evening", before, _that_matters(stage.shim.records()))


def record_migration(place: Path, seed: int, *, tree: Path = ROOT) -> Recording:
    """A journal of an older kpos is opened by today's, which sells on."""
    stage = _Stage(place, seed, tree)
    stage.data.mkdir()
    with closing(sqlite3.connect(stage.data / "journal.db", isolation_level=None)) as db:
        db.executescript(SCHEMA_0.read_text(encoding="utf-8"))
    before = {f"{TILL}/journal.db": (stage.data / "journal.db").read_bytes(), f"{STICK}/here": b""}
    till = stage.till(_NEXT_DAY)
    till.keys("0#")
    till.do(wait_ms=60_000)
    assert till.end() == 0
    return Recording("migration", before, _that_matters(stage.shim.records()))


def _that_matters(records: Iterable[Record]) -> tuple[Record, ...]:
    """Without reads, and with one record for all that was said between two changes.

    How often a display is drawn while a PIN is checked is a matter of time, not of the seed.
    """
    kept: list[Record] = []
    for record in records:
        if record.error or record.call in "RcM" or record.name.endswith("-shm"):
            continue
        if record.call == OUTPUT and kept and kept[-1].call == OUTPUT:
            kept[-1] = replace(kept[-1], data=kept[-1].data + record.data)
        else:
            kept.append(record)
    return tuple(kept)


def _keep_good_copy(till: JsonlTill, data: Path) -> None:
    """An hour later a thread of the till copies stammdaten.db; meanwhile nothing else happens."""
    till.do(wait_ms=3_600_000)
    for _ in range(_TRIES):
        if Folder(data).good_copy.exists():
            return
        Event().wait(_PAUSE_S)
    msg = "the till kept no good copy of stammdaten.db"
    raise AssertionError(msg)
