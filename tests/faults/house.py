"""A server that is killed and started again at one address, and what its books say."""

from __future__ import annotations

import itertools
import json
import os
import re
import socket
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from kpos.clock import real_ms
from kpos.wawi.site import set_up
from tests.faults.audit import insist
from tests.faults.kill_process import Process
from tests.reports.postgres import Postgres, postgres, programs

BRANCH = "Keller"
# Below what a system gives to whoever asks: a till that asks where nobody listens could be given
# that very port, and would be connected with itself.
_PORTS = range(20_000, 32_000)
_IMPORTED_LATE = (
    "django.core.management.commands.migrate", "django.core.wsgi", "django.contrib.admin.sites",
    "kpos.wawi.urls", "kpos.wawi.users", "kpos.wawi.keeping", "kpos.wawi.office",
    "waitress.server",
)  # fmt: skip
# Who works has a processor so often at least, on a machine that is not busy beyond reason.
_IDLE_MS, _GLANCE_S = 400, 0.0005
_POSTINGS = 9  # the place of a document's postings in its content
_DOCUMENTS = "SELECT hash, content FROM document WHERE till = ? ORDER BY epoch, seq"


class House:
    """One data folder for all of a run: Django is set up for it here, and forks begin sooner."""

    def __init__(self, data: Path, errors: Path, cluster: Postgres | None) -> None:
        self.data = data
        self._errors = errors
        self._cluster = cluster
        self._process: Process | None = None
        data.mkdir()
        self.url = f"http://127.0.0.1:{_free_port()}"
        if cluster is not None:
            toml = f'[wawi]\ndatabase = "{cluster.url}"\n'
            (data / "wawi.toml").write_text(toml, encoding="utf-8")
        set_up(data)
        # What a server imports when it starts, a fork would import anew every time.
        for name in _IMPORTED_LATE:
            import_module(name)

    def empty(self) -> None:
        """A house without a document; the server is down."""
        for path in self.data.glob("wawi.db*"):
            path.unlink()
        if self._cluster is not None:
            self._cluster.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")

    # The server

    @property
    def is_up(self) -> bool:
        return self._process is not None

    def begin(self, *, forked: bool) -> None:
        """Start, without waiting until it listens."""
        listen = self.url.removeprefix("http://")
        order = ("wawi", "serve", "--data", self.data, "--listen", listen)
        self._process = Process(*order, errors=self._errors, forked=forked)

    def listen(self) -> None:
        """Wait until it listens."""
        assert self._process is not None, "it was started"
        said: list[str] = []
        while not (said and said[-1].startswith("Listening at ")):
            line = self._process.read_line()
            insist(holds=line is not None, else_say=f"no server: {said} {self._process.complaint}")
            said.append(line or "")

    def start(self, *, forked: bool = True) -> None:
        """Start, if it is down, and wait until it listens."""
        if not self.is_up:
            self.begin(forked=forked)
            self.listen()

    def kill(self) -> None:
        """SIGKILL, if it is up."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def works(self, ms: float) -> None:
        """Wait until it has worked so long, or does nothing any more.

        However busy the machine is, the middle of its work is the middle.
        """
        if self._process is None:
            return
        before = done = self._process.worked_ms()
        idle_since = real_ms()
        while done < before + ms and real_ms() < idle_since + _IDLE_MS:
            time.sleep(_GLANCE_S)
            now = self._process.worked_ms()
            if now > done:
                done, idle_since = now, real_ms()

    def code(self) -> str:
        """An authorisation code."""
        done = self.kpos("till", "add", BRANCH)
        found = re.search(r" (\S+)$", done[0])
        assert found is not None, done
        return found[1]

    def kpos(self, *arguments: str | Path) -> list[str]:
        """A command that must work; what it said."""
        process = self.asks(*arguments)
        said = process.wait()
        insist(holds=process.status == 0, else_say=f"kpos wawi {arguments}: {process.complaint}")
        return said

    def asks(self, *arguments: str | Path) -> Process:
        """A command that may be killed."""
        errors = self._errors.with_name("office")
        return Process("wawi", *arguments, "--data", self.data, errors=errors, forked=True)

    # Its books, read from outside

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        if self._cluster is not None:
            return self._cluster.execute(query, values).fetchall()
        with closing(sqlite3.connect(f"file:{self.data}/wawi.db?mode=ro", uri=True)) as db:
            return db.execute(query, values).fetchall()

    def documents(self, till: str) -> list[tuple[Any, ...]]:
        """Hash and content of each, in order."""
        return self.rows(_DOCUMENTS, till)

    def audit(self) -> dict[str, int]:
        """Cents by account, as all documents say; they are what the server says of them.

        Raises:
            Lost: if anything is twice, parted, stopped, or not as the documents say.
        """
        contents = self.rows("SELECT content, hash FROM document")
        times = Counter(digest for _, digest in contents)
        insist(holds=max(times.values()) == 1, else_say="a document is at the server twice")
        sums: Counter[str] = Counter()
        for content, _ in contents:
            for account, cents in json.loads(content)[_POSTINGS]:
                sums[account] += cents
        told = Counter(dict(self.rows("SELECT account, cents FROM balance")))
        insist(holds=sums == told, else_say=f"balances are not those of documents: {told}, {sums}")
        for what, query in (
            ("parted", "SELECT till FROM strand WHERE parent IS NOT NULL"),
            ("stopped", "SELECT stopped FROM till WHERE stopped IS NOT NULL"),
            ("alarms", "SELECT kind, detail FROM alarm"),
        ):
            found = self.rows(query)
            insist(holds=not found, else_say=f"{what}: {found}")
        self.kpos("check")
        return dict(sums)


def _free_port() -> int:
    """One that nobody listens at."""
    begin = os.getpid() % len(_PORTS)
    for port in itertools.chain(_PORTS[begin:], _PORTS[:begin]):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    sys.exit("no port is free")


@contextmanager
def cluster_if(*, wanted: bool) -> Iterator[Postgres | None]:
    """A PostgreSQL for a run, or none: then it is a file."""
    binaries = programs() if wanted else None
    if binaries is None:
        yield None
        return
    with postgres(binaries) as cluster:
        yield cluster
