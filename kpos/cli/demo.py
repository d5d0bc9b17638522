"""`kpos demo`: a till with demo data in this terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import click

from kpos.cli.common import fail
from kpos.cli.run import run_till
from kpos.clock import SystemClock
from kpos.config import Config, TillConfig
from kpos.domain.member import Language
from kpos.ledger.files import Folder

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@click.command()
@click.option("--language", type=click.Choice(["de", "en"]), default="de", show_default=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the till in this folder, and go on with it next time.",
)
def demo(language: Language, data: Path | None) -> None:
    """A till with demo data in this terminal: nothing is left behind."""
    from kpos.terminal.front import Unusable
    from kpos.terminal.tty_paint import check_terminal

    try:
        check_terminal()
    except Unusable as error:
        fail(str(error))
    if data is not None:
        _make_lasting(data)
        _run(Folder(data), language)
        click.echo(f"The till is kept: kpos demo --data {data} goes on with it.")
        return
    with _gone_afterwards() as folder:
        _run(_made(folder / "till"), language)


@contextmanager
def _gone_afterwards(beside: Path | None = None) -> Iterator[Path]:
    """A temporary folder that a signal cannot leave behind, whenever it comes."""
    for number in _SIGNALS:
        signal.signal(number, _end)
    # Between its making and the first line that will clear it away there is no room for one.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    with TemporaryDirectory(prefix="kpos-demo-", dir=beside) as name:
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            yield Path(name)
        finally:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)
    for number in _SIGNALS:
        signal.signal(number, _end)


def _run(folder: Folder, language: Language) -> None:
    from kpos.terminal.run import Daemon

    config = Config(till=TillConfig(name="kpos Demo"))
    run_till(Daemon(folder, config, "tty", SystemClock(), language, demo=True))


def _make_lasting(data: Path) -> None:
    """A till in `data` unless there is one; whole or not at all, whenever it is interrupted."""
    if Folder(data).journal.exists():
        return
    if data.exists() and any(data.iterdir()):
        fail(f"{data} holds other things and no till: name a new folder")
    data.parent.mkdir(parents=True, exist_ok=True)
    with _gone_afterwards(data.parent) as folder:
        _made(folder / "till").path.rename(data)


def _made(path: Path) -> Folder:
    """A new till with the demo's data, some seconds of hashing on a slow machine."""
    from kpos.demo import fill
    from kpos.ledger.birth import create_till

    folder = Folder(path)
    author = f"uid:{os.getuid()}"
    create_till(folder, SystemClock(), author)
    fill(folder, SystemClock(), author)
    return folder


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave by way of everything that cleans up."""
    raise SystemExit(128 + number)
