"""`kpos run`: the daemon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kpos.cli.common import fail, reason
from kpos.clock import ScriptClock, SystemClock
from kpos.config import ConfigError, load_config
from kpos.domain.instant import Instant
from kpos.ledger.errors import AlreadyOpen, LedgerError, NoTill
from kpos.ledger.files import Folder
from kpos.terminal.beside import Beside, Why

if TYPE_CHECKING:
    from kpos.terminal.run import Daemon


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="kpos.toml (/etc/kpos/kpos.toml).")
@click.option(
    "--data",
    envvar="KPOS_DATA",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder (or KPOS_DATA, or [till] data of kpos.toml).",
)
@click.option(
    "--io",
    type=click.Choice(["devices", "tty", "jsonl"]),
    default="devices",
    show_default=True,
    help="Scanner and keypad, this terminal, or one JSON object a line.",
)
@click.option("--language", type=click.Choice(["de", "en"]), help="Instead of kpos.toml's.")
@click.option("--at", "start", metavar="T", help="jsonl: the script clock starts at T (ISO 8601).")
@click.option("--real-time", is_flag=True, help="jsonl: timers run on the wall clock.")
def run(
    config: Path | None,
    data: Path | None,
    io: Literal["devices", "tty", "jsonl"],
    language: Literal["de", "en"] | None,
    start: str | None,
    *,
    real_time: bool,
) -> None:
    """Run the till until it is stopped."""
    from kpos.terminal.run import Daemon

    if (start or real_time) and io != "jsonl":
        msg = "--at and --real-time go with --io jsonl"
        raise click.UsageError(msg)
    if start and real_time:
        msg = "--at moves a script clock: it does not go with --real-time"
        raise click.UsageError(msg)
    with _leaving_word():
        loaded = load_config(config)
        folder = Folder(data or Path(loaded.till.data))
        clock: SystemClock | ScriptClock = SystemClock()
        if io == "jsonl" and not real_time:
            clock = ScriptClock(_instant(start) if start else clock.now())
        run_till(Daemon(folder, loaded, io, clock, language))


@contextmanager
def _leaving_word() -> Iterator[None]:
    """Say for whoever comes after (`kpos out-of-order`) why there is no till."""
    try:
        yield
    except (ConfigError, LedgerError) as error:
        words = {ConfigError: "config", NoTill: "no_till", AlreadyOpen: "in_use"}
        Beside().say_why(Why(words.get(type(error), "books"), reason(error)))
        raise


def run_till(daemon: Daemon) -> None:
    """Run a till; end with status 1 where there is no terminal or driver for it."""
    from kpos.terminal.front import Unusable
    from kpos.terminal.run import run as run_daemon

    try:
        run_daemon(daemon)
    except Unusable as error:
        Beside().say_why(Why("devices", str(error)))
        fail(str(error))


def _instant(text: str) -> Instant:
    try:
        return Instant.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
