"""`kpos closing`: the figures so far (X), booked (Z), and as they were booked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.cash_reading import zone_of
from kpos.cli.closing_paper import paper, rows_of
from kpos.cli.common import Row, data_option, existing, reading, request
from kpos.cli.tables import print_rows, table_options
from kpos.domain.document import Document, plain
from kpos.domain.instant import Instant
from kpos.domain.refusal import refuse

if TYPE_CHECKING:
    from kpos.domain.closing import Closing


@click.group(invoke_without_command=True)
@data_option
@click.option("--x", "is_x", is_flag=True, help="Only show the figures so far: book nothing.")
@table_options
@click.pass_context
def closing(ctx: click.Context, data: Path, *, is_x: bool, as_json: bool, as_csv: bool) -> None:
    """Close the day: book a Z of everything since the last one, and print it.

    Count the cash before.
    """
    if ctx.invoked_subcommand is not None:
        return
    if is_x:
        _print({"z_number": None}, _figures(data), as_json=as_json, as_csv=as_csv)
        return
    done = request(data, "closing")
    _show(data, done["z_number"], as_json=as_json, as_csv=as_csv)


@closing.command()
@data_option
@click.argument("z_number", type=click.IntRange(min=1))
@table_options
def show(data: Path, z_number: int, *, as_json: bool, as_csv: bool) -> None:
    """Print the closing Z_NUMBER as it was booked."""
    _show(data, z_number, as_json=as_json, as_csv=as_csv)


@closing.command("list")
@data_option
@table_options
def list_(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List the closings."""
    zone = zone_of(data)
    with _closings(data) as found:
        rows = [
            {
                "z_number": figures.z_number,
                "receipt": document.receipt_number,
                "at": _local(document, zone),
                "documents": figures.documents,
                "purchases_cents": sum(each.cents for each in figures.payments),
                "top_ups_cents": sum(each.cents for each in figures.top_ups),
                "cash_cents": figures.balance("cash"),
            }
            for document, figures in found
        ]
    columns = "z_number receipt at documents purchases_cents top_ups_cents cash_cents".split()
    print_rows(rows[::-1], columns, as_json=as_json, as_csv=as_csv)


def _figures(data: Path) -> Closing:
    from kpos.ledger.closings import Names, figures
    from kpos.ledger.readonly import reading_journal

    with reading(data) as db, reading_journal(existing(data)) as journal:
        summed = figures(journal, Names(db))
    if summed is None:
        raise refuse("amount", "nothing was booked since the last closing")
    return summed


def _show(data: Path, z_number: int, *, as_json: bool, as_csv: bool) -> None:
    zone = zone_of(data)
    with _closings(data) as found:
        for document, figures in found:
            if figures.z_number == z_number:
                head = {
                    "z_number": z_number,
                    "receipt_number": document.receipt_number,
                    "at": _local(document, zone),
                }
                _print(head, figures, as_json=as_json, as_csv=as_csv)
                return
    raise refuse("unknown", f"there is no closing Z {z_number}: see kpos closing list")


@contextmanager
def _closings(data: Path) -> Iterator[Iterator[tuple[Document, Closing]]]:
    from kpos.ledger.closings import closings
    from kpos.ledger.readonly import reading_journal

    with reading_journal(existing(data)) as journal:
        yield closings(journal)


def _print(head: Row, figures: Closing, *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        click.echo(json.dumps({**plain(figures), **head}, ensure_ascii=False, indent=2))
    elif as_csv:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["section", "key", "name", "figure", "value"])
        writer.writerows(rows_of(figures))
    else:
        for line in paper(head, figures):
            click.echo(line)


def _local(document: Document, zone: tzinfo) -> str:
    at = Instant.parse(document.at).as_datetime().astimezone(zone)
    return f"{at:%Y-%m-%d %H:%M}"
