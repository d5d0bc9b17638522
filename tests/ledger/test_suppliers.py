"""Who delivers; crates that have barcodes of their own; what is little of a product."""

import pytest

from kpos.domain.document import Draft
from kpos.domain.money import Money
from kpos.domain.product import PIECE, Pack, parse_quantity, quantity_text
from kpos.ledger import stammdaten
from kpos.ledger.office import find
from kpos.ledger.reading import position_of
from kpos.ledger.suppliers import suppliers
from tests.ledger.kasse import ADMIN, Kasse
from tests.ledger.test_office_goods import refused

CRATE = "4029764001814"
PRODUCT, BARCODE = "0000000000000001", "0000000000000002"


def crate_of(kasse: Kasse) -> Pack:
    return stammdaten.packs(kasse.books.current()).get(f"0{CRATE}", PIECE)


def test_a_supplier_is_renamed_retired_and_comes_back(kasse):
    identifier = kasse.office("supplier_add", name="Getränke Quelle")["id"]
    kasse.office("supplier_set", supplier="Getränke Quelle", name="Quelle")
    assert find.supplier(kasse.books.current(), "Quelle").id == identifier
    kasse.office("supplier_retire", supplier="Quelle")
    assert refused(kasse, "supplier_retire", supplier="Quelle")[0] == "unknown"
    kasse.office("supplier_add", name="Quelle")
    assert refused(kasse, "supplier_set", supplier=identifier, name="Quelle")[0] == "taken"
    kasse.office("supplier_set", supplier=identifier, name="Quelle 1")
    names = [(each.name, each.retired) for each in suppliers(kasse.books.current())]
    assert names == [("Quelle", False), ("Quelle 1", False)]


def test_a_supplier_has_a_name_of_its_own_in_the_private_part(kasse):
    kasse.office("supplier_add", name="Quelle")
    assert refused(kasse, "supplier_add", name=" Quelle ")[0] == "taken"
    document = kasse.documents()[-1]
    assert document.body["fields"] == {}
    private = kasse.books.journal.private_part(position_of(document.ref))
    assert private == {"name": "Quelle"}


def test_a_crate_has_its_own_barcode_and_deposit(kasse):
    kasse.office("barcode_add", product="Mate", code=CRATE, pack=20, pack_deposit_cents=150)
    assert crate_of(kasse) == Pack(20, Money(150))
    kasse.office("barcode_set", code=CRATE, pack=2)
    kasse.office("barcode_set", code=CRATE, pack=24)
    assert crate_of(kasse) == Pack(24, Money(150))
    kasse.office("barcode_set", code=CRATE, pack_deposit_cents=0)
    assert crate_of(kasse) == Pack(24)
    kasse.office("barcode_set", code=CRATE, product="Snack")
    assert stammdaten.article_of_code(kasse.books.current(), f"0{CRATE}") == (
        kasse.product("Snack"),
        Pack(24),
    )
    kasse.office("barcode_set", code=CRATE, pack=1)
    assert crate_of(kasse) == PIECE
    kasse.verify()


@pytest.mark.parametrize(
    ("pack", "code"),
    [
        ({"pack": 1}, "invalid"),
        ({"pack": 0}, "invalid"),
        ({"pack": 10_000}, "invalid"),
        ({"pack_deposit_cents": 150}, "invalid"),
        ({"pack": 20, "pack_deposit_cents": -1}, "amount"),
    ],
)
def test_a_crate_that_cannot_be_one_is_refused(kasse, pack, code):
    assert refused(kasse, "barcode_add", product="Mate", code=CRATE, **pack)[0] == code


def test_what_is_weighed_comes_in_no_crates(kasse):
    kasse.add_product("Gouda", 1990, unit="kg")
    told = refused(kasse, "barcode_add", product="Gouda", code=CRATE, pack=4)
    assert told == ("invalid", "Gouda is sold by weight, not in crates")


def test_little_of_a_product_is_told_in_its_unit(kasse):
    kasse.add_product("Gouda", 1990, unit="kg", low_stock="1,5")
    assert kasse.product("Gouda").low_stock == 1500
    kasse.office("product_set", product="Mate", changes={"low_stock": "12"})
    assert kasse.product("Mate").low_stock == 12
    kasse.office("product_set", product="Mate", changes={"low_stock": None})
    assert kasse.product("Mate").low_stock is None
    told = refused(kasse, "product_set", product="Mate", changes={"low_stock": "1.5"})
    assert told == ("amount", "not a quantity: '1.5' (write whole pieces, as 24)")


def test_the_unit_of_what_was_booked_stays(kasse):
    kasse.office("product_set", product="Snack", changes={"unit": "kg"})
    kasse.buy("Ada", "Mate")
    told = refused(kasse, "product_set", product="Mate", changes={"unit": "kg", "deposit_cents": 0})
    assert told == ("invalid", "Mate was booked by the piece: retire it and add a new one")


def test_documents_from_before_there_were_crates_still_count(kasse):
    fields = {"name": "Cola", "price_cents": 100, "deposit_cents": 0, "tax_key": "6"}
    fields |= {"number": None, "unit": "piece"}
    code = {"code": "04000177120019", "product": PRODUCT}
    for entity, identifier, row in (("product", PRODUCT, fields), ("barcode", BARCODE, code)):
        body = {"v": 1, "entity": entity, "id": identifier, "action": "set", "fields": row}
        kasse.post(Draft("master_change", body, author=ADMIN))
    found = stammdaten.article_of_code(kasse.books.current(), code["code"])
    assert found is not None
    assert (found[0].name, found[0].low_stock, found[1]) == ("Cola", None, PIECE)
    kasse.verify()


@pytest.mark.parametrize(
    ("text", "unit", "quantity", "shown"),
    [
        ("24", "piece", 24, "24"),
        ("2.5", "kg", 2500, "2.500"),
        ("0,005", "kg", 5, "0.005"),
        ("3", "kg", 3000, "3.000"),
    ],
)
def test_a_quantity_is_read_as_it_is_shown(text, unit, quantity, shown):
    assert parse_quantity(text, unit) == quantity
    assert quantity_text(quantity, unit) == shown
    assert quantity_text(-quantity, unit) == f"-{shown}"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1.5", "piece"),
        ("1.", "kg "),
        ("", "kg"),
        ("3.", "kg"),
        ("x", "piece"),
        ("1.2345", "kg"),
        ("-1", "kg"),
    ],
)
def test_what_is_no_quantity_is_refused(text, unit):
    with pytest.raises(ValueError, match="not a quantity"):
        parse_quantity(text, "kg" if unit == "kg" else "piece")
