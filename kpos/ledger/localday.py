"""Days and hours as people write them, in the zone of the till; documents are UTC.

`zoneinfo` is imported where it is used: it costs half a bare interpreter, and a till whose tax
rates do not change never needs it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kpos.domain.instant import Instant
from kpos.domain.settings import Settings

_DAY = len("2026-11-22")
# A year of another century is a slip of the finger.
_YEARS = range(2000, 2100)


def rate_bp(settings: Settings, tax_key: str, at: Instant) -> int:
    """The rate of a tax key on the day of a moment."""
    day = day_of(settings.zone, at) if settings.tax_rates else ""
    return settings.rate_bp(tax_key, day)


def day_of(zone: str, at: Instant) -> str:
    """``2026-11-22``."""
    from zoneinfo import ZoneInfo

    return at.as_datetime().astimezone(ZoneInfo(zone)).date().isoformat()


def moment(zone: str, text: str, *, is_end: bool = False) -> Instant:
    """What ``2026-12-24``, ``2026-12-24 18:00`` or ``2026-12-24T17:00Z`` means.

    A day begins at its midnight; as an end it is over at the next one, so that it counts.

    Raises:
        ValueError: if it is no moment.
    """
    from zoneinfo import ZoneInfo

    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        read = datetime(1, 1, 1)  # noqa: DTZ001 - no zone, no time
    if read.year not in _YEARS:
        msg = f"{text[:30]!r} is no time (write 2026-12-24 or 2026-12-24 18:00)"
        raise ValueError(msg)
    if is_end and len(text.strip()) == _DAY:
        read += timedelta(days=1)
    if read.tzinfo is None:
        read = read.replace(tzinfo=ZoneInfo(zone))
    return Instant.parse(read.isoformat())
