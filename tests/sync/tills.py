"""Tills of one WaWi: real files, and a line to it that can be cut anywhere."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from kpos.clock import ScriptClock
from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.checks import Booked
from kpos.ledger.files import Folder
from kpos.ledger.joining import Assigned, pair
from kpos.ledger.office.wawi import wawi_application
from kpos.ledger.pairing import Pairing
from kpos.ledger.pins import make_verifier
from kpos.ledger.replica import head_of
from kpos.sync.backend import Backend, Unreachable
from kpos.sync.engine import Engine
from kpos.sync.jobs import attempt
from kpos.sync.wire import APPLICATION, Ack, Application, Heartbeat, Hold, Page, Point, Push, Tail
from tests.ledger.kasse import FRIDAY_EVENING, Kasse
from tests.sync.wawi import Wawi

T = TypeVar("T")
# More questions in a row than any evening here takes.
_QUESTIONS_MAX = 200


def application_of(books: Books, code: str) -> Application:
    """What `kpos pair` says of a till."""
    return APPLICATION.read(wawi_application(books, "uid:0") | {"code": code, "version": "1"})


class Line:
    """Each word in `cuts` is the fate of one question: lost, or answered and the answer lost."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.cuts: deque[str] = deque()
        self.asked: list[str] = []
        self.pushes: list[Push] = []

    def _through(self, name: str, ask: Callable[[], T]) -> T:
        self.asked.append(name)
        no_answer = Unreachable("no answer from the WaWi")
        cut = self.cuts.popleft() if self.cuts else ""
        if cut == "lost":
            raise no_answer
        answer = ask()
        if cut == "answer lost":
            raise no_answer
        return answer

    def push(self, push: Push) -> Ack:
        self.pushes.append(push)
        return self._through("push", lambda: self.backend.push(push))

    def pull(self, cursor: str | None) -> Page:
        return self._through("pull", lambda: self.backend.pull(cursor))

    def tail(self, after: Point | None) -> Tail:
        return self._through("tail", lambda: self.backend.tail(after))

    def common(self, points: Sequence[Point]) -> Point | None:
        return self._through("common", lambda: self.backend.common(points))

    def hold(self, wallet: Id, cents: int, head: Point | None) -> Hold:
        return self._through("hold", lambda: self.backend.hold(wallet, cents, head))

    def heartbeat(self, beat: Heartbeat) -> None:
        self._through("heartbeat", lambda: self.backend.heartbeat(beat))


class Till(Kasse):
    """One that may be paired."""

    engine: Engine
    line: Line
    wawi: Wawi

    def __init__(self, path: Path, start: Instant = FRIDAY_EVENING) -> None:
        super().__init__(path, start)
        self.engine = Engine(self.books)

    @classmethod
    def at(cls, path: Path) -> Self:
        """A till that is there."""
        till = cls.__new__(cls)
        till.folder, till.clock = Folder(path), ScriptClock(FRIDAY_EVENING)
        till.open()
        return till

    def open(self) -> None:
        super().open()
        self.engine = Engine(self.books)

    def pair(self, wawi: Wawi, prefix: str | None = None) -> Till:
        paired = wawi.pair(application_of(self.books, wawi.code(prefix)))
        self.wawi = wawi
        self.line = Line(wawi.of(paired.token))
        assigned = Assigned(paired.till, paired.place, paired.prefix)
        pair(self.books, Pairing("https://wawi", paired.token, paired.branch), assigned, "uid:0")
        return self

    def sync(self) -> list[str]:
        """Until all is said, or something fails; what was asked."""
        before = len(self.line.asked)
        self.engine.wake()
        for _ in range(_QUESTIONS_MAX):
            job = self.engine.next_job()
            if job is None:
                break
            self.engine.settle(job, attempt(job, lambda: self.line))
            if self.engine.failures:
                break
        else:
            raise AssertionError(self.line.asked[-20:])
        return self.line.asked[before:]

    def buy_held(self, who: str, *goods: Any) -> Booked:
        """As the till does it: what the WaWi grants is held for the purchase."""
        cart, buyer = self.cart(*goods), self.holder(who)
        hold = self.line.hold(buyer.wallet, cart.total.cents, head_of(self.books.journal))
        held = cart.total if hold.is_granted else Money(0)
        return book(self.books, orders.Purchase(cart, buyer, held))

    def wallet(self, who: str) -> Id:
        return self.holder(who).wallet

    @property
    def prefix(self) -> str:
        return self.books.identity.prefix

    def receipts(self) -> list[str]:
        return [each.receipt_number for each in self.documents() if each.receipt_number]

    def hashes(self) -> list[str]:
        return [each.hash for each in self.documents()]


def copy_of(till: Till, path: Path) -> Folder:
    """The disk as it is now."""
    till.close()
    shutil.copytree(till.folder.path, path)
    till.open()
    return Folder(path)


def copy_folder(folder: Folder, path: Path) -> Folder:
    """One more of the same."""
    shutil.copytree(folder.path, path)
    return Folder(path)


def put_back(till: Till, old: Folder) -> None:
    """The journal of an older disk, by hand."""
    till.close()
    shutil.rmtree(till.folder.path)
    shutil.copytree(old.path, till.folder.path)
    till.open()


def pin_fields(pin: str, version: int) -> dict[str, Any]:
    verifier = make_verifier(pin)
    return {
        "salt": verifier.salt.hex(),
        "verifier": verifier.key.hex(),
        "n": verifier.n,
        "r": verifier.r,
        "p": verifier.p,
        "version": version,
    }
