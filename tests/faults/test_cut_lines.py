"""The line between a till and its server is cut after every byte of what they say, either way."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpos.domain.exchange import Point
from kpos.ledger.joining import Assigned, pair
from kpos.ledger.pairing import Pairing
from kpos.ledger.replica import head_of
from kpos.sync.backend import BackendError
from kpos.sync.http import HttpBackend
from tests.sync.tills import Line as Questions
from tests.sync.tills import Till, application_of
from tests.wawi.line import Line
from tests.wawi.server import Server, kpos_wawi, serving
from tests.wawi.till import code_for

BRANCH = "Keller"
PRODUCT_CENTS = 100
# Whoever cuts a line a thousand times asks more often than any till.
PATIENT = """
import sys
from kpos.cli import main
from kpos.wawi.api.limits import Limit
Limit.check = lambda self, key: None
main(sys.argv[1:])
"""


class Wired(Till):
    """A till whose questions go over a line to a real server."""

    def join(self, line: Line, server: Server) -> None:
        asked = application_of(self.books, code_for(server, BRANCH))
        paired = HttpBackend(line.url).pair(asked)
        self.wire, self.token = line, paired.token
        self.line = Questions(self.connection())
        assigned = Assigned(paired.till, paired.place, paired.prefix)
        pair(self.books, Pairing(line.url, paired.token, paired.branch), assigned, "uid:0")
        self.sync()

    @property
    def end(self) -> Point | None:
        return head_of(self.books.journal)

    def connection(self) -> HttpBackend:
        return HttpBackend(self.wire.url, self.token)

    def anew(self) -> None:
        """With another connection, whose first byte is the first of the line."""
        backend = self.line.backend
        assert isinstance(backend, HttpBackend)
        backend.close()
        self.line.backend = self.connection()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("cuts") / "wawi"
    kpos_wawi(data, "migrate")
    kpos_wawi(data, "branch", "add", BRANCH)
    with serving(data, program=[sys.executable, "-c", PATIENT]) as server:
        yield server


@pytest.fixture
def till(server: Server, tmp_path: Path) -> Iterator[Wired]:
    line = Line(server.url)
    till = Wired(tmp_path / "till")
    till.add_product("Snack", PRODUCT_CENTS)
    till.add_member("Ada", 500_000, number=None)
    till.join(line, server)
    yield till
    till.anew()
    line.close()
    till.close()


def lengths(till: Wired, what: str) -> tuple[int, int]:
    """Bytes of one such exchange up and down, on a line that holds."""
    till.anew()
    ask(till, what)
    return till.wire.up, till.wire.down


def ask(till: Wired, what: str) -> bool:
    """One question; whether it was answered, as far as the till knows."""
    if what == "hold":
        try:
            till.line.backend.hold(till.wallet("Ada"), PRODUCT_CENTS, till.end)
        except BackendError:
            return False
        return True
    if what == "push":
        till.buy("Ada", "Snack")
    till.engine.wake(anew=True)
    till.sync()
    return not till.engine.failures


def cut_everywhere(till: Wired, what: str, step: int) -> int:
    """Cuts after every so many bytes; how many there were."""
    cuts = 0
    longest = lengths(till, what)
    for way, length in zip(("up_max", "down_max"), longest, strict=True):
        for byte in range(1, length, step):
            till.anew()
            setattr(till.wire, way, byte)
            assert not ask(till, what), f"{what}: answered though cut after {byte} of {length}"
            setattr(till.wire, way, None)
            cuts += 1
            till.anew()
            till.engine.wake(anew=True)
            till.sync()
            assert till.engine.says == ""
    return cuts


def test_cut_after_any_byte_nothing_is_lost_or_doubled(till: Wired, server: Server, size) -> None:
    step = size(quick=97, ci=11, long=1)
    before = len(till.documents())
    cuts = {what: cut_everywhere(till, what, step) for what in ("push", "pull", "hold")}
    # A sale and its debit for each push that was tried.
    assert len(till.documents()) == before + 2 * (cuts["push"] + 1)
    query = "SELECT hash FROM document WHERE till = ? ORDER BY epoch, seq"
    with closing(sqlite3.connect(server.data / "wawi.db")) as db:
        held = [digest for (digest,) in db.execute(query, (till.books.identity.till,))]
    assert held == till.hashes()
    assert till.credit("Ada").cents == 500_000 - PRODUCT_CENTS * (cuts["push"] + 1)
    server.kpos("check")
    assert till.verify().projections_compared
