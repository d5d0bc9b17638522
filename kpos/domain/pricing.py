"""Which condition applies to a line, what the price is then, and why.

Exactly one applies. What names more wins: member and product, member, group and product, product,
group, nobody (the house). Among those that name the same: the one for the highest quantity that
was reached, then the latest start, then the highest id. A product's own price is the house's, and
the last word among what names the product alone. A markup needs a cost: where none is known, it is
passed over.

A price by markup is rounded up to a step; a fixed one stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpos.domain.condition import SCOPES, Condition
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.product import (
    THOUSANDTHS,
    Charge,
    Offer,
    PriceFrom,
    Product,
    Tier,
    Unit,
    house_offer,
)
from kpos.domain.values import dataclass, replace

_WHOLE_BP = 10_000
# The id of a product's own price, where it stands among conditions: that of none of them.
OWN_PRICE = Id("")


@dataclass(frozen=True, slots=True)
class Cost:
    """What units cost: `cents` for all of `quantity` (pieces, or thousandths of a kilogram).

    A ratio rather than a rounded cost of one, so that only the price is rounded.
    """

    cents: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Request:
    """For whom and when a product is priced; `cost` is that of its next unit, None if unknown.

    Guests have a group and are no member; `group` None asks what no group has to do with.
    """

    product: Product
    at: Instant
    group: Id | None
    member: Id | None
    cost: Cost | None
    step_cents: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition (or the product's own price), its price, and what decided about it.

    `price` is None where a markup has no cost to begin with. `lost` is empty for the winner.
    """

    condition: Condition
    price: Money | None
    lost: str


def price_of(condition: Condition, cost: Cost | None, unit: Unit, step_cents: int) -> Money | None:
    """The price per piece or kilogram; None for a markup on a cost that nobody knows."""
    if condition.kind == "fixed":
        return Money(condition.value)
    if cost is None or cost.quantity <= 0:
        return None
    per_unit = THOUSANDTHS if unit == "kg" else 1
    exact = cost.cents * per_unit * (_WHOLE_BP + condition.value)
    step = cost.quantity * _WHOLE_BP * step_cents
    return Money(-(-exact // step) * step_cents)


def tiers(conditions: Iterable[Condition], request: Request) -> tuple[Tier, ...]:
    """Prices by quantity, from the first unit on; none if the first has no price."""
    ranked = [
        (condition, price)
        for condition in sorted(_with_own_price(conditions, request), key=_precedence)
        if _applies(condition, request) and (price := _price(condition, request)) is not None
    ]
    found: list[Tier] = []
    before = None
    for quantity in sorted({condition.min_quantity for condition, _ in ranked}):
        condition, price = next(each for each in ranked if each[0].min_quantity <= quantity)
        if condition is not before:
            found.append(_tier(condition, quantity, price, request))
        before = condition
    return tuple(found) if found and found[0].min_quantity == 1 else ()


def offer(conditions: Iterable[Condition], request: Request) -> Offer:
    """The offer a scan makes; one that has no price says so."""
    found = tiers(conditions, request)
    base = house_offer(request.product, request.rate_bp)
    if not found:
        return base
    first = replace(base, tiers=found).at(1)
    # One price is no price by quantity.
    return first if len(found) > 1 else replace(first, tiers=())


def explain(conditions: Iterable[Condition], request: Request, quantity: int) -> tuple[Judged, ...]:
    """All conditions that name this product and buyer or nobody else, the winner first.

    Those of other members, groups and products are left out.
    """
    judged = []
    winner: Condition | None = None
    for condition in sorted(_with_own_price(conditions, request), key=_precedence):
        if not _concerns(condition, request):
            continue
        price = _price(condition, request)
        lost = _obstacle(condition, request, quantity, price)
        if not lost and winner is None:
            winner = condition
        elif not lost and winner is not None:
            lost = _why_later(winner, condition)
        judged.append(Judged(condition, price, lost))
    return tuple(sorted(judged, key=lambda each: bool(each.lost)))


def outranks(one: Condition, other: Condition) -> bool:
    """Whether the one decides where both apply."""
    return _precedence(one) < _precedence(other)


def own_price(product: Product) -> Condition | None:
    """A product's own price, as a condition of the house."""
    if product.price is None:
        return None
    return Condition(OWN_PRICE, "fixed", product.price.cents, product=product.id)


def _with_own_price(conditions: Iterable[Condition], request: Request) -> Sequence[Condition]:
    own = own_price(request.product)
    return [*conditions, own] if own is not None else list(conditions)


def _precedence(condition: Condition) -> tuple[int, bool, int, int, int]:
    """Sorts the one that wins to the front, of all that apply."""
    start_ms = condition.start.ms if condition.start is not None else 0
    return (
        SCOPES.index(condition.scope),
        condition.id == OWN_PRICE,
        -condition.min_quantity,
        -start_ms,
        -int(condition.id or "0", 16),
    )


def _concerns(condition: Condition, request: Request) -> bool:
    return (
        not condition.retired
        and condition.member in (None, request.member)
        and condition.group in (None, request.group)
        and condition.product in (None, request.product.id)
    )


def _applies(condition: Condition, request: Request) -> bool:
    return _concerns(condition, request) and condition.is_valid(request.at)


def _price(condition: Condition, request: Request) -> Money | None:
    return price_of(condition, request.cost, request.product.unit, request.step_cents)


def _tier(condition: Condition, quantity: int, price: Money, request: Request) -> Tier:
    charges = house_offer(request.product, request.rate_bp).charges
    if condition.levy:
        key = request.product.tax_key
        levy = Charge(condition.levy_account, condition.levy, key, request.rate_bp)
        charges = (*charges, levy)
    price_from: PriceFrom = "condition" if condition.member is None else "personal"
    if condition.id == OWN_PRICE:
        return Tier(quantity, price, charges, "house", None)
    return Tier(quantity, price, charges, price_from, condition.id)


def _obstacle(condition: Condition, request: Request, quantity: int, price: Money | None) -> str:
    """Why a condition does not apply, whatever the others say; empty if it does."""
    if condition.end is not None and condition.end <= request.at:
        return "is over"
    if not condition.is_valid(request.at):
        return "has not begun"
    if condition.min_quantity > quantity:
        return f"is for {condition.min_quantity} and more"
    return "has no cost to add to" if price is None else ""


def _why_later(winner: Condition, loser: Condition) -> str:
    """What decided between two conditions that both apply."""
    if winner.scope != loser.scope:
        return f"{winner.scope} goes before {loser.scope}"
    if loser.id == OWN_PRICE:
        return "a condition goes before the product's own price"
    if winner.min_quantity != loser.min_quantity:
        return f"the one for {winner.min_quantity} and more goes before it"
    if winner.start != loser.start:
        return "the one that started later goes before it"
    return "the one with the higher id goes before it"
