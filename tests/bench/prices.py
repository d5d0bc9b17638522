"""What a price costs to look up, and what it costs to change one: in a small shop and in a big one.

Shops with any number of products, each delivered once, and a tenth as many conditions: for
everybody, for groups, for members, a third of them by quantity. Counted as SQLite does
(`counted.py`); rows are those that a change wrote to stammdaten.db.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean, median

from kpos.clock import ScriptClock
from kpos.domain import orders
from kpos.domain.condition import Condition
from kpos.domain.document import Draft
from kpos.domain.ids import Id, make_id
from kpos.domain.instant import Reading
from kpos.domain.money import Money
from kpos.domain.product import Product
from kpos.domain.values import replace
from kpos.ledger import master
from kpos.ledger.birth import create_till
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.prices import prices_now
from kpos.ledger.stammdaten import Group
from tests.bench.counted import Counter
from tests.bench.figures import Figure, verdict
from tests.kiosk import ADMIN, SUNDAY_EVENING

_GROUPS = 10
_BATCH, _LINES = 2_000, 100
_ROUNDS = 100
_ROWS_MAX = 40
_GROWTH_MAX = 1.2


@dataclass(frozen=True)
class Cost:
    """Means of what was counted, and the median CPU in microseconds."""

    rows: float
    vm_steps: float
    pages: float
    cpu_us: float


class PricedShop:
    """A shop whose prices are asked and changed."""

    def __init__(self, path: Path, products: int, seed: int = 1) -> None:
        self._random = Random(seed)
        folder, clock = Folder(path), ScriptClock(SUNDAY_EVENING)
        create_till(folder, clock, ADMIN)
        self.books = Books(folder, clock)
        self._reading = Reading(clock.now(), "ok")
        self._groups = [Group(self._id(), f"group {number}") for number in range(_GROUPS)]
        self._members = [self._id() for _ in range(products // 10)]
        self._products = [
            Product(self._id(), f"Product {number}", None) for number in range(products)
        ]
        self._conditions = [self._condition(number) for number in range(products // 10)]
        self._book([master.group_row(each, ADMIN) for each in self._groups])
        self._book([master.product_row(each, ADMIN) for each in self._products])
        self._book([master.condition_row(each, ADMIN) for each in self._conditions])
        self._house = Condition(self._id(), "markup", 2500)
        self._book([master.condition_row(self._house, ADMIN)])
        self._deliver_all()
        self._counter = Counter(self.books.db)

    def spend(self) -> dict[str, Cost]:
        """What each act costs on the average."""
        return {
            "price of a product": self._count(self._look),
            "a condition of a product changes": self._count(self._change_one),
            "a delivery of a product": self._count(self._deliver_one),
            "the default of the house changes": self._count(self._change_all),
        }

    def _condition(self, number: int) -> Condition:
        """Of every ten: six for everybody, three for a group, one for a member."""
        kind = number % 10
        group = self._random.choice(self._groups).id if kind in (6, 7, 8) else None
        member = self._random.choice(self._members) if kind == 9 else None
        return Condition(
            self._id(),
            "fixed",
            self._random.randrange(80, 250, 5),
            member=member,
            group=group,
            product=self._random.choice(self._products).id,
            min_quantity=6 if number % 3 == 0 else 1,
        )

    def _look(self, _number: int) -> None:
        member = self._random.choice(self._members)
        group = self._random.choice(self._groups).id
        product = self._random.choice(self._products)
        assert prices_now(self.books).offer(product, group, member).is_priced

    def _change_one(self, number: int) -> None:
        changed = replace(self._random.choice(self._conditions), value=100 + number)
        self._book([master.condition_row(changed, ADMIN)])

    def _deliver_one(self, number: int) -> None:
        product = self._random.choice(self._products).id
        goods = orders.DeliveredGoods(product, 20, Money(1_000 + number))
        book(self.books, orders.Deliver((goods,), "2026-11-22", "bank"))

    def _change_all(self, number: int) -> None:
        house = replace(self._house, value=2_000 + number)
        self._book([master.condition_row(house, ADMIN)])

    # Making it, and counting

    def _book(self, drafts: list[Draft]) -> None:
        for begin in range(0, len(drafts), _BATCH):
            with self.books.booking(self._reading) as booking:
                for draft in drafts[begin : begin + _BATCH]:
                    booking.append(draft)

    def _deliver_all(self) -> None:
        for begin in range(0, len(self._products), _LINES):
            goods = tuple(
                orders.DeliveredGoods(each.id, 20, Money(self._random.randrange(800, 2_000)))
                for each in self._products[begin : begin + _LINES]
            )
            book(self.books, orders.Deliver(goods, "2026-11-22", "bank"))

    def _count(self, act: Callable[[int], None]) -> Cost:
        """The first time is left out: it prepares statements."""
        act(0)
        rows, steps, pages, cpu_us = [], [], [], []
        for number in range(1, _ROUNDS + 1):
            before, began_ns = self._counter.read(), time.thread_time_ns()
            changes = self.books.db.total_changes
            act(number)
            cpu_us.append((time.thread_time_ns() - began_ns) / 1000)
            cost = self._counter.read() - before
            rows.append(self.books.db.total_changes - changes)
            steps.append(cost.vm_steps)
            pages.append(cost.pages)
        return Cost(fmean(rows), fmean(steps), fmean(pages), median(cpu_us))

    def _id(self) -> Id:
        return make_id(self._random.randbytes(8))


def repricing(scratch: Path, small: int, big: int) -> Iterator[Figure]:
    """A row for each act, in shops of so many products."""
    costs = [_costs(scratch / f"priced-{products}", products) for products in (small, big)]
    for act, cost in costs[1].items():
        before = costs[0][act]
        ratio = cost.vm_steps / before.vm_steps
        yield Figure(
            f"prices, {small:,} -> {big:,} products: {act}",
            f"rows written {before.rows:.1f} -> {cost.rows:.1f}; VM steps {before.vm_steps:.0f} ->"
            f" {cost.vm_steps:.0f} = {ratio:.2f} x; pages {before.pages:.1f} -> {cost.pages:.1f};"
            f" CPU {before.cpu_us:.0f} -> {cost.cpu_us:.0f} us",
            f"<= {_ROWS_MAX} rows, steps <= {_GROWTH_MAX} x",
            verdict(reached=cost.rows <= _ROWS_MAX and ratio <= _GROWTH_MAX),
            _ROUNDS,
        )


def _costs(path: Path, products: int) -> dict[str, Cost]:
    shop = PricedShop(path, products)
    try:
        return shop.spend()
    finally:
        shop.books.close()
