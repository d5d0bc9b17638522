"""What labels ask, from conditions and costs."""

from kpos.domain.condition import Condition
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.pricing import Cost
from kpos.domain.product import Product
from kpos.reports.paper.labels import Prices
from kpos.reports.paper.shop import Shop, Terms, labels_of

NOON = Instant.parse("2026-11-22T12:00:00Z")
MEMBERS, GUESTS, MATE = Id("01"), Id("02"), Id("03")
HALF = Condition(Id("0a"), "markup", 5000, group=MEMBERS)
DOUBLE = Condition(Id("0b"), "markup", 10000, group=GUESTS)


def prices(product: Product, *conditions: Condition, guests: Id | None = GUESTS) -> Prices:
    """Of goods of which a crate of twenty cost 14.00."""
    terms = Terms(NOON, MEMBERS, guests, 5, (), lambda _product: Cost(1400, 20))
    return labels_of(Shop([product], {}, conditions), terms)[product.id].prices


def test_a_markup_is_on_what_the_next_unit_cost_and_says_so():
    asked = prices(Product(MATE, "Mate", None), HALF, DOUBLE)
    assert asked == Prices(Money(105), Money(140), follows_cost=True)
    assert prices(Product(MATE, "Mate", None), HALF, DOUBLE, guests=None).guests is None


def test_an_own_price_does_not_move_with_the_cost():
    own = Product(MATE, "Mate", Money(150))
    assert prices(own, HALF, DOUBLE) == Prices(Money(150))
    for_guests = Condition(Id("0c"), "markup", 10000, group=GUESTS, product=MATE)
    assert prices(own, for_guests) == Prices(Money(150), Money(140), follows_cost=True)


def test_what_has_no_price_yet_asks_none():
    assert prices(Product(MATE, "Mate", None)) == Prices(None)
    later = Condition(Id("0d"), "fixed", 100, product=MATE, start=NOON.plus_ms(1))
    assert prices(Product(MATE, "Mate", None), later) == Prices(None)
