"""CPU of taking documents in, beside raw inserts of the same rows in the same run.

Two copies of a house's database go side by side. One takes a batch in, as the server does, from the
bytes of the request to the commit; then the rows that are new or other there are written to the
second one, which has the same tables and indexes: one prepared statement a table, one transaction.
Both are this process's CPU (wall clock says nothing on a busy machine), in turns, batch by batch.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpos.clock import SystemClock
from kpos.domain.ids import Id
from kpos.sync.wire import BATCH_MAX, PUSH, Entry, Push
from kpos.wawi.core import intake
from kpos.wawi.core.transactions import transaction
from tests.bench.figures import Figure, verdict
from tests.bench.measure import Samples

RATIO_MAX = 4
_OTHERS = "sqlite_%", "django_%", "auth_%"


@dataclass(frozen=True)
class Cost:
    """CPU of one batch, in microseconds: of its body, its documents, and its rows alone."""

    documents: int
    rows: int
    body_us: float
    push_us: float
    raw_us: float


def costs(folder: Path, till: Id, entries: Sequence[Entry]) -> Iterator[Cost]:
    """Take the journal of a paired till in; `folder` has the house's database twice.

    ``taking.db`` and ``raw.db``, the same.
    """
    taking, raw = _opened(folder / "taking.db"), _opened(folder / "raw.db")
    taking.execute("ATTACH ? AS raw", (str(folder / "raw.db"),))
    tables = _tables(taking)
    after = None
    for first in range(0, len(entries), BATCH_MAX):
        batch = tuple(entries[first : first + BATCH_MAX])
        body = _packed(Push(after, batch, batch[-1].point))
        began_ns = time.process_time_ns()
        pushed = PUSH.read(json.loads(gzip.decompress(body)))
        read_ns = time.process_time_ns()
        with transaction(taking):
            ack = intake.push(taking, till, pushed, SystemClock().now())
        done_ns = time.process_time_ns()
        after = batch[-1].point
        assert ack.applied == after, ack
        rows = {table: _news(taking, table) for table in tables}
        raw_us = _written(raw, rows)
        count = sum(map(len, rows.values()))
        took_us = ((read_ns - began_ns) / 1000, (done_ns - read_ns) / 1000)
        yield Cost(len(batch), count, *took_us, raw_us)
    taking.close()
    raw.close()


def intake_row(found: Sequence[Cost]) -> Figure:
    """Of so many batches."""
    documents = sum(cost.documents for cost in found)
    rows = sum(cost.rows for cost in found)
    body, push, raw = (
        sum(getattr(cost, name) for cost in found) / documents
        for name in ("body_us", "push_us", "raw_us")
    )
    each = Samples(tuple((cost.body_us + cost.push_us) / cost.raw_us for cost in found))
    ratio = (body + push) / raw
    return Figure(
        "taking documents in, CPU, SQLite",
        f"{body + push:.0f} us a document ({body:.0f} of it for the body) = {ratio:.1f} x"
        f" {raw:.0f} us for raw inserts of its {rows / documents:.1f} rows; batch by batch"
        f" {each.at(0):.1f} to {each.at(1):.1f} x; without the body {push / raw:.1f} x",
        f"<= {RATIO_MAX} x",
        verdict(reached=ratio <= RATIO_MAX),
        documents,
    )


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    return db


def _packed(push: Push) -> bytes:
    return gzip.compress(json.dumps(PUSH.write(push)).encode(), 6)


def _tables(db: sqlite3.Connection) -> list[str]:
    unlike = " AND ".join("name NOT LIKE ?" for _ in _OTHERS)
    query = f"SELECT name FROM main.sqlite_master WHERE type = 'table' AND {unlike}"
    return [name for (name,) in db.execute(query, _OTHERS)]


def _news(db: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    """Rows that are not, or not like this, in the second database."""
    query = f"SELECT * FROM main.{table} EXCEPT SELECT * FROM raw.{table}"
    return db.execute(query).fetchall()


def _written(db: sqlite3.Connection, rows: dict[str, list[tuple[object, ...]]]) -> float:
    """CPU of writing them, in microseconds."""
    began_ns = time.process_time_ns()
    db.execute("BEGIN IMMEDIATE")
    for table, news in rows.items():
        if news:
            marks = ", ".join("?" * len(news[0]))
            db.executemany(f"REPLACE INTO {table} VALUES ({marks})", news)
    db.execute("COMMIT")
    return (time.process_time_ns() - began_ns) / 1000
