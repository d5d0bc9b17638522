"""`python -m tests.mutation`: how many small faults of the till the tests would notice."""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import TextIO

import pytest

from tests.mutation.explained import EXPLAINED
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.warm import Warm

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ["kpos/domain", "kpos/checkout", "kpos/ledger", "kpos/sync"]
TESTS = ["domain", "checkout", "ledger", "stories", "reports", "cli", "sync", "wawi/core"]
# Tests of other processes do not meet the mutant; evenings drawn at random take too long.
LEFT_OUT = [
    "ledger/test_processes.py",
    "cli/test_running_till.py",
    "cli/test_at_once.py",
    "checkout/test_evenings.py",
    "sync/test_http.py",
    "wawi/core/test_postgres.py",
]
# The place of no mutant: control that an unchanged module lives.
UNCHANGED = -1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("paths", nargs="*", default=PACKAGES, help="packages or modules")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of each path, at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="TEXT", help="mutants whose names contain this")
    parser.add_argument(
        "--seconds", type=float, default=20, help="of CPU time in tests, for each mutant"
    )
    parser.add_argument("--tests", nargs="+", help="these tests alone, to try them", default=[])
    asked = parser.parse_args()
    chosen = {path: choose(path, asked) for path in asked.paths}
    out = os.fdopen(os.dup(1), "w", buffering=1)
    packages = [str(ROOT / path) for path in PACKAGES]
    warm = Warm(packages, asked.seconds, lambda warm: run(warm, chosen, out))
    tests = asked.tests or [str(ROOT / "tests" / name) for name in TESTS]
    ignored = [f"--ignore={ROOT / 'tests' / name}" for name in LEFT_OUT]
    with tempfile.TemporaryDirectory(prefix="kpos-mutants-", dir=quick_disk()) as scratch:
        options = [
            "-q",
            "-k",
            "not postgres",
            "-p",
            "no:cacheprovider",
            f"--basetemp={scratch}/tmp",
        ]
        return int(pytest.main([*options, *ignored, *tests], plugins=[warm]))


def choose(path: str, asked: argparse.Namespace) -> list[Mutant]:
    """A uniform sample of the mutants of a package or module, or all."""
    place = ROOT / path
    modules = [place] if place.is_file() else sorted(place.rglob("*.py"))
    found = [
        mutant
        for module in modules
        for mutant in mutants_of(module, module.relative_to(ROOT).as_posix())
        if not asked.only or asked.only in mutant.key
    ]
    if asked.sample is None or asked.sample >= len(found):
        return found
    return random.Random(asked.seed).sample(found, asked.sample)


def run(warm: Warm, chosen: dict[str, list[Mutant]], out: TextIO) -> None:
    out.write(f"{len(warm.items)} tests, {sum(warm.seconds.values()):.0f} s\n")
    out.writelines(f"fails without a mutant, and is left out: {test}\n" for test in warm.failing)
    for mutant in (mutants[0] for mutants in chosen.values()):
        for in_function in (True, False):
            same = replace(mutant, place=UNCHANGED, in_function=in_function)
            fate = warm.judge(same)
            assert fate == "survived", f"{mutant.path} is {fate} although nothing was changed"
    for path, mutants in chosen.items():
        fates = Counter[str]()
        for mutant in mutants:
            fate = warm.judge(mutant)
            if fate == "survived" and mutant.key in EXPLAINED:
                fate = "explained"
            fates[fate] += 1
            if fate == "survived":
                out.write(f"{fate}: {mutant.key}  (line {mutant.line})\n")
        out.write(f"{path}: {verdict(fates)}\n")


def verdict(fates: Counter[str]) -> str:
    """The score with and without those explained, each with its interval."""
    total, alive = fates.total(), fates["survived"]
    explained = fates["explained"]
    counts = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
    raw = scored(total - alive - explained, total)
    return f"{total} mutants: {counts}; raw {raw}, without those explained " + scored(
        total - alive - explained, total - explained
    )


def scored(killed: int, total: int) -> str:
    """In percent, with Wilson's 95 % interval of what all mutants would have given."""
    if not total:
        return "none"
    z, share = 1.96, killed / total
    centre = share + z * z / (2 * total)
    width = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low, high = ((centre + sign * width) / (1 + z * z / total) for sign in (-1, 1))
    return f"{share:.1%} [{low:.1%}, {high:.1%}]"


def quick_disk() -> str | None:
    """Where nothing is waited for; the tests of a mutant sync some thousand times."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) else None


if __name__ == "__main__":
    sys.exit(main())
