"""Cash boxes, their book, and the closing at the command line."""

import csv
import io

import pytest

ADA = ("--card", "CARD-ADA")


def test_a_box_is_filled_moved_counted_and_listed(admin):
    """The shop begins with the 20.00 that Ada paid in."""
    receipt = admin.does("cash", "float", "--amount", "50")
    admin.does("cash", "float", "--amount", "10", "--from", "bank")
    admin.does("cash", "skim", "--amount", "20,00", "--note", "by Grace")
    admin.does("cash", "pay-in", "--amount", "2.50", "--reason", "a donation")
    tax = ("--tax", "0.32", "--tax-key", "1")
    admin.does("cash", "pay-out", "--amount", "2.00", "--reason", "stamps", *tax)
    admin.does("top-up", *ADA, "--amount", "3", "--kind", "reader")
    admin.does("cash", "collect")
    kinds = [each["kind"] for each in admin.journal("--from", receipt)]
    assert kinds == ["cash_move"] * 5 + ["top_up", "cash_move"]
    rows = {row["box"]: row["expected_cents"] for row in admin.reads("cash", "list")}
    assert rows == {"till": 6350, "reader": 0}

    counted = admin.types("cash", "count", "50x1", "20.00x0", "10x1", "0,50x6")
    assert counted.status == 0
    assert counted.err == "expected 63.50, counted 63.00, difference -0.50\n"
    admin.does("cash", "count", "--total", "63.10")
    assert admin.reads("cash", "list")[0]["expected_cents"] == 6310


def test_what_a_person_holds_is_named_by_the_person(admin):
    admin.does("member", "add", "--name", "Grace", "--role", "trusted")
    admin.does("cash", "float", "--amount", "10")
    admin.does("cash", "handover", "--amount", "4", "--from", "till", "--to", "Grace")
    assert [row["box"] for row in admin.reads("cash", "list")] == ["Grace", "till"]
    book = admin.reads("cash", "book", "--box", "Grace")
    assert [(row["text"], row["balance_cents"]) for row in book] == [("handed over", 400)]
    admin.does("cash", "handover", "--from", "Grace", "--to", "till")
    admin.does("cash", "collect", "--from", "till", "--box", "Grace", "--amount", "1")
    admin.does("cash", "collect", "--from", "Grace")
    assert {row["expected_cents"] for row in admin.reads("cash", "list")} == {0, 3000}
    assert "there is no member" in admin.refused("cash", "book", "--box", "Nobody")
    assert "there is no member" in admin.refused("cash", "count", "1x1", "--box", "Nobody")


def test_who_was_erased_is_named_by_id(admin):
    admin.does("member", "add", "--name", "Grace", "--role", "trusted")
    identifier = admin.reads("member", "show", "Grace")["id"]
    admin.does("cash", "float", "--amount", "1", "--box", "Grace")
    admin.does("cash", "skim", "--amount", "1", "--box", "Grace")
    admin.does("erase", "Grace", "--yes")
    assert admin.reads("cash", "list")[0]["box"] == identifier


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("skim", "--amount", "1"), "cash:K1 lacks 1.00: pay in first"),
        (("skim", "--amount", "x"), "not an amount"),
        (("pay-in", "--amount", "1", "--reason", " "), "needs a reason"),
        (("collect",), "more than 0.00"),
        (("settle", "bev", "--amount", "1"), "is owed 0.00"),
        (("settle", "bev", "--amount", "1", "--box", "till"), "is owed 0.00"),
        (("count", "0.03x1"), "there is no such cash"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(admin, arguments, why):
    admin.does("supplier", "add", "bev")
    admin.does("cash", "float", "--amount", "7")
    admin.does("cash", "skim", "--amount", "27.00")
    assert why in admin.refused("cash", *arguments)


@pytest.mark.parametrize("arguments", [(), ("1.00x",), ("1.00",), ("1.00x1", "--total", "1")])
def test_a_count_says_what_was_counted(admin, arguments):
    assert admin.types("cash", "count", *arguments).status == 2


def test_the_cash_book_goes_on_from_a_closing(admin):
    admin.does("cash", "float", "--amount", "50")
    admin.does("closing")
    admin.does("cash", "pay-out", "--amount", "1.99", "--reason", "a light bulb, receipt 17")
    whole = admin.reads("cash", "book")
    assert admin.reads("report", "cash-book") == whole
    assert [row["number"] for row in whole] == list(range(1, len(whole) + 1))
    last = whole[-1]
    assert last["text"] == "pay-out: a light bulb, receipt 17"
    assert (last["in_cents"], last["out_cents"]) == (None, 199)
    today = last["date"]

    part = admin.reads("cash", "book", "--from", today)
    assert part[0]["text"] == "carried forward"
    assert part[1:] == whole
    assert admin.reads("cash", "book", "--to", "2020-01-01") == []
    [later] = admin.reads("cash", "book", "--from", "2999-01-01")
    assert (later["text"], later["balance_cents"]) == ("carried forward", last["balance_cents"])
    assert later["number"] is None
    assert "a light bulb" in admin.does("cash", "book", "--csv")
    assert admin.types("cash", "book", "--from", "yesterday").status == 2


def test_x_books_nothing_and_z_freezes_the_same(admin):
    admin.does("top-up", *ADA, "--amount", "5")
    before = admin.journal()
    x = admin.reads("closing", "--x")
    assert admin.journal() == before
    assert x["z_number"] is None
    z = admin.reads("closing")
    assert z["z_number"] == 1
    assert z["receipt_number"] == admin.journal()[-1]["receipt_number"]
    assert {name: x[name] for name in x if name != "z_number"}.items() <= z.items()
    assert "nothing was booked" in admin.refused("closing", "--x")
    assert "nothing was booked" in admin.refused("closing")


def test_closings_are_shown_as_they_were_booked(admin):
    first = admin.does("closing")
    admin.does("top-up", *ADA, "--amount", "5")
    second = admin.does("closing")
    assert admin.does("closing", "show", 1) == first
    assert admin.does("closing", "show", 2) == second != first
    assert [row["z_number"] for row in admin.reads("closing", "list")] == [1, 2]
    assert "there is no closing Z 3" in admin.refused("closing", "show", 3)
    assert admin.types("closing", "show", 0).status == 2
    assert second.splitlines()[0].startswith("Z 2  K1-")
    table = list(csv.reader(io.StringIO(admin.does("closing", "show", 2, "--csv"))))
    assert table[0] == ["section", "key", "name", "figure", "value"]
    assert ["top_ups", "cash", "", "cents", "500"] in table
    admin.does("verify")


def test_a_till_that_never_closed_has_no_closings(admin):
    assert admin.reads("closing", "list") == []
    assert "there is no closing Z 1" in admin.refused("closing", "show", 1)
