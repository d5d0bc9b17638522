"""The server, in memory, the office that sits before it, and the line that tills have to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from kpos.clock import ScriptClock
from kpos.domain.document import Json, read_content
from kpos.domain.ids import Id
from kpos.domain.values import replace
from kpos.sync.wire import (
    Ack,
    Application,
    Entry,
    Heartbeat,
    Hold,
    Page,
    Paired,
    Point,
    Push,
    Tail,
)
from kpos.wawi.core import feed, homes, house, pairing, tills
from kpos.wawi.core.desk import Desk, apply_to_pair
from kpos.wawi.core.transactions import transaction
from tests.simulator.ready import OFFICE


class Server:
    """A house with its branches; `is_up`: whether it answers."""

    def __init__(self, clock: ScriptClock, house: bytes) -> None:
        self.clock = clock
        self.is_up = True
        self._open(house)
        self.branches = [branch.id for branch in tills.branches(self.db)]
        [[self.office_id]] = self.rows("SELECT office FROM house")

    def _open(self, house: bytes) -> None:
        # The statements of the core are more than the 128 that sqlite3 keeps on its own.
        self.db = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
        self.db.deserialize(house)

    def office(self, request: str, branch: Id | None = None, **arguments: Any) -> dict[str, Json]:
        known = tills.branch(self.db, branch or self.branches[0])
        assert known is not None
        with transaction(self.db):
            books = house.House(self.db, self.clock, known.place)
            return house.perform(books, request, arguments, OFFICE)

    def pair(self, branch: Id, application: Application) -> Paired:
        with transaction(self.db):
            code = pairing.make_code(self.db, branch, OFFICE, self.clock.now()).code
        return apply_to_pair(self.db, self.clock, replace(application, code=code))

    def knows(self, token: str) -> bool:
        return tills.till_of_token(self.db, token) is not None

    def lose(self, till: Id) -> None:
        with transaction(self.db):
            tills.lose(self.db, till, OFFICE, self.clock.now())

    def revoke(self, till: Id) -> None:
        with transaction(self.db):
            tills.unpair(self.db, till, OFFICE, self.clock.now())

    def set_home(self, wallet: Id, till: Id | None) -> None:
        with transaction(self.db):
            feed.lock(self.db)
            homes.set_home(self.db, wallet, till, self.clock.now())

    # What is there

    def wallets(self) -> list[Id]:
        return [Id(row[0]) for row in self.rows("SELECT id FROM wallet ORDER BY id")]

    def credit(self, wallet: Id) -> int:
        rows = self.rows("SELECT cents FROM balance WHERE account = ?", f"wallet:{wallet}")
        return -rows[0][0] if rows else 0

    def homes(self) -> list[tuple[Id, str | None]]:
        """Each wallet, and where it is at home; None while somebody is waited for."""
        return [
            (Id(wallet), home)
            for wallet, home in self.rows(
                "SELECT wallet.id, home.till FROM wallet LEFT JOIN home ON home.wallet = wallet.id"
                " AND NOT EXISTS (SELECT 1 FROM homing WHERE homing.wallet = wallet.id)"
                " ORDER BY wallet.id"
            )
        ]

    def hashes(self) -> set[str]:
        return {row[0] for row in self.rows("SELECT hash FROM document")}

    def hashes_of(self, till: Id) -> set[str]:
        return {row[0] for row in self.rows("SELECT hash FROM document WHERE till = ?", till)}

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.execute(query, values).fetchall()]

    # Copies

    def copy(self) -> bytes:
        return self.db.serialize()

    def restore(self, copy: bytes) -> None:
        """As `kpos wawi restore` does it."""
        self.db.close()
        self._open(copy)
        with transaction(self.db):
            feed.expire(self.db, self.clock.now())


class Line:
    """The server as a till with a token sees it, in batches and pages as small as may be."""

    def __init__(self, server: Server, token: str, batch_max: int, page_max: int) -> None:
        self._desk = Desk(server.db, server.clock, token, page_max)
        self._batch_max = batch_max

    def push(self, push: Push) -> Ack:
        return self._desk.push(replace(push, entries=_some(push.entries, self._batch_max)))

    def pull(self, cursor: str | None) -> Page:
        return self._desk.pull(cursor)

    def tail(self, after: Point | None) -> Tail:
        tail = self._desk.tail(after)
        some = _some(tail.entries, self._batch_max)
        return Tail(some, tail.is_last and len(some) == len(tail.entries))

    def common(self, points: Sequence[Point]) -> Point | None:
        return self._desk.common(points)

    def hold(self, wallet: Id, cents: int, head: Point | None) -> Hold:
        return self._desk.hold(wallet, cents, head)

    def heartbeat(self, beat: Heartbeat) -> None:
        self._desk.heartbeat(beat)


def _some(entries: tuple[Entry, ...], most: int) -> tuple[Entry, ...]:
    """The first ones; nobody ends them between a sale, or what takes it back, and its debit."""
    is_torn = len(entries) > most and read_content(entries[most].content, "").kind == "debit"
    return entries[: most + 1] if is_torn else entries[:most]
