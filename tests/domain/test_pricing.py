"""Any conditions, any buyer: the price is the one that going through all of them by hand gives.

The resolver here knows nothing of the other's ways: it compares candidates two by two with the
words of the design, and asks again for every quantity.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from kpos.domain.cart import Cart, Entry
from kpos.domain.condition import SCOPES, Condition
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.pricing import Cost, Request, explain, offer
from kpos.domain.product import Product

MOMENT = 1_000
PRODUCTS, GROUPS, MEMBERS = ([Id(f"{n:016x}") for n in range(at, at + 3)] for at in (16, 32, 48))
# Few of each, and most of them apply: ties and near ones are what decides between resolvers.
ME, MY_GROUP, THIS = MEMBERS[0], GROUPS[0], PRODUCTS[0]
starts = st.sampled_from([None, MOMENT - 2, MOMENT - 1, MOMENT, MOMENT + 1])
ends = st.sampled_from([None, None, MOMENT, MOMENT + 1])
HOUSE = "house"


def mostly(value, other):
    return st.sampled_from([value] * 5 + [other])


@st.composite
def conditions(draw):
    """Each scope as often as the others."""
    scope, fixed = draw(st.sampled_from(SCOPES)), draw(st.booleans())
    start, end = draw(starts), draw(ends)
    return Condition(
        Id(f"{draw(st.integers(1, 2**62)):016x}"),
        "fixed" if fixed else "markup",
        draw(st.integers(0, 400) if fixed else st.integers(-10_000, 20_000)),
        member=draw(mostly(ME, MEMBERS[1])) if "member" in scope else None,
        group=draw(mostly(MY_GROUP, GROUPS[1])) if "group" in scope else None,
        product=draw(mostly(THIS, PRODUCTS[1])) if "product" in scope else None,
        min_quantity=draw(st.sampled_from([1, 1, 1, 2, 3, 6])),
        start=Instant(start) if start is not None else None,
        end=Instant(end) if end is not None else None,
        retired=draw(mostly(value=False, other=True)),
    )


@st.composite
def requests(draw):
    price = draw(st.one_of(st.none(), st.integers(0, 400).map(Money)))
    unit = draw(st.sampled_from(["piece", "kg"]))
    cost = st.builds(Cost, st.integers(0, 5000), st.integers(1, 3000))
    return Request(
        Product(draw(mostly(THIS, PRODUCTS[1])), "Something", price, unit=unit),
        Instant(MOMENT),
        draw(st.sampled_from([MY_GROUP, MY_GROUP, None, GROUPS[2]])),
        draw(st.sampled_from([ME, ME, None, MEMBERS[2]])),
        draw(st.one_of(cost, cost, st.none())),
        draw(st.sampled_from([1, 5, 10, 50])),
        1900,
    )


def by_hand(every, request, quantity):
    """The condition that applies, `HOUSE` for the product's own price, None for nothing."""
    winner = HOUSE if request.product.price is not None else None
    for candidate in every:
        if applies(candidate, request, quantity) and beats(candidate, winner):
            winner = candidate
    return winner


def applies(one, request, quantity):
    if one.retired or (one.kind == "markup" and request.cost is None):
        return False
    if one.start is not None and request.at < one.start:
        return False
    if one.end is not None and not request.at < one.end:
        return False
    names = [(one.member, request.member), (one.group, request.group)]
    names.append((one.product, request.product.id))
    return quantity >= one.min_quantity and all(a is None or a == b for a, b in names)


def beats(one, other):
    if other is None:
        return True
    if other == HOUSE:
        return bool(one.member) or one.product is not None
    ladder = [
        lambda each: each.member is not None and each.product is not None,
        lambda each: each.member is not None,
        lambda each: each.group is not None and each.product is not None,
        lambda each: each.product is not None,
        lambda each: each.group is not None,
    ]
    for rung in ladder:
        if rung(one) != rung(other):
            return rung(one)
    if one.min_quantity != other.min_quantity:
        return one.min_quantity > other.min_quantity
    starts = [-1 if each.start is None else each.start.ms for each in (one, other)]
    return starts[0] > starts[1] if starts[0] != starts[1] else one.id > other.id


def price_by_hand(winner, request):
    if winner == HOUSE:
        return request.product.price.cents
    if winner.kind == "fixed":
        return winner.value
    weight = 1000 if request.product.unit == "kg" else 1
    raised = request.cost.cents * weight * (10_000 + winner.value)
    whole_steps, over = divmod(raised, request.cost.quantity * 10_000 * request.step_cents)
    return (whole_steps + (over > 0)) * request.step_cents


def each_with_an_id_of_its_own(every):
    return len({one.id for one in every}) == len(every)


many = st.lists(conditions(), max_size=8).filter(each_with_an_id_of_its_own)


@settings(max_examples=500)
@given(many, requests(), st.integers(1, 8))
def test_the_offer_is_what_a_resolver_by_brute_force_finds(every, request, pieces):
    found = offer(every, request)
    if by_hand(every, request, 1) is None:
        assert not found.is_priced
        return
    quantity = pieces * 1000 + 999 if request.product.unit == "kg" else pieces
    at, winner = found.at(quantity), by_hand(every, request, pieces)
    assert at.price.cents == price_by_hand(winner, request)
    if winner == HOUSE:
        assert (at.condition, at.price_from) == (None, "house")
    else:
        assert at.condition == winner.id
        assert at.price_from == ("personal" if winner.member else "condition")


@given(many, requests(), st.integers(1, 8))
def test_what_is_explained_is_what_is_charged(every, request, pieces):
    judged = explain(every, request, pieces)
    winner = by_hand(every, request, pieces)
    won = [each for each in judged if not each.lost]
    assert len(won) == (winner is not None)
    if winner is not None:
        assert judged[0] == won[0]
        assert won[0].price == Money(price_by_hand(winner, request))
        assert won[0].condition.id == ("" if winner == HOUSE else winner.id)
    told = {each.condition.id for each in judged}
    assert told - {""} <= {each.id for each in every}
    assert all(each.condition.member in (None, request.member) for each in judged)


@given(many, many, requests(), requests(), st.lists(st.integers(0, 2), max_size=12))
def test_a_cart_costs_the_same_however_its_scans_are_ordered(first, second, one, other, scans):
    """And taking them all back one by one goes through the same totals backwards."""
    offers = [offer(first, one), offer(second, one), offer(first, other)]
    entries = [Entry(offers[scan], 1) for scan in scans]
    carts = [Cart()]
    for entry in entries:
        carts.append(carts[-1].plus(entry))
    backwards = Cart()
    for entry in entries[::-1]:
        backwards = backwards.plus(entry)
    assert backwards.total == carts[-1].total
    cart = carts.pop()
    while carts:
        cart = cart.minus_last()
        assert cart == carts.pop()
