"""Every kind of display, each with something that behaves like the real one behind it.

A rig has a bus for the driver's side and `reads` for the glass's: what a person would read there.
`cut` breaks the connection, `mend` makes it whole again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hardware.display.bus import Bus, Geometry
from hardware.display.emulated.expanders import ADDRESSES, CHIPS
from hardware.display.emulated.gpio import GpioLibrary, Header
from hardware.display.emulated.i2c import I2cAdapter
from hardware.display.emulated.matrix_orbital import Line, SerialDisplay
from hardware.display.emulated.module import Module
from hardware.display.emulated.pigpiod import Pigpiod
from hardware.display.emulated.simulated_time import SimulatedTime
from hardware.display.emulated.svg import text_of
from hardware.display.expanders import EXPANDERS
from hardware.display.gpio_pins import GpioPins
from hardware.display.hd44780 import Hd44780Bus, Wire, controllers
from hardware.display.i2c import Place
from hardware.display.lcdd import Lcdd
from hardware.display.matrix_orbital import MatrixOrbital
from hardware.display.packed import PackedWire
from hardware.display.roms import ROMS, Rom
from hardware.display.rplcd_gpio import GpioWire, PigpioWire
from hardware.display.rplcd_i2c import RplcdI2cWire
from tests.hardware.display.lcdd_server import LcddServer

# A peer in another thread that has not read its bytes by then never will.
_PEER_S = 60

EXPANDER_KINDS = [f"{driver}-{chip}" for driver in ("packed", "rplcd") for chip in CHIPS]
HD44780_KINDS = [*EXPANDER_KINDS, "gpio", "pigpio"]
KINDS = [*HD44780_KINDS, "serial", "lcdd"]


@dataclass
class Rig:
    """One display; `faults` is what a real one would have shown as garbage."""

    bus: Bus
    rom: Rom
    cells: Callable[[], Any]
    faults: Callable[[], list[str]]
    cut: Callable[[], None]
    mend: Callable[[], None]
    wait: Callable[[Callable[[], bool]], bool] = lambda seen: seen()
    close: Callable[[], None] = lambda: None
    is_lit: Callable[[], bool] | None = None
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def reads(self) -> list[str]:
        return text_of(self.cells(), self.rom)

    def shows(self, lines: list[str]) -> bool:
        """Whether that is what is read there, as soon as the display has had its time."""
        return self.wait(lambda: self.reads == lines)


class Workshop:
    """Makes rigs, and takes them apart again."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._closing: list[Callable[[], None]] = []

    def rig(self, kind: str, rows: int = 4, columns: int = 40, rom: str = "a00") -> Rig:
        self._geometry = Geometry(rows, columns)
        self._rom = ROMS[rom]  # type: ignore[index]
        self._time = SimulatedTime()
        # RPLCD sleeps for every nibble; the emulated chips go by the same time.
        self._monkeypatch.setattr("RPLCD.common.time", self._time)
        if kind in EXPANDER_KINDS:
            rig = self._expander(*kind.split("-"))
        else:
            rig = getattr(self, f"_{kind}")()
        self._closing += [rig.close, rig.bus.close]
        return rig

    def close(self) -> None:
        while self._closing:
            self._closing.pop()()

    def _module_rig(self, wire: Wire, module: Module, **more: Any) -> Rig:
        return Rig(
            Hd44780Bus(wire, self._geometry, self._rom),
            self._rom,
            lambda: module.cells,
            lambda: module.faults,
            is_lit=lambda: module.is_lit,
            **more,
        )

    def _module(self) -> Module:
        return Module(self._geometry.rows, self._geometry.columns, self._time)

    def _expander(self, driver: str, chip: str) -> Rig:
        module, mask = self._module(), controllers(self._geometry)
        adapter = I2cAdapter(self._time, {ADDRESSES[chip]: CHIPS[chip](module)})
        place = Place("1", ADDRESSES[chip])
        wire: Wire
        if driver == "packed":
            wire = PackedWire(
                EXPANDERS[chip], place, mask, open_adapter=adapter.open, sleep=self._time.sleep
            )
        else:
            wire = RplcdI2cWire(EXPANDERS[chip], place, mask, open_adapter=adapter.open)
        parts = {"adapter": adapter, "module": module, "time": self._time}
        return self._module_rig(wire, module, cut=adapter.unplug, mend=adapter.plug, parts=parts)

    def _header(self, module: Module) -> Header:
        pins = GpioPins()
        return Header(
            module, rs=pins.rs, enables=(pins.e1, pins.e2), data=pins.data, light=pins.light
        )

    def _gpio(self) -> Rig:
        """Nothing breaks here that a program would notice."""
        module = self._module()
        library = GpioLibrary(self._header(module), self._time)
        package = ModuleType("RPi")
        package.GPIO = library  # type: ignore[attr-defined]
        self._monkeypatch.setitem(sys.modules, "RPi", package)
        self._monkeypatch.setitem(sys.modules, "RPi.GPIO", library)
        self._monkeypatch.delitem(sys.modules, "RPLCD.gpio", raising=False)
        wire = GpioWire(GpioPins(), controllers(self._geometry))
        parts = {"library": library, "module": module}
        return self._module_rig(wire, module, cut=lambda: None, mend=lambda: None, parts=parts)

    def _pigpio(self) -> Rig:
        pytest.importorskip("pigpio")
        module = self._module()
        daemon = Pigpiod(self._header(module), self._time)
        mask = controllers(self._geometry)
        wire = PigpioWire(GpioPins(), mask, "127.0.0.1", daemon.port, sleep=self._time.sleep)
        rig = self._module_rig(
            wire,
            module,
            cut=daemon.stop,
            mend=daemon.start,
            close=daemon.stop,
            parts={"daemon": daemon, "module": module, "wire": wire},
        )
        rig.faults = lambda: [*module.faults, *daemon.faults]
        return rig

    def _serial(self) -> Rig:
        display = SerialDisplay(self._geometry.rows, self._geometry.columns)
        line = Line(display, str(self._folder / "ttyDISPLAY"))
        return Rig(
            MatrixOrbital(line.path, 19200, self._geometry, self._rom),
            self._rom,
            lambda: display.cells,
            lambda: display.faults,
            line.unplug,
            line.plug,
            wait=lambda seen: line.wait_for(seen, _PEER_S),
            close=line.unplug,
            is_lit=lambda: display.is_lit,
            parts={"display": display, "line": line},
        )

    def _lcdd(self) -> Rig:
        server = LcddServer(self._folder, self._geometry.rows, self._geometry.columns)
        bus = Lcdd("127.0.0.1", server.port, self._geometry)
        return Rig(
            bus,
            bus.traits.rom,
            lambda: server.glass,
            list,
            server.stop,
            server.start,
            wait=lambda seen: server.wait_for(seen, _PEER_S),
            close=server.stop,
            parts={"server": server},
        )
