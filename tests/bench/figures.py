"""A figure with what is wanted of it, and how figures are shown."""

from __future__ import annotations

import json
import platform
import sqlite3
import textwrap
from dataclasses import asdict, dataclass

_WIDTH = 100


@dataclass(frozen=True)
class Figure:
    """One row: `wanted` is DESIGN's figure, "reported" where there is none; `count` of samples."""

    name: str
    measured: str
    wanted: str
    verdict: str
    count: int


def reported(name: str, measured: str, count: int) -> Figure:
    """A row that nobody judges."""
    return Figure(name, measured, "reported", "", count)


def verdict(*, reached: bool, calm: bool = True) -> str:
    """Wall-clock figures of a noisy run say nothing either way."""
    if not calm:
        return "noisy"
    return "reached" if reached else "NOT reached"


def as_json(figures: list[Figure]) -> str:
    """For scripts."""
    rows = [asdict(row) for row in figures]
    return json.dumps({"machine": _machine(), "figures": rows}, indent=2, ensure_ascii=False)


def as_table(figures: list[Figure]) -> str:
    """For people: name, verdict and figure, what is wanted and the count below."""
    lines = [_machine(), ""]
    for row in figures:
        lines.append(f"{row.name:44} {row.verdict:12} wanted: {row.wanted}; n={row.count}")
        lines += textwrap.wrap(
            row.measured, _WIDTH, initial_indent="    ", subsequent_indent="    "
        )
    return "\n".join(lines)


def _machine() -> str:
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
