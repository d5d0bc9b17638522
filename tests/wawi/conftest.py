"""Servers for whoever only asks: one on SQLite, one on PostgreSQL, for a whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reports.postgres import postgres, programs
from tests.wawi.server import Server, serving


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("wawi") / "data") as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = programs()
    if found is None:
        pytest.skip("postgresql is not installed")
    data = tmp_path_factory.mktemp("wawi") / "data"
    with postgres(found) as cluster, serving(data, database=cluster.url) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(f"{request.param}_server")
    return found
