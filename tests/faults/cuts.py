"""The power-cut explorer: what the real process asked of the disk, cut off anywhere.

`python -m tests.faults.cuts --seed S --states N [--device honest|drops|ignores]` prints what was
found; `--only NUMBER` looks at one state and says what is in it.

A state is a moment of a recording, a file system, and what of the unsynced changes had reached the
disk. An honest device must lose nothing that was acknowledged. One that lies loses what it did not
keep; then the question is who notices. A tail that is missing from all files leaves no trace.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from kpos.clock import real_ms
from tests.faults.cuts_disk import Device, Disk, FileSystem, Image, Key
from tests.faults.cuts_history import JOURNAL_FILES, History, history_of, is_failure, judged
from tests.faults.cuts_judge import Judge
from tests.faults.cuts_scene import ERRANDS, record_evening, record_migration
from tests.faults.shim import NOTE, OUTPUT
from tests.process.jsonl_till import ROOT

# So many states share one walk through a recording, and which syncs its device drops.
LIFE = 40
WORKERS = 2
_MEMORY = Path("/dev/shm")


@dataclass
class Tally:
    """What was found in some states."""

    states: int = 0
    different: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.states += other.states
        self.different += other.different
        self.classes += other.classes
        self.failures += other.failures


# States


@dataclass(frozen=True)
class Explorer:
    """Everything that a state follows from but its number."""

    seed: int
    device: Device
    histories: tuple[History, ...]

    def life(self, life: int, states: Sequence[int], judge: Judge) -> Tally:
        """Look at some states of one life."""
        tally, before = Tally(), judge.different
        # Which syncs are dropped differs from life to life, and with it what a version is.
        world = life if self.device == "drops" else _migrates(life)
        for number, cut, key, image in self.states(life, states):
            finding = judge.look((world, key), image)
            verdict = judged(self._history(life), cut, finding, self.device)
            tally.classes[verdict.partition(":")[0]] += 1
            if is_failure(verdict, self.device):
                tally.failures.append((number, verdict))
        tally.states, tally.different = len(states), judge.different - before
        return tally

    def states(self, life: int, states: Sequence[int]) -> Iterator[tuple[int, int, Key, Image]]:
        """Number, cut, key and image, in the order of the cuts."""
        history = self._history(life)
        draw = random.Random(f"{self.seed} {self.device} life {life}")
        system: FileSystem = "journal" if life % 2 else "posix"
        disk = Disk(system, self.device, draw, history.recording.before)
        places = self._interesting(history)
        draws = {number: random.Random(f"{self.seed} {self.device} {number}") for number in states}
        cuts = sorted((draws[number].choice(places), number) for number in states)
        done = 0
        for cut, number in cuts:
            for record in history.recording.records[done:cut]:
                disk.apply(record)
            done = cut
            key, image = disk.cut(draws[number])
            yield number, cut, key, image

    def _history(self, life: int) -> History:
        return self.histories[_migrates(life)]

    def _interesting(self, history: History) -> list[int]:
        """Moments to cut at: those of the journal count as often as all others together."""
        places, journals = [], []
        for number, record in enumerate(history.recording.records):
            if record.call not in (OUTPUT, NOTE):
                places.append(number)
                if record.name in JOURNAL_FILES:
                    journals.append(number)
        return places + journals * (len(places) // len(journals))


def _migrates(life: int) -> bool:
    """Every eighth life is the opening of an old journal; one of them is among the first few."""
    return life % 8 == 3


# All together


def record(
    place: Path, seed: int, *, errands: int = ERRANDS, tree: Path = ROOT
) -> tuple[History, History]:
    """Both recordings, and what the journal said in them."""
    evening = record_evening(place / "evening", seed, tree=tree, errands=errands)
    migration = record_migration(place / "migration", seed, tree=tree)
    return history_of(evening, place / "e"), history_of(migration, place / "m")


_explorer: Explorer
_judge: Judge


def _begin(explorer: Explorer, place: Path) -> None:
    global _explorer, _judge
    _explorer, _judge = explorer, Judge(place / f"image-{os.getpid()}")


def _work(job: tuple[int, Sequence[int]]) -> Tally:
    return _explorer.life(*job, _judge)


def explore(explorer: Explorer, states: int, place: Path, workers: int = WORKERS) -> Tally:
    """Look at states 0 to `states` - 1, in processes of their own."""
    tally = Tally()
    lives = [
        (first // LIFE, range(first, min(first + LIFE, states))) for first in range(0, states, LIFE)
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (explorer, place)) as pool:
        for each in pool.map(_work, lives):
            tally.add(each)
    return tally


def memory() -> str | None:
    """Where images are written: nothing needs to survive here."""
    return str(_MEMORY) if _MEMORY.is_dir() else None


def main() -> int:
    """Explore and print a table; exit status 1 where a promise does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--states", type=int, default=1000)
    parser.add_argument("--device", choices=("honest", "drops", "ignores"), default="honest")
    parser.add_argument("--errands", type=int, default=ERRANDS, help="how long the evening is")
    parser.add_argument("--only", type=int, help="look at one state alone")
    parser.add_argument("--tree", type=Path, default=ROOT, help="whose kpos is recorded")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="kpos-cuts-", dir=memory()) as folder:
        place = Path(folder)
        histories = record(place, chosen.seed, errands=chosen.errands, tree=chosen.tree)
        explorer = Explorer(chosen.seed, chosen.device, histories)
        if chosen.only is not None:
            return _one(explorer, chosen.only, place)
        began_ms = real_ms()
        tally = explore(explorer, chosen.states, place)
        seconds = (real_ms() - began_ms) / 1000
    say(f"seed {chosen.seed}, {chosen.device}: {tally.states} states, {tally.different} different,"
        f" {tally.states / seconds:.0f} states/s")  # fmt: skip
    for name, count in tally.classes.most_common():
        say(f"{count:8} {name}")
    for number, verdict in tally.failures[:20]:
        say(f"state {number}: {verdict}")
    return 1 if tally.failures else 0


def _one(explorer: Explorer, number: int, place: Path) -> int:
    life = number // LIFE
    [(_, cut, key, image)] = explorer.states(life, [number])
    finding = Judge(place / "image").look(key, image)
    verdict = judged(explorer._history(life), cut, finding, explorer.device)
    records = explorer._history(life).recording.records
    say(f"state {number}: cut before record {cut} of the {explorer._history(life).recording.name}")
    for record in records[max(cut - 8, 0) : cut + 1]:
        say(f"  {record.call} {record.name} {record.to} {record.offset} {record.length}")
    for name, content in image.files.items():
        say(f"  {name}: {len(content)} bytes")
    say(f"{finding}\n{verdict}")
    return int(is_failure(verdict, explorer.device))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
