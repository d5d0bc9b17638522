"""A year of a shop, drawn from one seed, goes out whole to plain-text accounting."""

from __future__ import annotations

import csv
import io
import random
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from kpos.domain import orders
from kpos.domain.bodies import Units
from kpos.domain.goods import REASONS, PaidBy
from kpos.domain.instant import Instant
from kpos.domain.lots import COST_FLOWS
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger.checks import Booked
from kpos.ledger.counting import count
from kpos.reports.plaintext import account_name
from tests.cli.admin import Admin
from tests.cli.conftest import shell
from tests.cli.test_export import tool
from tests.ledger.kasse import ADMIN, DAY_MS, Kasse

__all__ = ["shell"]

NEW_YEAR = Instant.parse("2026-01-02T18:00:00Z")
GOODS, PEOPLE = ("Mate", "Milk", "Snack"), ("Ada", "Linus", "Grete")


class Year:
    """What happens at random; what the till refuses does not happen."""

    def __init__(self, kasse: Kasse, seed: int) -> None:
        self.kasse = kasse
        self.random = random.Random(seed)
        self.sold: list[Booked] = []
        self.delivered: list[Booked] = []
        kasse.add_product("Mate", 165, deposit_cents=15, tax_key="1")
        kasse.add_product("Milk", 119, tax_key="2")
        kasse.add_product("Snack", 100)
        kasse.add_member("Ada", 2000, history=True)
        kasse.add_member("Linus", 2000)
        kasse.add_guest("Grete", 1000)
        kasse.office("cash_move", purpose="float", cents=5000)

    def passes(self) -> None:
        verbs = (
            self.buys, self.buys, self.buys, self.buys, self.undoes, self.pays_in, self.gets,
            self.gets, self.loses, self.counts, self.takes_back, self.brings_back, self.moves,
        )  # fmt: skip
        for day in range(365):
            for _ in range(self.random.randint(1, 6)):
                with suppress(Refused):
                    self.random.choice(verbs)()
            if day % 7 == 0:
                self.kasse.office("closing")
            self.kasse.wait(DAY_MS)

    def buys(self) -> None:
        who = self.random.choice(PEOPLE)
        goods = [(self.random.choice(GOODS), self.random.randint(1, 4)) for _ in range(2)]
        self.sold.append(self.kasse.buy(who, *goods))

    def undoes(self) -> None:
        for sold in self.sold[-1:]:
            self.kasse.undo(sold, (1, 1))

    def pays_in(self) -> None:
        means = self.random.choice(("cash", "transfer", "reader"))
        self.kasse.office("top_up", member="Linus", cents=2000, means=means)

    def gets(self) -> None:
        name = self.random.choice(GOODS)
        quantity, cost = self.random.randint(5, 40), self.random.randint(100, 3000)
        product = self.kasse.product(name)
        goods = orders.DeliveredGoods(
            product.id, quantity, Money(cost), product.tax_key, Money(cost // 10)
        )
        units = (Units(15, quantity),) if product.deposit else ()
        order = orders.Deliver((goods,), "2026-01-01", self._paid(), units=units, author=ADMIN)
        self.delivered.append(self.kasse.book(order))

    def _paid(self) -> PaidBy:
        paid: PaidBy = self.random.choice(("cash", "bank", "opening"))
        return paid

    def loses(self) -> None:
        product = self.kasse.product(self.random.choice(GOODS))
        reason = self.random.choice(REASONS)
        self.kasse.book(orders.WriteOff(reason, ((product.id, 1),), author=ADMIN))

    def counts(self) -> None:
        lines = tuple((self.kasse.product(name).id, self.random.randint(0, 30)) for name in GOODS)
        waiting = count(self.kasse.books, orders.Count(lines, counted_by="uid:1000"))
        self.kasse.book(orders.ApproveCount(waiting.id, ADMIN, author=ADMIN))

    def takes_back(self) -> None:
        for delivered in self.delivered[-3:][:1]:
            self.kasse.undo(delivered, author=ADMIN)

    def brings_back(self) -> None:
        self.kasse.bring_back(self.random.choice(PEOPLE), 2)

    def moves(self) -> None:
        purpose = self.random.choice(("skim", "pay_in", "pay_out"))
        self.kasse.office("cash_move", purpose=purpose, cents=500, note="voucher 7")
        self.kasse.office("cash_count", cents=self.random.randint(0, 30_000))


@pytest.fixture(params=COST_FLOWS)
def year(request: pytest.FixtureRequest, tmp_path: Path) -> Kasse:
    kasse = Kasse(tmp_path / "data", NEW_YEAR)
    kasse.office("setting_set", key="cost_flow", value=request.param)
    kasse.office("setting_set", key="deposit_return", value="off")
    Year(kasse, seed=2026).passes()
    kasse.close()
    return kasse


def test_bean_check_and_hledger_find_no_fault_in_a_year(year: Kasse, shell: Admin, tmp_path: Path):
    kinds = {row["kind"] for row in shell.journal()}
    assert {"costing", "stocktake", "write_off", "cash_count", "closing", "reversal"} <= kinds
    shell.does("verify")
    books = tmp_path / "year.beancount"
    books.write_text(shell.does("export", "beancount", "--names") + "\n")
    checked = subprocess.run(
        [tool("bean-check"), books], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    journal = tmp_path / "year.journal"
    journal.write_text(shell.does("export", "hledger") + "\n")
    subprocess.run([tool("hledger"), "-f", journal, "check", "--strict"], check=True)
    listed = subprocess.run(
        [tool("hledger"), "-f", journal, "balance", "--flat", "-N", "-O", "csv"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = {
        row["account"]: Money.parse(row["balance"].removesuffix(" EUR")).cents
        for row in csv.DictReader(io.StringIO(listed.stdout))
    }
    rows = shell.reads("report", "balances")
    assert found == {account_name(row["account"]): row["balance_cents"] for row in rows}
