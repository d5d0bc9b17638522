"""The display of a till: what members see there, and that nobody waits for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

import pytest

from hardware.display.bus import Geometry
from hardware.display.emulated.matrix_orbital import Line, SerialDisplay
from hardware.display.emulated.svg import text_of
from hardware.display.roms import ROMS
from hardware.display.writer import Writer
from kpos.checkout.states import Rules
from kpos.clock import ScriptClock
from kpos.config import DisplayConfig
from kpos.domain.instant import Instant
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.terminal.display import Dimmer, Displaying, with_display
from kpos.terminal.front import Unusable
from kpos.terminal.headless import LogFront
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Ticker, Till
from kpos.terminal.workers import Worker
from tests.hardware.display.lcdd_server import LcddServer
from tests.hardware.display.rigs import Workshop
from tests.hardware.display.test_writer import Slow

PEER_S = 60
EVENING = Instant.parse("2026-11-22T20:04:00Z")
BLANK = [" " * 40] * 4


class Plugged:
    """A serial display on a pty."""

    def __init__(self, folder: Path, rows: int, columns: int) -> None:
        self.display = SerialDisplay(rows, columns)
        self.line = Line(self.display, str(folder / "ttyDISPLAY"))
        self.section = f"kind = 'serial'\nwhere = '{self.line.path}'\nsize = '{columns}x{rows}'"

    def sees(self, true: Callable[[list[str]], bool]) -> bool:
        return self.line.wait_for(lambda: true(self.reads), PEER_S)

    @property
    def reads(self) -> list[str]:
        return text_of(self.display.cells, ROMS["a00"])


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[Plugged]:
    plugged = Plugged(tmp_path, 4, 40)
    yield plugged
    plugged.line.unplug()


@pytest.fixture
def running(data: Path, tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """`kpos run --io devices` without a terminal, with a section [display]."""
    started: list[subprocess.Popen[str]] = []

    def run(section: str) -> subprocess.Popen[str]:
        config = tmp_path / "kpos.toml"
        config.write_text(f"[display]\n{section}\n")
        command = [sys.executable, "-m", "kpos", "run", "--io", "devices", "--data", str(data)]
        process = subprocess.Popen(
            [*command, "--config", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def log_until(process: subprocess.Popen[str], text: str) -> list[str]:
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError(lines)


def test_the_till_is_seen_on_a_serial_display_and_again_after_it_was_unplugged(plugged, running):
    process = running(plugged.section)
    assert plugged.sees(lambda lines: "Karte zeigen oder Artikel scannen" in lines[2])
    log_until(process, "display: ready")
    plugged.line.unplug()
    log_until(process, "display: ")
    plugged.line.plug()
    log_until(process, "display: ready")
    assert plugged.sees(lambda lines: "Karte zeigen oder Artikel scannen" in lines[2])
    process.send_signal(signal.SIGTERM)
    assert plugged.sees(lambda lines: lines == BLANK)
    assert process.wait(PEER_S) == 0


def test_all_of_the_till_is_seen_on_a_small_display(tmp_path, running):
    plugged = Plugged(tmp_path, 2, 16)
    running(plugged.section)
    assert plugged.sees(lambda lines: lines[1] == "Karte zeigen    ")
    assert plugged.sees(lambda lines: lines[1] == "Nummer+# 0# Menü")
    assert plugged.sees(lambda lines: lines[1] == "Karte zeigen    ")
    plugged.line.unplug()


def test_the_till_is_seen_through_lcdd(tmp_path, running):
    server = LcddServer(tmp_path, 4, 40)
    running(f"kind = 'lcdd'\nwhere = '127.0.0.1:{server.port}'")
    wanted = "Nummer+#   0# Menü".encode("latin-1")
    assert server.wait_for(lambda: bool(server.glass) and server.glass[3].startswith(wanted))
    server.stop()


def test_a_till_whose_display_is_not_there_says_so_and_runs(running):
    process = running("kind = 'serial'\nwhere = '/dev/serial/by-id/none'")
    assert "cannot be opened" in log_until(process, "kpos: display: ")[-1]
    process.send_signal(signal.SIGTERM)
    assert process.wait(PEER_S) == 0


def test_a_display_that_cannot_be_refuses_to_start(running):
    process = running("kind = 'pcf8574'\nwhere = 'here'")
    _, said = process.communicate(timeout=PEER_S)
    assert process.returncode == 1
    assert "Write adapter and address: 1:0x27" in said


class Till4:
    """A till on a script clock, whose pictures go to a display."""

    def __init__(self, data: Path, writer: Writer) -> None:
        self.clock = ScriptClock(EVENING)
        self._reading, writing = os.pipe()
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.books = Books(Folder(data), self.clock)
        around = Surroundings(
            clock=self.clock,
            texts=load_texts(),
            front=Displaying(LogFront(writing), writer),
            worker=Worker(self._post),
            shut_down=lambda mode: None,
            rules=Rules(),
        )
        self.till = Till(self.books, around)
        self._descriptors = (self._reading, writing)

    def _post(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def close(self) -> None:
        self.books.close()
        for descriptor in self._descriptors:
            os.close(descriptor)


def test_a_display_that_is_stuck_delays_no_scan_and_no_booking(data):
    bus = Slow()
    bus.traits = type(bus.traits)(Geometry(), ROMS["a00"], slots=8, gap=1)
    writer = Writer(bus, lambda text: None)
    kiosk = Till4(data, writer)
    bus.entered.get()  # and now it hangs
    head = kiosk.books.journal.head.position
    kiosk.till.scan("CARD-ADA")
    for _ in range(5):
        kiosk.till.scan("4029764001807")
    kiosk.till.key("#")
    assert kiosk.books.journal.head.position > head
    assert bus.entered.empty()
    bus.permits.put(None)
    assert b"Danke, Ada!" in bus.entered.get(), "of seven pictures only the last was waited for"
    for _ in range(2):
        bus.permits.put(None)
    writer.close()
    kiosk.close()


@pytest.mark.parametrize(("dim_after_s", "goes_out"), [(300, True), (0, False)])
def test_the_light_goes_out_when_nobody_is_there_and_comes_back(
    data, tmp_path, monkeypatch, dim_after_s, goes_out
):
    shop = Workshop(tmp_path, monkeypatch)
    rig = shop.rig("packed-pcf8574")
    writer = Writer(rig.bus, lambda text: None)
    kiosk = Till4(data, writer)
    dimmer = Dimmer(kiosk.till, writer, kiosk.clock, dim_after_s)

    def passes(seconds: int) -> bool | None:
        kiosk.clock.move(seconds * 1000)
        Ticker(kiosk.till, kiosk.clock).after()
        dimmer.after()
        assert writer.wait_until_shown(PEER_S)
        assert rig.is_lit is not None
        return rig.is_lit()

    assert passes(299)
    assert dimmer.due_ms() == (1000 if goes_out else None)
    assert passes(1) is not goes_out
    assert dimmer.due_ms() is None
    kiosk.till.scan("CARD-ADA")
    assert passes(0)
    assert passes(299), "the light stays on for as long after somebody was there"
    assert passes(1) is not goes_out
    writer.close()
    kiosk.close()
    shop.close()


def test_a_till_without_a_display_imports_nothing_of_it():
    code = (
        "import sys, kpos.terminal.run, kpos.terminal.display;"
        "print([name for name in sys.modules if name.startswith(('hardware', 'threading'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "[]"
    log = LogFront()
    clock = ScriptClock(EVENING)
    front, make = with_display(log, DisplayConfig(), clock, lambda call: None, ExitStack())
    assert front is log
    assert make is not None


def test_a_missing_library_is_said_at_the_start(monkeypatch):
    monkeypatch.setitem(sys.modules, "RPLCD", None)
    monkeypatch.delitem(sys.modules, "hardware.display.rplcd_i2c", raising=False)
    with ExitStack() as closing, pytest.raises(Unusable, match="pip install RPLCD"):
        with_display(
            LogFront(),
            DisplayConfig(kind="pcf8574"),
            ScriptClock(EVENING),
            lambda call: None,
            closing,
        )
