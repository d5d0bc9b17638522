"""A computer and what is plugged into it, as kernel and udev show it in /sys and /dev."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

from hardware import linux_input as li
from hardware.display.emulated.expanders import CHIPS, Chip
from hardware.display.emulated.i2c import I2cAdapter
from hardware.display.emulated.module import Module
from hardware.display.emulated.simulated_time import SimulatedTime
from hardware.finding.found import Found, Machine
from hardware.finding.i2c import OpenBus, find_i2c
from hardware.finding.keyboards import find_keyboards, find_speaker
from hardware.finding.others import find_gpio, find_sound_cards
from hardware.finding.ports import find_ports
from hardware.inputs import Places
from tests.hardware.usb import Usb

PAD_KEYS = [*li.KEYPAD_DIGITS, li.KEY_KPENTER, li.KEY_KPMINUS, li.KEY_BACKSPACE]


def refused(number: int) -> NoReturn:
    raise AssertionError(number)


class Desk:
    """`machine` is where to look."""

    def __init__(self, root: Path) -> None:
        self.machine = Machine(root)
        self.inputs = Usb(Places(self.machine.dev / "input", self.machine.sys / "class/input"))

    def plug_in_port(
        self, node: str, maker: str, product: str, ids: str, *, by_id: str | None = None
    ) -> None:
        """A serial port by USB: its node two folders below the device."""
        usb = self.machine.sys / f"devices/usb1/{node}-usb"
        (usb / f"1-1:1.0/{node}").mkdir(parents=True)
        for name, text in zip(
            ("idVendor", "idProduct", "manufacturer", "product"),
            (*ids.split(":"), maker, product),
            strict=True,
        ):
            (usb / name).write_text(text + "\n")
        self._class("tty", node)
        port = self.machine.sys / "class/tty" / node
        (port / "device").symlink_to(os.path.relpath(usb / f"1-1:1.0/{node}", port))
        (self.machine.dev / node).touch()
        if by_id is not None:
            folder = self.machine.dev / "serial/by-id"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / by_id).symlink_to(f"../../{node}")

    def has_port(self, node: str, uart: int) -> None:
        """A port of the mainboard; `uart` 0: Linux shows it, and there is none."""
        self._class("tty", node)
        (self.machine.sys / "class/tty" / node / "type").write_text(f"{uart}\n")
        (self.machine.dev / node).touch()

    def has_i2c(self, number: int, name: str) -> None:
        adapter = self.machine.sys / f"bus/i2c/devices/i2c-{number}"
        adapter.mkdir(parents=True)
        (adapter / "name").write_text(name + "\n")
        (self.machine.dev / f"i2c-{number}").touch()

    def has_sound_card(self, number: int, name: str) -> None:
        self._class("sound", f"card{number}")
        (self.machine.sys / f"class/sound/card{number}/id").write_text(name + "\n")
        (self.machine.dev / "snd").mkdir(exist_ok=True)
        (self.machine.dev / f"snd/pcmC{number}D0p").touch()

    def has_speaker(self, number: int) -> None:
        self.inputs.plug_in(number, "PC Speaker", [])

    def is_a(self, board: str) -> None:
        """With its pins; device trees end their texts with a zero byte."""
        tree = self.machine.root / "proc/device-tree"
        tree.mkdir(parents=True)
        (tree / "model").write_text(board + "\0")
        (self.machine.dev / "gpiochip0").touch()
        chip = self.machine.sys / "bus/gpio/devices/gpiochip0"
        chip.mkdir(parents=True)

    def found(self, opener: OpenBus = refused) -> list[Found]:
        """Everything but LCDd, which is no file; no bus is opened unless it is given."""
        machine = self.machine
        return [
            *find_keyboards(machine),
            *find_ports(machine),
            *find_i2c(machine, opener=opener),
            *find_gpio(machine),
            *find_speaker(machine),
            *find_sound_cards(machine),
        ]

    def _class(self, name: str, node: str) -> None:
        (self.machine.sys / "class" / name / node).mkdir(parents=True)


class Listened(I2cAdapter):
    """A bus that remembers what was asked of it."""

    def __init__(self, chips: dict[int, Chip]) -> None:
        super().__init__(SimulatedTime(), chips)
        self.opened: list[int] = []
        self.busy: set[int] = set()

    def open(self, port: int) -> Listened:
        self.opened.append(port)
        super().open(port)
        return self

    def read_byte(self, address: int) -> int:
        if address in self.busy:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return super().read_byte(address)


def with_displays() -> Listened:
    """A backpack and a port expander, each with a display that shows something."""
    time = SimulatedTime()
    return Listened(
        {
            0x27: CHIPS["pcf8574"](Module(4, 40, time)),
            0x20: CHIPS["mcp23017"](Module(4, 40, time)),
        }
    )
