"""A crate has a barcode of its own: the till sells, and takes back, its bottles."""

import pytest

from tests.kiosk import MATE

CRATE = "4029764001814"


@pytest.fixture
def crates(kiosk):
    kiosk.office("barcode_add", product=MATE, code=CRATE, pack=6, pack_deposit_cents=150)
    return kiosk


def test_a_crate_is_sold_as_its_bottles_and_keeps_its_own_deposit(crates):
    crates.card("CARD-ADA")
    crates.scan(CRATE)
    assert "Summe 6 Artikel                     9,90" in crates.shows
    crates.type("#")
    assert crates.kinds[-1] == "sale"
    assert str(crates.credit("CARD-ADA")) == "8.45"


def test_a_crate_may_be_typed(crates):
    crates.card("CARD-ADA")
    crates.type(f"{CRATE}#")
    assert "Summe 6 Artikel                     9,90" in crates.shows


def test_more_crates_than_a_line_holds_are_refused(crates):
    crates.card("CARD-ADA")
    crates.type("17")
    crates.scan(CRATE)
    assert "nur 1 bis 99 Stück" in crates.says
