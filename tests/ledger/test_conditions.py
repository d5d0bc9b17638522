"""Conditions in the books: what an admin sets, what is told of it, and what is priced by it."""

import json

import pytest

from kpos.domain.document import canonical
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger import conditions, stammdaten
from kpos.ledger.localday import moment
from kpos.ledger.office import find
from kpos.ledger.prices import prices_at, prices_now
from tests.ledger.kasse import DAY_MS, FRIDAY_EVENING
from tests.ledger.priced import add, price, refused


def test_a_condition_is_for_whom_and_what_it_names(kasse):
    kasse.add_member("Linus")
    kasse.add_guest("Guest")
    add(kasse, value=140, group="members", product="Mate")
    add(kasse, value=120, member="Ada", product="12")
    add(kasse, value=180, group="guests", product="Mate")
    add(kasse, value=200, group="guests")
    kasse.add_product("Tea", None)
    names = ("Ada", "Linus", "Guest", None)
    assert [price(kasse, who=name) for name in names] == [120, 140, 180, 140]
    assert [price(kasse, "Tea", who=name) for name in names] == [None, None, 200, None]
    assert [price(kasse, "Snack", who=name) for name in names] == [100, 100, 100, 100]
    kasse.rebuild()
    assert [price(kasse, who=name) for name in names] == [120, 140, 180, 140]


def test_a_day_counts_as_a_whole_in_the_zone_of_the_till(kasse):
    kasse.office("setting_set", key="zone", value="America/New_York")
    [begin, end] = [
        moment("America/New_York", "2026-12-24", is_end=is_end) for is_end in (False, True)
    ]
    assert (str(begin), str(end)) == ("2026-12-24T05:00:00.000Z", "2026-12-25T05:00:00.000Z")
    identifier, _ = add(kasse, product="Mate", start="2026-12-24", end="2026-12-24")
    found = find.condition(kasse.books.current(), identifier)
    assert (found.start, found.end) == (begin, end)
    assert str(moment("Europe/Berlin", "2026-12-24T18:00Z")) == "2026-12-24T18:00:00.000Z"
    assert str(moment("Europe/Berlin", "2026-12-24")) == "2026-12-23T23:00:00.000Z"
    for text in ("Christmas", "", "1999-12-31", "2100-01-01", "0001-01-01T00:00+14:00"):
        with pytest.raises(ValueError, match="is no time"):
            moment("Europe/Berlin", text)


def test_what_is_changed_counts_from_the_next_look_on(kasse):
    identifier, _ = add(kasse, value=120, product="Mate")
    assert price(kasse) == 120
    changes = {"value": 130, "min_quantity": 6, "comment": " six-pack "}
    kasse.office("condition_set", condition=identifier[:6], changes=changes)
    assert [price(kasse, pieces=n) for n in (1, 5, 6)] == [150, 150, 130]
    assert find.condition(kasse.books.current(), identifier).comment == "six-pack"
    added, changed = kasse.documents()[-2:]
    # Whom it names and its comment stand apart; without either there is nothing to stand there.
    assert (added.private_digest is None, changed.private_digest is None) == (True, False)
    levy = {"levy_cents": 10, "levy_for": "donation", "start": "2026-01-01", "end": "2026-12-31"}
    kasse.office("condition_set", condition=identifier, changes=levy)
    kasse.office("condition_set", condition=identifier, changes={"start": None, "end": None})
    found = find.condition(kasse.books.current(), identifier)
    assert (found.start, found.end, found.levy) == (None, None, Money(10))
    assert kasse.office("condition_retire", condition=identifier) == {"id": identifier}
    assert price(kasse, pieces=6) == 150
    assert "there is no such condition" in refused(kasse, "condition_retire", condition=identifier)
    [kept] = [each for each in conditions.conditions(kasse.books.current()) if each.product]
    assert kept.retired


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"value": -1}, "a price is from 0.00"),
        ({"kind": "markup", "value": 100_001}, "a markup is from"),
        ({"kind": "discount"}, "none of fixed, markup"),
        ({"member": "Ada", "group": "members"}, "a member has one"),
        ({"member": "Nobody"}, "there is no member"),
        ({"group": "nobody"}, "there is no group"),
        ({"product": "Nothing"}, "there is no product"),
        ({"more": {"min_quantity": 0}}, "a quantity is from"),
        ({"more": {"start": "soon"}}, "'soon' is no time"),
        ({"more": {"start": "2026-12-02", "end": "2026-12-01"}}, "it ends before it starts"),
        ({"more": {"levy_cents": 10}}, "what it is for"),
        ({"more": {"product": "Mate"}}, "cannot be changed"),
        ({"more": {"comment": "two\nlines"}}, "a comment is one line"),
    ],
)
def test_what_cannot_be_meant_is_refused(kasse, arguments, why):
    assert why in refused(kasse, "condition_add", **{"kind": "fixed", "value": 100} | arguments)


def test_a_condition_is_found_by_the_beginning_of_its_id(kasse):
    first, _ = add(kasse, product="Mate")
    assert find.condition(kasse.books.current(), first[:15]).id == first
    for text in ("x", "f" * 17):
        with pytest.raises(Refused, match="there is no such condition"):
            find.condition(kasse.books.current(), text)
    with pytest.raises(Refused, match="several conditions begin like that"):
        find.condition(kasse.books.current(), "")


def test_two_for_the_same_at_once_are_told_with_who_decides(kasse):
    _, none = add(kasse, value=130, product="Mate")
    assert none == []
    later, [told] = add(kasse, value=120, product="Mate", start="2026-01-01")
    assert "this one decides" in told
    assert price(kasse) == 120
    _, warnings = add(kasse, value=110, product="Mate", start="2025-01-01", end="2026-12-31")
    assert sorted(warning.rpartition(": ")[2] for warning in warnings) == [
        "that one decides",
        "this one decides",
    ]
    assert any(later in warning and "that one" in warning for warning in warnings)
    assert add(kasse, value=110, product="Mate", min_quantity=6)[1] == []
    assert add(kasse, value=110, product="Mate", group="members")[1] == []
    assert add(kasse, value=110, product="Mate", end="2024-12-31")[1] != []


def test_every_group_has_a_default_and_keeps_one(kasse):
    kasse.office("group_add", name="crew", markup_bp=2500)
    db = kasse.books.current()
    crew = stammdaten.group_of_name(db, "crew")
    assert crew is not None
    [default] = conditions.defaults_of(db, crew.id)
    assert (default.kind, default.value, default.scope) == ("markup", 2500, "group")
    assert "it is its group's default" in refused(kasse, "condition_retire", condition=default.id)
    add(kasse, "markup", 3000, group="crew", end="2026-12-31")
    assert "it is its group's default" in refused(kasse, "condition_retire", condition=default.id)
    kasse.office("condition_set", condition=default.id, changes={"value": 4000})
    add(kasse, "markup", 5000, group="crew")
    kasse.office("condition_retire", condition=default.id)
    house, _ = add(kasse, "markup", 1000)
    kasse.office("condition_retire", condition=house)
    assert "a markup is from" in refused(kasse, "group_add", name="x", markup_bp=100_001)


def test_a_group_that_opens_again_has_the_default_it_is_given_then(kasse):
    group = kasse.office("group_add", name="crew", markup_bp=2500)["id"]
    kasse.office("group_retire", group="crew")
    assert kasse.office("group_add", name="crew", markup_bp=1000)["id"] == group
    [default] = conditions.defaults_of(kasse.books.current(), group)
    assert default.value == 1000


def test_a_till_of_before_has_no_default_and_sells_at_its_prices(kasse):
    kasse.books.current().execute("DELETE FROM condition")
    assert price(kasse) == 150
    kasse.add_product("Tea", None)
    assert price(kasse, "Tea") is None


def test_whom_a_condition_names_is_told_in_its_private_part_alone_and_can_be_erased(kasse):
    linus = kasse.add_member("Linus")
    add(kasse, value=0, member="Linus", product="Mate", comment="Linus has birthday")
    add(kasse, value=0, member="Linus", comment="and again")
    add(kasse, value=120, group="members", product="Mate", comment="spring")
    assert price(kasse, who="Linus") == 0
    told = [each for each in kasse.documents() if each.body.get("entity") == "condition"]
    assert str(linus.member) not in canonical([each.body for each in told])
    assert "birthday" not in canonical([each.body for each in told])
    kasse.office("erase", member="Linus")
    assert str(linus.member) not in json.dumps(kasse.tables(["condition"]))
    left = {each.comment for each in conditions.conditions(kasse.books.current())}
    assert left == {"", "spring"}
    assert not kasse.books.journal.rows("SELECT 1 FROM private WHERE instr(part, 'birthday')")
    kasse.verify()
    before = kasse.tables()
    kasse.rebuild()
    assert kasse.tables() == before


def test_a_scan_reads_what_concerns_its_buyer_and_is_not_over(kasse):
    """However many conditions there are of others, and have been."""
    linus = kasse.add_member("Linus").member
    kasse.add_guest("Guest")
    named = {}
    for who in ({}, {"group": "members"}, {"group": "guests"}, {"member": "Ada"}):
        for what in ({}, {"product": "Mate"}, {"product": "Snack"}):
            told = " ".join([*who.values(), *what.values()])
            for when in ({}, {"end": "2026-11-19"}, {"start": "2026-11-22"}):
                identifier, _ = add(kasse, **who, **what, **when)
                named[identifier] = f"{told} {''.join(when)}".strip()
    db, mate, ada = kasse.books.current(), kasse.product("Mate").id, kasse.holder("Ada")

    def read(group, member, at=FRIDAY_EVENING):
        found = conditions.applicable(db, mate, group, member, at)
        return sorted(named[each.id] for each in found if each.id in named)

    house = ["", "Mate", "Mate start", "start"]
    members = ["members", "members Mate", "members Mate start", "members start"]
    own = ["Ada", "Ada Mate", "Ada Mate start", "Ada start"]
    assert read(None, None) == house
    assert read(ada.group, linus) == sorted([*house, *members])
    assert read(ada.group, ada.member) == sorted([*house, *members, *own])
    over = ["end", "Mate end", "members end", "members Mate end"]
    assert read(ada.group, None, at=None) == sorted([*house, *members, *over])


def test_it_is_explained_with_what_is_over_and_what_comes(kasse):
    add(kasse, value=110, product="Mate", end="2026-01-31")
    add(kasse, value=120, product="Mate", start="2027-01-01")
    wanted = kasse.product("Mate")
    members = kasse.holder("Ada").group
    told = prices_now(kasse.books).explain(wanted, members, None, 1)
    assert [(each.condition.value, each.lost) for each in told] == [
        (150, ""),
        (120, "has not begun"),
        (110, "is over"),
        (0, "has no cost to add to"),
    ]
    new_year = prices_at(kasse.books, FRIDAY_EVENING.plus_ms(60 * DAY_MS))
    assert new_year.explain(wanted, members, None, 1)[0].condition.value == 120
    assert new_year.house_offer(wanted).price == Money(120)
    assert new_year.guest_offer(wanted) is None
