"""Money is integer cents, and the one rounding loses none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.ids import is_id, make_id
from kpos.domain.money import CENTS_MAX, ZERO, Money, portion, sum_money

amounts = st.integers(-CENTS_MAX, CENTS_MAX).map(Money)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("20", 2000),
        ("20.00", 2000),
        ("20,00", 2000),
        ("-0,15", -15),
        ("0", 0),
        ("999999.99", CENTS_MAX),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(typed, cents):
    assert Money.parse(typed) == Money(cents)


@pytest.mark.parametrize(
    "typed",
    [
        "", "-", "--1", "1.5", "1.505", "1,00.00", "20.", ".50", "1e3", " 1", "+1", "٣", "1.٣٣",
        "1000000.00", "4029764001807", "nan",
    ],
)  # fmt: skip
def test_nothing_else_is_an_amount(typed):
    with pytest.raises(ValueError, match="not an amount"):
        Money.parse(typed)


@given(amounts)
def test_what_is_shown_can_be_typed(amount):
    assert Money.parse(amount.text(",")) == Money.parse(str(amount)) == amount


@pytest.mark.parametrize("wrong", [1.5, "150", True, None])
def test_money_is_never_anything_but_integer_cents(wrong):
    with pytest.raises(TypeError, match="integer cents"):
        Money(wrong)


@given(amounts, amounts, st.integers(-99, 99))
def test_money_adds_up_like_its_cents(one, other, times):
    assert (one + other).cents == one.cents + other.cents
    assert one - other == one + -other
    assert (one * times).cents == one.cents * times
    assert bool(one) == (one != ZERO)
    assert (one < other) == (one.cents < other.cents)
    assert sum_money((one, other)) == one + other


@given(st.integers(0, 10**9), st.lists(st.integers(0, 500), min_size=1))
def test_a_whole_cut_from_what_is_left_loses_no_cent(total, parts):
    left, whole = total, sum(parts)
    for part in parts:
        share = portion(left, part, whole)
        assert 0 <= share <= left
        left, whole = left - share, whole - part
    assert left == (0 if sum(parts) else total)


def test_a_half_cent_is_rounded_up():
    assert portion(1, 1, 2) == 1
    assert portion(1599, 1, 20) == 80
    assert portion(100, 5, 0) == 0


@given(st.binary(min_size=8, max_size=8))
def test_eight_random_bytes_make_an_id_that_sqlite_can_hold(random_bytes):
    made = make_id(random_bytes)
    assert is_id(made)
    assert int(made, 16) < 1 << 63


@pytest.mark.parametrize("text", ["", "12", "0123456789ABCDEF", "0123456789abcdeg", "0" * 17])
def test_an_id_is_sixteen_lower_case_hex_digits(text):
    assert not is_id(text)
