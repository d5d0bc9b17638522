"""`kpos hardware`: what is plugged in, and whether it works."""

from __future__ import annotations

import click

from kpos.cli.tables import print_rows, table_options


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
