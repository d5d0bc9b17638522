"""The line between tills and the server: each question has a fate, and answers take their time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from kpos.domain.ids import Id
from kpos.ledger.replica import head_of
from kpos.sync.backend import BackendError, Unreachable
from kpos.sync.jobs import Job, Result, attempt
from tests.simulator import judge
from tests.simulator.server import Line

if TYPE_CHECKING:
    from tests.simulator.till import Till
    from tests.simulator.world import World

# Documents and rows are some dozens; whoever gets more at a time gets all of them.
RAGGED_MAX = 60
_NOBODY = Unreachable("no answer from the WaWi")


class Network:
    """What is under way, in the order of its time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._events: list[tuple[int, int, Callable[[], object]]] = []
        self._numbers = count()

    def line(self, token: str) -> Line:
        swarm, dice = self._world.swarm, self._world.dice
        batch_max, page_max = swarm.batch_max, swarm.page_max
        if swarm.is_ragged:
            batch_max = dice.randrange(1, min(batch_max, RAGGED_MAX) + 1)
            page_max = dice.randrange(1, min(page_max, RAGGED_MAX) + 1)
        return Line(self._world.server, token, batch_max, page_max)

    def deliver(self, *, everything: bool = False) -> None:
        """What is due by now."""
        while self._events and (everything or self._events[0][0] <= self._world.now_ms):
            heapq.heappop(self._events)[2]()

    def ask(self, till: Till, job: Job) -> None:
        """Send a till's question on its way; the answer finds it again, if it is still there."""
        dice, swarm, token, engine = self._world.dice, self._world.swarm, till.token, till.engine
        answers: list[Result] = []

        def reaches() -> None:
            answers.append(self._at_server(till, job, token))

        def answered() -> None:
            if till.engine is engine and not till.is_destroyed:
                self._world.settle(till, job, answers[0] if answers else _NOBODY)

        till.is_waiting = True
        there = self._after(0)
        back = self._after(there)
        fate = dice.random()
        if fate < swarm.lost:
            self._at(back, answered)
        elif fate < swarm.lost + swarm.answer_lost:
            self._at(there, lambda: self._at_server(till, job, token))
            self._at(back, answered)
        elif fate < swarm.lost + swarm.answer_lost + swarm.late:
            # Nobody waits for it any more when it is done.
            self._at(there, answered)
            self._at(back, lambda: self._at_server(till, job, token))
        else:
            self._at(there, reaches)
            self._at(back, answered)
        if dice.random() < swarm.twice:
            self._at(self._after(there), lambda: self._at_server(till, job, token))

    def hold(self, till: Till, wallet: Id, cents: int) -> bool:
        """Ask while somebody waits; whether it is known to be held."""
        dice, swarm, token = self._world.dice, self._world.swarm, till.token
        head = head_of(till.books.journal)

        def reaches() -> bool:
            if not self.is_through(till):
                return False
            try:
                is_granted = self.line(token).hold(wallet, cents, head).is_granted
            except BackendError:
                return False
            if is_granted:
                judge.granted(self._world, wallet, cents)
            return is_granted

        fate = dice.random()
        if fate < swarm.lost:
            return False
        if fate < swarm.lost + swarm.late:
            self._at(self._after(0), lambda: self._world.say(f"late hold {reaches()}"))
            return False
        granted = reaches()
        self._world.happened["a hold was granted"] += granted
        return granted and fate < 1 - swarm.answer_lost

    def is_through(self, till: Till) -> bool:
        """Whether a question of a till reaches the server now."""
        return self._world.server.is_up and till.cut_off_until <= self._world.now_ms

    def _at_server(self, till: Till, job: Job, token: str) -> Result:
        if not self.is_through(till):
            return _NOBODY
        result = attempt(job, lambda: self.line(token))
        self._world.served(till, job, result)
        return result

    def _after(self, ms: int) -> int:
        return ms + self._world.dice.randrange(self._world.swarm.delay_max_ms)

    def _at(self, ms: int, happens: Callable[[], object]) -> None:
        heapq.heappush(self._events, (self._world.now_ms + ms, next(self._numbers), happens))
