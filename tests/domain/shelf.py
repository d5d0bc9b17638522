"""What stands in the fridge, and strategies that fill a cart from it."""

from collections.abc import Iterable

from hypothesis import strategies as st

from kpos.domain.bodies import Line
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Movement
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.lots import Take
from kpos.domain.member import Holder
from kpos.domain.money import ZERO, Money
from kpos.domain.product import Charge, Offer, Product, house_offer
from kpos.domain.tax import RATES_BP
from kpos.domain.values import replace

NOW = Instant.parse("2026-11-20T19:00:00Z")
HOUSE = Id("00000000000000aa")
MATE = Product(Id("0000000000000001"), "Mate", Money(150), Money(15), tax_key="1")
MILK = Product(Id("0000000000000002"), "Milk", Money(119), tax_key="2")
CHEESE = Product(Id("0000000000000003"), "Cheese", Money(1990), tax_key="2", unit="kg")
WATER = Product(Id("0000000000000004"), "Tap water", ZERO)

ADA = Holder(
    Id("00000000000000d1"),
    Id("00000000000000e1"),
    Money(2000),
    name="Ada",
    member=Id("000000000000000a"),
)


def offer_of(product: Product) -> Offer:
    return house_offer(product, RATES_BP[product.tax_key])


def cart_of(*goods: tuple[Product, int]) -> Cart:
    return Cart(tuple(Entry(offer_of(product), n) for product, n in goods), NOW)


def uncosted(cart: Cart) -> list[tuple[Take, ...]]:
    """No delivery of any of it was booked."""
    return [(Take(None, entry.quantity, None),) for entry in cart.lines]


def brought_back(lines: Iterable[Line]) -> list[tuple[Movement, ...]]:
    return [(Movement(line.product, HOUSE, None, line.quantity),) for line in lines]


keys = st.sampled_from(["1", "2", "5", "6"])


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    """Any offer: any tax keys, weighed or not, up to two charges under keys of their own."""
    unit = draw(st.sampled_from(["piece", "kg"]))
    deposit = draw(st.sampled_from([0, 8, 15, 25, 150])) if unit == "piece" else 0
    key = draw(keys)
    product = Product(
        Id(f"{draw(st.integers(1, 9)):016x}"),
        "Something",
        Money(draw(st.integers(0, 5000))),
        Money(deposit),
        key,
        unit="kg" if unit == "kg" else "piece",
    )
    offer = house_offer(product, RATES_BP[key])
    if not draw(st.booleans()):
        return offer
    levy_key = draw(keys)
    levy = Charge("levy:x", Money(draw(st.integers(1, 50))), levy_key, RATES_BP[levy_key])
    return replace(offer, charges=(*offer.charges, levy), price_from="condition")


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    offer = draw(offers())
    most = 5000 if offer.product.unit == "kg" else 99
    return Entry(offer, draw(st.integers(1, most)))


carts = st.builds(
    lambda found: Cart(tuple(found), NOW), st.lists(entries(), min_size=1, max_size=6)
)
