"""A page as SVG: any name in any script, shown with the fonts of whoever opens it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from kpos.reports.paper.drawing import Drawing, Rect, Text
from kpos.reports.paper.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM

# The last one is on a bare Linux, and about as wide as the others.
_FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans Condensed', sans-serif"


def svg(page: Drawing) -> bytes:
    """The file of one page, which prints at its real size."""
    return "\n".join(_lines(page)).encode()


def _lines(page: Drawing) -> Iterator[str]:
    width, height = _number(PAGE_WIDTH_MM), _number(PAGE_HEIGHT_MM)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
        f' viewBox="0 0 {width} {height}">'
    )
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    yield f'<path d="{"".join(map(_path, page.rects))}"/>'
    yield f'<g font-family="{_FONTS}">'
    yield from map(_text, page.texts)
    yield "</g>\n</svg>\n"


def _path(rect: Rect) -> str:
    x, y, width, height = map(_number, (rect.x, rect.y, rect.width, rect.height))
    return f"M{x} {y}h{width}v{height}h-{width}z"


def _text(text: Text) -> str:
    """One line as long as it was measured, whatever font there is."""
    weight = ' font-weight="bold"' if text.bold else ""
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    return (
        f'<text x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}"'
        f'{weight}{anchor} textLength="{_number(text.width)}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(text.text)}</text>"
    )


def _number(value: float) -> str:
    """Millimetres to the tenth of a micrometre, well below a dot of any printer."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
