"""`kpos product`: what is sold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kpos.cli.cells import PRODUCTS
from kpos.cli.common import Row, data_option, reading, request
from kpos.cli.product_label import label
from kpos.cli.sheets import import_file, import_options, write
from kpos.cli.tables import print_row, print_rows, table_options
from kpos.cli.types import AMOUNT
from kpos.domain.money import Money
from kpos.domain.product import UNITS, Product

_COLUMNS = (
    "number name price_cents deposit_cents unit tax_key low_stock barcodes id retired".split()
)


@click.group()
def product() -> None:
    """Add, list, show, set, label and retire products."""


product.add_command(label)


@product.command()
@data_option
@click.option("--name", required=True, help="What the display and the receipt say.")
@click.option("--price", type=AMOUNT, help="Gross, per piece or kilogram; else by condition.")
@click.option("--deposit", type=AMOUNT, default="0", help="Per piece.")
@click.option("--barcode", "barcodes", multiple=True, help="May be given several times.")
@click.option("--number", type=int, help="Short number, for goods without a barcode.")
@click.option("--tax-key", help="Of DSFinV-K: 1, 2, 5 or 6 (setting default_tax_key).")
@click.option("--unit", type=click.Choice(UNITS), default="piece", show_default=True)
@click.option("--low-stock", metavar="QUANTITY", help="As much or less is little; see kpos stock.")
def add(
    data: Path,
    name: str,
    price: Money | None,
    deposit: Money,
    barcodes: tuple[str, ...],
    number: int | None,
    tax_key: str | None,
    unit: str,
    low_stock: str | None,
) -> None:
    """Add a product; prints its id."""
    done = request(
        data,
        "product_add",
        name=name,
        price_cents=price.cents if price is not None else None,
        deposit_cents=deposit.cents,
        barcodes=list(barcodes),
        number=number,
        tax_key=tax_key,
        unit=unit,
        low_stock=low_stock,
    )
    click.echo(done["id"])


@product.command("list")
@data_option
@table_options
@click.option("--all", "everything", is_flag=True, help="Retired ones too.")
def list_(data: Path, *, as_json: bool, as_csv: bool, everything: bool) -> None:
    """List products by name."""
    rows = [row for row in _rows(data) if everything or not row["retired"]]
    print_rows(rows, _COLUMNS, as_json=as_json, as_csv=as_csv)


@product.command()
@data_option
@table_options
@click.argument("product")
def show(data: Path, product: str, *, as_json: bool, as_csv: bool) -> None:
    """Show a PRODUCT: its id, number, barcode or name."""
    from kpos.ledger import stammdaten
    from kpos.ledger.office import find

    with reading(data) as db:
        found = find.product(db, product)
        codes = [code for code, _own, _product in stammdaten.barcodes(db, found.id)]
    print_row(_row(found, codes), as_json=as_json, as_csv=as_csv)


@product.command("set")
@data_option
@click.argument("product")
@click.option("--name")
@click.option("--price", type=AMOUNT)
@click.option("--no-price", is_flag=True, help="Leave its price to the conditions.")
@click.option("--deposit", type=AMOUNT)
@click.option("--number", type=int, help="A new short number.")
@click.option("--no-number", is_flag=True, help="Take the short number away.")
@click.option("--tax-key")
@click.option("--unit", type=click.Choice(UNITS), help="As long as none was ever booked.")
@click.option("--low-stock", metavar="QUANTITY", help="As much or less is little.")
@click.option("--no-low-stock", is_flag=True, help="Any quantity is enough.")
def set_(
    data: Path,
    product: str,
    price: Money | None,
    deposit: Money | None,
    *,
    no_price: bool,
    no_number: bool,
    no_low_stock: bool,
    **texts: Any,  # noqa: ANN401
) -> None:
    """Change a PRODUCT from now on; what was sold stays as it was."""
    changes = {key: value for key, value in texts.items() if value is not None}
    if price is not None:
        changes["price_cents"] = price.cents
    if deposit is not None:
        changes["deposit_cents"] = deposit.cents
    if no_price:
        changes["price_cents"] = None
    if no_number:
        changes["number"] = None
    if no_low_stock:
        changes["low_stock"] = None
    if not changes:
        msg = "nothing to change: name an option"
        raise click.UsageError(msg)
    request(data, "product_set", product=product, changes=changes)


@product.command()
@data_option
@click.argument("product")
def retire(data: Path, product: str) -> None:
    """Take a PRODUCT out of sale and free its number and barcodes."""
    request(data, "product_retire", product=product)


@product.command("import")
@data_option
@import_options
def import_(data: Path, file: Path, *, dry_run: bool) -> None:
    """Add and change all products of a CSV, TSV or JSON FILE, or none if a line is wrong.

    Columns, in English or German, in any order: name, price, deposit, barcodes (with blanks
    between them), number, tax key, unit, id. A product is known by its id or a barcode.
    """
    import_file(data, file, PRODUCTS, "product_import", dry_run=dry_run)


@product.command()
@data_option
def export(data: Path) -> None:
    """Write all products as CSV, as `import` reads it."""
    rows = (
        {**row, "price": row["price_cents"], "deposit": row["deposit_cents"]} for row in _rows(data)
    )
    write((row for row in rows if not row["retired"]), PRODUCTS)


def _rows(data: Path) -> list[Row]:
    from kpos.ledger import stammdaten

    with reading(data) as db:
        codes: dict[str, list[str]] = {}
        for code, _own, its_product in stammdaten.barcodes(db):
            codes.setdefault(its_product, []).append(code)
        return [_row(each, codes.get(each.id, [])) for each in stammdaten.products(db)]


def _row(found: Product, codes: list[str]) -> Row:
    return {
        "number": found.number,
        "name": found.name,
        "price_cents": found.price.cents if found.price is not None else None,
        "deposit_cents": found.deposit.cents,
        "unit": found.unit,
        "tax_key": found.tax_key,
        "low_stock": found.low_stock,
        "barcodes": codes,
        "id": found.id,
        "retired": found.retired,
    }
