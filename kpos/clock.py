"""The only reader of time. Everybody else is told.

`SystemClock` is the wall; `ScriptClock` stands still until it is moved, so that a scripted
evening of hours runs in seconds and gives the same documents each time.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Protocol

from kpos.domain.instant import Instant

_NS_PER_MS = 1_000_000
# Made by systemd-timesyncd once it has set the clock. A till in its unit may not ask the kernel:
# the call that asks is the one that sets.
_TIMESYNCD = Path("/run/systemd/timesync/synchronized")


class Clock(Protocol):
    """Wall time may jump; monotonic time only goes on. Both in milliseconds."""

    def now(self) -> Instant:
        """What the wall clock says, right or wrong."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds since some moment in this process; never goes back."""
        ...

    def is_synchronised(self) -> bool:
        """Whether somebody who knows the time (NTP) keeps the wall clock right."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> Instant:
        """The wall clock."""
        return Instant(time.time_ns() // _NS_PER_MS)

    def monotonic_ms(self) -> int:
        """CLOCK_BOOTTIME: goes on while a laptop sleeps, unlike CLOCK_MONOTONIC."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // _NS_PER_MS

    def is_synchronised(self) -> bool:
        """As timesyncd says, or the kernel: adjtimex(2) answers TIME_ERROR while it is not."""
        if _TIMESYNCD.exists():
            return True
        import ctypes  # asked once in a while, by tills whose clock looks wrong

        size_of_timex = 512  # 208 bytes on 64-bit Linux; the rest is slack
        timex = ctypes.create_string_buffer(size_of_timex)
        time_error = 5
        state: int = ctypes.CDLL(None).adjtimex(timex)
        return 0 <= state < time_error


class ScriptClock:
    """A clock that only `move` moves; wall and monotonic time go together."""

    def __init__(self, start: Instant) -> None:
        self.start = start
        self.elapsed_ms = 0

    def now(self) -> Instant:
        """Start time plus script time."""
        return self.start.plus_ms(self.elapsed_ms)

    def monotonic_ms(self) -> int:
        """Script time."""
        return self.elapsed_ms

    def is_synchronised(self) -> bool:
        """A script is nobody's time server."""
        return False

    def move(self, ms: int) -> None:
        """Let `ms` milliseconds pass."""
        self.elapsed_ms += ms


def real_ms() -> int:
    """Milliseconds of real time for measurements, whatever clock the till runs on."""
    return time.monotonic_ns() // _NS_PER_MS
