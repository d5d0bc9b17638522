"""The contract of backends, kept by the server: its core called directly, and over HTTP.

A process of ``kpos wawi serve`` is the same for all stories; the office changes its database
beside it, as commands do.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from requests.adapters import HTTPAdapter

from kpos.clock import SystemClock
from kpos.domain.ids import Id
from kpos.ledger.database import Database
from kpos.ledger.files import connect
from kpos.sync.http import HttpBackend
from kpos.sync.wire import Application, Paired
from kpos.wawi.core import feed, house, pairing, tills
from kpos.wawi.core.desk import Desk, apply_to_pair
from kpos.wawi.core.postgres import connected
from kpos.wawi.core.schema import found
from kpos.wawi.core.transactions import transaction
from tests.reports.postgres import Postgres, postgres, programs
from tests.sync.contract import BackendContract, Office, Peer
from tests.wawi.server import Server, serving

psycopg = pytest.importorskip("psycopg")
BRANCH, WHO, SERVED = "Keller", "user:ada", "served"
CLOCK = SystemClock()
ADDRESSES = itertools.count(2)


class PeerAtDesk(Desk):
    """A desk at which somebody may apply as well."""

    def __init__(self, db: Database, token: str) -> None:
        super().__init__(db, CLOCK, token, page_max=3)
        self._house = db

    def pair(self, application: Application) -> Paired:
        return apply_to_pair(self._house, CLOCK, application)


class OfficeOfHouse:
    """A house in a database; tills are beside it in this process."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._groups = 0
        with transaction(db):
            known = {branch.name: branch for branch in tills.branches(db)}
            self.branch = known.get(BRANCH) or tills.add_branch(db, BRANCH, WHO, CLOCK.now())

    def code(self) -> str:
        with transaction(self.db):
            return pairing.make_code(self.db, self.branch.id, WHO, CLOCK.now()).code

    def connect(self, token: str | None) -> Peer:
        return PeerAtDesk(self.db, token or "")

    def revoke(self, till: Id) -> None:
        with transaction(self.db):
            tills.lose(self.db, till, WHO, CLOCK.now())

    def add_group(self, name: str) -> Id:
        with transaction(self.db):
            books = house.House(self.db, CLOCK, self.branch.place)
            return Id(house.perform(books, "group_add", {"name": name}, WHO)["id"])

    def expire(self) -> None:
        with transaction(self.db):
            feed.expire(self.db, CLOCK.now())

    def close(self) -> None:
        """Nobody is a till of this house any more."""
        for till in tills.tills(self.db):
            if till.is_paired:
                self.revoke(till.id)


class From(HTTPAdapter):
    """Asks from an address: nobody may try many codes from one."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        super().init_poolmanager(*sizes, **options, source_address=(self._address, 0))


class OfficeOfServer(OfficeOfHouse):
    """The same house, which tills reach over HTTP."""

    def __init__(self, db: Database, server: Server) -> None:
        super().__init__(db)
        self._server = server
        self._backends: list[HttpBackend] = []

    def connect(self, token: str | None) -> Peer:
        backend = HttpBackend(self._server.url, token)
        backend._session.mount("http://", From(f"127.0.0.{next(ADDRESSES)}"))
        self._backends.append(backend)
        return backend

    def close(self) -> None:
        super().close()
        for backend in self._backends:
            backend.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    binaries = programs()
    if binaries is None:
        pytest.skip("postgresql is not installed")
    with postgres(binaries) as cluster:
        yield cluster


@contextlib.contextmanager
def database(cluster: Postgres, name: str) -> Iterator[Database]:
    where = f"host={cluster.socket} user=kpos dbname={name}"
    with psycopg.connect(where, autocommit=True) as connection:
        yield connected(connection)


class TestAtDesk(BackendContract):
    """Without a network."""

    @pytest.fixture
    def office(self, tmp_path: Path) -> Iterator[Office]:
        db = connect(tmp_path / "house.db", code="S-01", synchronous="OFF")
        with transaction(db):
            found(db)
        yield OfficeOfHouse(db)
        db.close()


class TestAtDeskOnPostgres(BackendContract):
    @pytest.fixture
    def office(self, cluster: Postgres) -> Iterator[Office]:
        cluster.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
        with database(cluster, "postgres") as db:
            with transaction(db):
                found(db)
            yield OfficeOfHouse(db)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("served") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def on_postgres(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    cluster.run(f"CREATE DATABASE {SERVED}")
    url = f"{cluster.url.rpartition('/')[0]}/{SERVED}"
    with serving(tmp_path_factory.mktemp("served") / "data", database=url) as server:
        yield server


class TestServed(BackendContract):
    """``kpos wawi serve`` on SQLite."""

    @pytest.fixture
    def office(self, on_sqlite: Server) -> Iterator[Office]:
        db = sqlite3.connect(on_sqlite.data / "wawi.db", timeout=10, isolation_level=None)
        office = OfficeOfServer(cast("Database", db), on_sqlite)
        yield office
        office.close()
        db.close()


class TestServedOnPostgres(BackendContract):
    @pytest.fixture
    def office(self, cluster: Postgres, on_postgres: Server) -> Iterator[Office]:
        with database(cluster, SERVED) as db:
            office = OfficeOfServer(db, on_postgres)
            yield office
            office.close()
