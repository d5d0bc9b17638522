"""I2C port expanders with a display module on their pins.

PCF8574: NXP data sheet, rev. 5: one byte, the pins; all high after power on. MCP23008 and MCP23017:
Microchip DS21919E and DS20001952C: table 1-3 (registers), section 3.2.1 (byte and sequential
operation; byte operation with BANK = 0 toggles between the registers A and B of a pair), all pins
inputs after power on. Which pin goes where is the wiring of the usual backpacks, with E2 where
they leave a pin over: on the PCF8574 the old RW (the module's RW lies on ground), on the others
pin 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from hardware.display.emulated.hd44780 import Pins
from hardware.display.emulated.module import Module


class Chip(Protocol):
    """Something with an I2C address."""

    def write(self, octet: int) -> None:
        """One byte of a transaction, behind the address."""
        ...

    def read(self) -> int:
        """One byte of a transaction that reads."""
        ...

    def stop(self) -> None:
        """The transaction is over."""
        ...

    def power_on(self) -> None:
        """Power has come back, to what hangs on it as well."""
        ...


class Pcf8574:
    """P0 RS, P1 E2, P2 E1, P3 light, P4 to P7 data."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self.power_on()

    def power_on(self) -> None:
        """All pins high."""
        self._port = 0xFF
        self._module.power_on(Pins(rs=True, e=True, data=0x0F))
        self._module.is_lit = True

    def write(self, octet: int) -> None:
        """The pins."""
        self._port = octet
        enables = (octet & 0x04, octet & 0x02)
        self._module.is_lit = bool(octet & 0x08)
        for controller, enable in zip(self._module.controllers, enables, strict=False):
            controller.set_pins(Pins(rs=bool(octet & 0x01), e=bool(enable), data=octet >> 4))

    def read(self) -> int:
        """The pins; nothing here pulls one down."""
        return self._port

    def stop(self) -> None:
        """Nothing."""


class _Mcp230xx:
    """Registers, their pointer, and port A: 0 E2, 1 RS, 2 E1, 3 to 6 data, 7 light."""

    # Register numbers with BANK = 0.
    _IODIR: int
    _IOCON: tuple[int, ...]
    _OLAT: int
    _GPIO: int
    _COUNT: int
    _IODIRS: tuple[int, ...]

    def __init__(self, module: Module) -> None:
        self._module = module
        self.power_on()

    def power_on(self) -> None:
        """All pins inputs, everything else zero."""
        self._module.power_on()
        self.registers = [0] * self._COUNT
        for register in self._IODIRS:
            self.registers[register] = 0xFF
        self._pointer = 0
        self._is_named = False
        self._drive()

    def write(self, octet: int) -> None:
        """The register first, then what goes into it and the following."""
        if not self._is_named:
            self._pointer, self._is_named = octet % self._COUNT, True
            return
        register = self._pointer
        if register in self._gpios():
            register = self._gpios()[register]
        self.registers[register] = octet
        for other in self._IOCON:
            if register in self._IOCON:
                self.registers[other] = octet
        self._pointer = self._next(self._pointer)
        if register in (self._IODIR, self._OLAT):
            self._drive()

    def read(self) -> int:
        """What is in the register that was named last; pins that are inputs read as low."""
        register, self._pointer = self._pointer, self._next(self._pointer)
        return self.registers[self._gpios().get(register, register)]

    def stop(self) -> None:
        """The next transaction names a register again; a repeated start does not come here."""
        self._is_named = False

    def _gpios(self) -> dict[int, int]:
        """Writing a port writes its latch."""
        return {self._GPIO: self._OLAT}

    def _next(self, pointer: int) -> int:
        is_byte_operation = self.registers[self._IOCON[0]] & 0x20
        return pointer if is_byte_operation else (pointer + 1) % self._COUNT

    def _drive(self) -> None:
        """Outputs show the latch; what is no output has no level that a display would take."""
        pins = self.registers[self._OLAT] & ~self.registers[self._IODIR]
        self._module.is_lit = bool(pins & 0x80)
        enables = (pins & 0x04, pins & 0x01)
        for controller, enable in zip(self._module.controllers, enables, strict=False):
            controller.set_pins(Pins(rs=bool(pins & 0x02), e=bool(enable), data=pins >> 3 & 0x0F))


class Mcp23008(_Mcp230xx):
    """Eight pins."""

    _IODIR, _IOCON, _GPIO, _OLAT = 0x00, (0x05,), 0x09, 0x0A
    _COUNT = 0x0B
    _IODIRS = (0x00,)


class Mcp23017(_Mcp230xx):
    """Sixteen pins; the display on port A, whatever it is on port B."""

    _IODIR, _IOCON, _GPIO, _OLAT = 0x00, (0x0A, 0x0B), 0x12, 0x14
    _COUNT = 0x16
    _IODIRS = (0x00, 0x01)

    def _gpios(self) -> dict[int, int]:
        return {0x12: 0x14, 0x13: 0x15}

    def _next(self, pointer: int) -> int:
        assert not self.registers[self._IOCON[0]] & 0x80, "BANK = 1 is not emulated"
        if self.registers[self._IOCON[0]] & 0x20:
            return pointer ^ 1
        return super()._next(pointer)


CHIPS: Final[dict[str, Callable[[Module], Chip]]] = {
    "pcf8574": Pcf8574,
    "mcp23008": Mcp23008,
    "mcp23017": Mcp23017,
}
ADDRESSES: Final = {"pcf8574": 0x27, "mcp23008": 0x20, "mcp23017": 0x20}
