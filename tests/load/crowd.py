"""Many tills at once: at a rush, back after a week, and one after the other for a year."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from random import Random
from threading import Barrier

from kpos.domain.ids import Id
from tests.bench.figures import Figure, reported
from tests.load.client import Client, Resigned, Tally, purchase_end
from tests.load.house import House
from tests.load.process import Cpu
from tests.load.recorded import Recording, new_id

# Tills that catch up side by side, where it is not the point that all come at once.
_SIDE_BY_SIDE = 4
# What a live balance may take: later, the till goes on with what it knows.
_HOLD_US = 300_000


@dataclass
class Crowd:
    """New tills of a house that all booked the same."""

    house: House
    recording: Recording
    wallets: Sequence[Id]
    # Up to where the tills know the feed before they book.
    cursor: str | None
    made: int = 0

    def till(self, documents: int) -> Resigned:
        """One more; what it books is the recording's first so many documents."""
        self.made += 1
        till = new_id(self.made)
        paired = self.house.pair(lambda code: self.recording.application(till, code))
        client = Client(self.house.server.url, paired.token, Tally())
        entries = list(islice(self.recording.of(till, paired), documents + 1))
        own = entries[: purchase_end(entries, documents)]
        return Resigned(client, till, own, self.cursor)

    def rush(self, tills: int, rounds: int) -> Iterator[Figure]:
        """All tills ask for a purchase, book it, send it and read the feed, again and again."""
        there = [self.till(rounds * 10) for _ in range(tills)]
        for till in there:
            till.push_births()
        start = Barrier(tills)

        def one(till: Resigned) -> None:
            random = Random(till.till)
            start.wait()
            for _ in range(rounds):
                till.hold(random.choice(self.wallets), 150)
                till.push(2)
                till.pull()

        cpu = Cpu(self.house.server.process.pid)
        wall_s = _at_once(there, one, tills)
        tally = together(there)
        asked = sum(map(len, tally.took_us.values()))
        yield reported(
            f"rush: {tills} tills at once, {rounds} purchases each",
            f"{_latencies(tally)}; {asked / wall_s:.0f} answers/s; server"
            f" {cpu.us / asked / 1000:.1f} ms CPU an answer; {_waits(tally)}",
            asked,
        )
        in_time = sum(1 for took in tally.took_us["hold"] if took <= _HOLD_US)
        holds = len(tally.took_us["hold"])
        yield reported("rush: live balances in 300 ms", f"{in_time / holds:.0%}, wall clock", holds)

    def week(self, tills: int, documents: int) -> Figure:
        """So many tills, each with so many documents, come back at once and read the feed."""
        there = [self.till(documents) for _ in range(tills)]
        start = Barrier(tills)

        def one(till: Resigned) -> None:
            start.wait()
            till.push_all()
            till.pull()

        cpu = Cpu(self.house.server.process.pid)
        wall_s = _at_once(there, one, tills)
        tally = together(there)
        count = sum(till.held for till in there)
        return reported(
            f"back at once: {tills} tills, {documents:,} documents each",
            f"{wall_s:.0f} s for {count:,} documents = {count / wall_s:.0f}/s; server"
            f" {cpu.us / count:.0f} us CPU a document, feed included; {tally.sent / count:.0f}"
            f" bytes a document up; {_latencies(tally)}; {_waits(tally)}",
            count,
        )

    def year(self, documents: int) -> Figure:
        """So many documents, from one till after the other, some side by side."""
        each = len(self.recording.paired)
        count, parts = 0, []
        wall_s, waits = 0.0, Tally()
        tenth = max(documents // 10 // each, 1)
        while count < documents:
            wanted = min(tenth, -(-(documents - count) // each))
            there = [self.till(documents - count) for _ in range(wanted)]
            cpu = Cpu(self.house.server.process.pid)
            wall_s += _at_once(there, Resigned.push_all, _SIDE_BY_SIDE)
            came = sum(till.held for till in there)
            parts.append(cpu.us / came)
            count += came
            waits.count(together(there))
        held = self.house.count("SELECT count(*) FROM document")
        return reported(
            f"up: {count:,} documents",
            f"{wall_s:.0f} s = {count / wall_s:.0f}/s; server {sum(parts) / len(parts):.0f} us CPU"
            f" a document, in the first part {parts[0]:.0f}, in the last {parts[-1]:.0f};"
            f" {held:,} documents are held; {_waits(waits)}",
            count,
        )


def together(tills: Iterable[Resigned]) -> Tally:
    """What all of them counted."""
    tally = Tally()
    for till in tills:
        tally.count(till.client.tally)
        till.client.close()
    return tally


def _at_once(tills: Sequence[Resigned], work: Callable[[Resigned], None], threads: int) -> float:
    """Seconds, wall, until all are done; the first that fails says so."""
    began_s = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, tills))
    return time.perf_counter() - began_s


def _latencies(tally: Tally) -> str:
    said = []
    for name in sorted(tally.took_us):
        took = tally.samples(name)
        marks = "/".join(f"{took.at(share) / 1000:.0f}" for share in (0.5, 0.95, 0.99))
        said.append(f"{name} {marks} ms")
    return f"{', '.join(said)} (median/p95/p99, wall)"


def _waits(tally: Tally) -> str:
    waits = ", ".join(f"{count} x {why!r}" for why, count in tally.waits.most_common(3))
    return f"sent away for later: {waits}" if waits else "nobody was sent away for later"
