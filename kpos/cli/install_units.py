"""`kpos install-units`: the till, or the companion server, as a service of this machine."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import click

from kpos.cli.common import fail, warn
from kpos.cli.units import place, system
from kpos.cli.units.plan import PROGRAM, Plan, Wish, plan
from kpos.config import DEFAULT_FILE, ConfigError, read_config
from kpos.domain.refusal import refuse

# Where a service is not let in (ProtectHome=, PrivateTmp=).
_CLOSED = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - refused, not used
_BY_NETWORK = ("lcdd", "pigpio")
_ROOT = Path("/")


@click.command("install-units")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=_ROOT,
    help="Below this folder, of an image that is being built; nothing is reloaded then.",
)
@click.option(
    "--program",
    help=f"The kpos that shall run [this one; below another root {PROGRAM}].",
)
@click.option("--no-wawi", is_flag=True, help="A till that is its own: nothing leads to a network.")
@click.option("--wawi-server", is_flag=True, help="The companion server instead of a till.")
@click.option("--dry-run", is_flag=True, help="Show what differs; change nothing.")
def install_units(
    root: Path, program: str | None, *, no_wawi: bool, wawi_server: bool, dry_run: bool
) -> None:
    """Make the till a service: units for systemd, its user, its folders, rules for its devices.

    What is there already and the same stays; call it again after each update of kpos. What an
    admin changed with `systemctl edit` goes on to hold.
    """
    if no_wawi and wawi_server:
        msg = "--no-wawi is for a till, --wawi-server makes none"
        raise click.UsageError(msg)
    root = root.resolve()
    wish = Wish(
        program=program or _own_program(root),
        is_server=wawi_server,
        has_wawi=not no_wawi,
        is_networked=not wawi_server and _shows_by_network(root),
    )
    planned = plan(wish)
    found = place.changes(root, planned.pieces, planned.others)
    if dry_run:
        _show(found)
        return
    troubles = _install(root, planned, found)
    click.echo(_what_next(wish, root))
    if troubles:
        fail(*troubles, "The files are in place; mend this and call kpos install-units again.")


def _install(root: Path, planned: Plan, found: list[place.Change]) -> list[str]:
    """Write and call; what went wrong with the calls."""
    troubles = []
    if planned.disabled and any(change.what == "removed" for change in found):
        troubles.append(system.call(system.farewell(root, planned)))
    for change in found:
        place.make(change)
        click.echo(f"{change.what:8} {change.path}")
    if not found:
        click.echo("All files are there as they shall be.")
    for command in system.commands(root, planned):
        click.echo(f"called   {' '.join(command)}")
        troubles.append(system.call(command))
    return [trouble for trouble in troubles if trouble is not None]


def _show(found: list[place.Change]) -> None:
    for change in found:
        click.echo(f"{change.what:8} {change.path}")
        if change.what == "changed":
            for line in place.difference(change):
                click.echo(f"    {line}")
    click.echo(f"{len(found)} files would change.")


def _own_program(root: Path) -> str:
    """The kpos that runs now, if a service may run it, too.

    Raises:
        Refused: with where to install it.
    """
    if root != _ROOT:
        return PROGRAM
    beside = Path(sys.executable).with_name("kpos")
    program = beside if beside.exists() else Path(sys.argv[0]).absolute()
    code = Path(__file__).resolve()
    for path in (program, program.resolve(), code, Path(sys.executable).resolve()):
        why = _why_closed(path)
        if why is not None:
            msg = (
                f"{path} {why}, so that no service can run it. Install kpos where it can: sudo"
                " python3 -m venv /opt/kpos, sudo /opt/kpos/bin/pip install 'kpos[devices]', then"
                " sudo /opt/kpos/bin/kpos install-units"
            )
            raise refuse("invalid", msg)
    return str(program)


def _why_closed(path: Path) -> str | None:
    if any(path.is_relative_to(closed) for closed in _CLOSED):
        return "lies in a folder that services do not see"
    if not path.stat().st_mode & stat.S_IROTH:
        return "cannot be read by everybody"
    for folder in path.parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return f"lies in {folder}, where not everybody is let in"
    return None


def _shows_by_network(root: Path) -> bool:
    """Whether the display of kpos.toml is reached by the network."""
    path = root / DEFAULT_FILE.relative_to("/")
    if not path.exists():
        return False
    try:
        return read_config(path).display.kind in _BY_NETWORK
    except ConfigError as error:
        warn(f"{error}; kpos doctor says more. A display by network is not reckoned with.")
        return False


def _what_next(wish: Wish, root: Path) -> str:
    if root != _ROOT:
        return f"Its folders are made, and the units start, when what is in {root} boots."
    if wish.is_server:
        return (
            "Next: sudo systemctl start kpos-wawi, then journalctl -u kpos-wawi: it says the first"
            " user's password once."
        )
    steps = [
        f"sudo {wish.program} init (unless there is a till)",
        f"{wish.program} hardware list > kpos.toml, look at it, put it to {DEFAULT_FILE}",
        f"sudo {wish.program} doctor",
        "sudo systemctl restart kpos",
    ]
    return "Next: " + "; ".join(steps) + "."
