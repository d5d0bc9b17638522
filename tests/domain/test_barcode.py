"""Scans of every symbology, as scanners with and without symbology identifiers send them."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpos.domain.barcode import (
    GS,
    SCAN_MAX,
    Barcode,
    Damaged,
    Layout,
    check_digit,
    inner_check_digit,
    parse,
)
from kpos.domain.money import CENTS_MAX, Money

MATE = "04029764001807"
ONE_KIND = "needs a value of one kind: P (cents), W (grams) or Q (count)"

GERMAN = Layout.parse("28IIIIcWWWWWC")
LAYOUTS = (
    GERMAN,
    Layout.parse("22IIIIIPPPPPC"),
    Layout.parse("25IIIIcQQQQQC"),
    Layout.parse("02IIIIIPPPPPC"),
    Layout.parse("29IIIIIIWWWWC"),
)

# From real bottles and bags (the demo sells them).
EANS = """
    4029764001807 4260031874056 4260401930429 4066600603405 4101120006685 40678092 4260031875008
    4015533019562 4100060009503 42265832 5000159461122 7613032872731 7622300199227 4003586104892
    4006381333931
"""
# Every way to send one code. Upper case is how a QR code saves space; ]E3 is a magazine with its
# add-on; 42265832 cannot be UPC-E, which knows no number system 4.
SPELLINGS = {
    "04029764001807": """
        4029764001807 04029764001807 ]E04029764001807 ]E004029764001807 ]E3402976400180705
        ]C04029764001807 ]C14029764001807 0104029764001807 ]C10104029764001807 ]d20104029764001807
        ]Q30104029764001807 ]e00104029764001807 https://id.gs1.org/01/04029764001807
        ]Q1HTTPS://KPOS.EXAMPLE/shop/01/4029764001807/10/A1?17=261231#top
    """,
    "00000042265832": "42265832 ]E442265832 ]E042265832 http://example.org/01/2/01/42265832#?/",
    "00036000241457": "036000241457 0036000241457 ]E0036000241457 ]E0036000241457",
    "14029764001804": "14029764001804 ]I114029764001804 0114029764001804",
}
# A pallet, digits that are not ASCII, and what nobody said is a GTIN are among them.
NO_GTIN = """
    MEMBER-17 17 1234567890 ]17 ٤٠٢٩٧٦٤٠٠١٨٠٧ 0104029764001808 00340123450000000018
    0104029764001807-A https://example.org/01/4029764001808 https://example.org ftp://a/01/4029764001807
"""
DAMAGED = {
    "check_digit": "]E04029764001808 ]E001234566 ]E02234565 ]E105 ]E4ABCDEFGH ]C10104029764001808",
    "elements": """
        ]C1HELLO ]C1010402976400180 ]C1010402976400180710 ]d2010402976400180715AB1231
        ]C101040297640018073922 ]C1010402976400180739221,99 ]C10104029764001807392099999999
    """,
    "prefix": "]C0]C04029764001807",
}
# Every place the zeros can be left out of; six and seven digits lack the check digit.
UPC_E = """
    04252614=042100005264 01234505=012000003455 01234514=012100003454 01234523=012200003453
    01234531=012300000451 01234543=012340000053 01234558=012345000058 01234565=012345000065
    01234596=012345000096 11234562=112345000062 425261=042100005264 0425261=042100005264
    1123456=112345000062
"""


def with_check(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


def read(text: str, layouts: tuple[Layout, ...] = ()) -> Barcode:
    scan = parse(text, layouts)
    assert isinstance(scan, Barcode)
    return scan


def label(prefix: str, item: str, value: str) -> str:
    """What a scale prints for a layout with an inner check digit."""
    return with_check(f"{prefix}{item}{inner_check_digit(value)}{value}")


digits = st.text("0123456789", min_size=1)
gtins = st.sampled_from((7, 11, 12, 13)).flatmap(
    lambda size: st.text("0123456789", min_size=size, max_size=size).map(with_check)
)
pieces = st.sampled_from(
    ["]E0", "]E4", "]C1", "]Q3", "01", "10", "15", "3103", "3922", "20", "http://a/01/", "2", GS]
)
scans = st.one_of(
    st.text(),
    gtins,
    st.lists(st.one_of(pieces, digits, gtins, st.text(max_size=3)), max_size=6).map("".join),
)


@pytest.mark.parametrize("ean", EANS.split())
def test_a_real_ean_is_stored_as_gtin_14(ean):
    assert parse(ean) == Barcode(ean.zfill(14), is_gtin=True)


@pytest.mark.parametrize("code", SPELLINGS)
def test_every_spelling_of_a_gtin_is_one_code(code):
    for spelling in SPELLINGS[code].split():
        assert parse(spelling) == parse(f" {spelling}\r\n") == Barcode(code, is_gtin=True), spelling


@pytest.mark.parametrize("pair", UPC_E.split())
def test_upc_e_is_expanded_when_the_scanner_says_it_is_of_that_family(pair):
    upc_e, upc_a = pair.split("=")
    assert parse(f"]E0{upc_e}") == Barcode(upc_a.zfill(14), is_gtin=True)


def test_eight_digits_without_identifier_are_ean_8_even_where_upc_e_would_fit():
    assert parse("01234565") == parse("]E401234565") == Barcode("00000001234565", is_gtin=True)
    assert parse("04252614") == Barcode("04252614", check_failed=True)
    assert parse("425261") == Barcode("425261")


@pytest.mark.parametrize("code", ["4029764001808", "42265833", "036000241458", "14029764001805"])
def test_digits_with_a_wrong_check_digit_stay_as_read_and_are_marked(code):
    assert parse(code) == parse(f"]C0{code}") == Barcode(code, check_failed=True)


@pytest.mark.parametrize(
    "code", [*NO_GTIN.split(), "Käse 3", "A" * SCAN_MAX, f"02{MATE}3724{GS}10A"]
)
def test_what_is_no_gtin_stays_as_read(code):
    assert parse(code) == Barcode(code)


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("]E0", "empty"),
        (GS, "empty"),
        ("7" * (SCAN_MAX + 1), "too_long"),
        ("40297\x0064001807", "unprintable"),
        ("4029764\t001807", "unprintable"),
        ("card\u202e17", "unprintable"),
        ("\ud800", "unprintable"),
        (f"]C10104029764001807{GS}{GS}10A", "elements"),
        *((scan, reason) for reason, scans in DAMAGED.items() for scan in scans.split()),
    ],
)
def test_a_damaged_scan_says_why(scan, reason):
    assert parse(scan, LAYOUTS) == Damaged(reason)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (f"10L-7{GS}15261231", {"lot": "L-7", "best_before": date(2026, 12, 31)}),
        ("1526120010L7", {"lot": "L7", "best_before": date(2026, 12, 31)}),
        ("17280200", {"use_by": date(2028, 2, 29)}),
        ("15270200", {"best_before": date(2027, 2, 28)}),
        ("15261301", {}),
        ("15260000", {}),
        ("3103001250", {"weight_grams": 1250}),
        ("3100000002", {"weight_grams": 2000}),
        ("3105012345", {"weight_grams": 123}),
        ("3104012345", {"weight_grams": 1235}),
        ("3922199", {"price": Money(199)}),
        ("39202", {"price": Money(200)}),
        (f"3922199{GS}3103000500", {"price": Money(199), "weight_grams": 500}),
        (f"21SERIAL{GS}3922199", {"price": Money(199)}),
        ("200110B", {"lot": "B"}),
        (f"10B{GS}", {"lot": "B"}),
        (f"10B{GS}10C", {"lot": "B"}),
        (f"3922{CENTS_MAX}", {"price": Money(CENTS_MAX)}),
    ],
)
@pytest.mark.parametrize("prefix", ["]C1", "]d2", GS, ""])
def test_elements_behind_the_gtin_are_read(prefix, elements, expected):
    assert parse(f"{prefix}01{MATE}{elements}") == Barcode(MATE, is_gtin=True, **expected)


@pytest.mark.parametrize(
    ("scan", "code", "value"),
    [
        (label("28", "1234", "00750"), "2812340000002", {"weight_grams": 750}),
        (label("28", "1234", "14685"), "2812340000002", {"weight_grams": 14685}),
        ("02812340000002", "2812340000002", {"weight_grams": 0}),
        (with_check("221234500199"), "2212345000005", {"price": Money(199)}),
        (label("25", "0001", "00006"), "2500010000000", {"count": 6}),
        (with_check("21234500199"), "0212345000007", {"price": Money(199)}),
        (with_check("291234560750"), "2912345600006", {"weight_grams": 750}),
        ("]E0" + label("28", "1234", "00750"), "2812340000002", {"weight_grams": 750}),
    ],
)
def test_a_label_of_the_scale_is_an_item_and_a_value(scan, code, value):
    assert parse(scan, LAYOUTS) == Barcode(f"0{code}", is_gtin=True, **value)


def test_the_gtin_may_follow_other_elements():
    assert parse(f"]C110B{GS}01{MATE}") == Barcode(MATE, is_gtin=True, lot="B")


def test_an_element_wins_over_the_label():
    scan = f"]e0010{label('28', '1234', '00750')}3103000751"
    assert parse(scan, LAYOUTS) == Barcode("02812340000002", is_gtin=True, weight_grams=751)


def test_the_first_layout_with_the_prefix_decides():
    other = Layout.parse("28IIIIIQQQQQC")
    scan = label("28", "1234", "00750")
    assert parse(scan, (GERMAN, other)) == parse(scan, (GERMAN,))
    assert parse(scan, (other, GERMAN)) == parse(scan, (other,))


@pytest.mark.parametrize("scan", [label("28", "1234", "00750"), "2000000000008", "4029764001807"])
def test_without_its_layout_an_in_store_number_is_a_code_like_any_other(scan):
    assert parse(scan, LAYOUTS[1:]) == parse(scan) == Barcode(f"0{scan}", is_gtin=True)


def test_a_case_of_an_in_store_number_is_no_label():
    code = with_check("1281234000000")
    assert parse(code, LAYOUTS) == Barcode(code, is_gtin=True)


def test_a_wrong_inner_check_digit_is_a_damaged_label():
    good = label("28", "1234", "00750")
    bad = with_check(f"281234{(int(good[6]) + 1) % 10}00750")
    assert parse(bad, LAYOUTS) == Damaged("inner_check_digit")
    assert parse(f"]C1010{bad}", LAYOUTS) == Damaged("inner_check_digit")


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("", "needs 13 characters, has 0"),
        ("28IIIIcWWWWC", "needs 13 characters, has 12"),
        ("40IIIIcWWWWWC", "must begin with 20 to 29, 02 or 04"),
        ("28IIIIcWWWWWI", "must end with C, the check digit"),
        ("28IIIIcWWWWWc", "must end with C, the check digit"),
        ("28~IIIcWWWWWC", "only I, c, P, W and Q may stand before the C"),
        ("28WWWWWWWWWWC", "has no I for the item"),
        ("28IIIIIIIIIIC", ONE_KIND),
        ("28IIIIcWWWPPC", ONE_KIND),
        ("28IIIccWWWWWC", "has more than one inner check digit c"),
        ("28IIIIIcWWWWC", "c needs a value of 5 digits"),
    ],
)
def test_a_bad_layout_is_refused_with_its_reason(pattern, problem):
    with pytest.raises(ValueError, match="barcode layout") as refusal:
        Layout.parse(pattern)
    assert str(refusal.value) == f"barcode layout {pattern!r}: {problem}"


@pytest.mark.parametrize(
    ("body", "check"),
    [("402976400180", 7), ("4226583", 2), ("03600024145", 7), ("37610425002123456", 9), ("", 0)],
)
def test_the_check_digit_has_weight_three_beside_it(body, check):
    assert check_digit(body) == check


@pytest.mark.parametrize(("value", "check"), [("14685", 6), ("00000", 0), ("00750", 9)])
def test_the_inner_check_digit_follows_the_rule_of_gs1(value, check):
    assert inner_check_digit(value) == check


@given(gtins, st.data())
def test_any_single_wrong_digit_is_caught(gtin, data):
    place = data.draw(st.integers(0, len(gtin) - 1))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda other: other != gtin[place]))
    misread = gtin[:place] + digit + gtin[place + 1 :]
    assert parse(misread) == Barcode(misread, check_failed=True)
    family = "]E4" if len(misread) == 8 else "]E0"
    assert parse(family + misread) == Damaged("check_digit")


@given(st.integers(0, 99_999), st.integers(0, 4), st.integers(1, 9))
def test_any_single_wrong_digit_of_a_value_is_caught(value, place, wrong):
    good = f"{value:05}"
    bad = good[:place] + str((int(good[place]) + wrong) % 10) + good[place + 1 :]
    assert inner_check_digit(bad) != inner_check_digit(good)


@given(st.integers(0, 9999), st.integers(0, 99_999))
def test_every_weight_of_an_item_has_the_same_code(item, grams):
    scan = read(label("28", f"{item:04}", f"{grams:05}"), LAYOUTS)
    assert scan.weight_grams == grams
    assert scan.code == read(label("28", f"{item:04}", "00000")).code


@given(scans, st.sampled_from([(), LAYOUTS]))
def test_every_text_is_answered_and_a_code_is_its_own_code(text, layouts):
    assume(isinstance(parse(text, layouts), Barcode))
    scan, again = read(text, layouts), read(read(text, layouts).code, layouts)
    assert (again.code, again.is_gtin) == (scan.code, scan.is_gtin)
    assert len(scan.code) == 14 if scan.is_gtin else scan.code in text
