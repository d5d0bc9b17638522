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
def trust(data: Path) -> None:
    """Believe the clock as it is now, after you have looked at it; prints the time."""
    click.echo(request(data, "clock_trust")["at"])
