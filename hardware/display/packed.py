"""HD44780 controllers behind an I2C expander, a whole run of characters to one transfer.

A USB adapter takes a millisecond or more for a transaction, whatever it carries, so that eight of
them a character are far too slow. Here each octet is five states of the pins, one after the other
in one transaction: idle with RS set up, E high and low with the upper half, E high and low with the
lower half. The idle state also gives the controller time: at 400 kHz a state lasts 22.5 us, and two
of them lie between the end of one octet and the rise of E for the next (37 us are needed, and 4 us
more behind data).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import RLock
from typing import Final

from hardware.display import hd44780
from hardware.display.expanders import Expander, I2cBus, NoAnswer
from hardware.display.i2c import SYSTEM, OpenBus, Place, find_adapter, open_bus, transfer_max

_STATES_PER_WORD: Final = 5
# Bytes a state and a transfer take on the expander that needs most, the MCP23017.
_OCTETS_PER_STATE: Final = 2
_OCTETS_PER_TRANSFER: Final = 1


class PackedWire:
    """A ``Wire`` over one expander.

    Args:
        expander: what hangs there.
        place: adapter and address.
        mask: which controllers there are.
        open_adapter: how an adapter is opened by its number.
        sleep: how time is spent while a controller initialises.
    """

    def __init__(
        self,
        expander: Expander,
        place: Place,
        mask: int,
        *,
        open_adapter: OpenBus = open_bus,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._expander = expander
        self._place = place
        self._mask = mask
        self._open = open_adapter
        self._sleep = sleep
        self._bus: I2cBus | None = None
        self._other_port = 0
        self._light = expander.light
        self._words_max = 1
        # A keypad may hang on the same expander's other port, and be read by another thread.
        self.lock: Final = RLock()

    def start(self) -> None:
        """Data sheet figure 24, for all controllers at once."""
        with self.lock:
            self.close()
            number = find_adapter(self._place.adapter)
            room = (transfer_max(number, SYSTEM) - _OCTETS_PER_TRANSFER) // _OCTETS_PER_STATE
            self._words_max = room // _STATES_PER_WORD
            self._bus = self._open(number)
            self._light = self._expander.light
            try:
                self._other_port = self._expander.prepare(self._bus, self._place.address)
            except OSError as error:
                raise NoAnswer(str(self._place), error) from error
            self._initialise()

    def send(self, mask: int, words: Sequence[int]) -> None:
        """One transfer, unless the adapter takes less."""
        with self.lock:
            for start in range(0, len(words), self._words_max):
                chunk = words[start : start + self._words_max]
                self._transfer([state for word in chunk for state in self._states(mask, word)])

    def clear(self, mask: int) -> None:
        """As long as it takes, and nothing in between."""
        with self.lock:
            self.send(mask, (hd44780.CLEAR,))
            self._sleep(hd44780.CLEAR_S)

    def light(self, *, lit: bool) -> None:
        """The light is a pin beside the others; all others are low between transfers."""
        with self.lock:
            self._light = self._expander.light if lit else 0
            self._transfer([self._light])

    def check(self) -> None:
        """See whether the expander answers, and has not lost its power meanwhile."""
        with self.lock:
            assert self._bus is not None, "checked before it was started"
            self._expander.look(self._bus, self._place.address)

    def close(self) -> None:
        """Close the adapter."""
        bus, self._bus = self._bus, None
        if bus is not None:
            with suppress(OSError):
                bus.close()

    def _initialise(self) -> None:
        self._sleep(hd44780.POWER_ON_S)
        for pause_s in hd44780.RESET_WAITS_S:
            self._pulse_all(hd44780.FUNCTION_8_BITS, pause_s)
        self._pulse_all(hd44780.FUNCTION_4_BITS, hd44780.INSTRUCTION_S)
        self.send(self._mask, (hd44780.FUNCTION_4_BITS_2_LINES, hd44780.DISPLAY_OFF))
        self.clear(self._mask)
        self.send(self._mask, (hd44780.ENTRY_MODE_INCREMENT, hd44780.DISPLAY_ON))

    def _pulse_all(self, octet: int, pause_s: float) -> None:
        """The upper half of an instruction: as long as they read 8 bits, that is all of it."""
        self._transfer([self._light, *self._pulse(self._mask, 0, octet >> 4)])
        self._sleep(pause_s)

    def _states(self, mask: int, word: int) -> Iterator[int]:
        rs = self._expander.rs if word & hd44780.DATA else 0
        yield rs | self._light
        yield from self._pulse(mask, rs, word >> 4 & 0x0F)
        yield from self._pulse(mask, rs, word & 0x0F)

    def _pulse(self, mask: int, rs: int, nibble: int) -> tuple[int, int]:
        first, second = self._expander.enables
        enable = first * (mask & 1) | second * (mask >> 1 & 1)
        low = nibble << self._expander.data_shift | rs | self._light
        return low | enable, low

    def _transfer(self, states: Sequence[int]) -> None:
        from smbus2 import i2c_msg

        assert self._bus is not None, "sent before it was started"
        octets = self._expander.pack(states, self._other_port)
        self._bus.i2c_rdwr(i2c_msg.write(self._place.address, octets))
