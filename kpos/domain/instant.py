"""Points in time as documents carry them, and how far a reading of the clock is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

from kpos.domain.values import dataclass

Trust: TypeAlias = Literal["ok", "back", "ahead"]

DAY_MS = 86_400_000
_OFFSET = len("+00:00")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# datetime ends with the year 9999; a clock beyond it is read as its last moment.
_MS_MAX = 253_402_300_799_999


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """Milliseconds since 1970-01-01 UTC, as the clock said."""

    ms: int

    def __str__(self) -> str:
        """``2026-11-22T21:04:00.000Z``, the form that is hashed."""
        return _written(self.ms)

    def as_datetime(self) -> datetime:
        """The same moment as an aware datetime in UTC."""
        return _EPOCH + timedelta(milliseconds=min(max(self.ms, 0), _MS_MAX))

    def plus_ms(self, ms: int) -> Instant:
        """The instant `ms` milliseconds later."""
        return Instant(self.ms + ms)

    @classmethod
    def parse(cls, text: str) -> Instant:
        """Read what `str` wrote; also any ISO 8601 with an offset or ``Z``.

        Raises:
            ValueError: if it is no such moment, or has no zone.
        """
        return _read(text)


# The documents of a booking have one time, which is written and read for each of them.
@lru_cache(maxsize=8)
def _written(ms: int) -> str:
    return Instant(ms).as_datetime().isoformat(timespec="milliseconds")[:-_OFFSET] + "Z"


@lru_cache(maxsize=8)
def _read(text: str) -> Instant:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = f"{text!r} has no time zone (write 2026-11-22T21:04:00Z)"
        raise ValueError(msg)
    return Instant((moment - _EPOCH) // timedelta(milliseconds=1))


# No till sold before this program existed: the predecessor of the very first document.
EARLIEST = Instant.parse("2026-01-01T00:00:00Z")


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar as documents write it, ``2026-11-22``."""
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d") == text
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of the clock and how far it is believed: what a document stores."""

    at: Instant
    clock: Trust


def judge(at: Instant, predecessor: Instant, trusted_at: Instant, trusted_now: Instant) -> Trust:
    """Whether to believe a reading of the clock.

    `predecessor` is the time of the last document, `trusted_at` that of the last believed one,
    `trusted_now` the same moved on by a monotonic clock while the till ran.
    """
    if at.ms < max(predecessor.ms, trusted_at.ms):
        return "back"
    if at.ms > trusted_now.ms + DAY_MS:
        return "ahead"
    return "ok"
