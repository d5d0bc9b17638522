"""The plug pulled after any entry of a log: what is lost then, and what the till makes of it.

`PYTHONPATH=image-build python -m tests.appliance.plugs FOLDER --seed S --states N` prints what was
found on the disks that a recording (`Recording`) can have left; `--only NUMBER` looks at one again.
`--device forgetful` and `unsafe` are disks that do not do as they are told: with them, states must
fail, or nothing was proved by those that did not.

A state is a number: where the log is cut, and what was kept of what was uncertain, follow from it
and the seed. There are as many places to cut as entries, and no place comes twice before each has
come once.
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
from typing import Final, get_args

from kpos.clock import real_ms
from tests.appliance.acknowledged import read_shown
from tests.appliance.judge import Found, History, Judge, bookings, folder_of
from tests.appliance.platter import Cut, Device, Platter
from tests.appliance.writelog import Entry, read_log
from tests.faults.cuts import memory, say

WORKERS: Final = 2
# So many walks through the log share the states.
WALKS: Final = 4


@dataclass(frozen=True)
class Recording:
    """What was kept of a machine that ran: its disk before, the log of the disk, QEMU's trace."""

    folder: Path

    @property
    def base(self) -> Path:
        return self.folder / "base.img"

    @property
    def log(self) -> Path:
        return self.folder / "writes.log"

    @property
    def trace(self) -> Path:
        return self.folder / "trace.log"

    def history(self, place: Path) -> History:
        """What was booked and shown; both must agree, but for one that the plug came before."""
        entries = read_log(self.log)
        before = found_after(self.base, (), place)
        after = found_after(self.base, entries, place)
        found = bookings(folder_of(place), len(before.hashes))
        shown = tuple(read_shown(self.trace, entries))
        numbers = [booking.receipt_number for booking in found]
        assert [each.receipt_number for each in shown] == numbers[: len(shown)], (shown, numbers)
        assert len(numbers) - len(shown) <= 1, (shown, numbers)
        for each, booking in zip(shown, found, strict=False):
            assert booking.is_told_by(each.picture), (booking, each)
        return History(after.hashes, found, shown, len(before.hashes))


def found_after(base: Path, entries: Sequence[Entry], place: Path) -> Found:
    """The till on a disk after all of these, and nothing lost; it must be whole."""
    place.mkdir(exist_ok=True)
    platter = Platter(base, place, "honest")
    for entry in entries:
        platter.apply(entry)
    found = Judge(place).look(platter.image(platter.everything()))
    platter.close()
    assert not found.fault, found.fault
    return found


@dataclass
class Tally:
    """What was found in some states."""

    states: int = 0
    different: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    uncertain: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.states += other.states
        self.different += other.different
        self.classes += other.classes
        self.uncertain += other.uncertain
        self.failures += other.failures

    def __str__(self) -> str:
        lost, torn = self.uncertain["lost"], self.uncertain["torn"]
        lines = [
            f"{self.states} states, {self.different} different, {lost} lost, {torn} tore writes"
        ]
        lines += [f"{count:8} {name}" for name, count in self.classes.most_common()]
        lines += [f"state {number}: {verdict}" for number, verdict in sorted(self.failures)[:20]]
        return "\n".join(lines)


@dataclass(frozen=True)
class Explorer:
    """Everything that a state follows from but its number."""

    recording: Recording
    history: History
    seed: int
    device: Device

    def look(self, states: Sequence[tuple[int, int]], place: Path) -> Tally:
        """Look at states, given by cut and number, in the order of the cuts."""
        judge, tally = Judge(place), Tally()
        seen: dict[tuple[object, ...], Found] = {}
        for number, at, platter, cut in self.cuts(states, place):
            if cut.key not in seen:
                seen[cut.key] = judge.look(platter.image(cut))
            verdict = self.history.verdict(at, seen[cut.key])
            tally.classes[verdict.partition(":")[0]] += 1
            tally.uncertain["lost"] += bool(cut.lost)
            tally.uncertain["torn"] += bool(cut.torn)
            if verdict != "whole":
                tally.failures.append((number, verdict))
        tally.states, tally.different = len(states), len(seen)
        return tally

    def cuts(
        self, states: Sequence[tuple[int, int]], place: Path
    ) -> Iterator[tuple[int, int, Platter, Cut]]:
        """Number, cut, the disk then, and what is left of it."""
        entries = read_log(self.recording.log)
        platter = Platter(self.recording.base, place, self.device)
        done = 0
        for at, number in states:
            for entry in entries[done:at]:
                platter.apply(entry)
            done = at
            draw = random.Random(f"{self.seed} {self.device} {number}")
            yield number, at, platter, platter.cut(draw)
        platter.close()

    def places(self, states: Sequence[int]) -> list[tuple[int, int]]:
        """Where these states are cut, each with its number, in the order of the log."""
        entries = len(read_log(self.recording.log))
        places = list(range(1, entries + 1))
        random.Random(f"{self.seed} places").shuffle(places)
        return sorted((places[number % entries], number) for number in states)


_explorer: Explorer
_place: Path


def _begin(explorer: Explorer, place: Path) -> None:
    global _explorer, _place
    _explorer, _place = explorer, place / f"worker-{os.getpid()}"
    _place.mkdir()


def _work(states: Sequence[tuple[int, int]]) -> Tally:
    return _explorer.look(states, _place)


def explore(explorer: Explorer, states: int, place: Path, workers: int = WORKERS) -> Tally:
    """Look at states 0 to `states` - 1, in processes of their own."""
    tally, all_of_them = Tally(), explorer.places(range(states))
    each = -(-states // WALKS)
    walks = [all_of_them[first : first + each] for first in range(0, states, each)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (explorer, place)) as pool:
        for part in pool.map(_work, walks):
            tally.add(part)
    return tally


def explored(explorer: Explorer, states: int, place: Path) -> Tally:
    """Look at so many states and say what was found."""
    with TemporaryDirectory(dir=place) as folder:
        tally = explore(explorer, states, Path(folder))
    say(f"seed {explorer.seed}, {explorer.device}: {tally}")
    assert tally.states == states
    return tally


def main() -> int:
    """Explore and print a table; exit status 1 where a promise does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what a test recorded (--keep)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--states", type=int, default=1000)
    parser.add_argument("--device", choices=get_args(Device), default="honest")
    parser.add_argument("--only", type=int, help="look at one state alone")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="kpos-plugs-", dir=memory()) as folder:
        place, recording = Path(folder), Recording(chosen.folder)
        explorer = Explorer(recording, recording.history(place), chosen.seed, chosen.device)
        began_ms = real_ms()
        if chosen.only is None:
            tally = explore(explorer, chosen.states, place)
        else:
            tally = explorer.look(explorer.places([chosen.only]), place)
        seconds = (real_ms() - began_ms) / 1000
    sys.stdout.write(f"seed {chosen.seed}, {chosen.device}, {seconds:.0f} s: {tally}\n")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
