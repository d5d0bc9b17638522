"""Local time for the display: documents are UTC, people are not."""

from __future__ import annotations

from datetime import UTC, tzinfo

from kpos.domain.instant import Instant


class Zone:
    """A time zone by name; UTC where the machine does not know it."""

    def __init__(self, name: str) -> None:
        self._zone: tzinfo = UTC
        if name != "UTC":
            from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

            try:
                self._zone = ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                self._zone = UTC

    def time_of_day(self, at: Instant) -> str:
        """``21:04``."""
        return f"{at.as_datetime().astimezone(self._zone):%H:%M}"

    def day(self, at: Instant) -> str:
        """``22.11.``, as short as the display needs it."""
        return f"{at.as_datetime().astimezone(self._zone):%d.%m.}"
