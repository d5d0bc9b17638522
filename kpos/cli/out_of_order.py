"""`kpos out-of-order`: the last word of a till that does not come up."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import click

from kpos.cli.common import warn
from kpos.clock import SystemClock
from kpos.terminal.beside import DEFAULT_FOLDER, read_why


@click.command("out-of-order")
@click.option("--config", type=click.Path(path_type=Path), help="kpos.toml (/etc/kpos/kpos.toml).")
@click.option(
    "--for", "seconds", type=click.IntRange(min=1), help="End after so many seconds [when stopped]."
)
@click.option(
    "--run",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Where the till left behind why it ended.",
)
def out_of_order(config: Path | None, seconds: int | None, folder: Path) -> None:
    """Show on the display that the till is out of order, why, and what to do.

    systemd starts it when the till has ended too often (kpos-out-of-order.service); the lines are
    printed, too.
    """
    from kpos.terminal.out_of_order import picture, readable_config, show_while

    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    why = read_why(folder)
    known = readable_config(config)
    frame = picture(known, why)
    for line in frame:
        click.echo(line.rstrip())
    if why.line:
        warn(f"kpos run: {why.line}")

    def wait() -> None:
        stopped.wait(seconds)

    show_while(frame, known, SystemClock(), wait, warn)
    if stopped.is_set():
        # As the shell would say it; systemd tries the till again only after the time is over.
        sys.exit(128 + signal.SIGTERM)
