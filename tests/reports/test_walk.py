"""Whatever happened at a till, its reports say what a walk over its documents says."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from kpos.domain import orders
from kpos.ledger.checks import Booked
from kpos.ledger.reading import position_of
from kpos.reports.credit import credit
from kpos.reports.deposit import deposit
from kpos.reports.product_mix import product_mix
from kpos.reports.profit import profit
from kpos.reports.turnover import turnover
from tests.ledger.kasse import DAY_MS, Kasse
from tests.reports.conftest import asked, rows
from tests.reports.walk import Walk, summed

GOODS = ("Mate", "Snack", "Cheese", "Spezi")
PEOPLE = ("Ada", "Linus", "Mona", "Grete")
STEPS = 60


class Weeks:
    """Some weeks at a till, by chance."""

    def __init__(self, kasse: Kasse, seed: int) -> None:
        self.kasse = kasse
        self._random = Random(seed)
        self._sold: list[tuple[Booked, int]] = []
        kasse.add_product("Mate", 150, deposit_cents=15, tax_key="1")
        kasse.add_product("Spezi", 119, deposit_cents=8, tax_key="2")
        kasse.add_product("Snack", 100)
        kasse.add_product("Cheese", 1990, unit="kg")
        for name in PEOPLE[:3]:
            kasse.add_member(name, 500_000, history=name == "Ada")
        kasse.add_guest("Grete", 500_000)

    def pass_by(self) -> None:
        acts = [self._buy] * 6 + [self._undo, self._undo, self._deliver, self._switch, self._lose]
        for _ in range(STEPS):
            self.kasse.wait(self._random.randrange(DAY_MS))
            self._random.choice(acts)()

    def _buy(self) -> None:
        goods = self._random.sample(GOODS, self._random.randint(1, 3))
        cart = tuple((name, self._random.randint(1, 9)) for name in goods)
        self._sold.append((self.kasse.buy(self._random.choice(PEOPLE), *cart), len(goods)))

    def _undo(self) -> None:
        """All of it or one of the first line; who bought it is known no more."""
        if self._sold:
            sold, _ = self._sold.pop(self._random.randrange(len(self._sold)))
            parts = self._random.choice(((), ((1, 1),)))
            private = self.kasse.books.journal.private_part(position_of(sold.documents[0].ref))
            whose = self.kasse.holder("Linus").wallet if private is None else None
            self.kasse.undo(sold, *parts, wallet=whose)

    def _deliver(self) -> None:
        cost = self._random.randint(100, 2000)
        self.kasse.deliver(self._random.choice(GOODS), self._random.randint(1, 40), cost)

    def _switch(self) -> None:
        member = self.kasse.holder(self._random.choice(PEOPLE[:3])).member
        assert member is not None
        self.kasse.book(orders.SetHistory(member, self._random.random() < 0.6))

    def _lose(self) -> None:
        product = self.kasse.product(self._random.choice(GOODS)).id
        self.kasse.book(orders.WriteOff("breakage", ((product, 1),)))


@pytest.fixture(scope="module", params=range(3))
def weeks(request, tmp_path_factory) -> Iterator[tuple[Kasse, Walk]]:
    path: Path = tmp_path_factory.mktemp("weeks") / "data"
    kasse = Kasse(path)
    Weeks(kasse, seed=request.param).pass_by()
    yield kasse, Walk(kasse)
    kasse.close()


COUNTED = {"product": ("quantity",), "group": ("sales",), "member": ("sales",)}


@pytest.mark.parametrize("by", COUNTED)
def test_turnover_by_day_and_anything(weeks, by):
    kasse, walk = weeks
    columns = ("period", by, *COUNTED[by], "turnover_cents", "tax_cents", "deposit_cents")
    found = rows(turnover, kasse.books.current(), asked(per="day", by=by), *columns)
    expected = {
        (f"{day}", key, numbers[by == "product"], *numbers[2:])
        for (day, key), numbers in summed(walk.pieces(), "day", by).items()
    }
    assert set(found) == expected
    assert len(found) == len(expected)


def test_all_the_ways_to_cut_it_add_up_to_the_same(weeks):
    kasse, walk = weeks
    db = kasse.books.current()
    [(sales, _, whole, *_)] = summed(walk.pieces()).values()
    for per in (None, "day", "week", "month"):
        for by in (None, "group", "product", "member"):
            report = turnover(db, asked(per=per, by=by))
            assert sum(row["turnover_cents"] for row in report.rows) == whole
            if by != "product":
                assert sum(row["sales"] for row in report.rows) == sales
            cost = sum(row["cost_cents"] for row in profit(db, asked(per=per, by=by)).rows)
            assert cost == sum(each[2] for each in walk.costs())


def test_profit_is_turnover_less_what_the_lots_cost_and_write_offs_apart(weeks):
    kasse, walk = weeks
    net: Counter[str] = Counter()
    for piece in walk.pieces():
        net[f"{piece.day}"] += piece.turnover - piece.tax
    costs: Counter[str] = Counter()
    for day, _, cost in walk.costs():
        costs[f"{day}"] += cost
    lost = {f"{day}": cents for day, cents in walk.posted("writeoff:").items()}
    columns = ("period", "net_cents", "cost_cents", "profit_cents", "writeoff_cents")
    for day, *numbers in rows(profit, kasse.books.current(), asked(per="day"), *columns):
        expected = [net[day], costs[day], net[day] - costs[day]]
        # What is lost later than everything sold has no row of its own.
        assert numbers == [*expected, lost.get(day, 0)]
    assert kasse.balance("cost") == sum(costs.values())


def test_the_mix_has_every_product_once_and_all_of_the_profit(weeks):
    kasse, walk = weeks
    columns = ("product", "net_cents", "profit_cents")
    found = rows(product_mix, kasse.books.current(), asked(), *columns)
    nets: Counter[str] = Counter()
    for piece in walk.pieces():
        nets[piece.product] += piece.turnover - piece.tax
    profits = nets.copy()
    for _, product, cost in walk.costs():
        profits[product] -= cost
    assert sorted(found) == sorted((name, nets[name], profits[name]) for name in nets)


def test_credit_and_deposit_end_each_day_with_their_balance(weeks):
    kasse, walk = weeks
    for report, account, sign in ((credit, "wallet:", -1), (deposit, "deposit", 1)):
        posted, balance = walk.posted(account), 0
        if account == "deposit":
            posted.subtract(walk.posted("deposit_tax"))
        for day, opening, closing in rows(
            report, kasse.books.current(), asked(per="day"),
            "period", "opening_cents", "balance_cents",
        ):  # fmt: skip
            assert opening == balance
            balance += sign * next((posted[each] for each in posted if f"{each}" == day), 0)
            assert closing == balance
        assert balance == sign * sum(posted.values())
