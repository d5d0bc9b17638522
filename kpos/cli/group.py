"""`kpos group`: price groups."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import Row, data_option, reading, request
from kpos.cli.tables import print_row, print_rows, table_options
from kpos.cli.types import PERCENT


@click.group()
def group() -> None:
    """Add, list, show, set and retire price groups."""


@group.command()
@data_option
@click.argument("name")
@click.option(
    "--markup",
    type=PERCENT,
    default="0",
    show_default=True,
    help="Percent on cost, for goods without a price of their own.",
)
def add(data: Path, name: str, markup: int) -> None:
    """Add a price group NAME with its default condition; prints its id."""
    click.echo(request(data, "group_add", name=name, markup_bp=markup)["id"])


@group.command("list")
@data_option
@table_options
@click.option("--all", "everything", is_flag=True, help="Retired ones too.")
def list_(data: Path, *, as_json: bool, as_csv: bool, everything: bool) -> None:
    """List price groups."""
    rows = [row for row in _rows(data) if everything or not row["retired"]]
    print_rows(rows, ["name", "members", "id", "retired"], as_json=as_json, as_csv=as_csv)


@group.command()
@data_option
@table_options
@click.argument("group")
def show(data: Path, group: str, *, as_json: bool, as_csv: bool) -> None:
    """Show a GROUP: its name or id."""
    from kpos.ledger.office import find

    with reading(data) as db:
        wanted = find.group(db, group).id
    [row] = [row for row in _rows(data) if row["id"] == wanted]
    print_row(row, as_json=as_json, as_csv=as_csv)


@group.command("set")
@data_option
@click.argument("group")
@click.option("--name", required=True, help="Its new name.")
def set_(data: Path, group: str, name: str) -> None:
    """Rename a GROUP."""
    request(data, "group_set", group=group, name=name)


@group.command()
@data_option
@click.argument("group")
def retire(data: Path, group: str) -> None:
    """Close a GROUP that has no members any more."""
    request(data, "group_retire", group=group)


def _rows(data: Path) -> list[Row]:
    from collections import Counter

    from kpos.ledger import stammdaten

    with reading(data) as db:
        members = Counter(each.group for each in stammdaten.members(db) if not each.retired)
        groups = stammdaten.groups(db)
    return [
        {"name": each.name, "members": members[each.id], "id": each.id, "retired": each.retired}
        for each in groups
    ]
