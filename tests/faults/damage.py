"""Damaged files: the till finds it, or it does no harm; never a wrong credit, never a traceback.

    python -m tests.faults.damage --seed 7 --mutants 1000

Each mutant is a till's folder with one file damaged. It is started, every card is shown to it and
somebody buys; then the books are verified and compared, document by document, with what they were.
A mutant follows from the seed and its number: ``--first N --mutants 1`` repeats one.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.damage_kinds import change_a_value, damage, put_in_the_way
from tests.faults.damage_probe import FAILURES, OUTCOMES, config_is_read, probe, restores, runs
from tests.faults.damage_shop import Shop, State, build
from tests.faults.kill_process import workplace

_CONFIG = Path(__file__).parent.parent.parent / "config/kpos.toml"
# One in so many is a process of its own.
_PROCESS_EVERY = 12
# Of the mutants of a database; most bytes of one hold nothing, and most bits hurt nobody.
_VALUES_SHARE = 0.4
# (how often, state, file)
_FILES = [
    (5, "closed", "journal.db"),
    (2, "killed", "journal.db"),
    (3, "killed", "journal.db-wal"),
    (1, "killed", "journal.db-shm"),
    (7, "closed", "stammdaten.db"),
    (2, "killed", "stammdaten.db"),
    (3, "killed", "stammdaten.db-wal"),
    (1, "killed", "stammdaten.db-shm"),
    (3, "closed", "stammdaten.good.db"),
    (2, "closed", "backup"),
    (1, "closed", "kpos.toml"),
    (1, "closed", "lock"),
    (1, "killed", "control.sock"),
]


@dataclass
class Mutants:
    """So many of one seed."""

    seed: int
    work: Path
    found: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shop: Shop = build(self.work, self.seed)

    def run(self, first: int, count: int) -> None:
        """One after the other."""
        for number in range(first, first + count):
            rng = random.Random(f"{self.seed}/{number}")
            [(_, state, name)] = rng.choices(_FILES, [often for often, _, _ in _FILES])
            data = self.work / "mutant"
            shutil.rmtree(data, ignore_errors=True)
            before: State = getattr(self.shop, state)
            shutil.copytree(before.path, data)
            kind, outcome, detail = self._try(rng, name, data, before)
            if (outcome, name, detail[:3]) == ("undetected", "journal.db-wal", "pin"):
                outcome = "forgotten"
            self.found[name, kind, outcome] += 1
            if outcome in FAILURES:
                self.failed.append(
                    f"mutant {number}, {name} ({state}), {kind}: {outcome}: {detail}"
                )

    def _try(
        self, rng: random.Random, name: str, data: Path, before: State
    ) -> tuple[str, str, str]:
        if name == "backup":
            backup = Path(shutil.copy(self.shop.backup, self.work / "damaged.db"))
            kind = damage(rng, backup)
            return kind, *restores(backup, data, before)
        if name == "kpos.toml":
            config = Path(shutil.copy(_CONFIG, self.work / "kpos.toml"))
            kind = damage(rng, config)
            return kind, *config_is_read(config)
        if name in {"lock", "control.sock"}:
            kind = put_in_the_way(rng, data / name)
            return kind, *runs(data, before)
        closed = before is self.shop.closed
        deed = change_a_value if closed and rng.random() < _VALUES_SHARE else damage
        kind = deed(rng, data / name)
        if name == "stammdaten.good.db":
            (data / "stammdaten.db").unlink()
            (data / "stammdaten.db").write_bytes(b"not a database any more")
        by: Callable[[Path, State], tuple[str, str]] = probe
        if rng.randrange(_PROCESS_EVERY) == 0:
            by = runs
        return kind, *by(data, before)

    def table(self) -> str:
        """What became of them, by file and by kind of damage."""
        lines = []
        for title, column in (("file", 0), ("damage", 1)):
            lines.append(f"{title:20}" + "".join(f"{outcome:>13}" for outcome in OUTCOMES))
            for name in sorted({key[column] for key in self.found}):
                sums = Counter[str]()
                for key, count in self.found.items():
                    sums[key[2]] += count if key[column] == name else 0
                lines.append(f"{name:20}" + "".join(f"{sums[each]:13}" for each in OUTCOMES))
            lines.append("")
        return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Damage a till's files, and see what it says.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--mutants", type=int, default=1000)
    wanted = parser.parse_args()
    with workplace() as work:
        mutants = Mutants(wanted.seed, work)
        mutants.run(wanted.first, wanted.mutants)
    sys.stdout.write(mutants.table())
    sys.stdout.write("".join(f"{line}\n" for line in mutants.failed))
    sys.stdout.write(f"{wanted.mutants} mutants, {len(mutants.failed)} failures\n")
    sys.exit(bool(mutants.failed))


if __name__ == "__main__":
    main()
