"""A till's devices on ptys, and somebody at a terminal who tries them with `kpos hardware test`."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pexpect

from hardware.display.emulated.matrix_orbital import Line, SerialDisplay
from hardware.display.emulated.svg import text_of
from hardware.display.roms import ROMS
from kpos.clock import real_ms
from tests.hardware.cash_devices import EmulatedCoinAcceptor, Noise
from tests.hardware.ptys import PtyPlug
from tests.terminal.test_ends import start

PATIENCE_MS = 20_000


class Room:
    """Scanner, card reader, keypad, a 40x4 display, a coin acceptor: all serial, all plugged in."""

    def __init__(self, dev: Path, *, language: str = "en") -> None:
        dev.mkdir()
        self.dev = dev
        self.config = dev / "kpos.toml"
        self.data = dev / "data"
        self.ports = {name: PtyPlug(dev / name) for name in ("scanner", "rfid", "pad", "coins")}
        self.display = SerialDisplay(4, 40)
        self.line = Line(self.display, str(dev / "display"))
        self.coins = EmulatedCoinAcceptor(Noise())
        self._ends = False
        self._serving = Thread(target=self._serve, daemon=True)
        self._serving.start()
        self.config.write_text(
            f"""
            [till]
            language = "{language}"
            [scanner]
            device = "{dev}/scanner"
            preambles = "F FF A"
            [card_reader]
            device = "{dev}/rfid"
            [keypad]
            device = "{dev}/pad"
            [display]
            kind = "serial"
            where = "{dev}/display"
            [sound]
            player = "bell"
            [cash]
            coins = "{dev}/coins"
            """
        )

    def tries(self, *more: str) -> pexpect.spawn[str]:
        """Somebody begins."""
        where = ("--config", str(self.config), "--data", str(self.data))
        return start("hardware", "test", *where, *more)

    def glass(self) -> list[str]:
        """What a person reads on the display."""
        return text_of(self.display.cells, ROMS["a00"])

    def sends(self, name: str, data: bytes) -> None:
        os.write(self.ports[name].device, data)

    def waits_until(self, true: Callable[[], bool]) -> None:
        """The other process takes its time."""
        give_up_ms = real_ms() + PATIENCE_MS
        while not true():
            assert real_ms() < give_up_ms
            select.select([], [], [], 0.01)

    def close(self) -> None:
        self._ends = True
        self._serving.join()
        self.line.unplug()
        for port in self.ports.values():
            port.is_pulled()

    def _serve(self) -> None:
        port = self.ports["coins"]
        while not self._ends:
            if select.select([port.device], [], [], 0.05)[0]:
                os.write(port.device, self.coins.serve(os.read(port.device, 4096)))
