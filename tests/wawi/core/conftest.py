"""Houses on every database that a server may have."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kpos.ledger.database import Database
from kpos.ledger.files import connect
from kpos.wawi.core.postgres import connected
from tests.reports.postgres import Postgres, postgres, programs
from tests.wawi.core.haus import Haus

PROGRAMS = programs()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres]:
    """A PostgreSQL that is there for all tests of a process."""
    if PROGRAMS is None:
        pytest.skip("postgresql is not installed")
    with postgres(PROGRAMS) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database in no transaction."""
    if request.param == "sqlite":
        db = connect(tmp_path / "house.db", code="S-01", synchronous="OFF")
        yield db
        db.close()
        return
    cluster: Postgres = request.getfixturevalue("cluster")
    cluster.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
    where = f"host={cluster.socket} user=kpos dbname=postgres"
    with psycopg.connect(where, autocommit=True) as connection:
        yield connected(connection)


@pytest.fixture
def haus(db: Database, tmp_path: Path) -> Iterator[Haus]:
    haus = Haus(db, tmp_path)
    yield haus
    for till in haus.tills:
        till.close()
