"""`kpos supplier`: who delivers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import Row, data_option, reading, request
from kpos.cli.tables import print_row, print_rows, table_options

if TYPE_CHECKING:
    from kpos.ledger.readonly import Connection
    from kpos.ledger.suppliers import Supplier


@click.group()
def supplier() -> None:
    """Add, list, show, set and retire suppliers."""


@supplier.command()
@data_option
@click.argument("name")
def add(data: Path, name: str) -> None:
    """Add a supplier NAME; prints its id."""
    click.echo(request(data, "supplier_add", name=name)["id"])


@supplier.command("list")
@data_option
@table_options
@click.option("--all", "everything", is_flag=True, help="Retired ones too.")
def list_(data: Path, *, as_json: bool, as_csv: bool, everything: bool) -> None:
    """List suppliers, and what is owed to each."""
    from kpos.ledger.suppliers import suppliers

    with reading(data) as db:
        rows = [_row(db, each) for each in suppliers(db)]
    shown = [row for row in rows if everything or not row["retired"]]
    print_rows(shown, ["name", "owed_cents", "id", "retired"], as_json=as_json, as_csv=as_csv)


@supplier.command()
@data_option
@table_options
@click.argument("supplier")
def show(data: Path, supplier: str, *, as_json: bool, as_csv: bool) -> None:
    """Show a SUPPLIER: its name or id."""
    from kpos.ledger.office import find

    with reading(data) as db:
        row = _row(db, find.supplier(db, supplier))
    print_row(row, as_json=as_json, as_csv=as_csv)


@supplier.command("set")
@data_option
@click.argument("supplier")
@click.option("--name", required=True, help="Its new name.")
def set_(data: Path, supplier: str, name: str) -> None:
    """Rename a SUPPLIER; one that was retired delivers again."""
    request(data, "supplier_set", supplier=supplier, name=name)


@supplier.command()
@data_option
@click.argument("supplier")
def retire(data: Path, supplier: str) -> None:
    """Deal with a SUPPLIER no more, once nothing is owed."""
    request(data, "supplier_retire", supplier=supplier)


def _row(db: Connection, found: Supplier) -> Row:
    from kpos.ledger import stammdaten

    return {
        "name": found.name,
        "owed_cents": -stammdaten.balance(db, f"payable:{found.id}").cents,
        "id": found.id,
        "retired": found.retired,
    }
