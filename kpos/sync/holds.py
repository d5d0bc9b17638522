"""Asking for a hold while somebody stands there: an answer in time, or none.

A thread of its own asks, so that neither a batch of documents on its way nor a name server that
does not answer keeps anybody waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias

from kpos.domain.ids import Id
from kpos.ledger.pairing import Pairing
from kpos.sync.backend import BackendError
from kpos.sync.wire import Hold, Point
from kpos.sync.worker import Line

BUDGET_MS = 300

Question: TypeAlias = Callable[[], Hold | None]


class Holds:
    """Whoever calls `ask` waits up to `BUDGET_MS`, but not the till's thread."""

    def __init__(self, line: Line, budget_ms: int = BUDGET_MS) -> None:
        self._line = line
        self._budget_s = budget_ms / 1000
        self._questions: SimpleQueue[tuple[Question, SimpleQueue[Hold | None]]] | None = None
        self._is_stuck = False

    def ask(self, pairing: Pairing, wallet: Id, cents: int, head: Point | None) -> Hold | None:
        """The answer; None if there is none in time, or the last question still waits for its."""
        if self._is_stuck:
            return None
        self._is_stuck = True
        answers: SimpleQueue[Hold | None] = SimpleQueue()
        self._start().put((lambda: self._line(pairing).hold(wallet, cents, head), answers))
        try:
            return answers.get(timeout=self._budget_s)
        except Empty:
            return None

    def _start(self) -> SimpleQueue[tuple[Question, SimpleQueue[Hold | None]]]:
        if self._questions is None:
            self._questions = SimpleQueue()
            arguments = (self._questions,)
            Thread(target=self._run, args=arguments, name="kpos-hold", daemon=True).start()
        return self._questions

    def _run(self, questions: SimpleQueue[tuple[Question, SimpleQueue[Hold | None]]]) -> None:
        while True:
            question, answers = questions.get()
            answer = None
            with suppress(BackendError):
                answer = question()
            self._is_stuck = False
            answers.put(answer)
