"""I2C port expanders on the back of a display, and which pin goes where.

The wiring is that of the backpacks one can buy, which RPLCD drives as well. The second controller's
enable line takes the pin they leave over: on a PCF8574 the old RW (cut it from the module, tie the
module's RW to ground), on the others pin 0, which is not connected. Registers: Microchip DS21919E
(MCP23008), DS20001952C (MCP23017, BANK = 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hardware.errors import DeviceError

# In IOCON: the register pointer stays where it is, or on a chip with two ports goes to and fro.
_BYTE_OPERATION: Final = 0x20
_ALL_OUTPUTS: Final = 0x00


class I2cBus(Protocol):
    """``smbus2.SMBus``, as far as it is used. Everything raises OSError."""

    def write_byte(self, address: int, value: int, /) -> None:
        """Send one byte."""
        ...

    def write_byte_data(self, address: int, register: int, value: int, /) -> None:
        """Send two bytes, the first of which names a register."""
        ...

    def read_byte(self, address: int, /) -> int:
        """Receive a byte."""
        ...

    def read_byte_data(self, address: int, register: int, /) -> int:
        """Receive a register."""
        ...

    def i2c_rdwr(self, *messages: Any) -> None:  # noqa: ANN401 - smbus2.i2c_msg
        """Send what does not fit into the calls above."""
        ...

    def close(self) -> None:
        """Close the descriptor."""
        ...


@dataclass(frozen=True)
class Expander:
    """A chip, its usual address, its pins as masks; ``direction`` and what follows: registers."""

    chip: str
    address: int
    rs: int
    enables: tuple[int, int]
    light: int
    data_shift: int
    direction: int | None = None
    control: int = 0
    latch: int = 0
    port: int = 0
    second_latch: int | None = None

    def prepare(self, bus: I2cBus, address: int) -> int:
        """Make all pins outputs, enable lines low; return what the other port's latch holds."""
        if self.direction is None:
            bus.write_byte(address, 0)
            return 0
        control = bus.read_byte_data(address, self.control)
        bus.write_byte_data(address, self.control, control | _BYTE_OPERATION)
        bus.write_byte_data(address, self.latch, 0)
        bus.write_byte_data(address, self.direction, _ALL_OUTPUTS)
        if self.second_latch is None:
            return 0
        return bus.read_byte_data(address, self.second_latch)

    def pack(self, pins: Sequence[int], other: int) -> bytes:
        """What one transaction must carry to set the pins one after the other.

        On a chip with two ports every second byte goes to the other port, which gets what its latch
        holds: nothing changes there.
        """
        if self.direction is None:
            return bytes(pins)
        if self.second_latch is None:
            return bytes([self.port, *pins])
        return bytes([self.port, *(octet for pin in pins for octet in (pin, other))][:-1])

    def look(self, bus: I2cBus, address: int) -> None:
        """See whether the chip has lost its power since: then its pins are inputs, or high.

        Raises:
            OSError: it has, or does not answer.
        """
        if self.direction is None:
            was_reset = bool(bus.read_byte(address) & self.enables[0])
        else:
            was_reset = bus.read_byte_data(address, self.direction) != _ALL_OUTPUTS
        if was_reset:
            msg = f"the {self.chip} has lost its power"
            raise OSError(msg)


_PCF8574: Final = Expander("PCF8574", 0x27, rs=0x01, enables=(0x04, 0x02), light=0x08, data_shift=4)
_MCP23008: Final = Expander(
    "MCP23008",
    0x20,
    rs=0x02,
    enables=(0x04, 0x01),
    light=0x80,
    data_shift=3,
    direction=0x00,
    control=0x05,
    port=0x09,
    latch=0x0A,
)
_MCP23017: Final = Expander(
    "MCP23017",
    0x20,
    rs=0x02,
    enables=(0x04, 0x01),
    light=0x80,
    data_shift=3,
    direction=0x00,
    control=0x0A,
    port=0x12,
    latch=0x14,
    second_latch=0x15,
)
EXPANDERS: Final = {"pcf8574": _PCF8574, "mcp23008": _MCP23008, "mcp23017": _MCP23017}


class NoAnswer(DeviceError):
    """Nothing at that address."""

    def __init__(self, where: str, error: OSError) -> None:
        super().__init__(
            where,
            f"the display does not answer ({error.strerror or error})",
            "See its cable, and its address: i2cdetect -y BUS",
        )
