"""`python -m tests.faults.planted [--only NN …]`: plant each bug, and see it caught.

A line for each: CAUGHT by its first failing test, or seed of the simulator; MISSED where all pass
that it names; STALE where the patch no longer applies; BROKEN where that could not even begin.
Anything but CAUGHT makes the exit status 1, and so does a tree without a bug that does not pass.
"""

import argparse
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.faults.planted.bugs import Trial, all_tests, bugs, control, plant


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m tests.faults.planted", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NN", help="only the bugs of these numbers")
    only = parser.parse_args().only
    planted = [bug for bug in bugs() if only is None or bug.number in only]
    if not planted:
        parser.error("there is no such bug")
    jobs: list[tuple[str, str, Callable[[], Trial]]] = [
        ("without a bug", "PASSED", partial(control, tests)) for tests in all_tests(planted)
    ]
    jobs += [(bug.name, "CAUGHT", partial(plant, bug)) for bug in planted]
    as_expected = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        trials = [(name, expected, pool.submit(trial)) for name, expected, trial in jobs]
        for name, expected, trial in trials:
            verdict, said = trial.result().verdict, trial.result().said
            as_expected += verdict == expected
            sys.stdout.write(f"{verdict:7} {name}  {said}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{as_expected} of {len(jobs)} as expected\n")
    return int(as_expected != len(jobs))


if __name__ == "__main__":
    sys.exit(main())
