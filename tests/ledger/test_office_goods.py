"""What an admin does with products and barcodes."""

import pytest

from kpos.domain.money import CENTS_MAX
from kpos.domain.refusal import Refused
from kpos.ledger import stammdaten
from tests.ledger.kasse import Kasse

MATE_EAN, SNACK_EAN = "4029764001807", "4260031874056"


def refused(kasse: Kasse, request: str, **arguments: object) -> tuple[str, str]:
    """Code and message of the refusal; nothing was booked."""
    before = len(kasse.documents())
    with pytest.raises(Refused) as told:
        kasse.office(request, **arguments)
    assert len(kasse.documents()) == before
    return told.value.refusal.code, told.value.refusal.message


def test_a_product_is_found_by_id_number_barcode_and_name(kasse):
    mate = kasse.product("Mate")
    for text in (mate.id, "12", MATE_EAN, f"0{MATE_EAN}", "Mate"):
        assert kasse.office("product_set", product=text, changes={})["id"] == mate.id
    for text in ("Beer", "13", "000012", "0" * 16, "4029764001808", "", "\0"):
        assert refused(kasse, "product_set", product=text, changes={})[0] == "unknown"


def test_two_products_of_one_name_are_told_apart_by_id(kasse):
    ids = {kasse.product("Mate").id, kasse.add_product("Mate", 200)}
    code, message = refused(kasse, "product_set", product="Mate", changes={"price_cents": 1})
    assert code == "unknown"
    assert "2 products" in message
    assert set(message.partition("(")[2].rstrip(")").split(", ")) == ids


def test_a_product_without_a_tax_key_gets_that_of_the_house(kasse):
    kasse.office("setting_set", key="default_tax_key", value="2")
    kasse.add_product("Milk", 119)
    assert kasse.product("Milk").tax_key == "2"
    assert kasse.product("Mate").tax_key == "1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"price_cents": -1}, "amount"),
        ({"price_cents": CENTS_MAX + 1}, "amount"),
        ({"deposit_cents": -1}, "amount"),
        ({"deposit_cents": 10**30}, "invalid"),
        ({"tax_key": "3"}, "invalid"),
        ({"unit": "litre"}, "invalid"),
        ({"unit": "kg"}, "invalid"),
        ({"number": 0}, "invalid"),
        ({"number": 100_000}, "invalid"),
        ({"number": 42}, "taken"),
        ({"name": ""}, "invalid"),
        ({"name": " \t "}, "invalid"),
        ({"name": "two\nlines"}, "invalid"),
        ({"name": "x" * 201}, "invalid"),
        ({"name": "\ud800"}, "invalid"),
        ({"id": "0" * 16}, "invalid"),
        ({"retired": True}, "invalid"),
    ],
)
def test_a_product_is_not_changed_to_what_cannot_be(kasse, changes, code):
    before = kasse.product("Mate")
    assert refused(kasse, "product_set", product="Mate", changes=changes)[0] == code
    assert kasse.product("Mate") == before


@pytest.mark.parametrize(
    "name",
    ["x" * 200, "Ümläut", "茶", "чай", "شاي", "🥤", "e\u0301t\u00e9", "O'Neill; DROP TABLE x --"],
)
def test_a_name_may_be_written_in_any_script(kasse, name):
    kasse.office("product_set", product="Mate", changes={"name": f" {name} "})
    kasse.rebuild()
    [found] = [p.name for p in stammdaten.products(kasse.books.current()) if p.number == 12]
    assert found in (name, "\u00e9t\u00e9")
    assert kasse.office("product_set", product=name, changes={"price_cents": 1})


def test_every_field_of_a_product_can_be_changed(kasse):
    changes = {
        "name": "Cheese",
        "price_cents": 1990,
        "deposit_cents": 0,
        "tax_key": "2",
        "number": 7,
        "unit": "kg",
    }
    kasse.office("product_set", product="Mate", changes=changes)
    cheese = kasse.product("Cheese")
    assert (cheese.price.cents, cheese.tax_key, cheese.number, cheese.unit) == (1990, "2", 7, "kg")


def test_barcodes_cards_and_numbers_share_one_namespace(kasse):
    for taken in (MATE_EAN, "CARD-Ada"):
        assert refused(kasse, "barcode_add", product="Snack", code=taken)[0] == "taken"
        assert refused(kasse, "card_issue", member="Ada", code=taken)[0] == "taken"
    assert refused(kasse, "product_set", product="Snack", changes={"number": 42})[0] == "taken"
    assert refused(kasse, "member_add", name="Linus", number=12)[0] == "taken"


@pytest.mark.parametrize("code", ["4029764001808", "", "\x07", "x" * 200])
def test_what_no_scanner_could_send_is_no_barcode(kasse, code):
    assert refused(kasse, "barcode_add", product="Snack", code=code)[0] == "invalid"


def test_a_product_comes_with_barcodes_or_not_at_all(kasse):
    with_two = {"name": "Cola", "price_cents": 100, "barcodes": [SNACK_EAN, f"0{SNACK_EAN}"]}
    assert refused(kasse, "product_add", **with_two) == (
        "taken",
        "the same barcode is given twice",
    )
    kasse.office("product_add", **{**with_two, "barcodes": [SNACK_EAN, "KASTEN-1"]})
    codes = stammdaten.barcodes(kasse.books.current(), kasse.product("Cola").id)
    assert [code for code, _, _ in codes] == [f"0{SNACK_EAN}", "KASTEN-1"]


def test_a_barcode_that_is_retired_is_free_again(kasse):
    kasse.office("barcode_add", product="Snack", code="0-FIRST-IN-ORDER")
    kasse.office("barcode_retire", code=MATE_EAN)
    assert refused(kasse, "barcode_retire", code=MATE_EAN)[0] == "unknown"
    kasse.office("barcode_add", product="Snack", code=MATE_EAN)
    kasse.rebuild()
    found = stammdaten.product_of_code(kasse.books.current(), f"0{MATE_EAN}")
    assert found == kasse.product("Snack")


def test_a_barcode_can_be_led_to_another_product(kasse):
    kasse.office("barcode_set", code=MATE_EAN, product="Snack")
    kasse.rebuild()
    found = stammdaten.product_of_code(kasse.books.current(), f"0{MATE_EAN}")
    assert found == kasse.product("Snack")
    kasse.verify()


def test_a_product_that_is_retired_leaves_its_number_and_barcodes_to_others(kasse):
    identifier = kasse.product("Mate").id
    kasse.office("product_retire", product="Mate")
    assert refused(kasse, "product_set", product="Mate", changes={})[0] == "unknown"
    kasse.add_product("Cola", 120, number=12, barcodes=[MATE_EAN])
    db = kasse.books.current()
    assert [p.name for p in stammdaten.products_with_number(db, 0, 9)] == ["Cola"]
    kasse.office("product_set", product=identifier, changes={"price_cents": 160})
    assert not kasse.product("Mate").retired
    kasse.rebuild()
    assert kasse.product("Mate").price.cents == 160
    kasse.verify()
