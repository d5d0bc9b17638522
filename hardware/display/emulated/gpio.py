"""The pins of a Raspberry Pi with a display module on them, and the library RPi.GPIO in front.

The module object stands in for ``RPi.GPIO`` (put it into ``sys.modules``): a pin must be set up
before it is used, and is an input again after ``cleanup``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hardware.display.emulated.hd44780 import Pins
from hardware.display.emulated.module import Module
from hardware.display.emulated.simulated_time import SimulatedTime

# A call from Python takes about a microsecond; two levels never change at the same time.
_CALL_NS: Final = 500


class Header:
    """Levels of pins, and which pin of the module each leads to."""

    def __init__(
        self, module: Module, *, rs: int, enables: Sequence[int], data: Sequence[int], light: int
    ) -> None:
        self._module = module
        self._rs = rs
        self._enables = enables
        self._data = data
        self._light = light
        self.levels: dict[int, int] = {}

    def put(self, pin: int, level: int) -> None:
        """One pin changes."""
        self.levels[pin] = level
        data = sum(self.levels.get(each, 0) << bit for bit, each in enumerate(self._data))
        rs = bool(self.levels.get(self._rs))
        self._module.is_lit = bool(self.levels.get(self._light))
        for controller, enable in zip(self._module.controllers, self._enables, strict=False):
            controller.set_pins(Pins(rs=rs, e=bool(self.levels.get(enable)), data=data))


class GpioLibrary:
    """``RPi.GPIO``, as far as RPLCD and our driver call it. ``calls`` counts changes of pins."""

    BOARD: Final = 10
    BCM: Final = 11
    OUT: Final = 0
    IN: Final = 1
    LOW: Final = 0
    HIGH: Final = 1

    def __init__(self, header: Header, time: SimulatedTime) -> None:
        self._header = header
        self._time = time
        self._outputs: set[int] = set()
        self._mode: int | None = None
        self.calls = 0

    @property
    def outputs(self) -> frozenset[int]:
        """The pins that have been set up and not been given back."""
        return frozenset(self._outputs)

    def setmode(self, mode: int) -> None:
        """The numbering, once."""
        if self._mode not in (None, mode):
            msg = "A different mode has already been set!"
            raise ValueError(msg)
        self._mode = mode

    def setup(self, pin: int, direction: int, initial: int | None = None) -> None:
        """Make a pin an output."""
        assert self._mode == self.BCM, "the wiring here is given by BCM numbers"
        assert direction == self.OUT, "a display has no outputs"
        self._outputs.add(pin)
        if initial is not None:
            self._header.put(pin, initial)

    def output(self, pin: int, level: int) -> None:
        """Change a pin."""
        if pin not in self._outputs:
            msg = "The GPIO channel has not been set up as an OUTPUT"
            raise RuntimeError(msg)
        self.calls += 1
        self._time.now_ns += _CALL_NS
        self._header.put(pin, int(bool(level)))

    def cleanup(self, pins: Iterable[int]) -> None:
        """Make inputs of them."""
        self._outputs -= set(pins)
