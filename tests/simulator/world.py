"""One seed: an evening of many tills, then everything comes back, and all must agree."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from kpos.clock import ScriptClock
from kpos.domain.ids import Id
from kpos.domain.refusal import Refused
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.pairing import read_pairing
from kpos.sync.jobs import Job, Result, Send, attempt
from kpos.sync.wire import Ack, Page
from tests.simulator import alone, judge, office, rows, situations
from tests.simulator.disasters import HAPPEN
from tests.simulator.evening import ERRANDS
from tests.simulator.network import Network
from tests.simulator.ready import START, TILLS
from tests.simulator.server import Server
from tests.simulator.swarm import swarm
from tests.simulator.till import Till
from tests.simulator.truth import Truth

# How often everybody talks to the server, once nothing is wrong, until all agree.
ROUNDS_MAX = 40
QUESTIONS_MAX = 600
STEP_MAX_MS = 120_000
SHOWN = 30


class World:
    """`trace` follows from all that happened; `shown` is the end of it, in words."""

    def __init__(self, seed: int, path: Path) -> None:
        self.seed = seed
        self.start = START
        self.dice = random.Random(seed)
        self.swarm = swarm(self.dice)
        self.now_ms = 0
        self.step = 0
        self.shown: deque[str] = deque(maxlen=SHOWN)
        self._trace = hashlib.sha256()
        self.truth = Truth()
        # By hash of a debit: what the server was known to hold for it.
        self.held: dict[str, int] = {}
        self.at_home: dict[str, str] = {}
        # Where each wallet was at home when that was asked last; None: nowhere, or soon elsewhere.
        self.homes: Mapping[Id, str | None] = {}
        self.old_server: bytes | None = None
        self._codes = 0
        # How often each situation of `situations` came about.
        self.happened: Counter[str] = Counter()
        house = office.house(self.swarm.branches, self.dice.randrange(office.HOUSES))
        self.server = Server(ScriptClock(START), house)
        self.network = Network(self)
        self.tills: list[Till] = []
        self._path = path
        numbers = self.dice.sample(range(TILLS), self.swarm.tills)
        self._new_tills = list(enumerate(numbers, start=1))
        # Who joins in the middle of the evening, by step.
        self._joins = {
            self.dice.randrange(1, self.swarm.steps): new
            for new in self._new_tills[self.swarm.tills - self.swarm.joining :]
        }

    # What others ask of it

    def say(self, what: str) -> None:
        line = f"step {self.step} at {self.now_ms // 1000} s: {what}"
        self.shown.append(line)
        self._trace.update(line.encode())

    def fresh_code(self) -> str:
        self._codes += 1
        return f"CARD-{self._codes}"

    def living(self) -> list[Till]:
        return [till for till in self.tills if not till.is_destroyed]

    def is_paired(self, till: Till) -> bool:
        query = "SELECT 1 FROM till WHERE id = ? AND token_hash IS NOT NULL"
        return bool(self.server.rows(query, till.id))

    def token_in(self, backup: Path) -> str:
        with closing(sqlite3.connect(backup)) as db:
            pairing = read_pairing(db)
        return pairing.token if pairing is not None else ""

    @property
    def trace(self) -> str:
        return self._trace.hexdigest()

    def served(self, till: Till, job: Job, result: Result) -> None:
        """The server did what it was asked for."""
        self.say(f"{till.name} {type(job).__name__}: {type(result).__name__}")
        situations.answered(self, job, result)
        if isinstance(result, Ack) and result.acked is not None:
            held = self.server.rows("SELECT 1 FROM document WHERE hash = ?", result.acked.hash)
            judge.must(bool(held), f"{till.name}: {result.acked} was acknowledged and is not held")
        if isinstance(job, Send) and self.truth.lost:
            self.truth.arrived(self.server.hashes())

    def settle(self, till: Till, job: Job, result: Result) -> None:
        till.is_waiting = False
        till.engine.settle(job, result)
        if isinstance(result, Page) and result.is_last and not till.engine.failures:
            till.is_stranger = False
        if till.engine.wants_copy:
            copy_stammdaten(till.folder)
            till.engine.wants_copy = False
        self.say(f"{till.name} heard {type(result).__name__} {till.engine.trouble}")
        self._looked_at(till)

    def talk(self, till: Till) -> None:
        """Until all is said, or something fails."""
        till.engine.wake(anew=True)
        for _ in range(QUESTIONS_MAX):
            job = till.engine.next_job()
            if job is None:
                return
            result = attempt(job, lambda: self.network.line(till.token))
            self.served(till, job, result)
            self.settle(till, job, result)
            if till.engine.failures:
                return
        judge.must(False, f"{till.name} still asks after {QUESTIONS_MAX} questions")

    # The evening

    def run(self) -> None:
        self._begin()
        while self.step < self.swarm.steps:
            self.step += 1
            self._wait(self.dice.randrange(1, STEP_MAX_MS))
            self.network.deliver()
            self._note()
            self._happens()
            self._note()
            judge.at_home(self)
            fault = rows.wrong_home(self)
            judge.must(not fault, fault)
        self._heal()
        judge.everything(self)
        situations.in_the_end(self)
        balances = [(wallet, self.server.credit(wallet)) for wallet in self.server.wallets()]
        self.say(f"{sorted(self.server.hashes())} {balances}")

    def close(self) -> None:
        for till in self.living():
            till.close()
        self.server.db.close()

    def _begin(self) -> None:
        office.opens(self)
        for number, new in self._new_tills:
            if (number, new) not in self._joins.values():
                till = self._bring(number, new)
                till.pair(self.server)
                self.talk(till)
        self._note()

    def _bring(self, number: int, new: int) -> Till:
        branch = self.dice.choice(self.server.branches)
        till = Till(self._path, f"till{number}", branch, new)
        till.clock.move(self.now_ms)
        self.tills.append(till)
        return till

    def _joined(self) -> None:
        """A till of its own, that may have a history, becomes one of the house."""
        till = self._bring(*self._joins.pop(self.step))
        if self.dice.random() < 0.5:
            self.say(f"{till.name} sold alone before: {alone.evening(self, till)}")
            self.happened["a till joined with a history of its own"] += 1
        self._looked_at(till)
        till.pair(self.server)
        self.say(f"{till.name} joins")
        self.happened["a till joined later"] += 1

    def _wait(self, ms: int) -> None:
        self.now_ms += ms
        for clock in (self.server.clock, *(till.clock for till in self.tills)):
            clock.move(ms)

    def _happens(self) -> None:
        if self.step in self._joins:
            self._joined()
            return
        till, fate = self.dice.choice(self.living()), self.dice.random()
        for name, rate in self.swarm.disasters.items():
            fate -= rate
            if fate < 0:
                said = HAPPEN[name](self, till)
                self.happened[name] += bool(said)
                self.say(f"{till.name}: {name} {said}")
                if said and not till.is_destroyed:
                    self._looked_at(till)
                return
        what = self.dice.random()
        if what < 0.1:
            self._chore()
        elif what < 0.6:
            self._errand(till)
        else:
            self._asks(till)

    def _chore(self) -> None:
        [chore] = self.dice.choices(list(office.CHORES), list(office.CHORES.values()))
        try:
            chore(self)
            self.say(f"office {chore.__name__}")
        except Refused as refused:
            self.say(f"office {chore.__name__}: {refused.refusal.code}")

    def _errand(self, till: Till) -> None:
        [errand] = self.dice.choices(list(ERRANDS), list(ERRANDS.values()))
        try:
            booked = errand(self, till)
        except Refused as refused:
            self.say(f"{till.name} {errand.__name__}: {refused.refusal.code}")
            situations.refused(self, refused.refusal.code)
            self._looked_at(till)
            return
        self.say(f"{till.name} {errand.__name__} {booked.documents[-1].hash[:12]}")
        self._looked_at(till)
        judge.within_limit(self, till, booked)

    def _asks(self, till: Till) -> None:
        if till.is_waiting:
            return
        if (till.engine.is_revoked or not till.token) and self.dice.random() < 0.2:
            till.pair(self.server)
            self.say(f"{till.name} is paired again")
        if self.dice.random() < 0.5:
            till.engine.wake(anew=True)
        job = till.engine.next_job()
        if job is not None:
            self.network.ask(till, job)

    def _looked_at(self, till: Till) -> None:
        judge.overdraft(self, self.truth.of_till(till, self.server))
        if till.state() != till.found_right:
            judge.credit_follows(self, till)
            fault = rows.fault_at(self, till)
            judge.must(not fault, f"{till.name}: {fault}")
            till.found_right = till.state()

    def _note(self) -> None:
        self.truth.of_office(self.server)
        for till in self.living():
            self.truth.of_till(till, self.server)

    # Afterwards

    def _heal(self) -> None:
        self.server.is_up = True
        for till in self.living():
            till.cut_off_until = 0
        self.network.deliver(everything=True)
        open_end = "nobody talked"
        for _ in range(ROUNDS_MAX):
            self._wait(1000)
            for till in self.living():
                if not self.server.knows(till.token):
                    till.pair(self.server)
                self.talk(till)
            self._note()
            open_end = judge.is_done(self)
            if not open_end:
                return
        judge.must(False, f"after {ROUNDS_MAX} rounds: {open_end}")
