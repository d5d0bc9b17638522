"""The kill -9 loop: people use the till, it is killed at random moments, and the books are audited.

    python -m tests.faults.kill --seed 7 --kills 1000

Everything follows from the seed but the very moment of a kill, which lies a random number of
microseconds behind a random line of input. After each kill the till is started anew, and then
holds: what was acknowledged is in the books once; at most one booking more is, per kill and if
something was asked for; every document adds up, no number is missing; the display shows the
credit that follows from the documents; wrong PINs are not forgotten. `kill_chores.py` has what
else is killed: backup, rebuild, restore, init, migration; `kill_burglar.py` guesses PINs.
"""

from __future__ import annotations

import argparse
import sys

from tests.faults.evening import Line
from tests.faults.kill_burglar import burgle
from tests.faults.kill_chores import CHORES, END_CHORES
from tests.faults.kill_process import workplace
from tests.faults.kill_run import Run, Witness

# The journal stays short, so that an audit after every kill stays quick.
_KILLS_PER_FOLDER = 40
_VERIFY_EVERY = 10


def kill_evening(run: Run, witness: Witness) -> None:
    """People at the till, the kill somewhere behind a line of theirs."""
    life = run.awake(witness)
    lines: list[Line] = []
    for _ in range(run.random.randint(1, 3)):
        lines += run.evening.errand()
    decisive = [n for n, line in enumerate(lines) if line.get("key") == "#"]
    last = run.random.choice(decisive or [0])
    if run.random.random() < 0.3:
        last = run.random.randrange(len(lines))
    life.do(lines[:last])
    life.send(lines[last : last + run.random.choice([1, 1, 3, 100])])
    if run.random.random() < 0.3:
        life.hear_of("booked")
    else:
        run.spin(True, 40 if "#" in str(lines[last]) else 3)
    run.die(witness, life, "evening")


def kill_start(run: Run, witness: Witness) -> None:
    """A till that starts, sometimes with everything to project."""
    if run.random.random() < 0.3:
        for path in witness.data.glob("stammdaten.db*"):
            path.unlink()
    forked = run.forked()
    life = run.start(witness, forked=forked)
    run.spin(forked, 40)
    run.die(witness, life, "start", asked=False)


def loop(run: Run, kills: int) -> None:
    """So many kills.

    Raises:
        Lost: with the seed in it.
    """
    chores = [(12, kill_evening), (3, kill_start), *CHORES]
    weights, deeds = [weight for weight, _ in chores], [deed for _, deed in chores]
    while run.kills.total() < kills:
        witness = run.fresh()
        enough = min(kills, run.kills.total() + _KILLS_PER_FOLDER)
        while run.kills.total() < enough:
            run.random.choices(deeds, weights)[0](run, witness)
            if run.kills.total() % _VERIFY_EVERY == 0:
                run.finish(witness)
        run.finish(witness)
        for end in END_CHORES:
            if run.random.random() < 0.4:
                end(run, witness)
        if run.random.random() < 0.2:
            burgle(run, run.fresh())


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill a till again and again, and audit it.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    wanted = parser.parse_args()
    with workplace() as work:
        run = Run(wanted.seed, work)
        try:
            loop(run, wanted.kills)
        except BaseException:
            again = f"python -m tests.faults.kill --seed {wanted.seed} --kills {wanted.kills}"
            sys.stderr.write(f"after {run.kills.total()} kills of {again}\n")
            raise
    parts = ", ".join(f"{what} {count}" for what, count in sorted(run.kills.items()))
    sys.stdout.write(f"{run.kills.total()} kills, nothing lost: {parts}\n")


if __name__ == "__main__":
    main()
