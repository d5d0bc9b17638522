"""The codes of cards on paper, as a scanner sends them."""

from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.barcode import Barcode, parse
from kpos.domain.ids import CARD_CODE_BYTES, make_card_code

RANDOM = st.binary(min_size=CARD_CODE_BYTES, max_size=CARD_CODE_BYTES)


@given(RANDOM)
def test_whatever_a_scanner_calls_the_symbol_the_code_is_the_one_that_was_stored(random):
    code = make_card_code(random)
    for sent in (code, f"]C0{code}", f"]Q1{code}", f" {code}\r\n"):
        assert parse(sent) == Barcode(code)


@given(RANDOM, RANDOM)
def test_every_bit_counts(one, other):
    codes = {make_card_code(one), make_card_code(other)}
    assert len(codes) == len({one, other})
    assert all(len(code) == 40 and code.isdigit() for code in codes)


def test_the_smallest_and_the_largest_are_as_long():
    assert make_card_code(bytes(16)) == "9" + "0" * 39
    assert make_card_code(b"\xff" * 16) == f"9{2**128 - 1}"
