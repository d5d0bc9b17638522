"""Conditions, prices and tax rates at a shell."""

import pytest


def ids(admin) -> list[str]:
    return [row["id"] for row in admin.reads("condition", "list") if row["product"]]


def test_a_condition_is_added_listed_changed_and_retired(admin):
    happy = ("--product", "12", "--fixed", "1.00", "--start", "2026-12-24 18:00")
    identifier = admin.does("condition", "add", *happy, "--end", "2036-12-24", "--comment", "Xmas")
    row = admin.reads("condition", "show", identifier)
    assert (row["product"], row["group"], row["member"]) == ("Club-Mate 0,5l", None, None)
    assert (row["price_cents"], row["markup"], row["scope"]) == (100, None, "product")
    assert (row["start"], row["end"]) == ("2026-12-24 18:00", "2036-12-25 00:00")
    assert (row["comment"], row["min_quantity"], row["retired"]) == ("Xmas", 1, False)
    levy = ("--levy", "0.10", "--levy-for", "donation", "--from-quantity", 6)
    admin.does("condition", "set", identifier[:8], "--markup", "12,5 %", *levy, "--no-end")
    row = admin.reads("condition", "show", identifier[:8])
    assert (row["price_cents"], row["markup"], row["min_quantity"]) == (None, "12.5 %", 6)
    assert (row["levy_cents"], row["levy_for"], row["end"]) == (10, "donation", None)
    admin.does("condition", "set", identifier, "--no-levy", "--no-start")
    row = admin.reads("condition", "show", identifier)
    assert (row["levy_cents"], row["levy_for"], row["start"]) == (0, "", None)
    assert ids(admin) == [identifier]
    admin.does("condition", "retire", identifier)
    assert ids(admin) == []
    everything = admin.reads("condition", "list", "--all")
    assert [row["retired"] for row in everything if row["product"]] == [True]


def test_what_is_over_is_listed_with_all(admin):
    old = ("--product", "12", "--group", "guests", "--fixed", "1.80", "--end", "2020-01-01")
    identifier = admin.does("condition", "add", *old)
    assert ids(admin) == []
    rows = [row for row in admin.reads("condition", "list", "--all") if row["product"]]
    assert [(row["id"], row["group"]) for row in rows] == [(identifier, "guests")]
    assert "guests" in admin.does("condition", "list", "--all")
    assert admin.does("condition", "list", "--csv").startswith("id,member,group,product,")


def test_what_may_not_be_meant_is_said_and_done(admin):
    add = ("condition", "add", "--product", "12", "--fixed", "1.00")
    first = admin.does(*add)
    ran = admin.types(*add)
    assert (ran.status, len(ran.out.split())) == (0, 1)
    assert ran.err.startswith(f"kpos: condition {first} is for the same at the same time: ")
    changed = admin.types("condition", "set", first, "--comment", "again")
    assert "at the same time" in changed.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "--product", "12"), "say what is paid: --fixed or --markup"),
        (("add", "--fixed", "1", "--markup", "1"), "either --fixed or --markup"),
        (("set", "0000"), "nothing to change: name an option"),
    ],
)
def test_half_a_condition_is_wrong_usage(admin, arguments, says):
    assert says in admin.misused("condition", *arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--markup", "lots"), "--markup: 'lots' is no percentage (write 25 or 12.5)"),
        (("--markup", "1001"), "a markup is from -100 to 1000 percent"),
        (("--fixed", "-1"), "a price is from 0.00"),
        (("--fixed", "1", "--start", "soon"), "'soon' is no time"),
        (("--fixed", "1", "--member", "Nobody"), "there is no member 'Nobody'"),
    ],
)
def test_what_cannot_be_a_condition_is_refused(admin, arguments, says):
    assert says in admin.refused("condition", "add", *arguments)


def test_a_price_is_explained(admin):
    admin.does("condition", "add", "--product", "12", "--group", "guests", "--fixed", "1.80")
    admin.does("condition", "add", "--product", "12", "--fixed", "1.30", "--from-quantity", "6")
    admin.does("condition", "add", "--member", "Ada", "--markup", "-100", "--start", "2036-01-01")

    def explained(*more):
        rows = admin.reads("price", "explain", "Club-Mate 0,5l", *more)
        return [(row["result"], row["price_cents"]) for row in rows]

    no_cost = ("has no cost to add to", None)
    assert explained() == [("applies", 150), ("is for 6 and more", 130), no_cost]
    assert explained("--group", "guests")[0] == ("applies", 180)
    assert explained("--quantity", 6)[0] == ("applies", 130)
    assert ("has not begun", None) in explained("--member", "Ada")
    assert explained("--member", "Ada", "--at", "2036-01-01 12:00").count(no_cost) == 2
    table = admin.does("price", "explain", "12")
    assert table.splitlines()[1].startswith("applies")
    assert "its own price" in table
    assert "--at: 'soon' is no time" in admin.refused("price", "explain", "12", "--at", "soon")
    twice = ("--member", "Ada", "--group", "guests")
    assert "a member has one" in admin.misused("price", "explain", "12", *twice)


def test_a_product_may_leave_its_price_to_the_conditions(admin):
    admin.does("product", "add", "--name", "Tea", "--number", 5)
    assert admin.reads("product", "show", "Tea")["price_cents"] is None
    assert admin.reads("price", "explain", "Tea")[0]["result"] == "has no cost to add to"
    admin.does("product", "set", "Tea", "--price", "1.20")
    assert admin.reads("price", "explain", "Tea")[0]["price_cents"] == 120
    admin.does("product", "set", "Tea", "--no-price")
    assert admin.reads("product", "show", "Tea")["price_cents"] is None
    assert "Tea" in admin.does("product", "list")


def test_a_group_begins_with_its_markup(admin):
    admin.does("group", "add", "crew", "--markup", "12.25")
    [row] = [row for row in admin.reads("condition", "list") if row["group"] == "crew"]
    assert (row["markup"], row["scope"]) == ("12.25 %", "group")


def test_a_rate_changes_on_a_day(admin):
    assert admin.does("tax", "set", "1", "20", "--from", "2027-01-01") == "2027-01-01"
    assert len(admin.does("tax", "set", "2", "7.5")) == len("2026-11-22")
    told = [(row["tax_key"], row["rate"]) for row in admin.reads("tax", "list")]
    assert told == [("1", "19 %"), ("1", "20 %"), ("2", "7 %"), ("2", "7.5 %")]
    assert admin.reads("tax", "list")[1]["since"] == "2027-01-01"
    assert "is no rate" in admin.refused("tax", "set", "1", "51")
    admin.misused("tax", "set", "6", "1")
