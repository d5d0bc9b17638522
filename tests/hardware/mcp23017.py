"""An MCP23017 at the level of its registers, and keys that connect its pins.

Registers and their values after power-up from Microchip's data sheet DS20001952 (IOCON.BANK = 0).
A pin's level follows from everything it is connected to: with keys held it may be several pins.
"""

from __future__ import annotations

import errno
import os

IODIR, IPOL, GPPU, GPIO, OLAT = 0x00, 0x02, 0x0C, 0x12, 0x14  # of port A; B is one further
REGISTERS = 0x16
WRITABLE = set(range(REGISTERS)) - {0x0E, 0x0F, 0x10, 0x11}  # INTF and INTCAP are only read


class ShortCircuit(Exception):
    """An output at 0 was connected to an output at 1."""


class Mcp23017:
    """One chip and the matrix on its port B: row r on pin r, column c on pin 4 + c."""

    def __init__(self, address: int = 0x20) -> None:
        self.address = address
        self.held: set[tuple[int, int]] = set()
        self.transactions = 0
        self.failing = 0  # so many transactions to come
        self.is_absent = False
        self.writes: list[tuple[int, int]] = []
        self.loses_power()

    def loses_power(self) -> None:
        self.registers = [0] * REGISTERS
        self.registers[IODIR] = self.registers[IODIR + 1] = 0xFF

    # The bus

    def read_byte_data(self, address: int, register: int) -> int:
        self._answers(address)
        if register in (GPIO, GPIO + 1):
            return self._levels(register - GPIO) ^ self.registers[IPOL + register - GPIO]
        return self.registers[register]

    def write_byte_data(self, address: int, register: int, value: int) -> None:
        self._answers(address)
        assert 0 <= value <= 0xFF
        self.writes.append((register, value))
        if register in (GPIO, GPIO + 1):
            register += OLAT - GPIO  # writing the port writes its latch
        if register in WRITABLE:
            self.registers[register] = value
        self._levels(1)

    def close(self) -> None:
        pass

    # The pins

    def _answers(self, address: int) -> None:
        self.transactions += 1
        if self.is_absent or address != self.address or self.failing:
            self.failing = max(0, self.failing - 1)
            raise OSError(errno.EREMOTEIO, os.strerror(errno.EREMOTEIO))

    def _levels(self, port: int) -> int:
        return sum(self._level(port, pin) << pin for pin in range(8))

    def _level(self, port: int, pin: int) -> int:
        connected = self._connected(pin) if port else {pin}
        driven = {
            self.registers[OLAT + port] >> each & 1
            for each in connected
            if not self.registers[IODIR + port] >> each & 1
        }
        if len(driven) > 1:
            raise ShortCircuit
        if driven:
            return driven.pop()
        # A pin that nothing holds reads as anything; here as what does the most harm.
        return int(any(self.registers[GPPU + port] >> each & 1 for each in connected))

    def _connected(self, pin: int) -> set[int]:
        connected = {pin}
        while True:
            more = {
                each
                for row, column in self.held
                for each in (row, 4 + column)
                if connected & {row, 4 + column}
            }
            if more <= connected:
                return connected
            connected |= more
