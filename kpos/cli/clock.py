"""`kpos clock`: what the till believes about the time."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import data_option, request


@click.group()
def clock() -> None:
    """Tell the till that its clock is right."""


@clock.command()
@data_option
@click.option("--back", is_flag=True, help="Even where an earlier booking says it is later.")
def trust(data: Path, *, back: bool) -> None:
    """Believe the clock as it is now, after you have looked at it; prints the time."""
    click.echo(request(data, "clock_trust", back=back)["at"])
