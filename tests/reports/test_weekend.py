"""Every report on one weekend (`weekend.py`), with figures that were worked out by hand.

Tax: 3.30 at 19 % has 53, of which goods 3.00 get 48; 1.65 has 26, of which goods 1.50 get 24.
"""

import pytest

from kpos.reports.balances import balances
from kpos.reports.credit import credit
from kpos.reports.deposit import deposit
from kpos.reports.product_mix import product_mix
from kpos.reports.profit import profit
from kpos.reports.turnover import turnover
from tests.ledger.kasse import Kasse
from tests.reports.conftest import asked, rows


@pytest.fixture
def db(weekend: Kasse):
    return weekend.books.current()


def test_turnover_of_it_all(db):
    report = turnover(db, asked())
    assert report.columns == (
        "sales", "turnover_cents", "levy_cents", "tax_cents", "net_cents", "deposit_cents"
    )  # fmt: skip
    assert rows(turnover, db, asked()) == [(5, 1537, 0, 72, 1465, 45)]


def test_turnover_by_the_days_of_berlin(db):
    of = asked(per="day")
    assert rows(turnover, db, of) == [
        ("2026-11-20", 2, 550, 0, 72, 478, 45),
        ("2026-11-21", 1, 200, 0, 0, 200, 0),
        ("2026-11-22", 1, 687, 0, 0, 687, 0),
        ("2026-11-23", 1, 100, 0, 0, 100, 0),
    ]
    total = turnover(db, of).total
    assert total is not None
    assert (total["sales"], total["turnover_cents"]) == (5, 1537)


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        ("week", [("2026-W47", 1437), ("2026-W48", 100)]),
        ("month", [("2026-11", 1537)]),
    ],
)
def test_turnover_by_week_and_month(db, per, expected):
    assert rows(turnover, db, asked(per=per), "period", "turnover_cents") == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-11-21", "2026-11-22", 887),
        ("2026-11-21", None, 987),
        (None, "2026-11-21", 750),
        ("2026-11", "2026-11", 1537),
        ("2026", "2026", 1537),
        ("2026-12", None, 0),
    ],
)
def test_both_days_are_inside(db, first, last, expected):
    assert rows(turnover, db, asked(first, last), "turnover_cents") == [(expected,)]


def test_days_without_sales_are_there_when_they_were_asked_for(db):
    of = asked("2026-11-19", "2026-11-24", per="day")
    assert rows(turnover, db, of, "turnover_cents") == [(0,), (550,), (200,), (687,), (100,), (0,)]
    assert rows(turnover, db, asked("2026-11-24", per="day")) == []


def test_turnover_by_group_product_and_member(db):
    assert rows(turnover, db, asked(by="group"), "group", "sales", "turnover_cents") == [
        ("members", 4, 1337),
        ("guests", 1, 200),
    ]
    assert rows(turnover, db, asked(by="product")) == [
        ("Cheese", 345, "kg", 687, 0, 0, 687, 0),
        ("Mate", 3, "piece", 450, 0, 72, 378, 45),
        ("Snack", 4, "piece", 400, 0, 0, 400, 0),
    ]
    assert rows(turnover, db, asked(by="member"), "member", "sales", "turnover_cents") == [
        ("Ada", 2, 500),
        ("(without history)", 3, 1037),
    ]


def test_members_by_day_and_only_where_there_is_one(db):
    of = asked(by="member", per="day")
    assert rows(turnover, db, of, "period", "member", "turnover_cents") == [
        ("2026-11-20", "Ada", 400),
        ("2026-11-20", "(without history)", 150),
        ("2026-11-21", "(without history)", 200),
        ("2026-11-22", "(without history)", 687),
        ("2026-11-23", "Ada", 100),
    ]


def test_profit_is_net_less_cost_and_write_offs_stand_apart(db):
    report = profit(db, asked(per="day"))
    assert report.columns == (
        "period", "net_cents", "cost_cents", "profit_cents", "margin_bp", "uncosted",
        "writeoff_cents", "result_cents",
    )  # fmt: skip
    assert rows(profit, db, asked(per="day")) == [
        ("2026-11-20", 478, 295, 183, 3828, 0, 0, 183),
        ("2026-11-21", 200, 110, 90, 4500, 0, 0, 90),
        ("2026-11-22", 687, 0, 687, 10000, 345, 0, 687),
        ("2026-11-23", 100, 55, 45, 4500, 0, 95, -50),
    ]
    assert report.total == {
        "net_cents": 1465,
        "cost_cents": 460,
        "profit_cents": 1005,
        "margin_bp": 6860,
        "writeoff_cents": 95,
        "result_cents": 910,
    }


def test_profit_by_product_group_and_member(db):
    columns = ("net_cents", "cost_cents", "profit_cents", "uncosted")
    assert rows(profit, db, asked(by="product"), "product", *columns) == [
        ("Cheese", 687, 0, 687, 345),
        ("Mate", 378, 240, 138, 0),
        ("Snack", 400, 220, 180, 0),
    ]
    assert rows(profit, db, asked(by="group"), "group", *columns) == [
        ("members", 1265, 350, 915, 345),
        ("guests", 200, 110, 90, 0),
    ]
    assert rows(profit, db, asked(by="member"), "member", *columns) == [
        ("Ada", 452, 270, 182, 0),
        ("(without history)", 1013, 190, 823, 345),
    ]


def test_the_mix_by_turnover_and_by_profit(db):
    assert rows(product_mix, db, asked()) == [
        ("Cheese", 345, "kg", 687, 4689, 687, 6836),
        ("Snack", 4, "piece", 400, 2730, 180, 1791),
        ("Mate", 3, "piece", 378, 2580, 138, 1373),
    ]
    of = asked("2026-11-20", "2026-11-20")
    assert rows(product_mix, db, of, "product", "profit_cents", sort="profit") == [
        ("Mate", 138),
        ("Snack", 45),
    ]


def test_the_mix_of_each_group_and_of_each_day(db):
    columns = ("product", "net_cents", "turnover_share_bp")
    assert rows(product_mix, db, asked(by="group"), "group", *columns) == [
        ("guests", "Snack", 200, 10000),
        ("members", "Cheese", 687, 5431),
        ("members", "Mate", 378, 2988),
        ("members", "Snack", 200, 1581),
    ]
    of = asked("2026-11-20", "2026-11-21", per="day")
    assert rows(product_mix, db, of, "period", *columns) == [
        ("2026-11-20", "Mate", 378, 7908),
        ("2026-11-20", "Snack", 100, 2092),
        ("2026-11-21", "Snack", 200, 10000),
    ]


def test_credit_from_day_to_day(db):
    report = credit(db, asked(per="day"))
    assert report.columns == (
        "period", "opening_cents", "topped_up_cents", "spent_cents", "deposit_returned_cents",
        "paid_out_cents", "other_cents", "balance_cents",
    )  # fmt: skip
    assert rows(credit, db, asked(per="day")) == [
        ("2026-11-20", 0, 4500, -595, 0, 0, 0, 3905),
        ("2026-11-21", 3905, 0, -200, 0, 0, 0, 3705),
        ("2026-11-22", 3705, 0, -687, 0, 0, 0, 3018),
        ("2026-11-23", 3018, 0, -100, 30, 0, 0, 2948),
    ]
    assert rows(credit, db, asked("2026-11-21", "2026-11-22")) == [(3905, 0, -887, 0, 0, 0, 3018)]


def test_deposit_as_it_is_and_from_week_to_week(db):
    assert rows(deposit, db, asked()) == [(15, 8, 120, 1, 15)]
    report = deposit(db, asked(per="week"))
    assert report.columns == (
        "period", "opening_cents", "delivered_cents", "charged_cents", "returned_cents",
        "lost_cents", "other_cents", "balance_cents",
    )  # fmt: skip
    assert rows(deposit, db, asked(per="week")) == [
        ("2026-W47", 0, 150, -45, 0, 0, 0, 105),
        ("2026-W48", 105, 0, 0, 30, -15, 0, 120),
    ]
    assert rows(deposit, db, asked("2026-11-24"), "balance_cents") == [(120,)]


def test_balances_now_of_groups_and_on_a_day(db, weekend: Kasse):
    ada, linus, grete = (weekend.holder(name).wallet for name in ("Ada", "Linus", "Grete"))
    found = {account: (holder, cents) for account, holder, cents in rows(balances, db, asked())}
    assert found[f"wallet:{ada}"] == ("Ada", -(2000 - 430 - 100 + 30))
    assert found[f"wallet:{linus}"] == ("Linus", -(2000 - 165 - 687))
    assert found[f"wallet:{grete}"] == (None, -300)
    assert found["bank"] == (None, -(800 + 220 + 150))
    assert rows(balances, db, asked(by="group")) == [("guests", -300), ("members", -2648)]
    # Friday: bought 300 + 100 and 150, costs 295, deposit of ten less three, 7 of its tax.
    assert rows(balances, db, asked(last="2026-11-20")) == [
        ("bank", -1170),
        ("cash:K1", 4500),
        ("cost", 295),
        ("deposit", 105),
        ("deposit_tax", 7),
        ("inventory", 725),
        ("revenue:1", -378),
        ("revenue:6", -100),
        ("tax:1", -79),
        ("wallet", -3905),
    ]
