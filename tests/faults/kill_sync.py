"""Till and server are killed in turns while they speak over HTTP, and then must agree.

    python -m tests.faults.kill_sync --seed 7 --cycles 300 [--postgres]

People use a real till that is paired with a real server. In each cycle one of them is killed at a
random moment, or both: the server while it makes its tables, starts, takes a batch in, or gives
the feed out; the till while it books, sends or takes over; commands of either while they pair or
import. Who was killed is started again. After some cycles all is said, and then each document of
the till is at the server once and as it was, none more, each of those that were acknowledged among
them, and both sides have the balances that follow from the documents.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from tests.faults.audit import insist
from tests.faults.evening import GOODS, Line, keys, pause, scan
from tests.faults.house import BRANCH, House, cluster_if
from tests.faults.kill_process import Life, Process, workplace
from tests.faults.kill_run import Run

_CYCLES_PER_FOLDER = 60
_AGREE_EVERY = 8
# An answer that was on its way when a server died is waited for, and is none.
_TRIES = 3
# Goods of the office, so many that a server is busy with them for a moment.
_IMPORTED = 150


class Pair:
    """A till and its server; `life` is the till that runs now."""

    def __init__(self, run: Run, house: House) -> None:
        self.run, self.house = run, house
        self.random = run.random
        house.kill()
        house.empty()
        self.witness = run.fresh()
        self._begin()
        self.life: Life = run.awake(self.witness)
        self.imports = 0

    def _begin(self) -> None:
        """The first starts of a server, and pairings, that are killed."""
        for _ in range(self.random.randint(0, 3)):
            self.kill_start()
        self.house.start()
        self.house.kpos("branch", "add", BRANCH)
        for _ in range(self.random.randint(0, 2)):
            process = self._pairs()
            self.run.spin(True, 300)
            process.kill()
            process.wait()
            self.run.kills["pairing"] += 1
            self.witness.unheard += 1
        process = self._pairs()
        process.wait()
        insist(holds=process.status == 0, else_say=f"not paired: {process.complaint}")
        self.witness.unheard += 1

    def _pairs(self) -> Process:
        code = self.house.code()
        return self._kpos("pair", self.house.url, code)

    def _kpos(self, command: str, *arguments: str) -> Process:
        errors, data = self.run.work / "asking", self.witness.data
        return Process(command, *arguments, "--data", data, errors=errors, forked=True)

    # What is killed

    def kill_till(self) -> None:
        """In the middle of an evening, or of what it says and hears."""
        lines = self._errands(self.random.randint(1, 2))
        last = self.random.randrange(len(lines))
        self.life.do(lines[:last])
        self.life.send(lines[last:])
        self.run.spin(True, 60)
        self._till_dies()

    def kill_server(self) -> None:
        """The till sells on alone, and sends when the server is there again."""
        lines = self._errands(1)
        self.life.send(lines)
        self._amid_work()
        self._server_dies("server")
        self.life.hear_of()
        self.sells_alone()
        self.house.start(forked=self.run.forked())

    def kill_both(self) -> None:
        self.life.send(self._errands(1))
        self._amid_work()
        self._server_dies("both")
        self._till_dies()
        self.house.start()

    def kill_start(self) -> None:
        """A server that starts; the first ones make its tables."""
        self.house.kill()
        forked = self.run.forked()
        self.house.begin(forked=forked)
        self.run.spin(forked, 500)
        self._server_dies("start")

    def kill_taking_in(self) -> None:
        """The end of an evening that nobody heard of arrives in a batch."""
        self._server_dies("taking in")
        self.life.do(self._errands(12))
        self._while_saying_all()

    def kill_giving_out(self) -> None:
        """A long list was imported at the office, and is told to the till."""
        self.house.start()
        self.house.kpos("import", "product", self._products())
        self._while_saying_all()
        self._server_dies("giving out")

    def kill_office(self) -> None:
        """A command of the office beside a server that takes in."""
        process = self.house.asks("import", "product", self._products())
        self.life.send(self._errands(1))
        self.run.spin(True, 600)
        process.kill()
        process.wait()
        self.life.hear_of()
        self.run.kills["office"] += 1

    def _while_saying_all(self) -> None:
        """`kpos sync`, in the middle of which the server goes, or the till."""
        self.house.start()
        process = self._kpos("sync")
        self._amid_work()
        if self.random.random() < 0.7:
            self._server_dies("saying all")
            process.wait()
        else:
            # The command may find itself alone, and then has the books until it ends.
            self.run.die(self.witness, self.life, "till")
            process.wait()
            self.life = self.run.awake(self.witness)
        self.house.start(forked=self.run.forked())

    def _amid_work(self) -> None:
        """Some moment of what the server does now."""
        self.house.works(self.random.choice([10, 60]) * self.random.random())

    # What they do

    def sells_alone(self) -> None:
        """A till that lost its server thanks for a bottle as always."""
        cents = self.credit()
        card = max(self.witness.wallets, key=lambda card: cents.get(self.witness.wallets[card], 0))
        if cents[self.witness.wallets[card]] < 500:
            return
        before = len(self.life.booked)
        bottle = [*scan(card), *scan(GOODS[0]), *keys("#")]
        self.life.do([*keys("****"), *pause(60_000), *bottle, *pause(10_000)])
        insist(holds=len(self.life.booked) > before, else_say=f"not sold:\n{self.life.shows}")

    def credit(self) -> dict[str, int]:
        """Cents by wallet, as the till has them."""
        with contextlib.closing(_reading(self.witness.data / "stammdaten.db")) as db:
            rows = db.execute("SELECT account, cents FROM balance WHERE account LIKE 'wallet:%'")
            return {account.partition(":")[2]: -cents for account, cents in rows}

    def agree(self) -> None:
        """All is said; then both sides have the same.

        Raises:
            Lost: if not.
        """
        self.house.start()
        refused: list[str] = []
        while (said := self._sync()) and len(refused) < _TRIES:
            refused.append(said)
        insist(holds=not said, else_say=f"never in step: {refused}")
        self.life.wait()
        insist(holds=self.life.status == 0, else_say=self.life.complaint)
        self.witness.heard(self.life)
        self.run.finish(self.witness)
        self._same()
        self.life = self.run.awake(self.witness)

    def _sync(self) -> str:
        """Say all; why not, if not."""
        process = self._kpos("sync")
        process.wait()
        return process.complaint if process.status else ""

    def _same(self) -> None:
        with contextlib.closing(_reading(self.witness.data / "journal.db")) as db:
            query = "SELECT hash, content FROM document ORDER BY position"
            mine = db.execute(query).fetchall()
        [till, *_] = json.loads(mine[0][1])
        there = self.house.documents(till)
        insist(
            holds=mine == there,
            else_say=f"{len(mine)} documents at the till, {len(there)} at the server, or others",
        )
        told = self.house.audit()
        for wallet, cents in self.credit().items():
            account = f"wallet:{wallet}"
            insist(
                holds=-told.get(account, 0) == cents,
                else_say=f"{account}: {cents} at the till, {-told.get(account, 0)} at the server",
            )

    def _errands(self, number: int) -> list[Line]:
        return [line for _ in range(number) for line in self.run.evening.errand()]

    def _products(self) -> Path:
        """A list for the office: some are new, others have another price now."""
        self.imports += 1
        listed = self.run.work / "products.csv"
        numbers = range(self.imports * 20, self.imports * 20 + _IMPORTED)
        rows = [f"Thing {n},{n % 90 + self.imports}.50" for n in numbers]
        listed.write_text("\n".join(["name,price", *rows, ""]), encoding="utf-8")
        return listed

    def _till_dies(self) -> None:
        self.run.die(self.witness, self.life, "till")
        self.life = self.run.awake(self.witness)

    def _server_dies(self, what: str) -> None:
        if self.house.is_up:
            self.house.kill()
            self.run.kills[what] += 1


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


DEEDS: list[tuple[int, Callable[[Pair], None]]] = [
    (5, Pair.kill_till),
    (5, Pair.kill_server),
    (2, Pair.kill_both),
    (1, Pair.kill_start),
    (3, Pair.kill_taking_in),
    (2, Pair.kill_giving_out),
    (1, Pair.kill_office),
]


def loop(run: Run, house: House, cycles: int) -> None:
    """So many cycles of a kill and a start.

    Raises:
        Lost: with the seed in it.
    """
    weights, deeds = [weight for weight, _ in DEEDS], [deed for _, deed in DEEDS]
    done = 0
    while done < cycles:
        pair = Pair(run, house)
        enough = min(cycles, done + _CYCLES_PER_FOLDER)
        while done < enough:
            run.random.choices(deeds, weights)[0](pair)
            done += 1
            if done % _AGREE_EVERY == 0 or done == enough:
                pair.agree()
        pair.life.wait()
        house.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill till and server in turns, and audit both.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cycles", type=int, default=300)
    parser.add_argument("--postgres", action="store_true")
    wanted = parser.parse_args()
    with workplace() as work, cluster_if(wanted=wanted.postgres) as cluster:
        run = Run(wanted.seed, work)
        house = House(work / "wawi", work / "server", cluster)
        try:
            loop(run, house, wanted.cycles)
        except BaseException:
            again = f"python -m tests.faults.kill_sync --seed {wanted.seed}"
            sys.stderr.write(f"after {run.kills.total()} kills of {again}\n")
            raise
        finally:
            house.kill()
    parts = ", ".join(f"{what} {count}" for what, count in sorted(run.kills.items()))
    sys.stdout.write(f"{wanted.cycles} cycles, nothing lost: {parts}\n")


if __name__ == "__main__":
    main()
