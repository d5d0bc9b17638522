"""The display of a virtual machine, from nothing but what QEMU writes down about its I2C bus."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.display.bus import Geometry
from hardware.display.emulated.simulated_time import SimulatedTime
from hardware.display.expanders import EXPANDERS
from hardware.display.hd44780 import Hd44780Bus, controllers
from hardware.display.i2c import Place
from hardware.display.roms import ROMS
from hardware.display.rplcd_i2c import RplcdI2cWire
from hardware.display.screen import Screen
from vm.glass import ADDRESS, Glass, Panel, Shown

WAIT_S = 60
# A machine is restarted after every so many lines of the trace: no part of a transaction each time.
EVERY = 7


class Traced:
    """`smbus2.SMBus` in the machine: what this expander needs of it appears in QEMU's trace."""

    def __init__(self, trace: Path) -> None:
        self._trace = os.open(trace, os.O_WRONLY)

    def write_byte_data(self, address: int, register: int, value: int) -> None:
        self._said("event start", address)
        self._said("send send", address, register)
        self._said("send send", address, value)
        self._said("event finish", address)

    def read_byte_data(self, address: int, register: int) -> int:
        self._said("event start", address)
        self._said("send send", address, register)
        self._said("event start", address)
        self._said("recv recv", address, 0)
        self._said("event finish", address)
        return 0

    def write_byte(self, address: int, value: int) -> None:
        raise AssertionError(value)

    def read_byte(self, address: int) -> int:
        raise AssertionError(address)

    def i2c_rdwr(self, *messages: Any) -> None:
        raise AssertionError(messages)

    def close(self) -> None:
        os.close(self._trace)

    def _said(self, what: str, address: int, octet: int | None = None) -> None:
        data = "" if octet is None else f" data:0x{octet:02x}"
        os.write(self._trace, f"i2c_{what}(addr:0x{address:02x}){data}\n".encode())


@pytest.fixture
def glass(tmp_path: Path) -> Iterator[Glass]:
    glass = Glass(tmp_path / "trace")
    yield glass
    glass.close()


def open_screen(trace: Path) -> Screen:
    """The driver that a till has."""
    geometry = Geometry(4, 40)
    wire = RplcdI2cWire(
        EXPANDERS["mcp23017"],
        Place("0", ADDRESS),
        controllers(geometry),
        open_adapter=lambda _: Traced(trace),
    )
    return Screen(Hd44780Bus(wire, geometry, ROMS["a00"]))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver's library waits for nothing."""
    monkeypatch.setattr("RPLCD.common.time", SimulatedTime())


@pytest.fixture
def screen(glass: Glass, tmp_path: Path, time: None) -> Iterator[Screen]:
    """A display whose libraries think that this is its bus."""
    screen = open_screen(tmp_path / "trace")
    yield screen
    screen.close()


def test_four_lines_are_read_off_the_bus(glass, screen):
    lines = ["Größe: 3 Äpfel, Öl", "Summe 3 Artikel", "", "# kaufen  * zurück  4,80 €"]
    screen.show([line.ljust(40) for line in lines])
    shown = glass.wait_for("€", timeout_s=WAIT_S)
    assert [line.rstrip() for line in shown.lines] == lines
    assert not glass.panel.module.faults


def test_reading_the_expander_spoils_nothing(glass, screen):
    screen.show(["vorher".ljust(40)] * 4)
    screen.check()
    screen.show(["nachher".ljust(40)] * 4)
    assert glass.wait_for("nachher", timeout_s=WAIT_S)
    assert not glass.panel.module.faults


def said_by_a_till(trace: Path, *pictures: list[str]) -> list[str]:
    """What goes over the bus from its start on."""
    trace.touch()
    screen = open_screen(trace)
    for picture in pictures:
        screen.show(picture)
    said = trace.read_text()
    screen.close()
    return said.splitlines()


def test_wherever_a_machine_is_restarted_its_next_picture_is_whole(tmp_path, time):
    """A warm restart leaves the display its power, and whatever half of whatever octet it has."""
    idle = [text.ljust(40) for text in ("kpos", "", "Karte zeigen oder Artikel scannen", "0# Menü")]
    greeting = [text.ljust(40) for text in ("Hallo Zoë", "Guthaben 12,50 €", "", "")]
    before = said_by_a_till(tmp_path / "before", idle, greeting)
    after = said_by_a_till(tmp_path / "after", idle)
    for lines in range(0, len(before) + 1, EVERY):
        panel = Panel()
        for line in [*before[:lines], *after]:
            panel.take(line)
        assert list(panel.lines) == idle, before[lines - 3 : lines]


def test_a_text_that_may_vary_is_waited_for_whole(glass, screen):
    screen.show(["danke, Beleg K1-000042".ljust(40), *[" " * 40] * 3])
    shown = glass.wait_for(re.compile(r"K1-\d{6}"), timeout_s=WAIT_S)
    assert "K1-000042" in shown.lines[0]


def test_what_never_stands_there_is_waited_for_in_vain(glass, screen):
    screen.show(["Karte, bitte".ljust(40), *[" " * 40] * 3])
    glass.wait_for("bitte", timeout_s=WAIT_S)
    with pytest.raises(TimeoutError, match="Karte, bitte"):
        glass.wait_for("Danke", timeout_s=0.1)


def test_a_machine_that_has_ended_is_not_waited_for(glass):
    with pytest.raises(TimeoutError):
        glass.wait_for("Karte", timeout_s=WAIT_S, is_running=lambda: False)


def test_every_picture_is_told_and_kept(tmp_path):
    told: list[Shown] = []
    glass = Glass(tmp_path / "trace", told.append)
    glass.close()
    assert glass.history[0].lines == (" " * 40,) * 4
    assert told == glass.history[1:]
