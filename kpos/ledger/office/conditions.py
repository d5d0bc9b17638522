"""Conditions: who pays what, from when to when; and what an admin may not have meant."""

from __future__ import annotations

from kpos.domain.condition import Condition, Kind, fault_of
from kpos.domain.document import Json
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.pricing import outranks, price_of
from kpos.domain.product import THOUSANDTHS, Product
from kpos.domain.refusal import refuse
from kpos.domain.tax import tax_inside
from kpos.domain.values import replace
from kpos.ledger import conditions, master, stammdaten
from kpos.ledger.checks import new_id
from kpos.ledger.localday import moment, rate_bp
from kpos.ledger.office import find
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.prices import Prices, prices_now
from kpos.ledger.seam import Books

_CHANGEABLE = "kind value min_quantity levy_cents levy_for start end comment"


def condition_add(
    books: Books,
    author: str,
    *,
    kind: Kind,
    value: int,
    member: str | None = None,
    group: str | None = None,
    product: str | None = None,
    more: dict[str, Json] | None = None,
) -> dict[str, Json]:
    """Add a condition; `more`: min_quantity, levy_cents, levy_for, start, end, comment."""
    db = books.current()
    named = Condition(
        id=new_id(),
        kind=kind,
        value=value,
        member=find.member(db, member).id if member is not None else None,
        group=find.group(db, group).id if group is not None else None,
        product=find.product(db, product).id if product is not None else None,
    )
    return _set(books, author, named, more or {})


def condition_set(
    books: Books, author: str, *, condition: str, changes: dict[str, Json]
) -> dict[str, Json]:
    """Change a condition from now on: anything but whom and what it names."""
    return _set(books, author, find.condition(books.current(), condition), changes)


def condition_retire(books: Books, author: str, *, condition: str) -> dict[str, Json]:
    """End a condition for good; every group keeps a default."""
    found = find.condition(books.current(), condition)
    if found.scope == "group" and found.group is not None:
        others = conditions.defaults_of(books.current(), found.group)
        if not any(each.id != found.id and each.end is None for each in others):
            raise refuse("invalid", "it is its group's default: change it with kpos condition set")
    with books.booking() as booking:
        booking.append(master.condition_row(replace(found, retired=True), author))
    return {"id": found.id}


def _set(books: Books, author: str, before: Condition, changes: dict[str, Json]) -> dict[str, Json]:
    after = changed(books, before, changes)
    warnings = _overlaps(books, after) + _below_cost(books, after)
    with books.booking() as booking:
        booking.append(master.condition_row(after, author))
    return {"id": after.id, "warnings": warnings}


def changed(books: Books, before: Condition, changes: dict[str, Json]) -> Condition:
    """A condition with other values, times as people write them.

    Raises:
        Refused: if it cannot be a condition.
    """
    values = checked_fields(changes, _CHANGEABLE)
    if "levy_cents" in values:
        values["levy"] = Money(values.pop("levy_cents"))
    for name in ("start", "end"):
        if values.get(name) is not None:
            values[name] = _moment(books, values[name], is_end=name == "end")
    if "comment" in values:
        values["comment"] = master.composed(values["comment"].strip())
    after = replace(before, **values)
    fault = fault_of(after)
    if fault is not None:
        raise refuse("invalid", fault)
    return after


def _moment(books: Books, text: str, *, is_end: bool) -> Instant:
    try:
        return moment(books.settings.zone, text, is_end=is_end)
    except ValueError as error:
        raise refuse("invalid", str(error)) from error


def _overlaps(books: Books, added: Condition) -> list[str]:
    """Conditions for the same at the same time: precedence decides, perhaps not as meant."""
    warnings = []
    for rival in conditions.rivals(books.current(), added):
        mine = "this one" if outranks(added, rival) else "that one"
        warnings.append(f"condition {rival.id} is for the same at the same time: {mine} decides")
    return warnings


def _below_cost(books: Books, added: Condition) -> list[str]:
    prices = prices_now(books)
    if added.product is not None:
        product = stammdaten.product(books.current(), added.product)
        assert product is not None, "a condition names a product that is there"
        return _product_below_cost(prices, added, product)
    if added.kind == "markup":
        return ["a markup below zero sells below cost"] if added.value < 0 else []
    found = (_product_below_cost(prices, added, each) for each in _stocked(prices))
    names = [warning for warnings in found for warning in warnings]
    return names[:1] + ([f"and {len(names) - 1} products more"] if len(names) > 1 else [])


def _product_below_cost(prices: Prices, added: Condition, product: Product) -> list[str]:
    """What is left of the price without its tax, against what the next unit cost."""
    cost = prices.cost(product)
    price = price_of(added, cost, product.unit, prices.settings.price_step_cents)
    if cost is None or price is None:
        return []
    gross = (price + added.levy).cents
    net = gross - tax_inside(gross, rate_bp(prices.settings, product.tax_key, prices.at))
    per_unit = THOUSANDTHS if product.unit == "kg" else 1
    if net * cost.quantity >= cost.cents * per_unit:
        return []
    cents = -(-cost.cents * per_unit // cost.quantity)
    return [f"below cost: {product.name} costs {Money(cents)}, {Money(net)} of the price is left"]


def _stocked(prices: Prices) -> list[Product]:
    """Products that something is left of."""
    found = prices.db.execute(
        "SELECT DISTINCT product FROM lot WHERE quantity_left > 0 ORDER BY product"
    )
    products = (stammdaten.product(prices.db, identifier) for (identifier,) in found)
    return [product for product in products if product is not None]
