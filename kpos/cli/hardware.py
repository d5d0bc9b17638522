"""`kpos hardware`: what is plugged in, and whether it works."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from kpos.cli.common import alone, fail
from kpos.cli.tables import print_rows, table_options
from kpos.config import load_config

_LIMIT_S = 60


@click.group()
def hardware() -> None:
    """Find what is plugged in; try each device."""


@hardware.command("list")
@click.option(
    "--i2c",
    "i2c_asked",
    type=click.IntRange(0, 255),
    multiple=True,
    metavar="N",
    help="Ask I2C adapter N, too, which expanders answer (those of USB and boards are asked).",
)
@table_options
def list_(i2c_asked: tuple[int, ...], *, as_json: bool, as_csv: bool) -> None:
    """List devices with the lines of kpos.toml that use them.

    Nothing is changed. What a keyboard or serial port is used for is guessed by maker and name.
    The listing itself is valid TOML.
    """
    from hardware.finding.machine import find_all
    from kpos.cli.hardware_lines import lines_of, row_of

    found = find_all(i2c_asked=i2c_asked)
    if as_json or as_csv:
        columns = "role what path guess usable remedy udev_rule note toml".split()
        print_rows([row_of(each) for each in found], columns, as_json=as_json, as_csv=as_csv)
        return
    for line in lines_of(found):
        click.echo(line)


@hardware.command("test")
@click.option("--config", type=click.Path(path_type=Path), help="kpos.toml (/etc/kpos/kpos.toml).")
@click.option(
    "--data",
    envvar="KPOS_DATA",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder whose till must not run meanwhile ([till] data of kpos.toml).",
)
@click.option(
    "--limit",
    "limit_s",
    type=click.IntRange(1, 3600),
    default=_LIMIT_S,
    show_default=True,
    metavar="SECONDS",
    help="How long each answer, key, scan or coin is waited for.",
)
def test(config: Path | None, data: Path | None, limit_s: int) -> None:
    """Try each device of kpos.toml, led step by step; exit 1 if one fails.

    Display, each key, a scan, a card, the sounds, a coin or note. Nothing is booked. The till must
    not run meanwhile: sudo systemctl stop kpos.
    """
    from kpos.cli.trying.session import try_all
    from kpos.terminal.front import Unusable

    loaded = load_config(config)
    if not sys.stdin.isatty():
        fail("the test asks questions: it needs a terminal (over SSH: ssh -t)")
    folder = data or Path(loaded.till.data)
    # Without books there is no till that could run; nothing is made where its folder will be.
    with alone(folder, missing_ok=True) if folder.exists() else nullcontext():
        try:
            is_well = try_all(loaded, limit_s)
        except Unusable as error:
            fail(str(error))
    sys.exit(0 if is_well else 1)
