"""What can be a condition, and how precedence is told."""

import pytest

from kpos.domain.condition import Condition, fault_of
from kpos.domain.ids import Id
from kpos.domain.money import CENTS_MAX, Money
from kpos.domain.pricing import Cost, Request, explain, offer, price_of
from kpos.domain.product import Charge
from kpos.domain.values import replace
from tests.domain.shelf import ADA, CHEESE, MATE, NOW, WATER, cart_of

GUESTS, SIX = Id("00000000000000e2"), 6
PLAIN = Condition(Id("0000000000000c01"), "fixed", 130, product=MATE.id)
UNPRICED = replace(MATE, price=None)
HOUR_MS = 3_600_000


def ask(product=MATE, **more):
    asked = Request(product, NOW, ADA.group, ADA.member, None, step_cents=5, rate_bp=1900)
    return replace(asked, **more)


def why(conditions, request, quantity=1):
    """Prices and what decided, the winner first."""
    judged = explain(conditions, request, quantity)
    return [(str(each.price) if each.price else None, each.lost) for each in judged]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"value": CENTS_MAX}, None),
        ({"value": -1}, "a price is from 0.00"),
        ({"value": CENTS_MAX + 1}, "a price is from 0.00"),
        ({"kind": "markup", "value": -10_000}, None),
        ({"kind": "markup", "value": 100_000}, None),
        ({"kind": "markup", "value": -10_001}, "a markup is from -100 to 1000 percent"),
        ({"kind": "markup", "value": 100_001}, "a markup is from"),
        ({"member": ADA.member, "group": GUESTS}, "a member has one"),
        ({"min_quantity": 0}, "a quantity is from 1 to 9900"),
        ({"min_quantity": 9_901}, "a quantity is from"),
        ({"start": NOW, "end": NOW}, "it ends before it starts"),
        ({"start": NOW, "end": NOW.plus_ms(1)}, None),
        ({"start": NOW}, None),
        ({"end": NOW}, None),
        ({"comment": "x" * 200}, None),
        ({"comment": "x" * 201}, "a comment is one line"),
        ({"comment": "two\nlines"}, "a comment is one line"),
        ({"levy": Money(10), "levy_for": "donation-2026"}, None),
        ({"levy": Money(-1), "levy_for": "x"}, "a levy is from 0.00"),
        ({"levy": Money(CENTS_MAX + 1), "levy_for": "x"}, "a levy is from 0.00"),
        ({"levy": Money(10)}, "a levy has an amount and a name"),
        ({"levy_for": "donation"}, "a levy has an amount and a name"),
        ({"levy": Money(10), "levy_for": "x" * 31}, "at most 30"),
        ({"levy": Money(10), "levy_for": "Spende"}, "at most 30 of a-z"),
    ],
)
def test_what_is_no_condition_is_said(change, fault):
    found = fault_of(replace(PLAIN, **change))
    assert found is None if fault is None else fault in (found or "")


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        ({}, True),
        ({"product": WATER.id}, False),
        ({"group": GUESTS}, False),
        ({"min_quantity": SIX}, False),
        ({"start": NOW}, False),
        ({"start": NOW.plus_ms(-1)}, True),
        ({"end": NOW.plus_ms(-HOUR_MS)}, False),
        ({"end": NOW.plus_ms(1 - HOUR_MS)}, True),
    ],
)
def test_two_conditions_meet_where_both_apply_at_once(other, meets):
    hour = replace(PLAIN, start=NOW.plus_ms(-HOUR_MS), end=NOW)
    second = replace(PLAIN, **other)
    assert hour.meets(second) is second.meets(hour) is meets


def test_a_markup_is_rounded_up_to_the_step_and_a_fixed_price_is_not():
    crate = Cost(1599, 20)  # 79.95 cents a bottle

    def price(value, step_cents=5, kind="markup", cost=crate, unit="piece"):
        condition = replace(PLAIN, kind=kind, value=value)
        return price_of(condition, cost, unit, step_cents)

    assert price(0) == Money(80)
    assert price(0, step_cents=1) == Money(80)
    assert price(5000) == Money(120)  # 119.925
    assert price(5004) == Money(120)  # 119.957
    assert price(5020) == Money(125)  # 120.08: up, however little is over
    assert price(5000, step_cents=50) == Money(150)
    assert price(-10_000) == Money(0)
    assert price(0, cost=Cost(0, 5)) == Money(0)
    assert price(133, kind="fixed") == Money(133)
    assert price(0, cost=None) is None
    assert price(0, cost=Cost(0, 0)) is None
    assert price(10_000, cost=Cost(2998, 3000), unit="kg") == Money(2000)  # 19.9867 a kilogram


def test_what_names_more_wins_and_the_own_price_is_the_last_word_on_a_product():
    def condition(number, **more):
        return Condition(Id(f"{number:016x}"), "fixed", number, **more)

    ladder = [
        condition(1, member=ADA.member, product=MATE.id),
        condition(2, member=ADA.member),
        condition(3, group=ADA.group, product=MATE.id),
        condition(4, product=MATE.id),
        condition(5, group=ADA.group),
        condition(6),
    ]
    for place, first in enumerate(ladder):
        found = offer([*ladder[:place:-1], first], ask(UNPRICED))
        assert (found.price, found.condition) == (Money(first.value), first.id)
        assert found.price_from == ("personal" if first.member else "condition")
    assert offer(ladder[3:], ask()).condition == ladder[3].id
    own = offer(ladder[4:], ask())
    assert (own.price, own.price_from, own.condition) == (MATE.price, "house", None)
    assert not offer([], ask(UNPRICED)).is_priced


def test_it_is_told_why_each_condition_lost():
    own = ask()
    conditions = [
        replace(PLAIN, id=Id("01"), value=131),
        replace(PLAIN, id=Id("02"), value=132),
        replace(PLAIN, id=Id("03"), value=133, start=NOW.plus_ms(-2)),
        replace(PLAIN, id=Id("04"), value=134, start=NOW.plus_ms(-1)),
        replace(PLAIN, id=Id("05"), value=135, start=NOW.plus_ms(1)),
        replace(PLAIN, id=Id("06"), value=136, end=NOW),
        replace(PLAIN, id=Id("07"), value=137, min_quantity=SIX),
        replace(PLAIN, id=Id("08"), kind="markup", value=138),
        replace(PLAIN, id=Id("09"), value=139, product=None),
        replace(PLAIN, id=Id("0a"), value=140, product=WATER.id),
        replace(PLAIN, id=Id("0b"), value=141, group=GUESTS),
        replace(PLAIN, id=Id("0c"), value=142, member=Id("0d")),
        replace(PLAIN, id=Id("0e"), value=143, retired=True),
    ]
    assert why(conditions, own) == [
        ("1.34", ""),
        ("1.37", "is for 6 and more"),
        ("1.35", "has not begun"),
        ("1.33", "the one that started later goes before it"),
        (None, "has no cost to add to"),
        ("1.36", "is over"),
        ("1.32", "the one that started later goes before it"),
        ("1.31", "the one that started later goes before it"),
        ("1.50", "a condition goes before the product's own price"),
        ("1.39", "product goes before house"),
    ]
    assert why(conditions, own, SIX)[:2] == [
        ("1.37", ""),
        ("1.35", "has not begun"),
    ]
    assert ("1.34", "the one for 6 and more goes before it") in why(conditions, own, SIX)
    assert why(conditions[:2], own)[1] == ("1.31", "the one with the higher id goes before it")


def test_six_bottles_are_cheaper_each_until_one_is_taken_back():
    six = replace(PLAIN, min_quantity=SIX)
    cart = cart_of().plus(cart_of((WATER, 1)).entries[0])
    entry = replace(cart_of((MATE, 5)).entries[0], offer=offer([six], ask()))
    five = cart.plus(entry)
    assert five.total == Money(5 * 165)
    full = five.plus(replace(entry, quantity=1))
    assert full.total == Money(6 * 145)
    assert [line.quantity for line in full.lines] == [1, 6]
    assert full.lines[1].offer.condition == six.id
    assert full.minus_last() == five
    assert full.minus_last().minus_last() == cart


def test_a_scan_keeps_the_prices_it_was_made_at_and_counts_for_the_quantity():
    six = replace(PLAIN, min_quantity=SIX)
    before = offer([six], ask())
    after = offer([], ask(replace(MATE, price=Money(170))))
    first = replace(cart_of((MATE, 3)).entries[0], offer=before)
    cart = cart_of().plus(first).plus(replace(first, offer=after))
    assert [line.offer.price for line in cart.lines] == [Money(130), Money(170)]


def test_weighed_goods_are_counted_by_whole_kilograms():
    two = Condition(Id("0000000000000c01"), "fixed", 1500, product=CHEESE.id, min_quantity=2)
    cheese = offer([two], ask(CHEESE))
    assert [cheese.at(grams).price.cents for grams in (1, 1999, 2000)] == [1990, 1990, 1500]


def test_a_price_for_six_alone_is_no_price_for_one():
    six = replace(PLAIN, min_quantity=SIX)
    assert not offer([six], ask(UNPRICED)).is_priced


def test_a_levy_comes_on_top_of_price_and_deposit():
    levied = replace(PLAIN, levy=Money(10), levy_for="donation")
    found = offer([levied], ask())
    assert found.charges == (
        Charge("deposit", Money(15), "1", 1900),
        Charge("levy:donation", Money(10), "1", 1900),
    )
    assert not found.tiers
