"""Lists that come in: what each line does, and what is nobody's twice."""

from collections.abc import Mapping

import pytest

from kpos.domain.ids import Id
from kpos.domain.refusal import Refused
from kpos.ledger import conditions, stammdaten
from tests.ledger.kasse import Kasse
from tests.ledger.test_office_goods import MATE_EAN, SNACK_EAN, refused

ZOE, OTHER = Id("00000000000000ab"), Id("00000000000000cd")
PIN = {"salt": "00", "key": "00", "n": 2, "r": 1, "p": 1}


def imported(kasse: Kasse, what: str, *rows: Mapping[str, object], dry_run: bool = False):
    """What was done with each line, the first of which is the second of its file."""
    numbered = [{"line": line, **row} for line, row in enumerate(rows, start=2)]
    done = kasse.office(f"{what}_import", rows=numbered, dry_run=dry_run)
    assert [each["line"] for each in done["changes"]] == [each["line"] for each in numbered]
    return [(each["does"], each["what"]) for each in done["changes"]]


def faults(kasse: Kasse, what: str, *rows: Mapping[str, object]) -> list[str]:
    numbered = [{"line": line, **row} for line, row in enumerate(rows, start=2)]
    code, message = refused(kasse, f"{what}_import", rows=numbered, dry_run=False)
    first, *named = message.splitlines()
    assert (code, first) == ("invalid", "nothing was imported:")
    return named


@pytest.mark.parametrize(
    ("what", "same"),
    [
        ("member", {"id": ZOE}),
        ("member", {"number": 7}),
        ("member", {"cards": ["C-7"]}),
        ("product", {"id": ZOE}),
        ("product", {"number": 7}),
        ("product", {"barcodes": [SNACK_EAN]}),
    ],
)
def test_two_lines_are_not_about_the_same(kasse, what, same):
    [fault] = faults(kasse, what, {"name": "Zoe", **same}, {"name": "Tea", **same})
    assert fault.startswith("line 3: ")
    assert fault.endswith(" stands in an earlier line too")


def test_one_line_may_have_a_number_that_is_the_code_of_another(kasse):
    """Codes are scanned, numbers are typed, ids are neither."""
    rows = ({"name": "Zoe", "number": 7}, {"name": "Kim", "cards": ["7"], "id": ZOE})
    assert imported(kasse, "member", *rows) == [("add", "Zoe"), ("add", "Kim")]


@pytest.mark.parametrize("dry_run", [False, True])
def test_what_has_no_id_yet_is_added_under_the_one_it_brings(kasse, dry_run):
    rows = ({"id": ZOE, "name": "Zoe", "credit": 300}, {"id": OTHER, "name": "Kim", "credit": -50})
    before = len(kasse.documents())
    done = imported(kasse, "member", *rows, dry_run=dry_run)
    assert done == [("add", "Zoe, credit 3.00"), ("add", "Kim, credit -0.50")]
    found = [stammdaten.member(kasse.books.current(), each) for each in (ZOE, OTHER)]
    assert [each and each.name for each in found] == ([None, None] if dry_run else ["Zoe", "Kim"])
    assert len(kasse.documents()) == before + (0 if dry_run else 6)
    if not dry_run:
        assert imported(kasse, "member", *rows) == [("same", "Zoe"), ("same", "Kim")]


def test_a_list_says_what_new_members_bring_along(kasse):
    rows = [{"line": 2, "name": "Zoe", "credit": 300}, {"line": 3, "name": "Kim"}]
    rows.append({"line": 4, "id": kasse.holder("Ada").member, "credit": 9900})
    assert kasse.office("member_import", rows=rows, dry_run=False)["credit_cents"] == 300


def test_a_member_has_after_a_list_what_stands_in_it_and_the_rest_as_before(kasse):
    ada = kasse.holder("Ada").member
    board = kasse.office("group_add", name="board")["id"]
    changed = {"name": "Ada L.", "number": None, "group": "board", "cards": [MATE_EAN[:-1]]}
    [(does, what)] = imported(kasse, "member", {"id": ada, **changed})
    assert does == "change"
    assert what.startswith("Ada: name Ada -> Ada L., group ")
    assert what.endswith(f", number 42 -> none, card {MATE_EAN[:-1]}")
    found = stammdaten.member(kasse.books.current(), ada)
    assert found is not None
    assert (found.name, found.number, found.role, found.language) == (
        "Ada L.", None, "member", None,
    )  # fmt: skip
    assert found.group == board
    codes = {card.code: card.asks_pin for card in stammdaten.cards(kasse.books.current())}
    assert codes == {"CARD-Ada": False, MATE_EAN[:-1]: False}
    assert kasse.documents()[-1].author == "uid:0"
    for language, said in (("en", "none -> en"), (None, "en -> none")):
        done = imported(kasse, "member", {"id": ada, "language": language})
        assert done == [("change", f"Ada L.: language {said}")]


def test_a_card_that_is_printed_as_a_barcode_is_the_same_card_the_second_time(kasse):
    """Scanners send an EAN with or without the noughts before it."""
    row = {"id": kasse.holder("Ada").member, "cards": [SNACK_EAN]}
    assert imported(kasse, "member", row)[0][0] == "change"
    assert imported(kasse, "member", row) == [("same", "Ada")]
    assert imported(kasse, "member", {**row, "cards": [f"0{SNACK_EAN}"]}) == [("same", "Ada")]


def test_a_new_card_of_a_list_is_nobodys_yet(kasse):
    kasse.add_member("Zoe")
    rows = ({"name": "Kim", "cards": ["CARD-Ada"]}, {"name": "Lou", "cards": ["\x07"]})
    taken, unreadable = faults(kasse, "member", *rows)
    assert taken == "line 2: 'CARD-Ada' is a card already"
    assert unreadable.startswith("line 3: '\\x07' is no code")


def test_only_who_becomes_trusted_loses_a_pin_that_is_too_short(kasse):
    kasse.add_member("Zoe", role="trusted")
    kasse.add_member("Kim")
    kasse.add_member("Lou")
    ids = {name: kasse.holder(name).member for name in ("Ada", "Zoe", "Kim", "Lou")}
    for name in ("Ada", "Zoe", "Kim"):
        kasse.office("pin_set", member=name, pin=PIN)
    roles = {"Ada": "trusted", "Zoe": "admin", "Kim": "member", "Lou": "trusted"}
    before = len(kasse.documents())
    done = imported(kasse, "member", *({"id": ids[name], "role": roles[name]} for name in roles))
    assert [does for does, _ in done] == ["change", "change", "same", "change"]
    has_pin = {name: kasse.books.pins.standing(ids[name]).exists for name in ids}
    assert has_pin == {"Ada": False, "Zoe": True, "Kim": True, "Lou": False}
    # A document each for three of them, and one for the PIN that went.
    assert len(kasse.documents()) == before + 4
    assert kasse.verify().projections_compared


def test_a_member_is_not_changed_by_a_list_to_what_cannot_be(kasse):
    ada = {"id": kasse.holder("Ada").member}
    kasse.office("member_add", name="Zoe", number=7)
    wrong = ({"name": " "}, {"number": 7}, {"number": 12}, {"group": "nobody"})
    for changes in wrong:
        [fault] = faults(kasse, "member", ada | changes)
        assert fault.startswith("line 2: ")
    assert faults(kasse, "member", {"id": "xyz", "name": "Kim"}) == [
        "line 2: 'xyz' is no id: leave it empty for a new one"
    ]
    assert imported(kasse, "member", ada | {"number": 42, "name": " Ada "}) == [("same", "Ada")]


def test_a_new_product_of_a_list_has_all_its_columns(kasse):
    kasse.office("setting_set", key="default_tax_key", value="2")
    tea = {"name": "Tea", "price": 120, "deposit": 8, "number": 7, "barcodes": [SNACK_EAN]}
    cheese = {"id": ZOE, "name": "Cheese", "tax_key": "1", "unit": "kg"}
    assert imported(kasse, "product", tea, cheese) == [
        ("add", "Tea 1.20"),
        ("add", "Cheese without a price of its own"),
    ]
    found = kasse.product("Tea")
    assert (found.price.cents, found.deposit.cents, found.number) == (120, 8, 7)
    assert (found.tax_key, found.unit, found.retired) == ("2", "piece", False)
    found = kasse.product("Cheese")
    assert (found.id, found.price, found.deposit.cents) == (ZOE, None, 0)
    assert (found.tax_key, found.unit) == ("1", "kg")
    assert kasse.documents()[-1].author == "uid:0"


def test_a_product_has_after_a_list_what_stands_in_it_and_the_rest_as_before(kasse):
    mate = kasse.product("Mate")
    [done] = imported(kasse, "product", {"id": mate.id, "price": None, "barcodes": [MATE_EAN]})
    assert done == ("change", "Mate: price 1.50 -> none")
    [done] = imported(kasse, "product", {"barcodes": [SNACK_EAN, MATE_EAN], "number": None})
    assert done == ("change", f"Mate: number 12 -> none, barcode 0{SNACK_EAN}")
    found = kasse.product("Mate")
    assert (found.price, found.deposit, found.number) == (None, mate.deposit, None)
    codes = [code for code, _, _ in stammdaten.barcodes(kasse.books.current(), mate.id)]
    assert sorted(codes) == [f"0{MATE_EAN}", f"0{SNACK_EAN}"]
    again = {"barcodes": [f"0{SNACK_EAN}"], "name": "Mate"}
    assert imported(kasse, "product", again) == [("same", "Mate")]


def test_a_product_is_not_changed_by_a_list_to_what_cannot_be(kasse):
    mate = {"id": kasse.product("Mate").id}
    for changes in ({"name": " "}, {"name": "x" * 201}, {"price": -1}, {"number": 42}):
        [fault] = faults(kasse, "product", mate | changes)
        assert fault.startswith("line 2: ")
    assert faults(kasse, "product", {"price": 100})[0].startswith("line 2: '' is no name")
    assert imported(kasse, "product", mate | {"name": " Mate "}) == [("same", "Mate")]


def test_a_product_that_was_retired_is_sold_again_once_a_list_has_it(kasse):
    mate = kasse.product("Mate").id
    kasse.office("product_retire", product="Mate")
    imported(kasse, "product", {"id": mate, "number": 12, "barcodes": [MATE_EAN]})
    found = kasse.product("Mate")
    assert (found.retired, found.number) == (False, 12)
    assert stammdaten.product_of_code(kasse.books.current(), f"0{MATE_EAN}") == found


def test_who_a_condition_of_a_list_is_for_is_said(kasse):
    for named, who in (
        ({}, "everybody"),
        ({"group": "members"}, "members"),
        ({"member": "Ada", "product": "Mate"}, "Ada and Mate"),
    ):
        assert imported(kasse, "condition", {"price": 100, **named}) == [
            ("add", f"condition for {who}")
        ]


def test_a_condition_has_after_a_list_what_stands_in_it_and_the_rest_as_before(kasse):
    row = {"id": ZOE, "product": "12", "price": 100, "levy": 10, "levy_for": "donation"}
    row |= {"start": "2026-12-01", "end": "2026-12-31", "from_quantity": 6, "comment": "six"}
    imported(kasse, "condition", row)

    def found():
        [known] = conditions.beginning_with(kasse.books.current(), ZOE)
        return known

    added = found()
    assert (added.kind, added.value, added.min_quantity) == ("fixed", 100, 6)
    assert (added.levy.cents, added.levy_for, added.comment) == (10, "donation", "six")
    assert imported(kasse, "condition", row) == [("same", "condition for 12")]
    [(does, what)] = imported(kasse, "condition", {"id": ZOE, "product": "Mate", "markup": 2500})
    assert (does, what) == (
        "change",
        "condition for Mate: kind fixed -> markup, value 100 -> 2500",
    )
    assert (found().start, found().end, found().levy) == (added.start, added.end, added.levy)
    imported(kasse, "condition", row | {"end": None, "price": 0})
    assert (found().start, found().end, found().value) == (added.start, None, 0)
    imported(kasse, "condition", row | {"start": None})
    assert (found().start, found().end) == (None, added.end)


def test_a_condition_of_a_list_keeps_what_it_names_and_has_one_price(kasse):
    imported(kasse, "condition", {"id": ZOE, "product": "Mate", "price": 100})
    for named in ({"product": "Snack"}, {}, {"product": "Mate", "group": "members"}):
        [fault] = faults(kasse, "condition", {"id": ZOE, "price": 100, **named})
        assert "keeps what it names" in fault
    for price in ({}, {"price": 100, "markup": 10}):
        [fault] = faults(kasse, "condition", {"product": "Mate", **price})
        assert "a price or a markup, one of the two" in fault


def test_a_column_that_a_list_cannot_set_is_refused(kasse):
    for what in ("member", "product", "condition"):
        with pytest.raises(Refused, match="'history' cannot be changed"):
            imported(kasse, what, {"history": True})
