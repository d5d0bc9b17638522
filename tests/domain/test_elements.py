"""Tables of the GS1 General Specifications that a scan is read by, row by row."""

import pytest

from kpos.domain.barcode import GS, Barcode, Damaged, Layout, parse

MATE = "04029764001807"
# Figure 7.8.5-2: elements of predefined length, how their identifier begins -> digits in all.
PREDEFINED = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8, "15": 8,
    "16": 8, "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10, "34": 10, "35": 10,
    "36": 10, "41": 16,
}  # fmt: skip
OF_ANY_LENGTH = ["10", "21", "22", "23", "30", "37", "39", "40", "42", "70", "80", "90", "99"]
IN_STORE = ["02", "04", *map(str, range(20, 30))]


@pytest.mark.parametrize(("key", "digits"), PREDEFINED.items())
def test_an_element_of_predefined_length_needs_no_separator(key, digits):
    filled = key + "0" * (digits - len(key))
    if key != "01":
        assert "lot='LOT'" in repr(parse(f"]C101{MATE}{filled}10LOT"))
        assert "lot='LOT'" in repr(parse(f"]C101{MATE}{filled}{GS}10LOT"))
        assert parse(f"]C101{MATE}{filled[:-1]}") == Damaged("elements")
        assert parse(f"]C101{MATE}{filled[:-1]}A") == Damaged("elements")


@pytest.mark.parametrize("key", OF_ANY_LENGTH)
def test_an_element_of_any_length_ends_with_a_separator_or_the_scan(key):
    lot = "1" if key == "10" else None
    assert parse(f"]C1{key}1{GS}01{MATE}") == Barcode(MATE, is_gtin=True, lot=lot)
    assert parse(f"]C101{MATE}{key}1") == Barcode(MATE, is_gtin=True, lot=lot)


@pytest.mark.parametrize("prefix", ["]C1", "]d2", "]Q3", "]e0", "]J1"])
def test_every_symbol_that_holds_elements_is_read_as_such(prefix):
    assert parse(f"{prefix}10LOT{GS}01{MATE}") == Barcode(MATE, is_gtin=True, lot="LOT")
    assert parse(f"{prefix}HELLO") == Damaged("elements")


@pytest.mark.parametrize("prefix", IN_STORE)
def test_every_in_store_prefix_may_have_a_layout(prefix):
    assert Layout.parse(f"{prefix}IIIIIPPPPPC").pattern.startswith(prefix)


@pytest.mark.parametrize("prefix", ["00", "01", "03", "05", "12", "19", "30", "31", "40", "98"])
def test_no_other_prefix_may_have_a_layout(prefix):
    with pytest.raises(ValueError, match="must begin with"):
        Layout.parse(f"{prefix}IIIIIPPPPPC")
