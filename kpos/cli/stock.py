"""`kpos stock`: what is there; `kpos write-off`: what is there no more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import Row, data_option, reading, request
from kpos.cli.tables import print_rows, quantity_cell, table_options
from kpos.domain.goods import REASONS

if TYPE_CHECKING:
    from kpos.domain.product import Product
    from kpos.ledger.levels import Level

_COLUMNS = "product quantity open best_before low_stock low".split()


@click.group()
def stock() -> None:
    """What is there, what is little, what goes off next."""


@stock.command("list")
@data_option
@table_options
@click.option("--low", "only_low", is_flag=True, help="Only what is little.")
def list_(data: Path, *, as_json: bool, as_csv: bool, only_low: bool) -> None:
    """List products with their quantity; `open` was sold before its delivery was booked."""
    from kpos.ledger import stammdaten
    from kpos.ledger.levels import NOTHING, levels

    with reading(data) as db:
        there = levels(db)
        products = list(stammdaten.products(db))
    rows = [
        _row(each, there.get(each.id, NOTHING))
        for each in products
        if each.id in there or not each.retired
    ]
    rows = [row for row in rows if row["low"] or not only_low]
    print_rows(rows, _COLUMNS, as_json=as_json, as_csv=as_csv)


@click.command()
@data_option
@click.option(
    "--reason",
    type=click.Choice([each.replace("_", "-") for each in REASONS]),
    required=True,
    help="With breakage and gift the bottle's deposit is gone too.",
)
@click.option(
    "--line",
    "lines",
    nargs=2,
    multiple=True,
    required=True,
    metavar="PRODUCT QUANTITY",
    help="A crate's barcode counts crates.",
)
@click.option("--note", help="Kept in the private part; it can be erased.")
def write_off(
    data: Path, reason: str, lines: tuple[tuple[str, str], ...], note: str | None
) -> None:
    """Book goods off that were lost, used or given away. Prints the receipt number."""
    why = reason.replace("-", "_")
    gone = [list(line) for line in lines]
    click.echo(request(data, "write_off", reason=why, lines=gone, note=note)["receipt_number"])


def _row(product: Product, level: Level) -> Row:
    """`quantity` is what is there; where more left than came, it is negative."""
    quantity = level.quantity + level.open_quantity
    threshold = product.low_stock
    return {
        "product": product.name,
        "quantity": quantity_cell(quantity, product.unit),
        "open": quantity_cell(-level.open_quantity, product.unit) if level.open_quantity else None,
        "best_before": level.best_before,
        "low_stock": quantity_cell(threshold, product.unit) if threshold is not None else None,
        "low": threshold is not None and not product.retired and quantity <= threshold,
        "product_id": product.id,
    }
