"""An axis with round numbers, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable

from kpos.domain.values import dataclass
from kpos.reports.result import Unit

_CENTS = 100
_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, both multiples of `step`; zero is always on it."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> range:
        """The numbers that stand at the axis."""
        return range(self.low, self.high + 1, self.step)

    def share(self, value: int) -> float:
        """Where a value stands, 0 at `low` and 1 at `high`."""
        return (value - self.low) / (self.high - self.low)


def axis_for(values: Iterable[int], unit: Unit, ticks_max: int = 7) -> Axis:
    """The shortest axis with steps of 1, 2 or 5 and zeros that holds all values."""
    found = [0, *values]
    low, high = min(found), max(found)
    step = 1
    if low == high:
        high = _CENTS if unit == "EUR" else 1
        step = high
    digits, power = (1, 2, 5), 1
    while True:
        for digit in digits:
            step = max(step, digit * power)
            bottom, top = low // step, -(-high // step)
            if top - bottom < ticks_max:
                return Axis(bottom * step, top * step, step)
        power *= 10


def tick_text(value: int, axis: Axis, unit: Unit) -> str:
    """A number at the axis: whole euros, unless the steps are smaller."""
    if unit != "EUR":
        return _grouped(value)
    if axis.step % _CENTS == 0:
        return _signed(value, _grouped(abs(value) // _CENTS))
    return value_text(value, unit)


def value_text(value: int, unit: Unit) -> str:
    """A number beside its bar: ``1 234.50``."""
    if unit != "EUR":
        return _grouped(value)
    euros, cents = divmod(abs(value), _CENTS)
    return _signed(value, f"{_grouped(euros)}.{cents:02}")


def _grouped(value: int) -> str:
    return _signed(value, f"{abs(value):,}".replace(",", _NARROW_SPACE))


def _signed(value: int, text: str) -> str:
    return f"\N{MINUS SIGN}{text}" if value < 0 else text
