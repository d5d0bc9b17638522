"""`python -m tests.faults.planted [--only NN …]`: plant each bug, and see it caught.

A line for each: CAUGHT by its first failing test, or seed of the simulator; MISSED where all pass
that it names; STALE where the patch no longer applies; BROKEN, with all that was said, where that
could not even begin. Anything but CAUGHT makes the exit status 1, and so does a tree without a bug
that does not pass.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeAlias

from tests.faults.planted.bugs import Trial, bugs, control, plant

# What it is called, what is to become of it, and how it is tried.
_Job: TypeAlias = tuple[str, str, Callable[[], Trial]]
_WITHOUT: Final = "without a bug"
_SEED: Final = re.compile(r"seed \d+")


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m tests.faults.planted", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NN", help="only the bugs of these numbers")
    only = parser.parse_args().only
    planted = [bug for bug in bugs() if only is None or bug.number in only]
    if not planted:
        parser.error("there is no such bug")
    tests = " ".join(sorted({bug.tests for bug in planted if not bug.is_simulated}))
    jobs: list[_Job] = [(_WITHOUT, "PASSED", partial(control, [tests]))] if tests else []
    jobs += [(bug.name, "CAUGHT", partial(plant, bug)) for bug in planted]
    done = tried(jobs)
    # A seed that finds a bug must find nothing without it.
    seeds = sorted({said for _, said in done if _SEED.fullmatch(said)})
    if seeds:
        again = [f"python -m tests.simulator --{seed}" for seed in seeds]
        done += tried([(f"{_WITHOUT}, {', '.join(seeds)}", "PASSED", partial(control, again))])
    as_expected = sum(is_so for is_so, _ in done)
    sys.stdout.write(f"{as_expected} of {len(done)} as expected\n")
    return int(as_expected != len(done))


def tried(jobs: Sequence[_Job]) -> list[tuple[bool, str]]:
    """Try them, a line for each: whether it became of each what was expected, and what is said."""
    done = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        trials = [(name, expected, pool.submit(trial)) for name, expected, trial in jobs]
        for name, expected, trial in trials:
            found = trial.result()
            done.append((found.verdict == expected, found.said))
            sys.stdout.write(f"{found.output}{found.verdict:7} {name}  {found.said}\n")
            sys.stdout.flush()
    return done


if __name__ == "__main__":
    sys.exit(main())
