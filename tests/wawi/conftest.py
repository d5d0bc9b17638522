"""Servers for whoever only asks, for a whole run; and shops, each with a server of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.admin import Admin
from tests.reports.postgres import postgres, programs
from tests.wawi.server import Server, serving
from tests.wawi.shop import Shop, make_files, open_shop


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


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    make_files(folder)
    return folder


@pytest.fixture
def shop(
    files: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shop]:
    shutil.copytree(files, tmp_path, dirs_exist_ok=True)
    with open_shop(tmp_path, Admin(tmp_path / "till", capsys, monkeypatch)) as shop:
        yield shop
