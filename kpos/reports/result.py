"""What a report gives: rows for a table, CSV or JSON, and what of them is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from kpos.domain.money import Money
from kpos.domain.values import dataclass
from kpos.reports.asked import Asked, Bucket

Row: TypeAlias = dict[str, Any]
# What the drawn numbers are: cents, or things counted.
Unit: TypeAlias = Literal["EUR", "pieces", "days"]

BARS_MAX = 20
SERIES_MAX = 7
_REST = "others"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one colour, one for each label of their chart."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `over_time`: the labels follow each other, from left to right.

    `note` says what is not drawn.
    """

    title: str
    unit: Unit
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    over_time: bool = False
    lines: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Rows with the names of their columns; amounts are in columns that end in ``_cents``.

    `total` is a row for people who look at a table; `draw` makes the chart of the rows.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    draw: Callable[[], Chart]
    total: Row | None = None


def keys_of(asked: Asked) -> tuple[str, ...]:
    """The columns that say what a row is about."""
    return (*(("period",) if asked.per else ()), *((asked.by,) if asked.by else ()))


def key_of(asked: Asked, bucket: Bucket, name: str) -> Row:
    """The values of these columns."""
    return dict(zip(keys_of(asked), (*((bucket.label,) if asked.per else ()), name), strict=False))


def draw(
    title: str, rows: Sequence[Row], asked: Asked, buckets: Sequence[Bucket], value: str
) -> Chart:
    """One amount of rows with such keys: bars, over time, stacked where both are asked for."""
    if asked.per is None:
        return bars(title, rows, asked.by, value)
    if asked.by is None:
        return over_time(title, rows, (value,), lines=False)
    return stacked(title, rows, [each.label for each in buckets], asked.by, value)


def bars(
    title: str, rows: Sequence[Row], label: str | None, value: str, unit: Unit = "EUR"
) -> Chart:
    """A bar for each of the first rows, in their order; the others would make them all short."""
    shown = [(str(row[label]) if label else "all", row[value] or 0) for row in rows[:BARS_MAX]]
    rest = rows[BARS_MAX:]
    note = f"and {len(rest)} {_REST}" if rest else ""
    if note and unit == "EUR":
        note += f", {Money(sum(row[value] or 0 for row in rest))} together"
    names = tuple(name for name, _ in shown)
    values = tuple(number for _, number in shown)
    return Chart(title, unit, names, (Series(_titled(value), values),), note=note)


def over_time(title: str, rows: Sequence[Row], values: Sequence[str], *, lines: bool) -> Chart:
    """One row per period; a series for each of the columns `values`."""
    labels = tuple(row["period"] for row in rows)
    series = tuple(Series(_titled(name), tuple(row[name] or 0 for row in rows)) for name in values)
    return Chart(title, "EUR", labels, series, over_time=True, lines=lines)


def stacked(title: str, rows: Sequence[Row], periods: Sequence[str], by: str, value: str) -> Chart:
    """Several rows per period, one for each of what is in column `by`: the largest are series."""
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        of_one = sums.setdefault(row[by], {})
        of_one[row["period"]] = of_one.get(row["period"], 0) + row[value]
    largest = sorted(sums, key=lambda name: -sum(map(abs, sums[name].values())))
    shown = largest if len(largest) <= SERIES_MAX else largest[: SERIES_MAX - 1]
    series = [
        Series(name, tuple(sums[name].get(period, 0) for period in periods)) for name in shown
    ]
    rest = largest[len(shown) :]
    if rest:
        values = (sum(sums[name].get(period, 0) for name in rest) for period in periods)
        series.append(Series(f"{len(rest)} {_REST}", tuple(values)))
    return Chart(title, "EUR", tuple(periods), tuple(series), over_time=True)


def total_of(rows: Sequence[Row], columns: Sequence[str]) -> Row:
    """The sums of some columns."""
    return {name: sum(row[name] for row in rows) for name in columns}


def share_bp(part: int, whole: int) -> int | None:
    """A share in basis points, half up; None of nothing or less."""
    return (2 * part * 10_000 + whole) // (2 * whole) if whole > 0 else None


def _titled(name: str) -> str:
    return name.removesuffix("_cents").replace("_", " ")
