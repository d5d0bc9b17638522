"""`kpos setup`: a new till, by questions or from one file."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import fail
from kpos.config import DEFAULT_DATA, DEFAULT_FILE

if TYPE_CHECKING:
    from kpos.cli.first.places import Places
    from kpos.cli.first.terminal import Terminal

_SERIAL = "ttyS0"
# What the image's GRUB says to its kernel.
_MARK = "kpos.slot="


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=DEFAULT_FILE,
    show_default=True,
    help="The kpos.toml to write.",
)
@click.option(
    "--data",
    envvar="KPOS_DATA",
    type=click.Path(path_type=Path),
    default=DEFAULT_DATA,
    show_default=True,
    help="The data folder to make (or KPOS_DATA).",
)
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="All answers, as in config/kpos-setup.toml; nothing is asked.",
)
@click.option("--appliance", is_flag=True, help="The first boot of an image; see docs/setup.md.")
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("/"),
    help="--appliance: its file system is below this folder.",
)
def setup(config: Path, data: Path, file: Path | None, root: Path, *, appliance: bool) -> None:
    """Make a new till: its name, its devices, its books, and who takes cash or where it belongs.

    On the appliance it runs before the till at the first boot, and asks on the console or on
    display and keys what kpos-setup.toml on the card does not say.
    """
    if appliance:
        from kpos.cli.first.places import Places

        _first_boot(Places(root))
        return
    from kpos.cli.first.guided import guide

    guide(config, data, file)


def _first_boot(places: Places) -> None:
    from kpos.cli.first.glass import Glass
    from kpos.cli.first.room import Room
    from kpos.cli.first.story import Story

    # Another machine would get another name, network and keys of root.
    if places.is_this_machine and _MARK not in Path("/proc/cmdline").read_text(encoding="utf-8"):
        fail("this machine runs no image of kpos: kpos setup, without --appliance, is for it")

    def note(text: str) -> None:
        click.echo(text, err=True)

    glass = Glass(lambda: _devices_of(places), note)
    try:
        Story(places, Room(_consoles(places), glass)).run()
    finally:
        glass.close()


def _devices_of(places: Places) -> dict[str, dict[str, str]]:
    """Of the file on the card, else of kpos.toml, else what is plugged in."""
    from kpos.cli.first.devices import found_devices
    from kpos.cli.first.doing import merged
    from kpos.cli.first.reading import config_of, find_file
    from kpos.cli.first.said import Wrong
    from kpos.config import ConfigError, read_toml

    under = {}
    with suppress(ConfigError, OSError):
        under = read_toml(places.config)
    with suppress(Wrong, OSError):
        file = find_file(places.boot)
        wished = config_of(file.read_bytes()) if file is not None else {}
        return merged(under or found_devices(places.root), wished)
    return merged(under or found_devices(places.root), {})


def _consoles(places: Places) -> list[Terminal]:
    """Those of the kernel's command line, and the first serial port where no device is on it."""
    from kpos.cli.first.terminal import Terminal

    if os.isatty(0):
        return [Terminal(0, 1)]
    names = places.consoles.read_text().split() if places.consoles.exists() else []
    devices = str(_devices_of(places))
    if places.has_serial_port and f"/{_SERIAL}" not in devices:
        names.append(_SERIAL)
    terminals = []
    for name in dict.fromkeys(names):
        # tty0 is whichever screen is in front; at the first boot that is the first.
        path = places.root / "dev" / ("tty1" if name == "tty0" else name)
        with suppress(OSError):
            terminals.append(Terminal.at(path))
    return terminals
