"""I2C adapters: opened by number or by name, and how much fits into one transfer.

``/dev/i2c-4`` is another number after each replugging of a USB adapter; its name stays.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from hardware.display.expanders import I2cBus
from hardware.errors import Ambiguous, DeviceError, DriverMissing

OpenBus: TypeAlias = Callable[[int], I2cBus]

SYSTEM: Final = Path("/sys/bus/i2c/devices")
# Beside adapters stand what firmware says hangs on them: i2c-ELAN0001:00.
_ADAPTER: Final = re.compile(r"i2c-[0-9]+")

_PLACE: Final = re.compile(r"(?P<adapter>[^:]+):(?P<address>0x[0-7][0-9a-fA-F])")

# Linux takes 8192 bytes a message (drivers/i2c/i2c-dev.c); a picture needs less in any wiring.
TRANSFER_MAX: Final = 4096
# A HID report of the CP2112 (drivers/hid/hid-cp2112.c refuses more).
_CP2112_MAX: Final = 61


@dataclass(frozen=True)
class Place:
    """An address behind an adapter, which goes by its number or a part of its name."""

    adapter: str
    address: int

    def __str__(self) -> str:
        return f"{self.adapter}:0x{self.address:02x}"


def parse_place(where: str, usual_address: int) -> Place:
    """``1:0x27`` or ``MCP2221:0x27``; empty: the first adapter of a board, and the usual address.

    Raises:
        DeviceError: it is of another form.
    """
    if not where:
        return Place("1", usual_address)
    found = _PLACE.fullmatch(where)
    if found is None:
        remedy = "Write adapter and address: 1:0x27, or MCP2221:0x27"
        raise DeviceError(where, "no place on an I2C bus", remedy)
    return Place(found["adapter"], int(found["address"], 16))


def find_adapter(adapter: str, devices: Path = SYSTEM) -> int:
    """The number of an adapter.

    Raises:
        DeviceError: there is none of that name, or several.
    """
    if adapter.isdecimal():
        return int(adapter)
    found = [
        path
        for path in sorted(devices.glob("i2c-*"))
        if _ADAPTER.fullmatch(path.name) and adapter.casefold() in _name(path).casefold()
    ]
    if not found:
        remedy = "Plug it in, or look up its name: cat /sys/bus/i2c/devices/i2c-*/name"
        raise DeviceError(adapter, "no I2C adapter has that name", remedy)
    if len(found) > 1:
        raise Ambiguous(adapter, [path.name for path in found])
    return int(found[0].name.removeprefix("i2c-"))


def transfer_max(number: int, devices: Path = SYSTEM) -> int:
    """How many bytes this adapter takes in one transaction."""
    return _CP2112_MAX if "CP2112" in _name(devices / f"i2c-{number}") else TRANSFER_MAX


def open_bus(number: int) -> I2cBus:
    """Open an adapter.

    Raises:
        DeviceError: it is not there, or not for this user.
    """
    device = f"/dev/i2c-{number}"
    try:
        from smbus2 import SMBus
    except ImportError as error:
        remedy = "Install it: pip install smbus2, or apt install python3-smbus2"
        raise DriverMissing(device, "smbus2", remedy) from error
    try:
        bus: I2cBus = SMBus(number)
    except OSError as error:
        raise _refusal(device, error) from error
    return bus


def _refusal(device: str, error: OSError) -> DeviceError:
    if error.errno in (errno.EACCES, errno.EPERM):
        return DeviceError(device, "this user may not use it", "usermod -aG i2c USER")
    if error.errno == errno.ENOENT:
        remedy = "Load the driver (modprobe i2c-dev), and see what there is: i2cdetect -l"
        return DeviceError(device, "not there", remedy)
    return DeviceError(device, f"cannot be opened: {error}", "See the kernel's messages: dmesg")


def _name(path: Path) -> str:
    try:
        return (path / "name").read_text(errors="replace").strip()
    except OSError:
        return ""
