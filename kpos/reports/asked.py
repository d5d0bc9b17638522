"""What a report is asked for: which days, cut into days, weeks or months, by whom or what.

Days are those of the till's time zone and become bounds in UTC here, so that the queries need no
dates and run on any database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Literal, Protocol, TypeAlias

from kpos.domain.instant import Instant
from kpos.domain.values import dataclass

Per: TypeAlias = Literal["day", "week", "month"]
By: TypeAlias = Literal["group", "product", "member"]

# Ten years of days; a clock that was wrong once must not make a table of a million.
BUCKETS_MAX = 3660
# datetime ends with the year 9999, and the day after the last one is needed.
_YEARS = range(2000, 9999)
_EVER_MS = 1 << 62
_ONE_DAY = timedelta(days=1)
_DECEMBER = 12


class Connection(Protocol):
    """As much of a database connection as a report needs.

    Values stand for the ``?`` of a query, which has no other use there: a driver that wants
    ``%s`` replaces them.
    """

    def execute(self, query: str, values: tuple[Any, ...] = (), /) -> Any:  # noqa: ANN401
        """Run a query."""
        ...


@dataclass(frozen=True, slots=True)
class Bucket:
    """A time whose rows are summed up: from `begin_ms` to before `end_ms`, UTC."""

    label: str
    begin_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that reports share. `first` and `last` are days, both inside."""

    zone: tzinfo
    first: date | None = None
    last: date | None = None
    per: Per | None = None
    by: By | None = None

    def whole(self) -> Bucket:
        """All of it, however it is cut."""
        begin = _begin_ms(self.first, self.zone) if self.first else 0
        end = _begin_ms(self.last + _ONE_DAY, self.zone) if self.last else _EVER_MS
        return Bucket("", begin, end)

    def buckets(self, first_ms: int | None, last_ms: int | None) -> list[Bucket]:
        """The days, weeks or months; where none are asked for, all of it.

        What is not limited begins and ends with the first and last moment there is something;
        None where there is nothing.

        Raises:
            ValueError: if there are too many.
        """
        if self.per is None:
            return [self.whole()]
        if first_ms is None or last_ms is None:
            return []
        first = self.first or self.day_of(first_ms)
        last = self.last or self.day_of(last_ms)
        found: list[Bucket] = []
        for bucket in _cut(first, last, self.per, self.zone):
            if len(found) == BUCKETS_MAX:
                msg = (
                    f"more than {BUCKETS_MAX} {self.per}s from {first} to {last}:"
                    " say less with --from and --to"
                )
                raise ValueError(msg)
            found.append(bucket)
        return found

    def day_of(self, ms: int) -> date:
        """The day of a moment."""
        return Instant(ms).as_datetime().astimezone(self.zone).date()


def parse_days(text: str) -> tuple[date, date]:
    """First and last day of ``2026-11-22``, ``2026-11`` or ``2026``.

    Raises:
        ValueError: if it is none of these, or no such day exists.
    """
    parts = text.split("-")
    lengths = [len(part) for part in parts]
    try:
        if not text.isascii() or lengths not in ([4], [4, 2], [4, 2, 2]):
            raise ValueError
        year, *rest = map(int, parts)
        if year not in _YEARS:
            raise ValueError
        month, day = [*rest, None, None][:2]
        first = date(year, month or 1, day or 1)
        if month == 0 or day == 0:
            raise ValueError
    except ValueError:
        msg = f"{text[:20]!r} is no day (write 2026-11-22, 2026-11 for a month, 2026 for a year)"
        raise ValueError(msg) from None
    if month is None:
        return first, date(year, _DECEMBER, 31)
    return first, first if day is not None else _next_month(first) - _ONE_DAY


def _cut(first: date, last: date, per: Per, zone: tzinfo) -> Iterator[Bucket]:
    begin = first
    while begin <= last:
        label, end = _bucket(begin, per)
        end = min(end, last + _ONE_DAY)
        yield Bucket(label, _begin_ms(begin, zone), _begin_ms(end, zone))
        begin = end


def _bucket(day: date, per: Per) -> tuple[str, date]:
    """The name of the bucket of a day, and the first day after it."""
    match per:
        case "day":
            return day.isoformat(), day + _ONE_DAY
        case "week":
            year, week, weekday = day.isocalendar()
            return f"{year}-W{week:02}", day + timedelta(days=8 - weekday)
        case "month":
            return day.isoformat()[:7], _next_month(day)


def _next_month(day: date) -> date:
    return date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1)


def _begin_ms(day: date, zone: tzinfo) -> int:
    """When a day begins there."""
    moment = datetime(day.year, day.month, day.day, tzinfo=zone)
    return int(moment.timestamp()) * 1000
