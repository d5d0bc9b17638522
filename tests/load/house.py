"""A house to load: `kpos wawi serve` in a process, on SQLite or on a PostgreSQL of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kpos.clock import SystemClock
from kpos.domain.ids import Id
from kpos.ledger.database import Database
from kpos.sync.backend import Refused
from kpos.sync.wire import Application, Paired
from kpos.wawi.core import pairing, tills
from kpos.wawi.core.postgres import connected
from kpos.wawi.core.transactions import transaction
from tests.reports.postgres import postgres, programs
from tests.wawi.server import Server, serving

_CLOCK = SystemClock()


@dataclass
class House:
    """A server and a door behind it: a connection to its database, for what is not measured."""

    server: Server
    db: Database
    branch: Id

    @property
    def place(self) -> Id:
        """Where the goods of its branch are."""
        found = tills.branch(self.db, self.branch)
        assert found is not None, "it has one"
        return found.place

    def pair(self, application: Callable[[str], Application]) -> Paired:
        """Pair a till. Over HTTP nobody pairs more than ten in a minute from one address."""
        with transaction(self.db):
            code = pairing.make_code(self.db, self.branch, "load", _CLOCK.now()).code
            paired = pairing.pair(self.db, application(code), _CLOCK.now())
        assert not isinstance(paired, Refused), paired
        return paired

    def count(self, what: str) -> int:
        """The answer to a query for one number."""
        number: int = self.db.execute(what).fetchone()[0]
        return number


@contextmanager
def open_house(data: Path, *, on_postgres: bool) -> Iterator[House]:
    """A new house with one branch."""
    with ExitStack() as stack:
        url = ""
        if on_postgres:
            found = programs()
            assert found is not None, "postgresql is not installed"
            url = stack.enter_context(postgres(found)).url
        server = stack.enter_context(serving(data, database=url))
        db = stack.enter_context(_door(data, url))
        with transaction(db):
            branch = tills.add_branch(db, "Theke", "load", _CLOCK.now())
        yield House(server, db, branch.id)


@contextmanager
def _door(data: Path, url: str) -> Iterator[Database]:
    if url:
        with closing(psycopg.connect(url, autocommit=True)) as postgres_db:
            yield connected(postgres_db)
        return
    path = data / "wawi.db"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as db:
        db.execute("PRAGMA synchronous=FULL")
        yield db
