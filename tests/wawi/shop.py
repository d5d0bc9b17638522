"""A real till and a real server, processes of their own, with a line between them that fails."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from tests.cli.admin import Admin
from tests.cli.daemon import buy
from tests.faults.audit import Found, audit
from tests.process.jsonl_till import JsonlTill, run_kpos
from tests.wawi.line import Line
from tests.wawi.server import KPOS, Server, kpos_wawi, serving
from tests.wawi.till import code_for

BRANCH = "Keller"
_DOCUMENTS = "SELECT hash, content FROM document"


class Shop:
    """The demo's till, paired over a line with a server of its own."""

    def __init__(self, folder: Path, admin: Admin) -> None:
        self.folder = folder
        self.admin = admin
        self.data = admin.data
        self.house = folder / "wawi"
        self.line = Line()
        self._serving = ExitStack()
        self._till: JsonlTill | None = None
        self.server: Server
        self.acknowledged: list[dict[str, Any]] = []

    # The server

    def begins(self) -> None:
        """A server and a till that never met, and meet; then the till is in step, and runs."""
        self.opens()
        self.pairs()
        self.starts()

    def opens(self, program: Sequence[str] = KPOS) -> None:
        """The server is there, at an address of its own behind the line."""
        self.server = self._serving.enter_context(serving(self.house, program=program))
        self.line.lead_to(self.server.url)

    def closes(self) -> None:
        """The server ends, and whoever asks is told that nobody is there."""
        self.line.to = None
        self.line.hang_up()
        self._serving.close()

    def is_whole(self) -> None:
        kpos_wawi(self.house, "check")

    # The till

    def pairs(self) -> None:
        self.admin.does("pair", self.line.url, code_for(self.server, BRANCH))

    @property
    def till(self) -> JsonlTill:
        """The one that runs."""
        assert self._till is not None, "it was started"
        return self._till

    def starts(self, *arguments: str) -> None:
        self._till = JsonlTill(self.data, "--language", "en", *arguments)
        self.till.do(wait_ms=0)

    def ends(self) -> None:
        """The end of its input, and its own; what it said is remembered."""
        status = self.till.end()
        self.acknowledged += self.till.booked
        assert status == 0

    def buys(self, card: str = "CARD-ADA") -> dict[str, Any]:
        """A bottle, thanked for."""
        sold = buy(self.till, card)
        assert "paid" in [message.get("sound") for message in self.till.messages[-12:]]
        return sold

    @property
    def corner(self) -> str:
        """What the idle display says of the server."""
        self.till.do(wait_ms=1)
        return self.till.shows.splitlines()[-1].split("  ")[-1].strip()

    def status(self) -> dict[str, Any]:
        said: dict[str, Any] = self.admin.reads("status")
        return said

    def agrees(self, after: int = 3) -> Found:
        """All is said, however often that takes; then both have the same, each thing once.

        `after`: so many questions may still fail, whose answers were on their way.
        """
        while (done := self.admin.types("sync")).status:
            assert after, done.err
            after -= 1
        assert self.corner == "WaWi ok"
        status = self.status()
        assert (status["wawi_unsent"], status["wawi_trouble"]) == (0, "")
        self.ends()
        found = self.same()
        self.starts()
        return found

    def same(self) -> Found:
        """Both are whole and have the same; the till does not run."""
        found = audit(self.data, self.acknowledged)
        self.is_whole()
        mine = rows(self.data / "journal.db", f"{_DOCUMENTS} ORDER BY position")
        till = json.loads(mine[0][1])[0]
        query = f"{_DOCUMENTS} WHERE till = '{till}' ORDER BY epoch, seq"
        assert rows(self.house / "wawi.db", query) == mine
        self.same_credit()
        return found

    def same_credit(self) -> None:
        """Of each wallet, at both."""
        query = "SELECT substr(account, 8), -cents FROM balance WHERE account LIKE 'wallet:%'"
        assert dict(rows(self.house / "wawi.db", query)) == dict(
            rows(self.data / "stammdaten.db", query)
        )

    def close(self) -> None:
        if self._till is not None and self._till.process.poll() is None:
            self._till.kill()
        self.closes()
        self.line.close()


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    """From outside."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


@contextmanager
def open_shop(folder: Path, admin: Admin) -> Iterator[Shop]:
    """One that is open, among files that `make_files` made."""
    shop = Shop(folder, admin)
    try:
        shop.begins()
        yield shop
    finally:
        shop.close()


def make_files(folder: Path) -> None:
    """What every shop begins with."""
    run_kpos("init", "--demo", "--data", folder / "till")
    kpos_wawi(folder / "wawi", "migrate")
    kpos_wawi(folder / "wawi", "branch", "add", BRANCH)
