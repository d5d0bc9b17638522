"""Draws `docs/growth.svg`: VM steps and pages of a scan and a booking over the size of the shop.

Two panels with one logarithmic axis below. Colours are of middle brightness and text is grey, so
that it can be read on white and on black; where the reader says which (`prefers-color-scheme`),
text is brighter or darker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log10
from pathlib import Path

from tests.bench.growth import BOOKING, CARD, PRODUCT, Cost

PICTURE = Path(__file__).parent.parent.parent / "docs/growth.svg"

_PANEL_WIDTH, _PANEL_HEIGHT = 290, 170
_LEFT, _TOP, _BETWEEN, _RIGHT, _BOTTOM = 46, 44, 160, 116, 46
_COLOURS = {BOOKING: "#d9663b", CARD: "#2f9e8f", PRODUCT: "#4c7fe0"}
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#6b7280}.title{font-weight:600}"
    ".axis{stroke:#9ca3af;stroke-opacity:.5}"
    "@media(prefers-color-scheme:dark){text{fill:#c9d1d9}}"
    "@media(prefers-color-scheme:light){text{fill:#374151}}"
)

Costs = Mapping[int, Mapping[str, Cost]]


def draw(costs: Costs) -> str:
    """The SVG, from what each act cost in shops of so many documents."""
    width = _LEFT + 2 * _PANEL_WIDTH + _BETWEEN + _RIGHT
    height = _TOP + _PANEL_HEIGHT + _BOTTOM
    panels = [
        (
            "steps of SQLite's virtual machine",
            {n: {a: c.vm_steps for a, c in by.items()} for n, by in costs.items()},
        ),
        (
            "pages looked at (B-trees get levels)",
            {n: {a: c.pages for a, c in by.items()} for n, by in costs.items()},
        ),
    ]
    said = "; ".join(
        f"{act}: "
        + ", ".join(
            f"{by[act].vm_steps:.0f} steps and {by[act].pages:.0f} pages at {size:,} documents"
            for size, by in costs.items()
        )
        for act in _COLOURS
    )
    drawn = []
    for number, (title, values) in enumerate(panels):
        x = _LEFT + number * (_PANEL_WIDTH + _BETWEEN)
        drawn.append(f'<g transform="translate({x} {_TOP})">{"".join(_panel(title, values))}</g>')
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            ' aria-labelledby="title said">',
            '<title id="title">What a scan and a booking cost as a shop grows</title>',
            f'<desc id="said">{said}</desc>',
            f"<style>{_STYLE}</style>",
            *drawn,
            "</svg>\n",
        ]
    )


def write(costs: Costs) -> None:
    """Put the picture where the README shows it."""
    PICTURE.write_text(draw(costs), encoding="utf-8")


def _panel(title: str, values: Mapping[int, Mapping[str, float]]) -> Iterator[str]:
    sizes = sorted(values)
    top = _ceiling(max(values[size][act] for size in sizes for act in _COLOURS))
    yield f'<text class="title" x="0" y="-20">{title}</text>'
    for part in range(5):
        y = _y(top * part / 4, top)
        yield f'<path class="axis" d="M0 {y:g}h{_PANEL_WIDTH}"/>'
        yield f'<text x="-8" y="{y + 4:g}" text-anchor="end">{top * part // 4}</text>'
    for size in sizes:
        x = _x(size, sizes)
        yield f'<text x="{x:g}" y="{_PANEL_HEIGHT + 20}" text-anchor="middle">{size:,}</text>'
    middle = _PANEL_WIDTH / 2
    yield f'<text x="{middle:g}" y="{_PANEL_HEIGHT + 38}" text-anchor="middle">documents</text>'
    for act, colour in _COLOURS.items():
        points = [(_x(size, sizes), _y(values[size][act], top)) for size in sizes]
        line = " ".join(f"{x:g},{y:.1f}" for x, y in points)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        for x, y in points:
            yield f'<circle cx="{x:g}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
    yield from _labels({act: _y(values[sizes[-1]][act], top) for act in _COLOURS})


def _labels(ends: Mapping[str, float]) -> Iterator[str]:
    """A line's name at its end; names that would touch are moved apart."""
    lowest = float("inf")
    for act, end in sorted(ends.items(), key=lambda one: -one[1]):
        lowest = min(end + 4, lowest - 14)
        yield f'<text x="{_PANEL_WIDTH + 8}" y="{lowest:.1f}"'
        yield f' style="fill:{_COLOURS[act]}">{act}</text>'


def _x(size: int, sizes: Sequence[int]) -> float:
    first, last = log10(sizes[0]), log10(sizes[-1])
    return (log10(size) - first) / (last - first) * _PANEL_WIDTH


def _y(value: float, top: float) -> float:
    return _PANEL_HEIGHT * (1 - value / top)


def _ceiling(value: float) -> int:
    """The next of 1, 2, 4, 6 or 8 with zeros behind: from 20 on its quarters are whole numbers."""
    unit: int = 10 ** int(log10(value))
    return next(unit * digit for digit in (1, 2, 4, 6, 8, 10) if unit * digit >= value)
