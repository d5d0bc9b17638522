"""What stands on the display, read off the I2C bus of the machine.

QEMU has a chip on the bus that accepts whatever it is sent (i2c-ddc) and traces every byte. Here
these bytes go to an emulated MCP23017 with a 40x4 module of two controllers on its pins, the same
that the drivers are tested with. To what is read from it the chip in QEMU answers like a monitor:
its register 0 is zero, as is the direction of an MCP23017 whose pins are all outputs, so the driver
finds the expander well; a PCF8574 it would find without power now and then.

Time is no concern: the guest's is not that of this machine, so the emulated controllers are always
given all the time they need.
"""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import Final

from hardware.display.emulated.expanders import Mcp23017
from hardware.display.emulated.module import Module
from hardware.display.emulated.simulated_time import SimulatedTime
from hardware.display.emulated.svg import text_of
from hardware.display.roms import ROMS

ADDRESS: Final = 0x27
DEVICE: Final = ("-device", f"i2c-ddc,bus=i2c,address={ADDRESS:#x}")
# For kpos.toml: the adapter that QEMU's machine q35 has.
TOML: Final = f"""\
[display]
kind = "mcp23017"
where = "SMBus I801:{ADDRESS:#x}"
"""
_TRACED: Final = re.compile(
    rf"i2c_(?:(?P<kind>event|recv) )?(?:send )?(?:(?P<event>\w+)\()?.*addr:{ADDRESS:#04x}\)"
    r"(?: data:0x(?P<octet>[0-9a-f]{2}))?"
)
# Longer than any instruction of the controller takes.
_PAUSE_NS: Final = 20_000_000
_ROWS, _COLUMNS = 4, 40
#: What a till that has ended leaves behind.
BLANK: Final = re.compile(r"\A\s*\Z")


@dataclass(frozen=True)
class Shown:
    """A picture, and when it was complete by the monotonic clock of this machine."""

    lines: tuple[str, ...]
    at_ns: int

    def has(self, text: str | re.Pattern[str]) -> bool:
        """Whether it stands in its lines, which a pattern sees as one text."""
        pattern = re.escape(text) if isinstance(text, str) else text
        return re.search(pattern, "\n".join(self.lines)) is not None


class Panel:
    """The display's side of the bus, told line by line what QEMU traced."""

    def __init__(self) -> None:
        self._time = SimulatedTime()
        self.module: Final = Module(_ROWS, _COLUMNS, self._time)
        self._chip = Mcp23017(self.module)
        self._time.now_ns += _PAUSE_NS
        self.octets = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands there now."""
        return tuple(text_of(self.module.cells, ROMS["a00"]))

    def take(self, line: str) -> None:
        """Take a line of the trace; other lines than those of the bus are nothing to it."""
        found = _TRACED.search(line)
        if found is None:
            return
        if found["event"] == "finish":
            self._chip.stop()
        elif found["kind"] == "recv":
            self._chip.read()
        elif found["octet"]:
            self._time.now_ns += _PAUSE_NS
            self.octets += 1
            self._chip.write(int(found["octet"], 16))


class Glass:
    """The display of a running machine.

    Args:
        trace: a named pipe that QEMU writes its trace to.
        changed: called with every new picture, by the thread that reads the trace.
        kept: a file for all of the trace.
    """

    def __init__(
        self,
        trace: Path,
        changed: Callable[[Shown], None] = lambda _: None,
        kept: Path | None = None,
    ) -> None:
        self.panel: Final = Panel()
        self._changed = changed
        self._news = Condition()
        self._shown = [Shown(self.panel.lines, 0)]
        self._kept = kept.open("wb", buffering=0) if kept else None
        os.mkfifo(trace)
        # Opened to write as well: it does not end when QEMU does, but when it is told to.
        self._pipe = os.open(trace, os.O_RDWR | os.O_NONBLOCK)
        self._ended, self._end = os.pipe()
        self._thread = Thread(target=self._follow, daemon=True)
        self._thread.start()

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands there now."""
        return self.history[-1].lines

    @property
    def history(self) -> list[Shown]:
        """Every picture there was, the unlit glass first."""
        with self._news:
            return list(self._shown)

    def wait_for(
        self,
        *texts: str | re.Pattern[str],
        timeout_s: float,
        is_running: Callable[[], bool] = lambda: True,
    ) -> Shown:
        """Wait until each of these stands there, all at once.

        A picture is drawn character by character: what varies is waited for by its whole pattern.

        Raises:
            TimeoutError: they do not, or the machine has ended.
        """
        ends = time.monotonic() + timeout_s
        with self._news:
            while not all(self._shown[-1].has(text) for text in texts):
                left = ends - time.monotonic()
                if left <= 0 or not is_running():
                    msg = f"{texts} never stood there; now: {self._shown[-1].lines}"
                    raise TimeoutError(msg)
                self._news.wait(min(left, 1))
            return self._shown[-1]

    def close(self) -> None:
        """Stop following the trace."""
        os.close(self._end)
        self._thread.join()
        os.close(self._pipe)
        os.close(self._ended)
        if self._kept:
            self._kept.close()

    def _follow(self) -> None:
        rest = b""
        while True:
            ready, _, _ = select.select([self._pipe, self._ended], [], [])
            try:
                said = os.read(self._pipe, 65536)
            except BlockingIOError:
                # What QEMU said before it was killed has been read first.
                if self._ended in ready:
                    return
                continue
            if self._kept:
                self._kept.write(said)
            *whole, rest = (rest + said).split(b"\n")
            for line in whole:
                self.panel.take(line.decode("ascii", "replace"))
            self._look()

    def _look(self) -> None:
        lines = self.panel.lines
        if lines == self._shown[-1].lines:
            return
        shown = Shown(lines, time.monotonic_ns())
        self._changed(shown)
        with self._news:
            self._shown.append(shown)
            self._news.notify_all()
