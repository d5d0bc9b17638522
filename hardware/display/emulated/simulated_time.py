"""Time that passes only by what a bus transmits and by what a driver sleeps."""

from __future__ import annotations

from collections.abc import Callable

_NS_PER_S = 1_000_000_000


class SimulatedTime:
    """Stands in for the module ``time``, as far as drivers of displays use it."""

    def __init__(self) -> None:
        self.now_ns = 0
        # What goes on beside whoever sleeps.
        self.meanwhile: Callable[[], None] = lambda: None

    def sleep(self, seconds: float) -> None:
        """Let time pass, at least as much as was asked for."""
        self.meanwhile()
        self.now_ns += round(seconds * _NS_PER_S)
