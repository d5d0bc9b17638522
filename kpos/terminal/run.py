"""The composition root of the daemon: opens, wires, runs, and closes in reverse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kpos.checkout.states import Rules, Timeouts
from kpos.clock import Clock
from kpos.config import Config
from kpos.domain.values import dataclass
from kpos.ledger.books import Books
from kpos.ledger.errors import AlreadyOpen, Damaged, DiskFull, LedgerError, NoTill, NotWritable
from kpos.ledger.files import Folder
from kpos.terminal.beside import Beside
from kpos.terminal.front import Front, Input, Screen, Unusable
from kpos.terminal.housekeeping import Housekeeping
from kpos.terminal.jsonl import JsonlFront, JsonlInput
from kpos.terminal.loop import Loop
from kpos.terminal.notify import Notifier
from kpos.terminal.sound import with_sound
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Ticker, Till
from kpos.terminal.wawi import WawiLink
from kpos.terminal.workers import Worker

if TYPE_CHECKING:
    from kpos.terminal.control import ControlServer

Io = Literal["jsonl", "tty", "devices"]


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
        Unusable: where the terminal or the devices asked for cannot be used.
    """
    with ExitStack() as closing:
        beside, notifier = Beside(), Notifier()
        beside.begin()
        loop = Loop()
        closing.callback(loop.close)
        books, locked = _open_books(daemon, notifier)
        if books is not None:
            closing.callback(books.close)
        # From here on there is a terminal to give back.
        loop.stop_on_signals()
        worker = Worker(loop.post)
        front, make_inputs = _front(daemon, loop, closing)
        wawi = WawiLink(books, daemon.clock, loop.post, beside) if books is not None else None
        down = partial(_shut_down, daemon, loop, beside)
        till = Till(books, _surroundings(daemon, front, worker, down, wawi), locked)
        inputs = make_inputs(till)
        if books is not None:
            # What nobody waits for comes after the first frame.
            till.warm_up()
        if books is not None and wawi is not None:
            wawi.changed, wawi.locked = till.books_changed, till.lock
            closing.callback(_listen(daemon, books, (till, front), wawi, loop).close)
        notifier.ready()
        notifier.status(f"locked, code {locked}" if books is None else _sells_as(books))
        keeping = Housekeeping(till, Worker(loop.post), notifier, daemon.clock)
        turning = (*([wawi] if wawi is not None else []), *inputs, keeping)
        loop.run(lambda: _soonest(turning), [one.after for one in turning])
        notifier.stopping()


def _listen(
    daemon: Daemon, books: Books, seen: tuple[Till, Front], wawi: WawiLink, loop: Loop
) -> ControlServer:
    """Commands may come."""
    from kpos.terminal.control import ControlServer

    till, front = seen

    def changed() -> None:
        wawi.pairing_changed()
        till.books_changed()

    def status() -> dict[str, Any]:
        return till_status(till, front) | wawi.status()

    server = ControlServer(daemon.folder.control_socket, books, loop, changed, status)
    server.sync, server.play = wawi.sync, front.play
    return server


def till_status(till: Till, front: Front) -> dict[str, Any]:
    """What `kpos status` shows of a running till."""
    from kpos.ledger.marks import marks_row
    from kpos.terminal.display import is_shown

    books = till.books
    assert books is not None, "only open books have a control socket"
    return {
        "running": True,
        "till": books.identity.till,
        "prefix": books.identity.prefix,
        "epoch": books.identity.epoch,
        "seq": books.journal.head.seq_in(books.identity.epoch),
        "last_booking": str(books.journal.head.at),
        "clock": books.read_clock().clock,
        "dialogue": type(till.state.dialogue).__name__,
        **marks_row(books.folder),
        "display_ok": is_shown(front),
        "inputs": till.inputs,
    }


def _sells_as(books: Books) -> str:
    return f"sells as {books.identity.prefix}"


def _open_books(daemon: Daemon, notifier: Notifier) -> tuple[Books | None, str]:
    """The books, or the code of why the till is locked."""
    try:
        return Books(daemon.folder, daemon.clock, progress=notifier.rebuilding), ""
    except (NoTill, AlreadyOpen, NotWritable):
        raise
    except Damaged as damage:
        return None, damage.code
    except DiskFull:
        return None, "J-14"
    except LedgerError:
        return None, "J-09"


def _surroundings(
    daemon: Daemon,
    front: Front,
    worker: Worker,
    down: Callable[[str], None],
    wawi: WawiLink | None,
) -> Surroundings:
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
        shut_down=down,
        rules=Rules(language=language, timeouts=timeouts),
        name=config.till.name,
        wawi=wawi,
    )


def _front(
    daemon: Daemon, loop: Loop, closing: ExitStack
) -> tuple[Front, Callable[[Till], Sequence[Input]]]:
    """The front end, and how its inputs are made once there is a till to feed."""
    if daemon.io == "jsonl":
        front = JsonlFront()
        return front, lambda till: (JsonlInput(till, front, loop, daemon.clock),)
    if daemon.io == "devices":
        from kpos.terminal.devices import check_drivers

        check_drivers(daemon.config)
    screen = _screen(daemon, loop)
    closing.callback(screen.close)
    from kpos.terminal.drivers_log import hear_drivers

    hear_drivers(loop.post, screen.note, closing)
    sounding = with_sound(screen, daemon.config.sound, closing)
    shown, make_lights = _display(daemon, loop, screen, sounding, closing)

    def attach(till: Till) -> Sequence[Input]:
        devices = _devices(daemon, till, loop, screen, closing)
        screen.attach(till)
        # The screen comes last: it paints what the others did.
        return (*devices, Ticker(till, daemon.clock), *make_lights(till), screen)

    return shown, attach


def _screen(daemon: Daemon, loop: Loop) -> Screen:
    """The terminal; with devices the till also sells where there is none."""
    from kpos.terminal.headless import LogFront
    from kpos.terminal.tty import TtyFront

    is_all = daemon.io == "tty"
    language = daemon.language or daemon.config.till.language
    try:
        return TtyFront(loop, daemon.clock, language, demo=daemon.demo, quits=is_all)
    except Unusable:
        if is_all:
            raise
        from kpos.terminal.journald import journal_of

        log = LogFront(2, journal_of(2))
        if daemon.config.display.kind == "none":
            log.note("there is no terminal to be the display: the till runs without one")
        return log


def _display(
    daemon: Daemon, loop: Loop, screen: Screen, front: Front, closing: ExitStack
) -> tuple[Front, Callable[[Till], Sequence[Input]]]:
    if daemon.io != "devices":
        return front, lambda _till: ()
    from kpos.terminal.display import with_display

    def note(text: str) -> None:
        loop.post(lambda: screen.note(text))

    return with_display(front, daemon.config.display, daemon.clock, note, closing)


def _devices(
    daemon: Daemon, till: Till, loop: Loop, screen: Screen, closing: ExitStack
) -> Sequence[Input]:
    if daemon.io != "devices":
        return ()
    from kpos.terminal.devices import DeviceInputs
    from kpos.terminal.wiring import Wiring

    wiring = Wiring(loop, screen.note)
    inputs = DeviceInputs(daemon.config, till, wiring)
    closing.callback(inputs.close)
    if not (daemon.config.cash.coins or daemon.config.cash.notes):
        return (inputs,)
    from kpos.terminal.cash import CashInputs

    readers = CashInputs(daemon.config.cash, till, wiring)
    closing.callback(readers.close)
    return (inputs, readers)


def _shut_down(daemon: Daemon, loop: Loop, beside: Beside, mode: str) -> None:
    """Restart or power off: on its own devices only; a demo just ends.

    A till that systemd runs asks, and is ended with everything else.
    """
    if daemon.io == "devices" and beside.ask_for(mode):
        return
    loop.stop()
    import subprocess

    systemctl = Path("/usr/bin/systemctl")
    if daemon.io == "devices" and systemctl.exists():
        subprocess.Popen([systemctl, mode])  # noqa: S603 - one of two words


def _soonest(inputs: Sequence[Input]) -> int | None:
    due_ms = [due for one in inputs if (due := one.due_ms()) is not None]
    return min(due_ms) if due_ms else None
