"""Every report on one weekend (`weekend.py`), with figures that were worked out by hand.

Tax: 3.30 at 19 % has 53, of which goods 3.00 get 48; 1.65 has 26, of which goods 1.50 get 24.
"""

import pytest

from kpos.domain import orders
from kpos.domain.instant import Instant
from kpos.reports.balances import balances
from kpos.reports.credit import credit
from kpos.reports.deposit import deposit
from kpos.reports.expiring import expiring
from kpos.reports.low_stock import low_stock
from kpos.reports.product_mix import product_mix
from kpos.reports.profit import profit
from kpos.reports.turnover import turnover
from tests.ledger.kasse import DAY_MS, Kasse
from tests.reports.conftest import asked, rows
from tests.reports.weekend import MONDAY_EVENING, spend_a_weekend


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


def test_what_will_be_sold_out_and_when(db):
    """In three days three Mate were sold: six last six days."""
    assert rows(low_stock, db, asked(), now=MONDAY_EVENING) == [
        ("Snack", 0, "piece", 4, 3, 0, "2026-11-23"),
        ("Mate", 6, "piece", 3, 3, 6, "2026-11-29"),
    ]
    within = rows(low_stock, db, asked(), "product", now=MONDAY_EVENING, within_days=5)
    assert within == [("Snack",)]


def test_the_pace_is_that_of_four_weeks(db):
    """On 20 December only Monday's Snack is young enough."""
    later = Instant.parse("2026-12-20T12:00:00Z")
    columns = ("product", "sold", "in_days", "days_left")
    assert rows(low_stock, db, asked(), *columns, now=later) == [("Snack", 1, 28, 0)]
    much_later = Instant.parse("2027-12-20T12:00:00Z")
    assert rows(low_stock, db, asked(), *columns, now=much_later) == [("Snack", 0, 28, None)]


def test_what_expires_and_what_it_cost(db):
    expected = ("Mate", "2026-11-25", 2, 6, "piece", 480)
    assert rows(expiring, db, asked(), now=MONDAY_EVENING, within_days=2) == [expected]
    assert rows(expiring, db, asked(), now=MONDAY_EVENING, within_days=1) == []
    late = MONDAY_EVENING.plus_ms(3 * DAY_MS)
    assert rows(expiring, db, asked(), "days_left", now=late) == [(-1,)]


def test_who_switches_the_history_off_or_is_erased_is_named_no_more(tmp_path):
    kasse = Kasse(tmp_path / "data")
    spend_a_weekend(kasse)
    ada = kasse.holder("Ada")
    assert ada.member is not None
    kasse.book(orders.SetHistory(ada.member, False))
    by_member = asked(by="member")
    columns = ("member", "sales", "turnover_cents")
    nobody = [("(without history)", 5, 1537)]
    assert rows(turnover, kasse.books.current(), by_member, *columns) == nobody
    kasse.book(orders.SetHistory(ada.member, True))
    kasse.office("top_up", member="Ada", cents=100)
    kasse.buy("Ada", "Snack")
    assert rows(turnover, kasse.books.current(), by_member, *columns)[0] == ("Ada", 1, 100)
    kasse.office("payout", member="Ada", cents=kasse.credit("Ada").cents)
    kasse.office("erase", member="Ada")
    everybody = [("(without history)", 6, 1637)]
    assert rows(turnover, kasse.books.current(), by_member, *columns) == everybody
    kasse.close()


def test_a_till_that_has_sold_nothing_has_empty_reports(tmp_path):
    kasse = Kasse(tmp_path / "data")
    db = kasse.books.current()
    assert rows(turnover, db, asked(), "turnover_cents") == [(0,)]
    for report in (turnover, profit, credit, deposit, product_mix):
        assert report(db, asked(per="month")).rows == []
    for report in (deposit, balances, product_mix):
        assert report(db, asked()).rows == []
    for ahead in (low_stock, expiring):
        assert ahead(db, asked(), MONDAY_EVENING).rows == []
    kasse.close()


def test_midnight_belongs_to_the_day_it_begins(tmp_path):
    kasse = Kasse(tmp_path / "data", Instant.parse("2026-11-20T22:59:59.999Z"))
    kasse.add_product("Snack", 100)
    kasse.add_member("Ada", 1000)
    kasse.buy("Ada", "Snack")
    kasse.wait(1)
    kasse.buy("Ada", ("Snack", 2))
    db, of = kasse.books.current(), asked(per="day")
    days = ("2026-11-20", "2026-11-21")
    found = dict(rows(turnover, db, of, "period", "turnover_cents"))
    assert found == dict(zip(days, (100, 200), strict=True))
    assert dict(rows(credit, db, of, "period", "spent_cents")) == dict(
        zip(days, (-100, -200), strict=True)
    )
    assert rows(credit, db, asked("2026-11-20", "2026-11-20"), "balance_cents") == [(900,)]
    kasse.close()


def test_what_is_drawn_is_what_the_rows_say(db):
    assert turnover(db, asked(by="group")).draw().series[0].values == (1337, 200)
    by_day = turnover(db, asked(per="day")).draw()
    assert (by_day.labels[0], by_day.series[0].values) == ("2026-11-20", (550, 200, 687, 100))
    by_product = turnover(db, asked(per="week", by="product")), product_mix(db, asked(per="week"))
    for report in by_product:
        chart = report.draw()
        assert chart.labels == ("2026-W47", "2026-W48")
        found = {each.name: each.values for each in chart.series}
        assert (found["Cheese"], found["Snack"]) == ((687, 0), (300, 100))
    assert "Linus" in balances(db, asked()).draw().labels
    balance = credit(db, asked(per="day")).draw()
    assert balance.lines
    assert balance.series[0].values == (3905, 3705, 3018, 2948)
