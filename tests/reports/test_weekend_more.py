"""The same weekend: what is on the shelf, what is drawn, who is named, and when a day begins."""

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
from kpos.reports.result import Series
from kpos.reports.turnover import turnover
from tests.ledger.kasse import DAY_MS, Kasse
from tests.reports.conftest import asked, rows
from tests.reports.weekend import MONDAY_EVENING, spend_a_weekend


@pytest.fixture
def db(weekend: Kasse):
    return weekend.books.current()


def test_what_will_be_sold_out_and_when(db):
    """In three days three Mate were sold: six last six days."""
    assert rows(low_stock, db, asked(), now=MONDAY_EVENING) == [
        ("Snack", 0, None, "piece", 4, 3, 0, "2026-11-23"),
        ("Mate", 6, None, "piece", 3, 3, 6, "2026-11-29"),
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


def test_what_the_house_calls_little_is_low_though_it_lasts(weekend, db):
    columns = ("product", "stock", "low_stock")
    few = {"product": "Mate", "changes": {"low_stock": "6"}}
    assert rows(low_stock, db, asked(), *columns, now=MONDAY_EVENING, within_days=1) == [
        ("Snack", 0, None)
    ]
    weekend.office("product_set", **few)
    assert rows(low_stock, db, asked(), *columns, now=MONDAY_EVENING, within_days=1) == [
        ("Snack", 0, None), ("Mate", 6, 6),
    ]  # fmt: skip


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
    friday, saturday = "2026-11-20", "2026-11-21"
    assert rows(turnover, db, of, "period", "turnover_cents") == [(friday, 100), (saturday, 200)]
    assert rows(credit, db, of, "period", "spent_cents") == [(friday, -100), (saturday, -200)]
    assert rows(credit, db, asked(friday, friday), "balance_cents") == [(900,)]
    kasse.close()


def test_what_is_drawn_is_what_the_rows_say(db):
    assert turnover(db, asked(by="group")).draw().series[0].values == (1337, 200)
    by_day = turnover(db, asked(per="day")).draw()
    assert (by_day.labels[0], by_day.series[0].values) == ("2026-11-20", (550, 200, 687, 100))
    by_product = turnover(db, asked(per="week", by="product")), product_mix(db, asked(per="week"))
    for report in by_product:
        chart = report.draw()
        assert chart.labels == ("2026-W47", "2026-W48")
        assert Series("Cheese", (687, 0)) in chart.series
        assert Series("Snack", (300, 100)) in chart.series
    assert "Linus" in balances(db, asked()).draw().labels
    balance = credit(db, asked(per="day")).draw()
    assert balance.lines
    assert balance.series[0].values == (3905, 3705, 3018, 2948)
