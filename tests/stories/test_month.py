"""A club's month, at the till and at the shell; every figure below was worked out by hand.

Bought: 40 Mate for 32.00 and 20 for 18.00, 20 Snack for 11.00, Yoghurt 10 for 4.00 and 10 for 4.40.
Mate sold: 2 + 3 + 1 on the 4th, 36 less 1 on the 11th, 1 on the 13th; 40 of the first crates at
0.80, so 2 + 1 of the last at 0.90, 1 of which came back: 33.80 for 42 bottles. Yoghurt costs 0.40,
sold at 0.60, then 0.44, sold at 0.66 rounded up to 0.70.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.admin import Admin
from tests.cli.conftest import shell
from tests.stories import month as december
from tests.stories.month import Month

__all__ = ["shell"]


@pytest.fixture
def month(shell: Admin, monkeypatch: pytest.MonkeyPatch) -> Month:
    """Up to Sunday, 27 December, after Z 4."""
    month = Month(shell, monkeypatch)
    december.opens(month)
    december.first_week(month)
    december.second_week(month)
    december.third_week(month)
    december.last_week(month)
    return month


Rows = list[dict[str, Any]]


def rows(month: Month, *command: str) -> Rows:
    found: Rows = month.admin.reads("report", *command)
    return found


def columns(found: Rows, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in found]


def test_the_books_of_the_month_balance_and_hold_what_was_worked_out(month):
    month.does("verify")
    balances = {row["account"]: row["balance_cents"] for row in rows(month, "balances")}
    wallets = sum(cents for account, cents in balances.items() if account.startswith("wallet:"))
    assert wallets == -(2225 + 1240 + 725 + 4225)
    assert {key: cents for key, cents in balances.items() if not key.startswith("wallet:")} == {
        "bank": -1100 - 440 + 15000 - 6350,
        "cash:K1": 5550,
        "cash_difference": 50,
        "cost": 3380 + 296 + 165,
        "deposit": 20 * 15 + 3 * 150,
        "inventory": 17 * 90 + 17 * 55 + 6 * 44,
        "levy:x": -10,
        "opening": -5000,
        "revenue:6": -6990,
        "writeoff:expiry": 7 * 40,
        "writeoff:stocktake": 90 + 15,
    }


def test_turnover_of_each_week_group_and_member_is_what_people_bought(month):
    weeks = rows(month, "turnover", "--per", "week", "--from", "2026-12")
    assert columns(weeks, "period", "sales", "turnover_cents", "deposit_cents") == [
        ("2026-W49", 3, 1100, 90),
        ("2026-W50", 3, 5420, 540),
        ("2026-W51", 3, 480, 0),
    ]
    groups = rows(month, "turnover", "--by", "group")
    assert columns(groups, "group", "turnover_cents", "levy_cents") == [
        ("members", 6740, 0), ("guests", 260, 10),
    ]  # fmt: skip
    members = rows(month, "turnover", "--by", "member")
    assert columns(members, "member", "turnover_cents") == [
        ("Ada", 730), ("(without history)", 6270),
    ]  # fmt: skip


def test_the_profit_is_the_turnover_less_the_cost_of_the_lots_consumed(month):
    products = rows(month, "profit", "--by", "product")
    assert columns(products, "product", "net_cents", "cost_cents", "profit_cents") == [
        ("Mate", 6240, 3380, 2860),
        ("Yoghurt", 460, 296, 164),
        ("Snack", 300, 165, 135),
    ]
    mix = rows(month, "product-mix")
    assert columns(mix, "product", "quantity", "net_cents") == [
        ("Mate", 42, 6240), ("Yoghurt", 7, 460), ("Snack", 3, 300),
    ]  # fmt: skip
    [all_of_it] = rows(month, "profit")
    assert (all_of_it["net_cents"], all_of_it["cost_cents"]) == (7000, 3841)
    assert all_of_it["profit_cents"] == 3159
    assert all_of_it["writeoff_cents"] == 280 + 105
    assert all_of_it["result_cents"] == 2774


def test_lots_and_stock_are_what_stands_in_the_fridge(month):
    lots = month.admin.reads("delivery", "list")
    assert columns(lots, "product", "left", "cost_left_cents") == [
        ("Snack", 17, 935), ("Mate", 17, 1530), ("Yoghurt", 6, 264),
    ]  # fmt: skip
    expiring = rows(month, "expiring")
    assert columns(expiring, "product", "best_before", "days_left", "quantity", "cost_cents") == [
        ("Yoghurt", "2026-12-19", -8, 6, 264)
    ]
    # 42 Mate went in the 24 days since the first: 17 last for 9.7 days more.
    low = rows(month, "low-stock")
    assert columns(low, "product", "stock", "sold", "days_left", "empty_on") == [
        ("Mate", 17, 42, 9, "2027-01-05")
    ]


def test_bottles_and_prepaid_credit_are_owed_to_who_has_them(month):
    # 60 bottles came in 3 crates: 42 went, 3 came back, one was missing.
    units = ("unit_cents", "in_house", "house_value_cents", "with_buyers", "buyers_value_cents")
    assert columns(rows(month, "deposit"), *units) == [(15, 20, 300, 39, 585), (150, 3, 450, 0, 0)]
    weeks = rows(month, "credit", "--per", "week", "--from", "2026-12")
    moved = ("topped_up_cents", "spent_cents", "deposit_returned_cents", "balance_cents")
    assert columns(weeks[:3], *moved) == [
        (6000, -1190, 0, 4810),
        (10000, -5960, 45, 8895),
        (0, -480, 0, 8415),
    ]


def test_every_sunday_is_closed_and_a_closing_says_what_was_sold_since_the_last(month):
    closings = month.admin.reads("closing", "list")
    assert columns(closings, "z_number", "purchases_cents", "top_ups_cents", "cash_cents") == [
        (1, 1190, 6000, 10600),
        (2, 5960, 10000, 20550),
        (3, 480, 0, 5550),
        (4, 0, 0, 5550),
    ]
    second = month.admin.reads("closing", "show", "2")
    sold = ("name", "quantity", "gross_cents", "cost_cents")
    assert sorted(columns(second["products"], *sold)) == [
        ("Mate", 36, 5300, 35 * 80 - 80 + 2 * 90),
        ("Yoghurt", 2, 120, 80),
    ]
    assert columns(second["groups"], "name", "count", "cents") == [("members", 3, 5960)]
    assert (second["reversals"], second["reversed_cents"]) == (1, 165)
    [cash] = second["cash"]
    assert (cash["expected_cents"], cash["difference_cents"]) == (20550, -50)


def test_the_cash_book_has_every_receipt_and_no_gaps(month):
    entries = month.admin.reads("cash", "book")
    assert [row["number"] for row in entries] == list(range(1, len(entries) + 1))
    assert columns(entries, "receipt", "balance_cents") == [
        ("K1-000001", 5000),
        ("K1-000003", 4600),
        ("K1-000005", 7600),
        ("K1-000006", 9600),
        ("K1-000007", 10600),
        ("K1-000011", 10600),
        ("K1-000015", 20600),
        ("K1-000022", 20550),
        ("K1-000028", 5550),
    ]


def test_who_is_owed_is_named_where_balances_are_read(month):
    month.does("delivery add --supplier Meier --paid owed --line Snack 10 0.50")
    owed = {row["holder"]: row["balance_cents"] for row in rows(month, "balances")}
    assert (owed["Meier"], owed["Ada"]) == (-500, -2225)
    assert 'holder: "Meier"' in month.does("export beancount --names")
    assert "Meier" not in month.does("export beancount")


@pytest.mark.parametrize("form", ["beancount", "hledger"])
def test_the_month_goes_out_whole_to_plain_text_accounting(month, form):
    text = month.does(f"export {form}")
    assert "Expenses:Writeoff:Expiry  2.80 EUR" in text
    assert "Assets:Bank  -11.00 EUR" in text
