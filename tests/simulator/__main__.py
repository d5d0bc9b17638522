"""`python -m tests.simulator --seed N [--seeds M]`: run seeds; the first that fails is shown."""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulator.run import Failed, play


def say(what: str) -> None:
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the first one")
    parser.add_argument("--seeds", type=int, default=1, metavar="M", help="so many")
    parser.add_argument("--go-on", action="store_true", help="name all that fail")
    wanted = parser.parse_args()
    began, trace = time.process_time(), ""
    failed: list[int] = []
    for seed in range(wanted.seed, wanted.seed + wanted.seeds):
        try:
            trace = play(seed)
        except Failed as error:
            failed.append(seed)
            say(error.why if wanted.go_on else error.shown)
            if not wanted.go_on:
                return 1
    spent = time.process_time() - began
    say(f"{wanted.seeds} seeds, failed: {failed}, {wanted.seeds / spent:.1f} seeds/s of CPU")
    if wanted.seeds == 1 and not failed:
        say(f"trace {trace}")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
