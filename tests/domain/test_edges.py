"""Tables and the last value of a range: what a rule is made of, once more and by hand."""

import pytest

from kpos.domain.barcode import Barcode, Damaged, parse
from kpos.domain.document import INTEGER_MAX, plain
from kpos.domain.ids import is_id
from kpos.domain.member import LANGUAGES, NAME_LENGTH_MAX, ROLES, pin_fault
from kpos.domain.money import Money
from kpos.domain.product import NUMBER_MAX, UNITS
from kpos.domain.refusal import refuse
from kpos.domain.settings import Settings, parse_setting
from kpos.domain.tax import RATES_BP, TAX_KEYS, tax_inside
from kpos.domain.undoing import NEVER_REVERSED


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0,00"), (1, "0,01"), (-1, "-0,01"), (99, "0,99"), (100, "1,00"), (-100, "-1,00")],
)
def test_only_less_than_nothing_has_a_sign(cents, text):
    assert Money(cents).text(",") == text


@pytest.mark.parametrize("number", [INTEGER_MAX, -INTEGER_MAX])
def test_a_document_holds_integers_of_63_bits(number):
    assert plain({"n": [number]}) == {"n": [number]}
    with pytest.raises(TypeError, match="cannot be part of a document"):
        plain({"n": [number * 2]})
    with pytest.raises(TypeError, match="cannot be part of a document"):
        plain(number + (1 if number > 0 else -1))


def test_a_refusal_says_its_reason():
    refused = refuse("credit", "too little", Money(5))
    assert str(refused) == "too little"
    assert (refused.refusal.code, refused.refusal.missing) == ("credit", Money(5))


def test_the_tax_keys_are_those_of_dsfinv_k_with_the_rates_of_2026():
    assert TAX_KEYS == ("1", "2", "5", "6")
    assert RATES_BP == {"1": 1900, "2": 700, "5": 0, "6": 0}
    assert (tax_inside(1_000_000, 1900), tax_inside(1_000_000, 700)) == (159_664, 65_421)
    settings = Settings(rate_1_bp=1600, rate_2_bp=500)
    assert [settings.rate_bp(key, "2026-11-22") for key in TAX_KEYS] == [1600, 500, 0, 0]


def test_a_new_till_is_set_as_a_small_club_would_choose():
    assert Settings() == Settings(
        default_tax_key="6",
        rate_1_bp=1900,
        rate_2_bp=700,
        free_limit_cents=2000,
        undo_minutes=5,
        deposit_return="wallet",
        guest_group="guests",
        in_store_layouts=(),
        zone="Europe/Berlin",
    )


def test_the_words_of_the_master_data():
    assert UNITS == ("piece", "kg")
    assert ROLES == ("member", "trusted", "admin")
    assert LANGUAGES == ("de", "en")
    assert (NUMBER_MAX, NAME_LENGTH_MAX) == (99_999, 200)


@pytest.mark.parametrize(
    ("role", "shortest"), [("member", "1234"), ("trusted", "123456"), ("admin", "123456")]
)
def test_who_moves_other_peoples_money_types_two_digits_more(role, shortest):
    assert pin_fault(shortest, role) is None
    assert pin_fault(shortest[:-1], role) == f"a PIN has {len(shortest)} to 8 digits"
    assert pin_fault("12345678", role) is None
    assert pin_fault("123456789", role) is not None


@pytest.mark.parametrize(
    ("key", "last", "beyond"),
    [
        ("rate_1_bp", "5000", "5001"),
        ("rate_2_bp", "0", "-1"),
        ("undo_minutes", "10080", "10081"),
        ("undo_minutes", "0", "-1"),
        ("free_limit_cents", "0", "-0,01"),
    ],
)
def test_a_setting_goes_up_to_its_last_value(key, last, beyond):
    assert parse_setting(key, last) == int(last)
    with pytest.raises(ValueError, match=r"\w"):
        parse_setting(key, beyond)


@pytest.mark.parametrize("policy", ["wallet", "house", "off"])
def test_the_policies_of_deposit(policy):
    assert parse_setting("deposit_return", policy) == policy


def test_an_id_has_sixteen_hexadecimal_digits():
    assert is_id("0123456789abcdef")
    for wrong in ("", "0" * 15, "0" * 17, "0" * 15 + "A", "0" * 15 + "g", "0" * 15 + "~"):
        assert not is_id(wrong)


@pytest.mark.parametrize("code", ["]E00ABCDEF", "]E0ABCDEF", "]E012345A", "]E30ABCDEF"])
def test_letters_are_no_ean(code):
    assert parse(code) == Damaged("check_digit")


def test_snapshots_and_halves_of_pairs_are_never_reversed():
    halves, counts = {"debit", "costing", "reversal"}, {"cash_count", "closing"}
    assert halves | counts | {"master_change"} == NEVER_REVERSED


def test_a_scan_has_128_characters_and_no_more():
    assert parse("A" * 128) == Barcode("A" * 128)
    assert parse("A" * 129) == Damaged("too_long")


def test_only_three_characters_are_a_scanners_word_for_the_symbology():
    assert parse("]C0ä") == Barcode("ä")
    assert parse("]ä0X") == Barcode("]ä0X")


@pytest.mark.parametrize("code", ["~CARD~", "P", "-1", "CARD 7"])
def test_only_blanks_around_a_code_do_not_count(code):
    assert parse(code) == parse(f"\t{code} \r\n") == Barcode(code)
