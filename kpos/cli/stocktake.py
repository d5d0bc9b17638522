"""`kpos stocktake`: counted by one, approved by another, then booked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.cells import COUNTED
from kpos.cli.common import Row, data_option, existing, reading, request
from kpos.cli.sheets import read, write
from kpos.cli.tables import print_row, print_rows, quantity_cell, table_options
from kpos.cli.types import AMOUNT
from kpos.domain.goods import REASONS, STOCKTAKE
from kpos.domain.money import Money
from kpos.domain.refusal import refuse

if TYPE_CHECKING:
    from kpos.ledger.counting import Counted

_LINE = "product expected counted difference".split()


@click.group()
def stocktake() -> None:
    """Count, approve, list and discard counts; a sheet to fill in."""


@stocktake.command()
@data_option
@click.option("--all", "everything", is_flag=True, help="Products of which none is there too.")
def sheet(data: Path, *, everything: bool) -> None:
    """Print a CSV to fill in; what is expected is left out, so that it is counted."""
    from kpos.ledger import stammdaten
    from kpos.ledger.levels import levels

    with reading(data) as db:
        there = levels(db)
        products = [
            each
            for each in stammdaten.products(db)
            if not each.retired and (everything or each.id in there)
        ]
        crates = stammdaten.packs(db)
        codes = {owner: code for code, _, owner in stammdaten.barcodes(db) if code not in crates}
    rows = [
        {"product": each.id, "barcode": codes.get(each.id), "name": each.name} for each in products
    ]
    write(rows, COUNTED)


@stocktake.command()
@data_option
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--line", "lines", nargs=2, multiple=True, metavar="PRODUCT COUNTED")
@click.option(
    "--empties",
    type=(AMOUNT, int),
    multiple=True,
    metavar="VALUE COUNT",
    help="Empty bottles and crates in the house, by their deposit.",
)
@click.option("--counted-by", metavar="MEMBER", help="Who counted, by number, name or id.")
@click.option("--note", help="Kept in the private part; it can be erased.")
def count(
    data: Path,
    file: Path | None,
    lines: tuple[tuple[str, str], ...],
    empties: tuple[tuple[Money, int], ...],
    counted_by: str | None,
    note: str | None,
) -> None:
    """Keep a count, of a FILE that was filled in or of lines; prints its number.

    Selling goes on: the difference is that of now, whenever it is approved.
    """
    rows: list[Row] = [
        {"line": number, "product": product, "counted": counted}
        for number, (product, counted) in enumerate(lines, start=1)
    ]
    if file is not None:
        found = read(file, COUNTED)
        if found.faults:
            raise refuse("invalid", "\n".join(["nothing was counted:", *found.faults]))
        rows += [row for row in found.rows if row.get("counted")]
    back = [[value.cents, quantity] for value, quantity in empties]
    done = request(
        data, "stocktake_count", lines=rows, empties=back, counted_by=counted_by, note=note
    )
    click.echo(done["count"])


@stocktake.command("list")
@data_option
@table_options
def list_(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List the counts that wait for approval."""
    rows = [
        {
            "count": each.id,
            "counted_at": each.body.counted_at,
            "counted_by": _who(data, each.body.counted_by),
            "products": len(each.body.lines),
            "differences": sum(1 for line in each.body.lines if line.expected != line.counted),
        }
        for each in _waiting(data)
    ]
    columns = "count counted_at counted_by products differences".split()
    print_rows(rows, columns, as_json=as_json, as_csv=as_csv)


@stocktake.command()
@data_option
@table_options
@click.argument("count", type=int)
def show(data: Path, count: int, *, as_json: bool, as_csv: bool) -> None:
    """Show a COUNT: what was expected and found of each product, and empties found or missing."""
    found = [each for each in _waiting(data) if each.id == count]
    if not found:
        raise refuse("unknown", f"no count {count} waits for approval: see kpos stocktake list")
    body = found[0].body
    rows = _lines(data, found[0])
    empties = [
        {"value_cents": each.cents_per_unit, "difference": each.quantity} for each in body.units
    ]
    head = {"count": count, "counted_at": body.counted_at, "note": found[0].note}
    head["counted_by"] = _who(data, body.counted_by)
    if as_json:
        print_row(head | {"lines": rows, "empties": empties}, as_json=True, as_csv=False)
        return
    if not as_csv:
        print_row(head, as_json=False, as_csv=False)
        click.echo()
    print_rows(rows, _LINE, as_json=False, as_csv=as_csv)
    if empties and not as_csv:
        click.echo("\nempties found (missing: -)")
        print_rows(empties, ["value_cents", "difference"], as_json=False, as_csv=False)


@stocktake.command()
@data_option
@click.argument("count", type=int)
@click.option(
    "--reason",
    "reasons",
    type=(str, str),
    multiple=True,
    metavar="PRODUCT REASON",
    help=f"Why: {', '.join(each.replace('_', '-') for each in (STOCKTAKE, *REASONS))}.",
)
@click.option("--approved-by", metavar="MEMBER", help="Who approves, by number, name or id.")
def approve(
    data: Path, count: int, reasons: tuple[tuple[str, str], ...], approved_by: str | None
) -> None:
    """Book the differences of a COUNT that somebody else made. Prints the receipt number."""
    done = request(
        data,
        "stocktake_approve",
        count=count,
        reasons=[[product, reason.replace("-", "_")] for product, reason in reasons],
        approved_by=approved_by,
    )
    click.echo(done["receipt_number"])


@stocktake.command()
@data_option
@click.argument("count", type=int)
def discard(data: Path, count: int) -> None:
    """Forget a COUNT that is wrong; nothing is booked."""
    request(data, "stocktake_discard", count=count)


def _waiting(data: Path) -> list[Counted]:
    from kpos.ledger.counting import read_counts
    from kpos.ledger.readonly import reading_journal

    with reading_journal(existing(data)) as journal:
        return read_counts(journal)


def _lines(data: Path, counted: Counted) -> list[Row]:
    from kpos.ledger import stammdaten

    rows = []
    with reading(data) as db:
        for line in counted.body.lines:
            product = stammdaten.product(db, line.product)
            unit = product.unit if product else "piece"
            name = product.name if product else line.product
            rows.append(
                {
                    "product": name,
                    "expected": quantity_cell(line.expected, unit),
                    "counted": quantity_cell(line.counted, unit),
                    "difference": quantity_cell(line.counted - line.expected, unit),
                }
            )
    return rows


def _who(data: Path, author: str) -> str:
    """A member by name; the command line by its user."""
    from kpos.domain.ids import Id
    from kpos.ledger import stammdaten

    with reading(data) as db:
        member = stammdaten.member(db, Id(author.removeprefix("member:")))
    return member.name if member is not None and member.name else author
