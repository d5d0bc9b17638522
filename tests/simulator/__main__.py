"""`python -m tests.simulator --seed N [--seeds M]`: run seeds; the first that fails is shown."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.simulator import situations
from tests.simulator.ready import folder_in_memory
from tests.simulator.run import Played, evening

# Seeds that a process plays before it is asked for the next ones: they differ tenfold in length.
_CHUNK = 4


def say(what: str) -> None:
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


def read_arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the first one")
    parser.add_argument("--seeds", type=int, default=1, metavar="M", help="so many")
    parser.add_argument("--go-on", action="store_true", help="name all that fail")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="J", help="so many at a time"
    )
    parser.add_argument(
        "--statistics", action="store_true", help="say in how many seeds what happened"
    )
    return parser.parse_args(given)


@contextmanager
def played(seeds: range, jobs: int) -> Iterator[Iterable[Played]]:
    """The seeds in their order, played by so many processes."""
    if min(jobs, len(seeds)) <= 1:
        yield map(evening, seeds)
        return
    # One folder for all of them, since those that are stopped do not clear up.
    with folder_in_memory() as folder, get_context("fork").Pool(jobs) as pool:
        yield pool.imap(partial(evening, place=Path(folder)), seeds, chunksize=_CHUNK)
        pool.terminate()
        pool.join()


def main(given: Sequence[str] | None = None) -> int:
    wanted = read_arguments(given)
    seeds = range(wanted.seed, wanted.seed + wanted.seeds)
    failed: list[int] = []
    count, traces = situations.Count(), hashlib.sha256()
    with played(seeds, wanted.jobs) as evenings:
        for each in evenings:
            if each.why:
                failed.append(each.seed)
                say(each.why if wanted.go_on else each.shown)
                say(each.again)
                if not wanted.go_on:
                    return 1
            count.add(each.happened)
            traces.update(each.trace.encode())
    if wanted.statistics:
        say(count.table())
    # With the worker processes, which have ended.
    user, system, of_children, system_of_children, _ = os.times()
    spent = user + system + of_children + system_of_children
    say(f"{wanted.seeds} seeds, failed: {failed}, {wanted.seeds / spent:.1f} seeds/s of CPU")
    if not failed:
        say(f"trace {each.trace if wanted.seeds == 1 else traces.hexdigest()}")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
