"""An I2C adapter as the kernel offers it: the calls of ``smbus2.SMBus``, and what they cost.

A transaction is a start condition, the address, bytes and a stop: each byte is nine bit times. It
can fail between any two bytes; what came before has arrived.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from hardware.display.emulated.expanders import Chip
from hardware.display.emulated.simulated_time import SimulatedTime

_BITS_PER_BYTE: Final = 9
_START_AND_STOP_BITS: Final = 2
_NS_PER_S: Final = 1_000_000_000


class Message(Protocol):
    """``smbus2.i2c_msg``, as far as it is used."""

    addr: int
    flags: int

    def __iter__(self) -> Iterator[int]:
        """Return its bytes."""
        ...


class I2cAdapter:
    """Chips by address. ``transactions`` and ``octets`` count what went over the wire."""

    def __init__(self, time: SimulatedTime, chips: dict[int, Chip], *, hz: int = 100_000) -> None:
        self._time = time
        self._chips = chips
        self._bit_ns = _NS_PER_S // hz
        self.transactions = 0
        self.octets = 0
        self.is_plugged = True
        self.descriptors = 0
        # Asked before each byte: shall it be lost, and the transaction with it?
        self.fails: Callable[[], bool] = lambda: False

    # Plugging

    def unplug(self) -> None:
        """Adapter, expander and display lose their power."""
        self.is_plugged = False

    def plug(self) -> None:
        """And have it back."""
        self.is_plugged = True
        self.interrupt_power()

    def interrupt_power(self) -> None:
        """So short that nobody talked meanwhile."""
        for chip in self._chips.values():
            chip.power_on()

    # The calls of smbus2.SMBus

    def open(self, _port: int) -> I2cAdapter:
        """Like ``SMBus(port)``: there is only one."""
        if not self.is_plugged:
            raise OSError(errno.ENOENT, "No such file or directory")
        self.descriptors += 1
        return self

    def close(self) -> None:
        """Like ``SMBus.close``."""
        self.descriptors -= 1

    def write_byte(self, address: int, value: int) -> None:
        """One byte."""
        self._write(address, [value])

    def write_byte_data(self, address: int, register: int, value: int) -> None:
        """A register and one byte."""
        self._write(address, [register, value])

    def read_byte(self, address: int) -> int:
        """One byte."""
        chip = self._begin(address)
        self._tick(chip)
        value = chip.read()
        chip.stop()
        return value

    def read_byte_data(self, address: int, register: int) -> int:
        """A register is named, and read after a repeated start."""
        chip = self._begin(address)
        self._tick(chip)
        chip.write(register)
        self._tick(chip)  # the address again, now to read
        self._tick(chip)
        value = chip.read()
        chip.stop()
        return value

    def i2c_rdwr(self, *messages: Message) -> None:
        """Messages that write, each a transaction."""
        for message in messages:
            assert not message.flags & 1, "only writing is emulated"
            self._write(message.addr, list(message))

    def _write(self, address: int, octets: list[int]) -> None:
        chip = self._begin(address)
        for octet in octets:
            self._tick(chip)
            chip.write(octet)
        chip.stop()

    def _begin(self, address: int) -> Chip:
        if not self.is_plugged:
            raise OSError(errno.ENODEV, "No such device")
        self.transactions += 1
        self._time.now_ns += _START_AND_STOP_BITS * self._bit_ns
        if address not in self._chips:
            raise OSError(errno.ENXIO, "No such device or address")
        chip = self._chips[address]
        self._tick(chip)
        return chip

    def _tick(self, chip: Chip) -> None:
        """The time of a byte, which may be lost, and the transaction with it."""
        self.octets += 1
        self._time.now_ns += _BITS_PER_BYTE * self._bit_ns
        if self.fails():
            chip.stop()
            raise OSError(errno.EIO, "Input/output error")
