"""A display from the words of a configuration: what it hangs on, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from hardware.display.bus import Bus, Geometry
from hardware.display.roms import ROMS, RomName
from hardware.errors import DeviceError, DriverMissing

if TYPE_CHECKING:
    from hardware.display.hd44780 import Wire

Kind = Literal["pcf8574", "mcp23017", "mcp23008", "gpio", "pigpio", "serial", "lcdd"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SIZES: Final = {"40x4": Geometry(4, 40), "20x4": Geometry(4, 20), "16x2": Geometry(2, 16)}

_PIGPIO_PORT: Final = 8888


@dataclass(frozen=True)
class Description:
    """A display.

    ``where`` is by kind: ``1:0x27`` or ``MCP2221:0x27`` (adapter by number or name, address) for an
    expander, pins (``rs=26``) for gpio, host and pins for pigpio, a device for serial, a host and
    port for lcdd. Empty: the usual place, where there is one.
    """

    kind: Kind
    where: str = ""
    size: str = "40x4"
    rom: RomName = "a00"
    baud: int = 19200
    packed: bool = False


def open_display(description: Description) -> Bus:
    """A bus that has not been started; libraries are imported here, devices touched later.

    Raises:
        DeviceError: the description cannot be right, or a library is missing.
    """
    if description.kind == "serial":
        return _serial(description)
    if description.kind == "lcdd":
        return _lcdd(description)
    from hardware.display.hd44780 import Hd44780Bus, controllers

    geometry = SIZES[description.size]
    mask = controllers(geometry)
    wire: Wire
    if description.kind in ("gpio", "pigpio"):
        wire = _gpio(description, mask)
    else:
        wire = _expander(description, mask)
    return Hd44780Bus(wire, geometry, ROMS[description.rom])


def _serial(description: Description) -> Bus:
    from hardware.display.matrix_orbital import MatrixOrbital

    if not description.where:
        remedy = "Name it: ls -l /dev/serial/by-id"
        raise DeviceError("serial display", "no port is named", remedy)
    geometry, rom = SIZES[description.size], ROMS[description.rom]
    return MatrixOrbital(description.where, description.baud, geometry, rom)


def _lcdd(description: Description) -> Bus:
    from hardware.display.lcdd import Lcdd, parse_server

    host, port = parse_server(description.where)
    return Lcdd(host, port, SIZES[description.size])


def _gpio(description: Description, mask: int) -> Wire:
    from hardware.display.bus import parse_address
    from hardware.display.gpio_pins import parse_pins
    from hardware.display.rplcd_gpio import GpioWire, PigpioWire

    if description.kind == "gpio":
        return GpioWire(parse_pins(description.where), mask)
    words = description.where.split()
    named = " ".join(word for word in words if "=" in word)
    host, port = parse_address(" ".join(word for word in words if "=" not in word), _PIGPIO_PORT)
    return PigpioWire(parse_pins(named), mask, host, port)


def _expander(description: Description, mask: int) -> Wire:
    from hardware.display.expanders import EXPANDERS
    from hardware.display.i2c import parse_place

    expander = EXPANDERS[description.kind]
    place = parse_place(description.where, expander.address)
    if description.packed:
        from hardware.display.packed import PackedWire

        return PackedWire(expander, place, mask)
    try:
        from hardware.display.rplcd_i2c import RplcdI2cWire
    except ImportError as error:
        remedy = "Install them: pip install RPLCD smbus2"
        raise DriverMissing(str(place), "RPLCD or smbus2", remedy) from error
    return RplcdI2cWire(expander, place, mask)
