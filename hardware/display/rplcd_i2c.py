"""HD44780 controllers behind an I2C expander, driven by RPLCD.

RPLCD knows displays of one controller. Two of its objects make 40x4, one for each enable line; they
share the bus, the state of the expander's pins (the light is one of them) and one lock, and after
an error both are initialised anew, since a controller that missed half an octet takes everything
after it for something else. RPLCD's own cursor and cache are not used: it sends a cursor command
for a character that is there already.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import RLock
from typing import Any, Final

from RPLCD import common
from RPLCD.i2c import CharLCD

from hardware.display.expanders import Expander, I2cBus, NoAnswer
from hardware.display.hd44780 import DATA, FUNCTION_8_BITS, LINE, RESET_WAITS_S
from hardware.display.i2c import OpenBus, Place, find_adapter, open_bus

# Between the edges of E, and behind an octet: as in RPLCD.
_EDGE_US: Final = 1
_SETTLE_US: Final = 100
_POWER_ON_MS: Final = 50


class Pins:
    """What two halves share: the bus, and what the expander's pins are."""

    def __init__(self, expander: Expander, address: int, bus: I2cBus) -> None:
        self.expander = expander
        self.address = address
        self.bus = bus
        self.port = 0
        self.light = expander.light


class Half(CharLCD):  # type: ignore[misc]  # RPLCD has no types
    """One controller: a ``CharLCD`` of two lines of 40, whatever of them can be seen."""

    def __init__(self, pins: Pins, enable: int) -> None:
        self._pins = pins
        self._enable = enable
        bank = {"gpio_bank": "A"} if pins.expander.chip == "MCP23017" else None
        super().__init__(
            pins.expander.chip,
            pins.address,
            expander_params=bank,
            cols=LINE,
            rows=2,
            auto_linebreaks=False,
        )

    def data(self, octet: int) -> None:
        """Write where the address counter stands, whatever RPLCD believes is there."""
        self._send_data(octet)

    # What RPLCD keeps in each object for itself, and is one thing here

    @property
    def _backlight(self) -> int:
        return self._pins.light

    @_backlight.setter
    def _backlight(self, value: int) -> None:
        self._pins.light = value

    @property
    def _mcp_data(self) -> int:
        return self._pins.port

    @_mcp_data.setter
    def _mcp_data(self, value: int) -> None:
        self._pins.port = value

    def _init_connection(self) -> None:
        self.bus = self._pins.bus
        self._mcp_gpio = self._pins.expander.port
        # An enable line that was left high falls here, and may end a "clear": time for that, too.
        self._put(self._pins.light)
        direction = self._pins.expander.direction
        if direction is not None:
            self.bus.write_byte_data(self._address, direction, 0)
        common.msleep(_POWER_ON_MS)
        self._reset()

    def _reset(self) -> None:
        """Back to 8 bits, from whatever half of whatever octet (data sheet figure 24).

        RPLCD begins with whole octets, which a controller of 4 bits takes for "home", and leaves it
        a fifteenth of the time that takes.
        """
        is_plain = self._pins.expander.direction is None
        for wait_s in RESET_WAITS_S:
            self._pulse_data(FUNCTION_8_BITS if is_plain else FUNCTION_8_BITS >> 4)
            common.msleep(wait_s * 1000)

    def _pulse_data(self, value: int) -> None:
        """As RPLCD's, but for which line is pulsed; ``value`` is pins (PCF8574) or a nibble."""
        expander = self._pins.expander
        if expander.direction is None:
            low = value | self._pins.light
        else:
            kept = self._pins.port & (expander.rs | expander.light)
            low = kept | value << expander.data_shift
        for pins, wait_us in ((low, _EDGE_US), (low | self._enable, _EDGE_US), (low, _SETTLE_US)):
            self._put(pins)
            common.usleep(wait_us)

    def _put(self, pins: int) -> None:
        self._pins.port = pins
        if self._pins.expander.direction is None:
            self.bus.write_byte(self._address, pins)
        else:
            self.bus.write_byte_data(self._address, self._mcp_gpio, pins)


class RplcdI2cWire:
    """A ``Wire`` of one or two halves."""

    def __init__(
        self, expander: Expander, place: Place, mask: int, *, open_adapter: OpenBus = open_bus
    ) -> None:
        self._expander = expander
        self._place = place
        self._enables = expander.enables[: mask.bit_length()]
        self._open = open_adapter
        self._bus: I2cBus | None = None
        self._halves: list[Any] = []
        # A keypad may hang on the same expander's other port, and be read by another thread.
        self.lock: Final = RLock()

    def start(self) -> None:
        """Both halves, from whatever they are in."""
        with self.lock:
            self.close()
            self._bus = self._open(find_adapter(self._place.adapter))
            pins = Pins(self._expander, self._place.address, self._bus)
            try:
                self._halves = [Half(pins, enable) for enable in self._enables]
            except OSError as error:
                raise NoAnswer(str(self._place), error) from error

    def send(self, mask: int, words: Sequence[int]) -> None:
        """Octet by octet."""
        with self.lock:
            for place, half in enumerate(self._halves):
                if not mask >> place & 1:
                    continue
                for word in words:
                    (half.data if word & DATA else half.command)(word & 0xFF)

    def clear(self, mask: int) -> None:
        """RPLCD waits for it."""
        with self.lock:
            for place, half in enumerate(self._halves):
                if mask >> place & 1:
                    half.clear()

    def light(self, *, lit: bool) -> None:
        """One light for both."""
        with self.lock:
            self._halves[0].backlight_enabled = lit

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
