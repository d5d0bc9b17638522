"""The server as one till sees it, in the same process: a `kpos.sync.Backend` with no network.

The simulator runs hundreds of these; over HTTP the same functions are called in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpos.clock import Clock
from kpos.domain.ids import Id
from kpos.ledger.database import Database
from kpos.sync.backend import Revoked
from kpos.sync.wire import Ack, Application, Heartbeat, Hold, Page, Paired, Point, Push, Tail
from kpos.wawi.core import holds, intake, pages, tills
from kpos.wawi.core.feed import PAGE_MAX
from kpos.wawi.core.pairing import pair
from kpos.wawi.core.transactions import transaction


class Desk:
    """What a till with a token may ask. `db` is in no transaction between calls."""

    def __init__(self, db: Database, clock: Clock, token: str, page_max: int = PAGE_MAX) -> None:
        self._db = db
        self._clock = clock
        self._token = token
        self._page_max = page_max

    def push(self, push: Push) -> Ack:
        """Give documents."""
        with transaction(self._db):
            return intake.push(self._db, self._till(), push, self._clock.now())

    def pull(self, cursor: str | None) -> Page:
        """What changed since a cursor."""
        with transaction(self._db):
            till = self._till()
            if pages.must_confirm(self._db, till):
                pages.confirm(self._db, till, cursor, self._clock.now())
            return pages.changes(self._db, till, cursor, self._page_max)

    def tail(self, after: Point | None) -> Tail:
        """The till's own documents after one of them."""
        with transaction(self._db):
            return intake.tail(self._db, self._till(), after)

    def common(self, points: Sequence[Point]) -> Point | None:
        """The last of these points that is held."""
        with transaction(self._db):
            return intake.common(self._db, self._till(), points)

    def hold(self, wallet: Id, cents: int, head: Point | None) -> Hold:
        """Ask for the balance of a wallet, and keep `cents` of it."""
        with transaction(self._db):
            wish = holds.Wish(wallet, cents, head)
            return holds.hold(self._db, self._till(), wish, self._clock.now())

    def heartbeat(self, beat: Heartbeat) -> None:
        """Say that the till is there, and how it is."""
        with transaction(self._db):
            tills.heard(self._db, self._till(), beat, self._clock.now())

    def unpair(self) -> None:
        """Give the token back."""
        with transaction(self._db):
            tills.unpair(self._db, self._till(), "till", self._clock.now())

    def _till(self) -> Id:
        found = tills.till_of_token(self._db, self._token)
        if found is None:
            raise Revoked("the WaWi does not know this till: pair it again")  # noqa: EM101
        return found.id


def apply_to_pair(db: Database, clock: Clock, application: Application) -> Paired:
    """Trade a code for a token, in a transaction of its own.

    Raises:
        Refused: if the code is not good; the try is counted.
    """
    with transaction(db):
        answer = pair(db, application, clock.now())
    if isinstance(answer, Paired):
        return answer
    raise answer
