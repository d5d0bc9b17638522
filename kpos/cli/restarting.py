"""A restart that takes nobody's cart away."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import click

from kpos.cli.common import ask_till
from kpos.ledger.errors import AlreadyOpen
from kpos.ledger.files import Folder

# Nobody is there if the till was idle at so many looks in a row, a second apart: between two
# scans, or two cards, it is idle for less.
_LOOKS, _PAUSE_S = 5, 1.0
_IDLE = ("Idle", "OutOfOrder")


def restart_when_idle(data: Path) -> None:
    """Restart the machine as soon as nobody is buying; at once where no till runs."""
    click.echo("The machine restarts as soon as nobody is buying.")
    idle = 0
    while idle < _LOOKS:
        shows = _shows(Folder(data))
        if shows is None:
            break
        idle = idle + 1 if shows in _IDLE else 0
        time.sleep(_PAUSE_S)
    restart()


def restart() -> None:
    """Restart the machine, in good order."""
    subprocess.run(["systemctl", "reboot"], check=True)  # noqa: S607 - wherever it is


def _shows(folder: Folder) -> str | None:
    """The till's dialogue; None where none runs."""
    try:
        return str(ask_till(folder, "status", {})["dialogue"])
    except AlreadyOpen:
        return None
