"""`kpos report`: what the books say."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.cash import book
from kpos.cli.common import data_option, reading
from kpos.cli.tables import print_rows, table_options


@click.group()
def report() -> None:
    """Reports: balances, cash-book."""


@report.command()
@data_option
@table_options
def balances(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List what every account holds: debit positive, so credit of a wallet is negative."""
    from kpos.reports.balances import COLUMNS
    from kpos.reports.balances import balances as rows_of

    with reading(data) as db:
        rows = rows_of(db)
    print_rows(rows, COLUMNS, as_json=as_json, as_csv=as_csv)


report.add_command(book, "cash-book")
