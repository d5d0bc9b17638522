"""A chart as an SVG picture: bars from left to right by name, or columns and lines over time.

Colours are of middle brightness and text is grey, so that a picture can be read on white and on
black; where the reader says which (`prefers-color-scheme`), the text is darker or brighter. The
full text of a name that was cut, and each number, is what the mouse finds (`<title>`).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kpos.domain.values import dataclass
from kpos.reports.charts.axis import Axis, axis_for, tick_text, value_text
from kpos.reports.charts.words import fitted_pixels, pixels, printable
from kpos.reports.result import Chart

# Told apart by people who see red and green as one, too: bright and dark take turns.
_COLOURS = ("#3b7dd8", "#e08a2e", "#2f9e8f", "#b85cc0", "#8a9a3b", "#d9534f", "#7b8494")
_STYLE = (
    "text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#6b7280}"
    ".title{font-size:15px;font-weight:600}.end{text-anchor:end}.middle{text-anchor:middle}"
    ".grid{stroke:#9ca3af;stroke-opacity:.35}.zero{stroke:#6b7280}"
    "@media(prefers-color-scheme:dark){text{fill:#c9d1d9}.zero{stroke:#c9d1d9}}"
    "@media(prefers-color-scheme:light){text{fill:#374151}.zero{stroke:#374151}}"
)
_WIDTH, _MARGIN, _LINE = 860, 20, 18
_NAME_MAX, _BAR, _BAR_STEP = 250, 17, 25
_PLOT_HEIGHT = 300
_DOT_MAX = 60  # points closer together than their dots make a line hard to read


@dataclass(frozen=True, slots=True)
class _Box:
    """Where the numbers are drawn."""

    x: float
    y: float
    width: float
    height: float


def svg(chart: Chart) -> str:
    """The picture, a file of its own."""
    legend = list(_legend(chart)) if len(chart.series) > 1 else []
    top = _MARGIN + 24 + (_legend_lines(chart) * _LINE if legend else 0) + 8
    drawn, height = _over_time(chart, top) if chart.over_time else _by_name(chart, top)
    if chart.note:
        drawn.append(_text(_MARGIN, height + 2, chart.note))
        height += _LINE
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}"'
            f' width="{_WIDTH}" height="{height:g}" role="img" aria-labelledby="title">',
            f'<title id="title">{_escaped(chart.title)}</title>',
            f"<style>{_STYLE}</style>",
            _text(_MARGIN, _MARGIN + 12, f"{chart.title} ({chart.unit})", "title"),
            *legend,
            *drawn,
            "</svg>\n",
        ]
    )


def _by_name(chart: Chart, top: float) -> tuple[list[str], float]:
    """Bars from left to right, one below the other, each with its name and its number."""
    if not chart.labels:
        return _nothing(top)
    ends = [_ends(chart, index) for index in range(len(chart.labels))]
    axis = axis_for([end for pair in ends for end in pair], chart.unit)
    sums = [sum(each.values[index] for each in chart.series) for index in range(len(ends))]
    texts = [value_text(value, chart.unit) for value in sums]
    names = [fitted_pixels(label, _NAME_MAX) for label in chart.labels]
    left = _MARGIN + max(map(pixels, names)) + 8
    right = max(map(pixels, texts)) + 8
    box = _Box(left, top, _WIDTH - _MARGIN - left - right, len(names) * _BAR_STEP + 4)
    drawn = list(_upright_grid(chart, axis, box))
    for index, (name, text) in enumerate(zip(names, texts, strict=True)):
        y = top + 4 + index * _BAR_STEP
        full = f"{chart.labels[index]}: {text}"
        drawn.append(_text(left - 8, y + 13, name, "end", full))
        drawn += _lying_bar(chart, index, axis, box, y)
        x = box.x + box.width * axis.share(ends[index][1]) + 6
        drawn.append(_text(x, y + 13, text))
    return drawn, top + box.height + 2 * _LINE + _MARGIN / 2


def _lying_bar(chart: Chart, index: int, axis: Axis, box: _Box, y: float) -> Iterator[str]:
    for number, low, high, value in _pieces(chart, index):
        x = box.x + box.width * axis.share(low)
        width = box.width * (axis.share(high) - axis.share(low))
        yield _rectangle((x, y, width, _BAR), number, _said(chart, number, index, value))


def _over_time(chart: Chart, top: float) -> tuple[list[str], float]:
    """Columns or lines, from left to right as time goes."""
    if not chart.labels:
        return _nothing(top)
    if chart.lines:
        values = [value for each in chart.series for value in each.values]
    else:
        values = [end for i in range(len(chart.labels)) for end in _ends(chart, i)]
    axis = axis_for(values, chart.unit)
    left = _MARGIN + max(pixels(tick_text(tick, axis, chart.unit)) for tick in axis.ticks) + 8
    box = _Box(left, top + 4, _WIDTH - _MARGIN - left, _PLOT_HEIGHT)
    drawn = [*_level_grid(chart, axis, box), *_times(chart, box)]
    drawn += _lines(chart, axis, box) if chart.lines else _columns(chart, axis, box)
    return drawn, top + box.height + 2 * _LINE + _MARGIN / 2


def _columns(chart: Chart, axis: Axis, box: _Box) -> Iterator[str]:
    step = box.width / len(chart.labels)
    # Room between them as long as there is any; a few must not be walls.
    width = min(step * 0.8 if step > 3 else step, 60)
    for index in range(len(chart.labels)):
        x = box.x + index * step + (step - width) / 2
        for number, low, high, value in _pieces(chart, index):
            y = box.y + box.height * (1 - axis.share(high))
            height = box.height * (axis.share(high) - axis.share(low))
            yield _rectangle((x, y, width, height), number, _said(chart, number, index, value))


def _lines(chart: Chart, axis: Axis, box: _Box) -> Iterator[str]:
    step = box.width / len(chart.labels)
    for number, each in enumerate(chart.series):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [
            (box.x + (index + 0.5) * step, box.y + box.height * (1 - axis.share(value)))
            for index, value in enumerate(each.values)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        if len(points) <= _DOT_MAX:
            for index, (x, y) in enumerate(points):
                said = _said(chart, number, index, each.values[index])
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}">{said}</circle>'


def _upright_grid(chart: Chart, axis: Axis, box: _Box) -> Iterator[str]:
    ticks = [(tick, box.x + box.width * axis.share(tick)) for tick in axis.ticks]
    for tick, x in ticks:
        style = "zero" if tick == 0 else "grid"
        yield f'<path class="{style}" d="M{x:.1f} {box.y:g}v{box.height:g}"/>'
        text = tick_text(tick, axis, chart.unit)
        yield _text(x, box.y + box.height + _LINE, text, "middle")


def _level_grid(chart: Chart, axis: Axis, box: _Box) -> Iterator[str]:
    for tick in axis.ticks:
        y = box.y + box.height * (1 - axis.share(tick))
        style = "zero" if tick == 0 else "grid"
        yield f'<path class="{style}" d="M{box.x:.1f} {y:.1f}h{box.width:.1f}"/>'
        yield _text(box.x - 8, y + 4, tick_text(tick, axis, chart.unit), "end")


def _times(chart: Chart, box: _Box) -> Iterator[str]:
    """As many of the labels as have room."""
    step = box.width / len(chart.labels)
    every = int((max(map(pixels, chart.labels)) + 14) / step) + 1
    for index in range(0, len(chart.labels), every):
        x = box.x + (index + 0.5) * step
        half = pixels(chart.labels[index]) / 2
        x = min(max(x, half + 4), _WIDTH - half - 4)
        yield _text(x, box.y + box.height + _LINE, chart.labels[index], "middle")


def _legend(chart: Chart) -> Iterator[str]:
    for (x, line), number, name in _legend_places(chart):
        y = _MARGIN + 24 + line * _LINE
        yield f'<rect x="{x:.1f}" y="{y}" width="11" height="11" rx="2" {_fill(number)}/>'
        yield _text(x + 16, y + 10, name, "", chart.series[number].name)


def _legend_lines(chart: Chart) -> int:
    return 1 + max(place[1] for place, _, _ in _legend_places(chart))


def _legend_places(chart: Chart) -> Iterator[tuple[tuple[float, int], int, str]]:
    """Where each name stands: next to the one before, else on the next line."""
    x, line = float(_MARGIN), 0
    for number, each in enumerate(chart.series):
        name = fitted_pixels(each.name, _NAME_MAX)
        width = 16 + pixels(name) + 18
        if x > _MARGIN and x + width > _WIDTH:
            x, line = float(_MARGIN), line + 1
        yield (x, line), number, name
        x += width


def _ends(chart: Chart, index: int) -> tuple[int, int]:
    """How far the bar of a label goes below and above zero."""
    values = [each.values[index] for each in chart.series]
    return sum(v for v in values if v < 0), sum(v for v in values if v > 0)


def _pieces(chart: Chart, index: int) -> Iterator[tuple[int, int, int, int]]:
    """Series, low, high and value of what is stacked up for a label, away from zero."""
    below = above = 0
    for number, each in enumerate(chart.series):
        value = each.values[index]
        if value > 0:
            yield number, above, above + value, value
            above += value
        elif value < 0:
            yield number, below + value, below, value
            below += value


def _said(chart: Chart, number: int, index: int, value: int) -> str:
    names = [chart.labels[index]]
    if len(chart.series) > 1:
        names.append(chart.series[number].name)
    return f"<title>{_escaped(', '.join(names))}: {value_text(value, chart.unit)}</title>"


def _nothing(top: float) -> tuple[list[str], float]:
    return [_text(_WIDTH / 2, top + 40, "nothing in this time", "middle")], top + 80


def _rectangle(where: tuple[float, float, float, float], number: int, said: str) -> str:
    x, y, width, height = where
    # What is there is seen, however small.
    size = f'width="{max(width, 0.75):.2f}" height="{max(height, 0.75):.2f}"'
    return f'<rect x="{x:.2f}" y="{y:.2f}" {size} {_fill(number)}>{said}</rect>'


def _fill(number: int) -> str:
    return f'fill="{_COLOURS[number % len(_COLOURS)]}"'


def _text(x: float, y: float, text: str, style: str = "", full: str = "") -> str:
    title = f"<title>{_escaped(full)}</title>" if full and full != text else ""
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind}>{title}{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    return escape(printable(text))
