"""Having systemd and udev take notice of files that changed, on this machine or below a root."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from kpos.cli.units.plan import FOLDERS, USERS, Plan

# Where systemd says that it is the one who runs this machine (sd_booted(3)).
_BOOTED = Path("/run/systemd/system")
_UDEVD = Path("/run/udev/control")
# Those of the rules for a till's devices.
_SUBSYSTEMS = ("input", "tty", "i2c-dev", "gpio", "bcm2835-gpiomem", "sound")
Command = Sequence[str]


def commands(root: Path, plan: Plan) -> Iterator[Command]:
    """What is to be called, in order.

    Below another root users are made and units enabled; folders and devices come when that boots.
    """
    here = root == Path("/")
    at = () if here else (f"--root={root}",)
    yield ("systemd-sysusers", *at, *_names(plan, USERS))
    if here:
        if folders := _names(plan, FOLDERS):
            yield ("systemd-tmpfiles", "--create", *folders)
        if _UDEVD.exists():
            yield ("udevadm", "control", "--reload")
            yield ("udevadm", "trigger", *(f"--subsystem-match={each}" for each in _SUBSYSTEMS))
        if _BOOTED.is_dir():
            yield ("systemctl", "daemon-reload")
    yield ("systemctl", *at, "enable", "--quiet", *plan.enabled)
    if here and _BOOTED.is_dir():
        # The till and the server wait until they are set up; what stands by for them does not.
        waits = [name for name in plan.enabled if not name.endswith(".service")]
        if waits:
            yield ("systemctl", "start", *waits)


def farewell(root: Path, plan: Plan) -> Command:
    """What is to be called before units go."""
    if root == Path("/") and _BOOTED.is_dir():
        return ("systemctl", "disable", "--quiet", "--now", *plan.disabled)
    return ("systemctl", f"--root={root}", "disable", "--quiet", *plan.disabled)


def call(command: Command) -> str | None:
    """Call it; what went wrong, in one line, or None."""
    program = shutil.which(command[0])
    if program is None:
        return f"{command[0]} is not installed"
    ran = subprocess.run(  # noqa: S603 - one of those above
        [program, *command[1:]],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == 0:
        return None
    said = " ".join(ran.stderr.split()) or f"status {ran.returncode}"
    return f"{' '.join(command)}: {said}"


def _names(plan: Plan, folder: str) -> list[str]:
    """Of the files of a plan that go to a folder of this name."""
    paths = [Path(piece.path) for piece in plan.pieces]
    return [path.name for path in paths if path.parent.name == folder]
