"""Which pins of a Raspberry Pi a display hangs on, by their BCM numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from hardware.errors import DeviceError


@dataclass(frozen=True)
class GpioPins:
    """The default wiring uses none of the pins of I2C, SPI and the console; all are on one end."""

    rs: int = 26
    e1: int = 19
    e2: int = 13
    d4: int = 21
    d5: int = 20
    d6: int = 16
    d7: int = 12
    light: int = 6

    @property
    def data(self) -> list[int]:
        """In ascending order of bits."""
        return [self.d4, self.d5, self.d6, self.d7]


_NAMES: Final = [field.name for field in fields(GpioPins)]
# What a header of 40 pins has.
_PINS: Final = range(2, 28)


def parse_pins(text: str) -> GpioPins:
    """``rs=26 e1=19``: what is not named keeps its default.

    Raises:
        DeviceError: no such pin, or one for two things.
    """
    pins: dict[str, int] = {}
    for word in text.split():
        name, _, number = word.partition("=")
        if name not in _NAMES or not number.isdecimal() or int(number) not in _PINS:
            remedy = f"Write name=number, names {', '.join(_NAMES)}, numbers (BCM) from 2 to 27"
            raise DeviceError(word, "no pin of a display", remedy)
        pins[name] = int(number)
    found = GpioPins(**pins)
    numbers = [getattr(found, name) for name in _NAMES]
    if len(set(numbers)) < len(numbers):
        raise DeviceError(text, "one pin for two things", "Name another pin for one of them")
    return found
