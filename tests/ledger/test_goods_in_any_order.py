"""Goods come, are sold, lost, counted and taken back in any order: what they cost adds up.

A failure prints the steps that led to it; `--hypothesis-seed=N` runs the same examples again.
"""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kpos.domain import orders
from kpos.domain.document import Document
from kpos.domain.goods import REASONS, STOCKTAKE
from kpos.domain.lots import COST_FLOWS
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger.counting import count, counts, discard
from kpos.ledger.stock import stock
from tests.ledger.goods_books import check_goods
from tests.ledger.kasse import ADMIN, Kasse

MEMORY = Path("/dev/shm")  # a commit waits for no disk there
GOODS = {"Mate": 150, "Snack": 100}

products = st.sampled_from(sorted(GOODS))
quantities = st.integers(1, 9)
reasons = st.sampled_from((STOCKTAKE, *REASONS))
which = st.integers(0, 99)


class Shop(RuleBasedStateMachine):
    """A till, and how much of what should be there and was earned."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        memory = MEMORY if MEMORY.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="kpos-goods-", dir=memory))
        self.kasse = Kasse.of(shutil.copytree(self.template, self.folder / "data"))
        self.ids = {name: self.kasse.product(name).id for name in GOODS}
        self.stock: Counter[str] = Counter()
        self.turnover = 0
        # What each booked document did to the stock, while it can be taken back.
        self.booked: list[tuple[Document, Counter[str]]] = []
        self.sold: list[tuple[Document, dict[int, list[Any]]]] = []

    def teardown(self) -> None:
        self.kasse.close()
        shutil.rmtree(self.folder)

    @initialize(flow=st.sampled_from(COST_FLOWS))
    def opens(self, flow: str) -> None:
        self.kasse.office("setting_set", key="cost_flow", value=flow)

    # What happens

    @rule(
        lines=st.lists(st.tuples(products, quantities, st.integers(0, 999)), min_size=1, max_size=3)
    )
    def delivers(self, lines: list[tuple[str, int, int]]) -> None:
        goods = tuple(
            orders.DeliveredGoods(self.ids[name], quantity, Money(cents))
            for name, quantity, cents in lines
        )
        order = orders.Deliver(goods, "2026-11-20", "opening")
        self._books(order, Counter(_sums((name, quantity) for name, quantity, _ in lines)))

    @rule(cart=st.lists(st.tuples(products, quantities), min_size=1, max_size=3))
    def sells(self, cart: list[tuple[str, int]]) -> None:
        document = self.kasse.buy("Ada", *cart).documents[0]
        names = {identifier: name for name, identifier in self.ids.items()}
        left = {
            line["line"]: [names[line["product"]], line["quantity"]]
            for line in document.body["lines"]
        }
        self.sold.append((document, left))
        self._sell_out(left.values(), -1)

    @precondition(lambda self: bool(self.sold))
    @rule(n=which, line=which, quantity=quantities, whole=st.booleans())
    def takes_back_a_sale(self, n: int, line: int, quantity: int, *, whole: bool) -> None:
        at = n % len(self.sold)
        document, left = self.sold[at]
        parts: tuple[orders.LinePart, ...] = ()
        gone = [tuple(each) for each in left.values()]
        if not whole:
            number = sorted(left)[line % len(left)]
            name, there = left[number]
            parts = (orders.LinePart(number, min(quantity, there)),)
            gone = [(name, min(quantity, there))]
            left[number][1] -= gone[0][1]
        wallet = self.kasse.holder("Ada").wallet
        self.kasse.book(orders.Reverse(document.ref, parts, wallet))
        self._sell_out(gone, 1)
        if whole:
            left.clear()
        for number in [number for number, (_, there) in left.items() if not there]:
            del left[number]
        if not left:
            del self.sold[at]

    @rule(name=products, quantity=quantities, reason=st.sampled_from(REASONS))
    def loses(self, name: str, quantity: int, reason: Any) -> None:
        order = orders.WriteOff(reason, ((self.ids[name], quantity),))
        self._books(order, Counter({name: -quantity}))

    @rule(differences=st.dictionaries(products, st.integers(-9, 9), min_size=1))
    def counts(self, differences: dict[str, int]) -> None:
        lines = tuple(
            (self.ids[name], max(0, self.stock[name] + more)) for name, more in differences.items()
        )
        count(self.kasse.books, orders.Count(lines, "uid:7"))

    @precondition(lambda self: self.waiting)
    @rule(n=which, reason=reasons)
    def approves(self, n: int, reason: str) -> None:
        waiting = counts(self.kasse.books)
        chosen = waiting[n % len(waiting)]
        why = ((chosen.body.lines[0].product, reason),)
        names = {identifier: name for name, identifier in self.ids.items()}
        differences = Counter(
            {names[line.product]: line.counted - line.expected for line in chosen.body.lines}
        )
        self._books(orders.ApproveCount(chosen.id, ADMIN, why), differences)

    @precondition(lambda self: self.waiting)
    @rule()
    def discards(self) -> None:
        discard(self.kasse.books, orders.DiscardCount(counts(self.kasse.books)[0].id))

    @precondition(lambda self: bool(self.booked))
    @rule(n=which)
    def takes_back(self, n: int) -> None:
        document, moved = self.booked.pop(n % len(self.booked))
        self.kasse.book(orders.Reverse(document.ref))
        for name, quantity in moved.items():
            self.stock[name] -= quantity

    @rule(flow=st.sampled_from(COST_FLOWS))
    def goes_over_to(self, flow: str) -> None:
        try:
            self.kasse.office("setting_set", key="cost_flow", value=flow)
        except Refused:
            assert "average" in {flow, self.kasse.books.settings.cost_flow}

    @rule()
    def takes_everything_back(self) -> None:
        """The newest first or not: in the end nothing happened."""
        while self.sold:
            self.takes_back_a_sale(0, 0, 0, whole=True)
        while self.booked:
            self.takes_back(len(self.booked) // 2)
        assert self.kasse.balance("cost") == self.kasse.balance("inventory") == 0
        assert not any(self.kasse.balance(f"writeoff:{why}") for why in (STOCKTAKE, *REASONS))

    # What holds

    @invariant()
    def adds_up(self) -> None:
        check_goods(self.kasse)
        books = self.kasse.books
        for name, identifier in self.ids.items():
            there = stock(books.current(), identifier, books.identity.place)
            assert there == self.stock[name]
        assert -self.kasse.balance("revenue:6") == self.turnover

    @rule()
    def is_built_anew(self) -> None:
        before = self.kasse.tables()
        assert self.kasse.verify().projections_compared
        self.kasse.rebuild()
        assert self.kasse.tables() == before

    # Helpers

    @property
    def waiting(self) -> bool:
        return bool(counts(self.kasse.books))

    def _books(self, order: orders.Order, moved: Counter[str]) -> None:
        document = self.kasse.book(order).documents[0]
        self.booked.append((document, moved))
        for name, quantity in moved.items():
            self.stock[name] += quantity

    def _sell_out(self, lines: Any, sign: int) -> None:
        for name, quantity in lines:
            self.stock[name] += sign * quantity
            self.turnover -= sign * quantity * GOODS[name]


def _sums(pairs: Any) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, quantity in pairs:
        sums[name] = sums.get(name, 0) + quantity
    return sums


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("goods") / "data"
    kasse = Kasse(path)
    kasse.add_product("Mate", GOODS["Mate"], deposit_cents=15)
    kasse.add_product("Snack", GOODS["Snack"])
    kasse.add_member("Ada", 50_000_000)
    kasse.close()
    return path


def test_costs_add_up_whatever_happens_to_goods(template, size):
    Shop.template = template
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=size(quick=15, ci=200, long=5000),
            stateful_step_count=30,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
