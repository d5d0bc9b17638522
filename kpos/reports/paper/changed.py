"""What labels said at an earlier time: from the master data of then, as it stands in the books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpos.domain.barcode import Layout
from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.product import Product
from kpos.reports.paper.labels import Label, label_of


def labels_before(
    changes: Iterable[Document], moment: Instant, layouts: Sequence[Layout]
) -> dict[Id, Label]:
    """The label of each product on sale at a moment, by the product's id.

    `changes` are the documents of master data in the order of the books. Where a clock ran ahead,
    the time before ends too early: rather a label too many than a wrong price at the shelf.
    """
    products: dict[Id, Product] = {}
    barcodes: dict[Id, tuple[str, Id]] = {}
    for document in changes:
        if Instant.parse(document.at) >= moment:
            break
        body = document.body
        identifier, fields = Id(body["id"]), body["fields"]
        retired = body["action"] == "retire"
        if body["entity"] == "product":
            products.pop(identifier, None)
            if not retired:
                products[identifier] = _product(identifier, fields)
        if body["entity"] == "barcode":
            barcodes.pop(identifier, None)
            if not retired:
                barcodes[identifier] = (fields["code"], Id(fields["product"]))
    codes: dict[Id, list[str]] = {}
    for code, product in barcodes.values():
        codes.setdefault(product, []).append(code)
    return {each.id: label_of(each, codes.get(each.id, ()), layouts) for each in products.values()}


def _product(identifier: Id, fields: dict[str, object]) -> Product:
    """What a label says of a product; its tax key is not among it."""
    return Product(
        id=identifier,
        name=str(fields["name"]),
        price=_money(fields["price_cents"]),
        deposit=_money(fields["deposit_cents"]),
        number=fields["number"] if isinstance(fields["number"], int) else None,
        unit="kg" if fields["unit"] == "kg" else "piece",
    )


def _money(cents: object) -> Money:
    assert isinstance(cents, int)
    return Money(cents)
