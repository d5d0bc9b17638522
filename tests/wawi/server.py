"""A companion server of our own for a moment: ``kpos wawi serve`` in a process, over loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

WAIT_S = 60
KPOS = [sys.executable, "-m", "kpos"]


@dataclass
class Server:
    """One that listens; `said` is what it wrote until then."""

    data: Path
    url: str
    said: list[str]
    process: subprocess.Popen[str]
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def api(self) -> str:
        return f"{self.url}/api/v1"

    @property
    def password(self) -> str:
        """That of the first user."""
        found = re.search(r"with the password (\S+)", "\n".join(self.said))
        assert found is not None, self.said
        return found[1]

    def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> Any:
        """One request to the API."""
        headers = more.pop("headers", {})
        if token is not None:
            headers = {"Authorization": f"Bearer {token}"} | headers
        url = f"{self.api}/{path}"
        return self.session.request(method, url, headers=headers, timeout=WAIT_S, **more)

    def kpos(self, *arguments: str, **more: Any) -> str:
        """``kpos wawi …`` for its data folder; what it printed."""
        return kpos_wawi(self.data, *arguments, **more).stdout


def kpos_wawi(
    data: Path, *arguments: str, check: bool = True, wait_s: float = WAIT_S, **more: Any
) -> subprocess.CompletedProcess[str]:
    """A command, which is expected to succeed unless ``check=False``."""
    done = subprocess.run(
        [*KPOS, "wawi", *arguments],
        env=os.environ | {"KPOS_WAWI_DATA": str(data)},
        check=False,
        capture_output=True,
        text=True,
        timeout=wait_s,
        **more,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@contextmanager
def serving(
    data: Path, *options: str, database: str = "", program: Sequence[str] = KPOS
) -> Iterator[Server]:
    """A server on a free port, stopped afterwards."""
    if database:
        data.mkdir(exist_ok=True)
        (data / "wawi.toml").write_text(f'[wawi]\ndatabase = "{database}"\n', encoding="utf-8")
    command = [*program, "wawi", "serve", "--data", str(data), "--listen", "127.0.0.1:0", *options]
    with (data.parent / f"{data.name}.log").open("a+", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            url, said = _address(process, log)
            yield Server(data, url, said, process)
        finally:
            process.terminate()
            process.wait(WAIT_S)
            assert process.stdout is not None
            process.stdout.close()


def _address(process: subprocess.Popen[str], log: Any) -> tuple[str, list[str]]:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line.rstrip())
        found = re.match(r"Listening at (\S+)", line)
        if found is not None:
            return found[1], said
    log.seek(0)
    raise AssertionError(log.read())
