"""A chart as lines of a terminal: one bar per label, all from the same zero."""

from __future__ import annotations

from collections.abc import Iterator

from kpos.domain.values import dataclass
from kpos.reports.charts.axis import value_text
from kpos.reports.charts.words import columns, fitted
from kpos.reports.result import Chart

# Eighths of a column, from none to seven.
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_SHADES = "█▓▒░▚▞▖"
_LETTERS = "#=+-:xo"
_LABEL_MAX = 30
_WIDTH_MIN = 30
_BAR_MIN = 4


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the lowest to the highest end of a bar in `room` columns."""

    low: int
    high: int
    room: int

    def eighths(self, value: int) -> int:
        """How many eighths of a column a value is long; something is never nothing."""
        span = (self.high - self.low) or 1
        return max((value * self.room * 8) // span, 1 if value else 0)

    @property
    def left(self) -> int:
        """Columns left of zero."""
        return -(-self.eighths(-self.low) // 8) if self.low else 0


def terminal_chart(chart: Chart, width: int, *, blocks: bool = True) -> Iterator[str]:
    """Lines of at most `width` columns; without `blocks` in ASCII, but for the names."""
    width = max(width, _WIDTH_MIN)
    yield fitted(f"{chart.title} ({chart.unit})", width)
    if not chart.labels:
        yield "(none)"
        return
    marks = _SHADES if blocks else _LETTERS
    if len(chart.series) > 1:
        yield from _legend(chart, marks, width)
    values = [tuple(each.values[i] for each in chart.series) for i in range(len(chart.labels))]
    texts = [value_text(sum(each), chart.unit) for each in values]
    names = [fitted(label, min(_LABEL_MAX, width // 3)) for label in chart.labels]
    name_width, text_width = max(map(columns, names)), max(map(len, texts))
    low = min(sum(value for value in each if value < 0) for each in values)
    high = max(sum(value for value in each if value > 0) for each in values)
    scale = _Scale(low, high, max(width - name_width - text_width - 3, _BAR_MIN))
    for name, text, each in zip(names, texts, values, strict=True):
        padding = " " * (name_width - columns(name))
        yield f"{name}{padding} {text:>{text_width}} {_bar(each, scale, marks)}".rstrip()
    if chart.note:
        yield fitted(chart.note, width)


def _legend(chart: Chart, marks: str, width: int) -> Iterator[str]:
    """What each mark means, as many to a line as fit."""
    line = ""
    for mark, each in zip(marks, chart.series, strict=False):
        entry = fitted(f"{mark} {each.name}", width)
        if line and columns(line) + 2 + columns(entry) > width:
            yield line
            line = ""
        line = f"{line}  {entry}" if line else entry
    yield line


def _bar(values: tuple[int, ...], scale: _Scale, marks: str) -> str:
    lost = _run([min(value, 0) * -1 for value in values], scale, marks)
    gained = _run([max(value, 0) for value in values], scale, marks)
    if len(values) == 1 and marks is _SHADES:
        gained = _smooth(max(values[0], 0), scale)
    return f"{lost[::-1]:>{scale.left}}{gained}"


def _run(values: list[int], scale: _Scale, marks: str) -> str:
    """Marks for each of the values, side by side; ends are rounded, so that nothing adds up."""
    text, reached = "", 0
    for mark, value in zip(marks, values, strict=False):
        reached += value
        text += mark * (-(-scale.eighths(reached) // 8) - len(text)) if value else ""
    return text


def _smooth(value: int, scale: _Scale) -> str:
    """One bar, to an eighth of a column."""
    full, rest = divmod(scale.eighths(value), 8)
    return _SHADES[0] * full + _EIGHTHS[rest]
