"""What a till says over HTTP, counted: requests, bytes as they travel, how long each one took."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter

from kpos.domain.ids import Id
from kpos.ledger.books import Books
from kpos.sync.backend import Backend, Unreachable
from kpos.sync.engine import Engine
from kpos.sync.http import HttpBackend
from kpos.sync.jobs import attempt
from kpos.sync.waiting import backoff_ms
from kpos.sync.wire import BATCH_MAX, Ack, Entry, Hold, Page, Point, Push
from tests.bench.measure import Samples

T = TypeVar("T")
# More tries of one question than any server that is merely busy needs.
_TRIES_MAX = 60


@dataclass
class Tally:
    """Of many tills together; durations in microseconds, by the name of the question."""

    took_us: dict[str, list[float]] = field(default_factory=dict)
    # Why somebody waited and asked again.
    waits: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    sent: int = 0
    received: int = 0

    def samples(self, name: str) -> Samples:
        """How long questions of a name took, without the waiting between two tries."""
        return Samples(tuple(self.took_us[name]))

    def count(self, other: Tally) -> None:
        """Add what another one counted."""
        for name, took in other.took_us.items():
            self.took_us.setdefault(name, []).extend(took)
        self.waits += other.waits
        self.requests += other.requests
        self.sent += other.sent
        self.received += other.received


class Client(HttpBackend):
    """A till's own way to speak, that counts; who is busy is asked again as a till does it."""

    def __init__(self, url: str, token: str, tally: Tally) -> None:
        super().__init__(url, token)
        self.tally = tally
        self._session.mount("http://", _Counting(tally))
        self._random = Random(token)

    def insist(self, name: str, ask: Callable[[], T]) -> T:
        """Ask until there is an answer, as late as a till's back-off has it.

        Raises:
            BackendError: for an answer that does not mean "later".
        """
        for failures in range(1, _TRIES_MAX):
            began_ns = time.perf_counter_ns()
            try:
                answer = ask()
            except Unreachable as error:
                self.tally.waits[str(error)[:60]] += 1
                wait_ms = backoff_ms(failures, error.retry_after_s, self._random.random())
                time.sleep(wait_ms / 1000)
            else:
                took_us = (time.perf_counter_ns() - began_ns) / 1000
                self.tally.took_us.setdefault(name, []).append(took_us)
                return answer
        raise AssertionError(self.tally.waits)


class Resigned:
    """A till without books of its own: a recording, signed as its own, and where it is in that."""

    def __init__(self, client: Client, till: Id, entries: list[Entry], cursor: str | None) -> None:
        self.client = client
        self.till = till
        self.entries = entries
        self._acked = 0
        self._cursor = cursor

    @property
    def held(self) -> int:
        """Documents that the server holds."""
        return self._acked

    def push_births(self) -> None:
        """What it booked before anybody came."""
        while self._acked < len(self.entries) and _is_master(self.entries[self._acked]):
            self.push(1)

    def push_all(self) -> None:
        """All it has, in batches as a till sends them."""
        while self._acked < len(self.entries):
            self.push(BATCH_MAX - 1)

    def push(self, documents: int) -> None:
        """Book so many: they are sent, and held."""
        until = min(self._acked + documents, len(self.entries))
        until = purchase_end(self.entries, until)
        part, head = self.entries[self._acked : until], self.entries[until - 1].point
        message = Push(self._head, tuple(part), head)
        ack: Ack = self.client.insist("push", lambda: self.client.push(message))
        assert ack.acked == ack.applied == head, ack
        self._acked = until

    def pull(self) -> None:
        """Read the feed to its end."""
        is_last = False
        while not is_last:
            page: Page = self.client.insist("pull", lambda: self.client.pull(self._cursor))
            self._cursor, is_last = page.cursor, page.is_last

    def hold(self, wallet: Id, cents: int) -> Hold:
        """Ask for a purchase."""
        return self.client.insist("hold", lambda: self.client.hold(wallet, cents, self._head))

    @property
    def _head(self) -> Point | None:
        return self.entries[self._acked - 1].point if self._acked else None


def sync(books: Books, backend: Backend, engine: Engine | None = None) -> Engine:
    """Let a real till say and hear everything; nothing may fail."""
    engine = engine or Engine(books)
    while (job := engine.next_job()) is not None:
        engine.settle(job, attempt(job, lambda: backend))
        assert not engine.failures, engine.trouble
    return engine


def purchase_end(entries: Sequence[Entry], end: int) -> int:
    """No part of a journal ends between a sale and its debit."""
    while end < len(entries) and ',"debit","' in entries[end].content:
        end += 1
    return end


def _is_master(entry: Entry) -> bool:
    return ',"master_change","' in entry.content


class _Counting(HTTPAdapter):
    """Bytes of headers and bodies, as they travel."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self._tally = tally

    def send(self, request: requests.PreparedRequest, *how: Any, **more: Any) -> requests.Response:
        response = super().send(request, *how, **more)
        tally, raw = self._tally, response.raw
        tally.requests += 1
        tally.sent += _size(request.headers) + len(request.url or "") + len(request.body or b"")
        tally.received += _size(response.headers)
        close = response.close

        def counted() -> None:
            tally.received += raw.tell()
            close()

        response.close = counted  # type: ignore[method-assign]
        return response


def _size(headers: Any) -> int:
    """As they stand in a request, with a line before them and one behind."""
    return 20 + sum(len(name) + len(value) + 4 for name, value in headers.items())
