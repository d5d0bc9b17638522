"""What labels say of all goods on sale, now or before: master data in, labels out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from kpos.domain.barcode import Layout
from kpos.domain.condition import Condition
from kpos.domain.document import Document, Json
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.pricing import Cost, Request, offer
from kpos.domain.product import Offer, Product
from kpos.domain.values import dataclass
from kpos.reports.paper.labels import Label, Prices, label_of


@dataclass(frozen=True, slots=True)
class Shop:
    """The master data that labels follow from; conditions without those of single members."""

    products: Sequence[Product]
    codes: Mapping[Id, Sequence[str]]
    conditions: Sequence[Condition]


@dataclass(frozen=True, slots=True)
class Terms:
    """For whom and when goods are priced; `guests` None where there are none."""

    at: Instant
    members: Id
    guests: Id | None
    step_cents: int
    layouts: Sequence[Layout]
    cost: Callable[[Product], Cost | None]


def labels_of(shop: Shop, terms: Terms) -> dict[Id, Label]:
    """The label of each product, by its id, in the order of the products."""
    by_product: dict[Id | None, list[Condition]] = {}
    for condition in shop.conditions:
        by_product.setdefault(condition.product, []).append(condition)
    labels = {}
    for product in shop.products:
        found = [*by_product.get(product.id, ()), *by_product.get(None, ())]
        codes = shop.codes.get(product.id, ())
        labels[product.id] = label_of(product, codes, terms.layouts, _prices(product, found, terms))
    return labels


def shop_before(changes: Iterable[Document], moment: Instant) -> Shop:
    """The master data of a moment.

    `changes` are the documents of master data in the order of the books. Where a clock ran ahead,
    the time before ends too early: rather a label too many than a wrong price at the shelf.
    """
    rows: dict[str, dict[Id, dict[str, Json]]] = {"product": {}, "barcode": {}, "condition": {}}
    for document in changes:
        if Instant.parse(document.at) >= moment:
            break
        body = document.body
        kept = rows.get(body["entity"])
        if kept is not None:
            kept.pop(Id(body["id"]), None)
            if body["action"] != "retire":
                kept[Id(body["id"])] = body["fields"]
    codes: dict[Id, list[str]] = {}
    for fields in rows["barcode"].values():
        codes.setdefault(Id(fields["product"]), []).append(fields["code"])
    conditions = rows["condition"].items()
    return Shop(
        [_product(each, fields) for each, fields in rows["product"].items()],
        codes,
        [_condition(each, fields) for each, fields in conditions if not fields["personal"]],
    )


def _prices(product: Product, conditions: Sequence[Condition], terms: Terms) -> Prices:
    """What members pay, and guests where it is something else."""
    cost = terms.cost(product) if any(each.kind == "markup" for each in conditions) else None

    def offered(group: Id) -> Offer:
        # What a label says is gross: no rate is on it.
        request = Request(product, terms.at, group, None, cost, terms.step_cents, rate_bp=0)
        return offer(conditions, request)

    members = offered(terms.members)
    guests = offered(terms.guests) if terms.guests is not None else members
    markups = {each.id for each in conditions if each.kind == "markup"}
    return Prices(
        members.price if members.is_priced else None,
        guests.price if guests.is_priced and guests.price != members.price else None,
        tuple((each.account.removeprefix("levy:"), each.per_unit) for each in members.charges),
        follows_cost=not markups.isdisjoint({members.condition, guests.condition}),
    )


def _product(identifier: Id, fields: dict[str, Json]) -> Product:
    """What a label says of a product; its tax key is not among it."""
    price = fields["price_cents"]
    return Product(
        id=identifier,
        name=fields["name"],
        price=Money(price) if price is not None else None,
        deposit=Money(fields["deposit_cents"]),
        number=fields["number"],
        unit=fields["unit"],
    )


def _condition(identifier: Id, fields: dict[str, Json]) -> Condition:
    start, end = fields["start"], fields["end"]
    return Condition(
        id=identifier,
        kind=fields["kind"],
        value=fields["value"],
        group=fields["group"],
        product=fields["product"],
        min_quantity=fields["min_quantity"],
        levy=Money(fields["levy_cents"]),
        levy_for=fields["levy_for"],
        start=Instant.parse(start) if start is not None else None,
        end=Instant.parse(end) if end is not None else None,
    )
