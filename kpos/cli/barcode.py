"""`kpos barcode`: what leads from a scan to a product."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import data_option, reading, request
from kpos.cli.tables import print_row, print_rows, table_options
from kpos.domain.refusal import refuse


@click.group()
def barcode() -> None:
    """Add, list, show, set and retire barcodes; those nobody knew."""


@barcode.command()
@data_option
@click.argument("code")
@click.option("--product", required=True, help="Its id, number, barcode or name.")
def add(data: Path, code: str, product: str) -> None:
    """Let one more CODE lead to a product; prints it as it is stored."""
    click.echo(request(data, "barcode_add", product=product, code=code)["code"])


@barcode.command("list")
@data_option
@table_options
@click.option("--product", help="Only those of this product.")
def list_(data: Path, product: str | None, *, as_json: bool, as_csv: bool) -> None:
    """List barcodes with their products."""
    from kpos.ledger import stammdaten
    from kpos.ledger.office import find

    with reading(data) as db:
        only = find.product(db, product).id if product is not None else None
        names = {each.id: each.name for each in stammdaten.products(db)}
        rows = [
            {"code": code, "product": names.get(owner, ""), "product_id": owner}
            for code, _own, owner in stammdaten.barcodes(db, only)
        ]
    print_rows(rows, ["code", "product", "product_id"], as_json=as_json, as_csv=as_csv)


@barcode.command()
@data_option
@table_options
@click.argument("code")
def show(data: Path, code: str, *, as_json: bool, as_csv: bool) -> None:
    """Show where a CODE leads."""
    from kpos.ledger import stammdaten
    from kpos.ledger.master import canonical_code

    canonical = canonical_code(code) or ""
    with reading(data) as db:
        found = stammdaten.product_of_code(db, canonical)
    if found is None:
        raise refuse("unknown", f"there is no barcode {code[:40]!r}: see kpos barcode list")
    row = {"code": canonical, "product": found.name, "product_id": found.id}
    print_row(row, as_json=as_json, as_csv=as_csv)


@barcode.command("set")
@data_option
@click.argument("code")
@click.option("--product", required=True, help="Its id, number, barcode or name.")
def set_(data: Path, code: str, product: str) -> None:
    """Let a CODE lead to another product."""
    request(data, "barcode_set", code=code, product=product)


@barcode.command()
@data_option
@click.argument("code")
def retire(data: Path, code: str) -> None:
    """Forget a CODE."""
    request(data, "barcode_retire", code=code)


@barcode.command()
@data_option
@table_options
@click.option("--clear", is_flag=True, help="Show them, then empty the list.")
def unknown(data: Path, *, as_json: bool, as_csv: bool, clear: bool) -> None:
    """List barcodes that were scanned and nobody knew, the most wanted first."""
    from kpos.ledger.unknown import unknown_codes

    with reading(data) as db:
        rows = [
            {"code": each.code, "count": each.count, "last_at": each.last_at}
            for each in unknown_codes(db)
        ]
    print_rows(rows, ["code", "count", "last_at"], as_json=as_json, as_csv=as_csv)
    if clear:
        request(data, "unknown_clear")
