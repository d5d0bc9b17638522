"""The composition root of the daemon: opens, wires, runs, and closes in reverse."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from kpos.checkout.states import Rules, Timeouts
from kpos.clock import Clock
from kpos.config import Config
from kpos.ledger.books import Books
from kpos.ledger.errors import AlreadyOpen, Damaged, LedgerError, NoTill, NotWritable
from kpos.ledger.files import Folder
from kpos.terminal.control import ControlServer
from kpos.terminal.front import Front
from kpos.terminal.housekeeping import Housekeeping
from kpos.terminal.jsonl import JsonlFront, JsonlInput
from kpos.terminal.loop import Loop
from kpos.terminal.notify import Notifier
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Till
from kpos.terminal.workers import Worker

Io = Literal["jsonl", "tty", "devices"]


class Input(Protocol):
    """Where keys and scans come from, and what time means there."""

    def due_ms(self) -> int | None:
        """Milliseconds until something must be done without input; None: nothing."""
        ...

    def after(self) -> None:
        """Called after each turn of the loop."""
        ...


@dataclass(frozen=True, slots=True)
class Daemon:
    """What a till is started with."""

    folder: Folder
    config: Config
    io: Io
    clock: Clock
    language: Literal["de", "en"] | None = None
    demo: bool = False


def run(daemon: Daemon) -> None:
    """Run a till until it is told to stop.

    Raises:
        LedgerError: where there is no till, no right to it, or another process has it; damaged
            books are shown on the display instead.
    """
    with ExitStack() as closing:
        loop = Loop()
        closing.callback(loop.close)
        books, locked = _open_books(daemon)
        if books is not None:
            closing.callback(books.close)
        worker = Worker(loop.post)
        front, make_input = _front(daemon, loop, closing)
        till = Till(books, _surroundings(daemon, front, worker, loop), locked)
        source = make_input(till)
        if books is not None:
            control = ControlServer(
                daemon.folder.control_socket,
                books,
                loop,
                till.settings_changed,
                lambda: till_status(till),
            )
            closing.callback(control.close)
        notifier = Notifier()
        notifier.ready()
        housekeeping = Housekeeping(till, worker, notifier, daemon.clock)
        loop.stop_on_signals()
        loop.run(
            lambda: _sooner(source.due_ms(), housekeeping.due_ms()),
            (source.after, housekeeping.after),
        )
        notifier.stopping()


def till_status(till: Till) -> dict[str, Any]:
    """What `kpos status` shows of a running till."""
    books = till.books
    assert books is not None, "only open books have a control socket"
    return {
        "running": True,
        "till": books.identity.till,
        "prefix": books.identity.prefix,
        "epoch": books.identity.epoch,
        "documents": books.journal.head.ref.seq,
        "last_booking": str(books.journal.head.at),
        "clock": books.read_clock().clock,
        "dialogue": type(till.state.dialogue).__name__,
    }


def _open_books(daemon: Daemon) -> tuple[Books | None, str]:
    """The books, or the code of why the till is locked."""
    try:
        return Books(daemon.folder, daemon.clock), ""
    except (NoTill, AlreadyOpen, NotWritable):
        raise
    except Damaged as damage:
        return None, damage.code
    except LedgerError:
        return None, "J-09"


def _surroundings(daemon: Daemon, front: Front, worker: Worker, loop: Loop) -> Surroundings:
    config = daemon.config
    timeouts = Timeouts(
        purchase_s=config.timeouts.purchase_s,
        menu_s=config.timeouts.menu_s,
        pin_s=config.timeouts.pin_s,
        result_s=config.timeouts.result_s,
    )
    language = daemon.language or config.till.language
    return Surroundings(
        clock=daemon.clock,
        texts=load_texts(),
        front=front,
        worker=worker,
        shut_down=lambda mode: _shut_down(daemon, loop, mode),
        rules=Rules(language=language, timeouts=timeouts),
        name=config.till.name,
    )


def _front(daemon: Daemon, loop: Loop, closing: ExitStack) -> tuple[Front, Callable[[Till], Input]]:
    """The front end, and how its input is made once there is a till to feed."""
    if daemon.io == "jsonl":
        front = JsonlFront()
        return front, lambda till: JsonlInput(till, front, loop, daemon.clock)
    from kpos.terminal.tty import TtyFront

    screen = TtyFront(loop, daemon.clock, demo=daemon.demo)
    closing.callback(screen.close)
    if daemon.io == "tty":
        return screen, screen.attach
    from kpos.terminal.devices import DeviceInputs

    def attach(till: Till) -> Input:
        inputs = DeviceInputs(daemon.config.devices, till, loop, daemon.clock, screen)
        closing.callback(inputs.close)
        return inputs

    return screen, attach


def _shut_down(daemon: Daemon, loop: Loop, mode: str) -> None:
    """Restart or power off: on its own devices only; a demo just ends."""
    loop.stop()
    systemctl = Path("/usr/bin/systemctl")
    if daemon.io == "devices" and systemctl.exists():
        subprocess.Popen([systemctl, mode])  # noqa: S603 - one of two words


def _sooner(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)
