"""Tables and the last value of a range: what a rule is made of, once more and by hand."""

import pytest

from kpos.domain.barcode import Barcode, parse
from kpos.domain.document import INTEGER_MAX, plain
from kpos.domain.money import Money
from kpos.domain.product import UNITS
from kpos.domain.refusal import refuse
from kpos.domain.settings import Settings
from kpos.domain.tax import RATES_BP, TAX_KEYS
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
    settings = Settings(rate_1_bp=1600, rate_2_bp=500)
    assert [settings.rate_bp(key) for key in TAX_KEYS] == [1600, 500, 0, 0]


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


def test_goods_are_counted_or_weighed():
    assert UNITS == ("piece", "kg")


def test_snapshots_and_halves_of_pairs_are_never_reversed():
    halves, counts = {"debit", "costing", "reversal"}, {"cash_count", "closing"}
    assert halves | counts | {"master_change"} == NEVER_REVERSED


@pytest.mark.parametrize("code", ["~CARD~", "P", "-1", "CARD 7"])
def test_only_blanks_around_a_code_do_not_count(code):
    assert parse(code) == parse(f"\t{code} \r\n") == Barcode(code)
