"""`kpos init`: a new till."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kpos.cli.common import data_option, give_to_owner
from kpos.clock import SystemClock
from kpos.ledger.birth import create_till
from kpos.ledger.files import Folder


@click.command()
@data_option
@click.option("--demo", is_flag=True, help="With the demo's products, members and cards.")
def init(data: Path, *, demo: bool) -> None:
    """Create the files of a new till; what is there already is never touched."""
    folder = Folder(data)
    author = f"uid:{os.getuid()}"
    identity = create_till(folder, SystemClock(), author)
    if demo:
        from kpos.demo import fill

        fill(folder, SystemClock(), author)
    give_to_owner(folder)
    click.echo(f"A new till in {data}: {identity.prefix}, id {identity.till}.")
