"""Local time for the display: documents are UTC, people are not."""

from __future__ import annotations

import os
import time

from kpos.domain.instant import Instant

_MS = 1000


class Zone:
    """A time zone by name; UTC where the machine does not know it.

    The C library does it (tzset(3)): a process has one zone at a time, as a till has, and the
    `zoneinfo` package would cost half a bare interpreter at every start.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def time_of_day(self, at: Instant) -> str:
        """``21:04``."""
        return time.strftime("%H:%M", self._local(at))

    def day(self, at: Instant) -> str:
        """``22.11.``, as short as the display needs it."""
        return time.strftime("%d.%m.", self._local(at))

    def _local(self, at: Instant) -> time.struct_time:
        if os.environ.get("TZ") != self._name:
            os.environ["TZ"] = self._name
            time.tzset()
        return time.localtime(at.ms // _MS)
