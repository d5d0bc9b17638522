"""What a running till says of itself, that somebody elsewhere may rely on: display and inputs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kpos.ledger.files import Folder
from kpos.terminal.control import ask
from tests.cli.daemon import running_till
from tests.terminal.test_display import Plugged, log_until


def status(data: Path) -> dict[str, Any]:
    done: dict[str, Any] = ask(Folder(data).control_socket, "status", {})["done"]
    return done


@contextmanager
def with_a_display(data: Path, config: Path, section: str) -> Iterator[subprocess.Popen[str]]:
    config.write_text(f"[display]\n{section}\n")
    command = [sys.executable, "-m", "kpos", "run", "--io", "devices", "--data", str(data)]
    with subprocess.Popen(
        [*command, "--config", str(config)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def until(data: Path, *, display_ok: bool) -> None:
    """The log is written before what is asked for: a look or two later it is there."""
    while status(data)["display_ok"] is not display_ok:
        pass


def test_a_till_knows_whether_its_display_shows_what_it_should(data, tmp_path):
    plugged = Plugged(tmp_path, 4, 40)
    plugged.line.unplug()
    with with_a_display(data, tmp_path / "kpos.toml", plugged.section) as process:
        log_until(process, "display: ")
        until(data, display_ok=False)
        plugged.line.plug()
        log_until(process, "display: ready")
        until(data, display_ok=True)
        plugged.line.unplug()
        log_until(process, "display: ")
        until(data, display_ok=False)


def test_a_till_counts_what_it_answered_with_a_new_picture(data):
    with running_till(data) as till:
        assert (status(data)["display_ok"], status(data)["inputs"]) == (True, 0)
        till.keys("*")
        assert status(data)["inputs"] == 0, "nothing was to be seen of it"
        till.keys("12")
        assert status(data)["inputs"] == 2
        till.do(wait_ms=120_000)
        assert status(data)["inputs"] == 2, "time is no input"
        till.scan("CARD-ADA")
        assert status(data)["inputs"] == 3
        till.scan("CARD-ADA")
        assert status(data)["inputs"] == 3, "a reader that repeats itself is no second scan"
