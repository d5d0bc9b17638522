"""I2C adapters, and the expanders that answer behind them.

A bus is only read from: one byte from each address at which the expanders of a display can be
(0x20 to 0x27, 0x38 to 0x3f), never a quick write, never a register number, which a PCF8574 would
take for the states of its pins. Even a read is a risk where it is not known what listens: memory
modules and monitors hang on a PC's own buses, and a chip may count or forget what was read. So:

* USB adapters and the buses of boards are asked: what hangs there was wired for this.
* The mainboard's SMBus and the graphics card's buses are never asked.
* Any other bus is asked if somebody says so.

Two chips cannot be told apart by reading, so a kind is guessed from the address.
"""

import errno
import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from hardware.display.expanders import I2cBus
from hardware.display.i2c import open_bus
from hardware.errors import DeviceError
from hardware.finding.found import Found, Machine, Role, forbidden, number_of, word

_USB: Final = re.compile(r"MCP2221|CP2112|i2c-tiny-usb|ch341", re.IGNORECASE)
# What the device trees and drivers of boards call theirs: Raspberry Pi, Allwinner, Rockchip, NXP.
_BOARD: Final = re.compile(r"bcm2\d\d\d|i2c@|mv64xxx|sun\d+i|rk3x|imx-i2c|meson", re.IGNORECASE)
_NEVER: Final = re.compile(
    r"SMBus|piix4|i801|nforce2|gmbus|i915|nvidia|nvkm|radeon|amdgpu|\bDDC\b|\bDP|AUX|HDMI",
    re.IGNORECASE,
)
_MCP23: Final = range(0x20, 0x28)  # and PCF8574
_PCF8574A: Final = range(0x38, 0x40)
_USUAL_BACKPACK: Final = 0x27

NEVER_ASKED: Final = "never asked, never for a display: memory or monitors hang on it"
NOT_ASKED: Final = "not asked what answers, since it is not known what hangs on it"

OpenBus = Callable[[int], I2cBus]


def find_i2c(
    machine: Machine, asked: Collection[int] = (), *, opener: OpenBus = open_bus
) -> Iterator[Found]:
    """Each adapter, and what answers behind those that may be asked; ``asked`` says which more."""
    adapters = sorted((machine.sys / "bus/i2c/devices").glob("i2c-*"), key=number_of)
    names = [word(adapter / "name") for adapter in adapters]
    for adapter, name in zip(adapters, names, strict=True):
        number = number_of(adapter)
        path = machine.dev / adapter.name
        usb = _USB.search(name)
        trouble = forbidden(path, "i2c") if path.exists() else _no_node(str(path))
        refusal = "" if usb or _BOARD.search(name) or number in asked else NOT_ASKED
        # CP2112 calls itself "CP2112 SMBus Bridge".
        if not usb and _NEVER.search(name):
            yield Found(
                role="i2c",
                what=f"I2C adapter {number} ({name})",
                path=str(path),
                name=str(number),
                note=NEVER_ASKED,
            )
            continue
        displays: list[Found] = []
        if not refusal and trouble is None:
            short = str(number)
            if usb and sum(usb[0] in other for other in names) == 1:
                short = usb[0]
            displays, refusal = _ask(number, short, opener, is_usb=usb is not None)
        yield Found(
            role="i2c",
            what=f"I2C adapter {number} ({name})",
            path=str(path),
            name=str(number),
            trouble=trouble,
            rule=f'SUBSYSTEM=="i2c-dev", ATTR{{name}}=="{name}", GROUP="{{group}}", MODE="0660"'
            if path.exists()
            else "",
            note=refusal or ("" if displays or trouble else "no expander answers"),
        )
        yield from displays


def _ask(number: int, short: str, opener: OpenBus, *, is_usb: bool) -> tuple[list[Found], str]:
    """What answers on a bus, and why it could not be asked to the end."""
    found: list[Found] = []
    try:
        bus = opener(number)
    except DeviceError as error:
        return [], str(error)
    try:
        for address in (*_MCP23, *_PCF8574A):
            try:
                bus.read_byte(address)
            except OSError as error:
                if error.errno == errno.EBUSY:
                    return found, f"0x{address:02x} is in use by a driver of the kernel"
                if error.errno in (errno.ENOTTY, errno.ENODEV, errno.ETIMEDOUT):
                    return found, f"it could not be asked ({error.strerror})"
                continue  # ENXIO, EREMOTEIO or EIO, by driver: nobody is there
            found.append(_expander(number, short, address, is_usb=is_usb))
    finally:
        bus.close()
    return found, ""


def _expander(number: int, short: str, address: int, *, is_usb: bool) -> Found:
    is_backpack = address == _USUAL_BACKPACK or address in _PCF8574A
    role: Role = "pcf8574" if is_backpack else "mcp23017"
    guess = f"what answers at 0x{address:02x} mostly is one"
    if not is_backpack:
        guess += '; a "pcf8574" or "mcp23008" may be there, too'
    return Found(
        role=role,
        what=f"{role.upper()} at 0x{address:02x} of I2C adapter {number}",
        path=f"{number}:0x{address:02x}",
        name=f"{short}:0x{address:02x}",
        guess=guess,
        is_usb=is_usb,
    )


def _no_node(path: str) -> DeviceError:
    remedy = "Load the driver: modprobe i2c-dev, and i2c-dev into /etc/modules-load.d/i2c.conf"
    return DeviceError(path, "not there", remedy)
