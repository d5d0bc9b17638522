"""Tills with the demo's data, and terminals to sell at."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpos.clock import SystemClock
from kpos.demo import fill
from kpos.ledger.birth import create_till
from kpos.ledger.files import Folder
from tests.terminal.kiosk import Kiosk
from tests.terminal.tmux import Terminal


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till with the demo's data; to be copied."""
    path = tmp_path_factory.mktemp("demo") / "till"
    create_till(Folder(path), SystemClock(), "uid:0")
    fill(Folder(path), SystemClock(), "uid:0")
    return path


@pytest.fixture
def data(filled, tmp_path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "till"))


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    opened: list[Terminal] = []
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short

        def terminal(command: str, **size: int) -> Terminal:
            opened.append(Terminal(Path(folder) / str(len(opened)), command, **size))
            return opened[-1]

        yield terminal
        for one in opened:
            one.close()


@pytest.fixture
def kiosk(data, tmp_path) -> Iterator[Kiosk]:
    pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
    kiosk = Kiosk(data, tmp_path / "dev")
    yield kiosk
    kiosk.close()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a demo makes its folder."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder
