"""`kpos barcode`: what leads from a scan to a product."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import Row, data_option, reading, request
from kpos.cli.tables import print_row, print_rows, table_options
from kpos.cli.types import AMOUNT
from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.product import PIECE, Pack
from kpos.domain.refusal import refuse

_COLUMNS = ["code", "product", "pack", "pack_deposit_cents", "product_id"]


@click.group()
def barcode() -> None:
    """Add, list, show, set and retire barcodes; those nobody knew."""


@barcode.command()
@data_option
@click.argument("code")
@click.option("--product", required=True, help="Its id, number, barcode or name.")
@click.option("--pack", type=int, metavar="PIECES", help="The code is that of a crate.")
@click.option("--pack-deposit", type=AMOUNT, default="0", help="Of the crate, beside its bottles'.")
def add(data: Path, code: str, product: str, pack: int | None, pack_deposit: Money) -> None:
    """Let one more CODE lead to a product; prints it as it is stored."""
    done = request(
        data,
        "barcode_add",
        product=product,
        code=code,
        pack=pack,
        pack_deposit_cents=pack_deposit.cents,
    )
    click.echo(done["code"])


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
        crates = stammdaten.packs(db, only)
        rows = [
            _row(code, names.get(owner, ""), owner, crates.get(code, PIECE))
            for code, _own, owner in stammdaten.barcodes(db, only)
        ]
    print_rows(rows, _COLUMNS, as_json=as_json, as_csv=as_csv)


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
        found = stammdaten.article_of_code(db, canonical)
    if found is None:
        raise refuse("unknown", f"there is no barcode {code[:40]!r}: see kpos barcode list")
    product, pack = found
    print_row(_row(canonical, product.name, product.id, pack), as_json=as_json, as_csv=as_csv)


@barcode.command("set")
@data_option
@click.argument("code")
@click.option("--product", help="Its id, number, barcode or name.")
@click.option("--pack", type=int, metavar="PIECES", help="Of the crate; 1: it is a single piece.")
@click.option("--pack-deposit", type=AMOUNT, help="Of the crate, beside its bottles'.")
def set_(
    data: Path, code: str, product: str | None, pack: int | None, pack_deposit: Money | None
) -> None:
    """Let a CODE lead to another product, or stand for another crate."""
    if product is None and pack is None and pack_deposit is None:
        msg = "nothing to change: name an option"
        raise click.UsageError(msg)
    deposit = None if pack_deposit is None else pack_deposit.cents
    request(data, "barcode_set", code=code, product=product, pack=pack, pack_deposit_cents=deposit)


@barcode.command()
@data_option
@click.argument("code")
def retire(data: Path, code: str) -> None:
    """Forget a CODE."""
    request(data, "barcode_retire", code=code)


def _row(code: str, name: str, product: Id, pack: Pack) -> Row:
    return {
        "code": code,
        "product": name,
        "pack": pack.size,
        "pack_deposit_cents": pack.deposit.cents,
        "product_id": product,
    }


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
