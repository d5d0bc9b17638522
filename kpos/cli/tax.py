"""`kpos tax`: the rates of the tax keys, each from a day on."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import Row, data_option, reading, request
from kpos.cli.tables import print_rows, table_options
from kpos.cli.types import PERCENT, percent_text
from kpos.domain.settings import TAXED_KEYS, Settings, split_rate


@click.group()
def tax() -> None:
    """List and set tax rates. A line keeps the rate of the day it was booked."""


@tax.command("list")
@data_option
@table_options
def list_(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List the rates of keys 1 and 2 by day; keys 5 and 6 are without tax."""
    from kpos.ledger import stammdaten

    with reading(data) as db:
        settings = stammdaten.settings(db)
    print_rows(_rows(settings), ["tax_key", "since", "rate"], as_json=as_json, as_csv=as_csv)


@tax.command("set")
@data_option
@click.argument("tax_key", type=click.Choice(TAXED_KEYS))
@click.argument("rate", type=PERCENT)
@click.option("--from", "since", help="The first day, 2027-01-01; today if it is not named.")
def set_(data: Path, tax_key: str, rate: int, since: str | None) -> None:
    """Set the RATE (percent) of TAX_KEY from a day on; prints that day."""
    done = request(data, "tax_set", tax_key=tax_key, rate_bp=rate, since=since)
    click.echo(done["since"])


def _rows(settings: Settings) -> list[Row]:
    rates = [("1", "", settings.rate_1_bp), ("2", "", settings.rate_2_bp)]
    rates += [split_rate(rate) for rate in settings.tax_rates]
    return [
        {"tax_key": key, "since": since or None, "rate": f"{percent_text(rate_bp)} %"}
        for key, since, rate_bp in sorted(rates)
    ]
