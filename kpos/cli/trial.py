"""`kpos trial`: what kpos-good.service does after each start of an appliance."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

from kpos.appliance.install import Place
from kpos.appliance.record import note
from kpos.appliance.trial import Signs, begin, judge, mark_good
from kpos.cli.appliance import found_place
from kpos.cli.common import ask_till, data_option
from kpos.cli.restarting import restart
from kpos.clock import SystemClock
from kpos.domain.refusal import Refused
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder
from kpos.terminal.apart import found_again

_LOOK_S = 2.0
# One restart may be chance; a till that had to be started so often will not get better.
_RESTARTS_MAX = 3


@click.command()
@data_option
@click.option("--unit", default="kpos.service", show_default=True, help="The till's unit.")
def trial(data: Path, unit: str) -> None:
    """Mark the running slot good once its till has proved itself, or restart the machine.

    kpos-good.service runs it at each start. It waits until the books were verified and the till has
    shown a picture and answered a digit or a scan. A slot that is good already is left alone.
    """
    place = found_place()
    if not begin(place):
        click.echo(f"Slot {place.slots.running} is not on trial.")
        return
    why = _watch(place, Folder(data), unit)
    if not why:
        mark_good(place)
        click.echo(f"Slot {place.slots.running} is good from now on.")
        return
    click.echo(f"Slot {place.slots.running} is started anew: {why}", err=True)
    restart()


def _watch(place: Place, folder: Folder, unit: str) -> str:
    """Look until the trial is over; what is wrong with it, if anything."""
    clock, books = SystemClock(), _Verifying(folder)
    seen_ms = clock.monotonic_ms()
    while True:
        till = _status(folder)
        if till is not None:
            books.look()
        signs = Signs(till, _is_given_up(unit), books.fault, clock.monotonic_ms() - seen_ms)
        if not signs.missing:
            seen_ms = clock.monotonic_ms()
        verdict, why = judge(signs)
        if verdict != "good":
            note(place.folder, "trial", why)
        if verdict != "wait":
            books.end()
            return why
        time.sleep(_LOOK_S)


class _Verifying:
    """`kpos verify` beside the till: as its user, so that no file becomes root's."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        # None: not known yet; else what is wrong, if anything.
        self.fault: str | None = None

    def look(self) -> None:
        """Begin, or see whether it is done; what was no verdict is tried again."""
        if self.fault is not None:
            return
        if self._process is None:
            self._process = self._begin()
        if self._process.poll() is None:
            return
        said = self._process.communicate()[0]
        self._process = None
        try:
            found: dict[str, Any] = json.loads(said)
        except ValueError:
            return
        self.fault = f"{found['damage']}, {found['detail']}" if "damage" in found else ""

    def end(self) -> None:
        """Do not leave it behind."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _begin(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "kpos", "verify", "--json", "--data"]
        owner = self._folder.path.stat()
        become: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        return subprocess.Popen(  # noqa: S603 - ourselves
            [*command, str(self._folder.path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=found_again(),
            **(become if os.geteuid() == 0 else {}),
        )


def _status(folder: Folder) -> dict[str, Any] | None:
    """What the till says, if it answers."""
    try:
        return ask_till(folder, "status", {})
    except (LedgerError, Refused, OSError):
        return None


def _is_given_up(unit: str) -> bool:
    """Whether systemd has given the till up, or had to start it anew again and again."""
    command = ["systemctl", "show", unit, "--property=ActiveState,NRestarts"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return False
    said = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    restarts = said.get("NRestarts", "")
    return said.get("ActiveState") == "failed" or (
        restarts.isdigit() and int(restarts) >= _RESTARTS_MAX
    )
