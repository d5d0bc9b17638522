"""Scans go into the cart and come out of it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.cart import SCANS_MAX, Cart, Entry
from kpos.domain.money import ZERO, Money
from kpos.domain.product import Charge, Offer, Product, Tier
from kpos.domain.values import replace
from tests.domain.shelf import CHEESE, MATE, MILK, NOW, cart_of, carts, offer_of


def test_the_same_bottle_twice_is_one_line():
    cart = cart_of((MATE, 1), (MILK, 1), (MATE, 2))
    assert [(line.offer.product, line.quantity) for line in cart.lines] == [(MATE, 3), (MILK, 1)]
    assert cart.line_of_last().quantity == 3
    assert cart.pieces == 4
    assert cart.total == Money(3 * 165 + 119)


def test_two_pieces_of_cheese_are_two_lines_and_two_pieces():
    cart = cart_of((CHEESE, 250), (CHEESE, 333))
    assert [line.gross for line in cart.lines] == [Money(498), Money(663)]
    assert cart.line_of_last().quantity == 333
    assert cart.pieces == 2
    assert cart.lines[0].charged == ZERO


def test_a_cart_holds_no_more_scans_than_anybody_makes():
    cart = cart_of(*[(MATE, 1)] * SCANS_MAX)
    with pytest.raises(OverflowError, match="100 scans"):
        cart.plus(Entry(offer_of(MATE), 1))


def test_the_last_scan_is_taken_back_and_with_the_first_the_time_is_forgotten():
    cart = Cart(began_at=NOW).plus(Entry(offer_of(MATE), 1)).plus(Entry(offer_of(MILK), 1))
    one = cart.minus_last()
    assert (len(one.entries), one.began_at) == (1, NOW)
    assert one.minus_last() == Cart()
    assert not Cart()
    assert one


def test_many_of_one_product_make_no_other_one_cheaper():
    def by_six(product: Product, cents: int) -> Offer:
        one = offer_of(product)
        prices = ((1, one.price), (6, Money(cents)))
        tiers = (Tier(n, price, one.charges, "condition", None) for n, price in prices)
        return replace(one, tiers=tuple(tiers))

    mate, milk = by_six(MATE, 120), by_six(MILK, 99)
    cart = Cart(began_at=NOW).plus(Entry(mate, 1)).plus(Entry(milk, 6))
    assert [line.offer.price for line in cart.lines] == [Money(150), Money(99)]
    assert [line.offer.price for line in cart.minus_last().lines] == [Money(150)]
    assert cart.plus(Entry(mate, 5)).total == Money(6 * 135 + 6 * 99)


def test_deposit_and_levies_are_charged_per_piece():
    charges = (*offer_of(MATE).charges, Charge("levy:donation", Money(10), "6", 0))
    offer = Offer(MATE, Money(180), 1900, charges, "condition")
    assert Entry(offer, 2).total == Money(2 * 205)


@given(st.integers(1, 20_000), st.integers(1, 2_000).map(lambda weight: 25 * weight))
def test_half_a_cent_of_a_weighed_piece_is_rounded_up(cents_per_kg, grams):
    offer = replace(offer_of(CHEESE), price=Money(cents_per_kg))
    rounded_by = 1000 * Entry(offer, grams).gross.cents - cents_per_kg * grams
    assert -500 < rounded_by <= 500


@given(carts)
def test_lines_add_up_to_the_scans(cart):
    pieces = [each for each in cart.entries if each.offer.product.unit == "piece"]
    merged = [each for each in cart.lines if each.offer.product.unit == "piece"]
    assert sum(each.total.cents for each in pieces) == sum(each.total.cents for each in merged)
    assert sum(each.quantity for each in cart.entries) == sum(each.quantity for each in cart.lines)
