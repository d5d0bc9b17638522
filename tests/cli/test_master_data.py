"""Products, barcodes, groups, members, cards, settings."""

import csv
import io

import pytest

from tests.cli.admin import MATE


def test_a_product_is_listed_changed_and_retired(admin):
    [row] = admin.reads("product", "list")
    assert (row["number"], row["name"], row["price_cents"]) == (12, "Club-Mate 0,5l", 150)
    assert row["barcodes"] == [f"0{MATE}"]

    admin.does("product", "set", 12, "--price", "1,60", "--deposit", "0.08", "--name", "Mate")
    shown = admin.reads("product", "show", MATE)
    assert (shown["name"], shown["price_cents"], shown["deposit_cents"]) == ("Mate", 160, 8)

    admin.does("product", "set", "Mate", "--no-number")
    assert admin.reads("product", "show", "Mate")["number"] is None

    admin.does("product", "retire", "Mate")
    assert admin.reads("product", "list") == []
    assert [row["retired"] for row in admin.reads("product", "list", "--all")] == [True]


def test_a_product_is_shown_as_columns_json_or_csv(admin):
    assert "Club-Mate 0,5l   1.50     0.15" in admin.does("product", "list")
    [row] = csv.DictReader(io.StringIO(admin.does("product", "list", "--csv")))
    assert (row["price_cents"], row["barcodes"]) == ("150", f"0{MATE}")
    shown = admin.does("product", "show", 12).splitlines()
    assert "price      1.50" in shown
    [row] = csv.DictReader(io.StringIO(admin.does("product", "show", 12, "--csv")))
    assert row["name"] == "Club-Mate 0,5l"


def test_an_empty_list_is_one_in_every_format(shell):
    shell.does("init")
    assert shell.does("product", "list") == "(none)"
    assert shell.reads("product", "list") == []
    assert shell.does("product", "list", "--csv").startswith("number,name,price_cents")


def test_a_product_may_have_more_barcodes(admin):
    admin.does("barcode", "add", "4260031874056", "--product", 12)
    assert len(admin.reads("barcode", "list", "--product", "Club-Mate 0,5l")) == 2
    assert admin.reads("barcode", "show", "4260031874056")["product"] == "Club-Mate 0,5l"
    admin.does("barcode", "retire", "4260031874056")
    assert "there is no barcode" in admin.refused("barcode", "show", "4260031874056")
    assert [row["code"] for row in admin.reads("barcode", "list")] == [f"0{MATE}"]


def test_a_group_is_closed_when_nobody_is_in_it(admin):
    admin.does("member", "set", 42, "--group", "guests")
    assert "move them first" in admin.refused("group", "retire", "guests")
    assert admin.reads("group", "show", "guests")["members"] == 1
    admin.does("member", "set", 42, "--group", "members")
    admin.does("group", "retire", "guests")
    assert "guests" not in admin.does("group", "list")
    assert "guests" in admin.does("group", "list", "--all")


def test_a_member_is_changed(admin):
    admin.does("member", "set", "Ada", "--name", "Ada L.", "--number", 43, "--role", "trusted")
    admin.does("member", "set", "Ada L.", "--language", "en")
    [row] = admin.reads("member", "list")
    assert (row["name"], row["number"], row["role"], row["language"]) == (
        "Ada L.", 43, "trusted", "en",
    )  # fmt: skip
    assert (row["credit_cents"], row["cards"]) == (2000, ["CARD-ADA"])
    admin.does("member", "set", 43, "--no-number")
    assert admin.reads("member", "show", "CARD-ADA")["number"] is None


def test_a_member_leaves_without_credit(admin):
    assert "kpos payout" in admin.refused("member", "retire", "Ada")
    admin.does("payout", "--member", "Ada", "--amount", "20")
    admin.does("member", "retire", "Ada")
    assert admin.reads("member", "list") == []
    assert len(admin.reads("member", "list", "--all")) == 1
    assert admin.reads("card", "show", "CARD-ADA")["blocked"] is True


def test_a_member_may_bring_credit_along(admin):
    admin.does("member", "add", "--name", "Bo", "--credit", "-3.50")
    assert admin.reads("member", "show", "Bo")["credit_cents"] == -350


def test_a_card_is_blocked_and_unblocked(admin):
    admin.does("card", "block", "CARD-ADA")
    assert admin.reads("card", "show", "CARD-ADA")["blocked"] is True
    admin.does("card", "unblock", "CARD-ADA")
    admin.does("card", "set", "CARD-ADA", "--asks-pin")
    shown = admin.reads("card", "show", "CARD-ADA")
    assert (shown["blocked"], shown["asks_pin"]) == (False, True)
    assert (shown["member"], shown["group"], shown["role"]) == ("Ada", "members", "member")


def test_cards_are_listed_of_all_or_of_one(admin):
    assert [row["code"] for row in admin.reads("card", "list")] == ["CARD-ADA", "GUEST-1"]
    assert [row["code"] for row in admin.reads("card", "list", "--member", 42)] == ["CARD-ADA"]
    guest = admin.reads("card", "show", "GUEST-1")
    assert (guest["member"], guest["group"]) == (None, "guests")


def test_a_setting_is_listed_and_set_as_it_is_typed(admin):
    admin.does("setting", "set", "free_limit_cents", "7,50")
    admin.does("setting", "set", "in_store_layouts", "28IIIIcWWWWWC 22IIIIIPPPPPC")
    rows = {row["key"]: row for row in admin.reads("setting", "list")}
    assert (rows["free_limit_cents"]["value"], rows["free_limit_cents"]["default"]) == (
        "7.50", "20.00",
    )  # fmt: skip
    assert rows["in_store_layouts"]["value"] == "28IIIIcWWWWWC 22IIIIIPPPPPC"
    assert all(row["meaning"] for row in rows.values())
    for key, row in rows.items():
        admin.does("setting", "set", key, row["value"])


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("colour", "red", "no setting 'colour'; there are default_tax_key"),
        ("undo_minutes", "-1", "is not a whole number from 0"),
        ("deposit_return", "maybe", "is none of wallet, house, off"),
        ("zone", "Moon/Sea", "no time zone 'Moon/Sea' (write Europe/Berlin)"),
        ("free_limit_cents", "1e3", "not an amount"),
    ],
)
def test_a_wrong_setting_is_refused(admin, key, value, says):
    # A value that begins with a dash would be an option.
    assert says in admin.refused("setting", "set", "--", key, value)


def test_the_clock_can_be_trusted_by_hand(admin):
    assert admin.does("clock", "trust").endswith("Z")
