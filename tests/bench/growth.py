"""What one act at the till costs in a small shop and in a big one: counted, not timed.

The real `Till` on real books in this process (`tests/kiosk.py`), in shops of `bigshop.py`; each act
is done by members and with goods drawn at random, its cost is the mean over all rounds, of both
connections together, as SQLite counts it (`counted.py`). CPU of the till's thread stands beside it,
the median, and is not judged.

Pages looked at grow with the levels of the B-trees: a look-up by key costs one page a level, and a
page holds some 25 to 150 rows, so that a tree of a hundred rows has one or two levels and one of
100,000 has three. `levels` reads them from the file.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import fmean, median

from kpos.ledger.files import Folder
from tests.bench.bigshop import (
    FIRST_MEMBER_NUMBER,
    NUMBERED,
    PIN,
    TRUSTED_PIN,
    barcode,
    card,
    size_of,
)
from tests.bench.counted import Counter, Counts
from tests.bench.figures import Figure, reported, verdict
from tests.kiosk import Kiosk

GROWTH_MAX = 1.2
CARD, PRODUCT, BOOKING = "scan of a card", "scan of a product", "booking"
_TREES = ("document", "undo", "balance", "card", "member", "wallet", "barcode", "product", "stock")
_INTERIOR = (2, 5)  # types of B-tree pages that lead to others


@dataclass(frozen=True)
class Cost:
    """Means of what was counted, and the median CPU in microseconds."""

    vm_steps: float
    pages: float
    pages_read: float
    cpu_us: float


def grown(small: Mapping[str, Cost], big: Mapping[str, Cost], rounds: int) -> list[Figure]:
    """Two rows for each act."""
    rows = []
    for act, cost in big.items():
        before = small[act]
        rows.append(_row(f"VM steps, {act}", before.vm_steps, cost.vm_steps, rounds))
        rows.append(
            _row(
                f"pages, {act}",
                before.pages,
                cost.pages,
                rounds,
                f"; of them read from the file {before.pages_read:.1f} -> {cost.pages_read:.1f};"
                f" CPU {before.cpu_us:.0f} -> {cost.cpu_us:.0f} us",
            )
        )
    return rows


def levels(shop: Path) -> dict[str, int]:
    """How many levels the B-trees have that scans and bookings go through."""
    found = {}
    for file in (Folder(shop).journal, Folder(shop).stammdaten):
        db = sqlite3.connect(file)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = db.execute("PRAGMA page_size").fetchone()[0]
        roots = db.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage").fetchall()
        db.close()
        with file.open("rb") as pages:
            for name, root in roots:
                number, found[name] = root, 1
                while True:
                    pages.seek((number - 1) * size)
                    page = pages.read(12)
                    if page[0] not in _INTERIOR:
                        break
                    number = int.from_bytes(page[8:12], "big")  # the right-most child
                    found[name] += 1
    return {name: found[name] for name in _TREES}


def levels_row(small: Mapping[str, int], big: Mapping[str, int]) -> Figure:
    """Why pages grow."""
    trees = ", ".join(f"{name} {small[name]} -> {big[name]}" for name in small)
    return reported("levels of the B-trees", trees, 1)


def _row(name: str, small: float, big: float, count: int, more: str = "") -> Figure:
    ratio = big / small
    return Figure(
        f"growth: {name}",
        f"{small:.1f} -> {big:.1f} = {ratio:.2f} x{more}",
        f"<= {GROWTH_MAX} x",
        verdict(reached=ratio <= GROWTH_MAX),
        count,
    )


class Evening:
    """Acts at one till, and what each of them cost so far."""

    def __init__(self, shop: Path, documents: int, seed: int = 1) -> None:
        """`shop` is written; it has so many documents."""
        self._kiosk = Kiosk(shop)
        books = self._kiosk.books
        assert books is not None
        self._counter = Counter(books.journal.db, books.db)
        self._random = Random(seed)
        self._size = size_of(documents)
        self._counted: dict[str, list[Counts]] = {}
        self._cpu_us: dict[str, list[float]] = {}

    def spend(self, rounds: int) -> dict[str, Cost]:
        """So many times everything that is counted; what each act cost on the average."""
        for _ in range(rounds):
            self._buys_and_undoes()
            self._buys_by_number()
            self._logs_in_by_pin()
            self._looks()
            self._misreads()
        self._trusted_person_tops_up(rounds)
        for policy in ("wallet", "house"):
            self._empties_come_back(rounds, policy)
        self._kiosk.close()
        return {act: _mean(costs, self._cpu_us[act]) for act, costs in self._counted.items()}

    # What happens

    def _buys_and_undoes(self) -> None:
        buyer = card(self._somebody())
        self._leave()
        self._count(CARD, lambda: self._kiosk.card(buyer))
        for _ in range(2):
            bottle = barcode(self._random.randrange(self._size))
            self._count(PRODUCT, partial(self._kiosk.scan, bottle))
        self._count(BOOKING, lambda: self._kiosk.type("#"), books=2)
        self._leave()
        self._kiosk.card(buyer)
        self._kiosk.type("0#")
        self._count("undo, looking it up", lambda: self._kiosk.type("1"))
        self._count("undo, booking", lambda: self._kiosk.type("#"), books=2)

    def _buys_by_number(self) -> None:
        self._leave()
        self._kiosk.card(card(self._somebody()))
        self._kiosk.type(str(self._random.randrange(NUMBERED) + 1))
        self._count("short number", lambda: self._kiosk.type("#"))

    def _logs_in_by_pin(self) -> None:
        member = self._random.randrange(10, min(self._size, 98_000), 10)
        self._leave()
        self._kiosk.type(str(member + FIRST_MEMBER_NUMBER))
        self._count("member's number", lambda: self._kiosk.type("#"))
        self._kiosk.type(PIN)
        self._count("PIN", lambda: self._kiosk.type("#"))

    def _looks(self) -> None:
        member = self._random.randrange(5, self._size, 10)  # with history, without PIN
        self._leave()
        self._kiosk.card(card(member))
        self._kiosk.type("0#")
        self._count("my last bookings", lambda: self._kiosk.type("5"))
        self._kiosk.type("*0#")
        self._count("list of short numbers", lambda: self._kiosk.type("4"))

    def _misreads(self) -> None:
        self._leave()
        code = str(self._random.randrange(10**15, 10**16))
        self._count("unknown barcode", lambda: self._kiosk.scan(code))

    def _trusted_person_tops_up(self, rounds: int) -> None:
        self._leave()
        self._kiosk.card(card(0))
        self._kiosk.type(f"0#{TRUSTED_PIN}#1")
        for _ in range(rounds):
            self._kiosk.waits(2)
            self._kiosk.card(card(self._somebody()))
            self._kiosk.type("2000#")
            self._count("top-up", lambda: self._kiosk.type("#"), books=1)

    def _empties_come_back(self, rounds: int, policy: str) -> None:
        assert self._kiosk.books is not None
        self._kiosk.office("setting_set", key="deposit_return", value=policy)
        bottles = self._kiosk.books.db.execute(
            "SELECT code FROM barcode JOIN product ON product.id = barcode.product"
            " WHERE deposit_cents LIMIT 50"
        ).fetchall()
        for _ in range(rounds):
            buyer, [bottle] = card(self._somebody()), self._random.choice(bottles)
            self._leave()
            self._kiosk.card(buyer)
            self._kiosk.scan(bottle)
            self._kiosk.type("#")
            self._leave()
            self._kiosk.card(buyer)
            self._kiosk.type("0#3")
            self._kiosk.scan(bottle)
            act = f"empties, limited by {policy}"
            self._count(act, lambda: self._kiosk.type("#"), books=1)

    # Counting

    def _count(self, act: str, do: Callable[[], None], *, books: int = 0) -> None:
        """Do it, and see that it did what it is counted for."""
        assert self._kiosk.books is not None
        head = self._kiosk.books.journal.head.position
        before, began_ns = self._counter.read(), time.thread_time_ns()
        do()
        ended_ns, cost = time.thread_time_ns(), self._counter.read() - before
        assert self._kiosk.books.journal.head.position - head == books, self._kiosk.says
        self._counted.setdefault(act, []).append(cost)
        self._cpu_us.setdefault(act, []).append((ended_ns - began_ns) / 1000)

    def _somebody(self) -> int:
        """A member without a PIN."""
        return self._random.randrange(1, self._size, 10)

    def _leave(self) -> None:
        """Whoever was there goes, and the reader forgets their card."""
        self._kiosk.type("*")
        self._kiosk.waits(100)


def _mean(costs: Sequence[Counts], cpu_us: Sequence[float]) -> Cost:
    return Cost(
        fmean(cost.vm_steps for cost in costs),
        fmean(cost.pages for cost in costs),
        fmean(cost.pages_read for cost in costs),
        median(cpu_us),
    )
