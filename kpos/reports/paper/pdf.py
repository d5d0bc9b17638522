"""Pages as PDF, with the fonts that every reader has: they know western letters only."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from kpos.domain.values import replace
from kpos.reports.paper.drawing import Drawing, Text
from kpos.reports.paper.letters import in_winansi
from kpos.reports.paper.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM

_POINTS_PER_MM = 72 / 25.4
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def pdf(pages: Sequence[Drawing]) -> bytes:
    """The file of all pages, A4."""
    import pydyf

    document = pydyf.PDF()
    # A card that the printer makes fit its margins is no longer of any wallet's size.
    document.catalog["ViewerPreferences"] = pydyf.Dictionary({"PrintScaling": "/None"})
    fonts = {"Regular": _font(document, "Helvetica"), "Bold": _font(document, "Helvetica-Bold")}
    resources = pydyf.Dictionary({"Font": pydyf.Dictionary(fonts)})
    size = pydyf.Array([0, 0, *_points(PAGE_WIDTH_MM, PAGE_HEIGHT_MM)])
    for page in pages:
        content = _content(page)
        document.add_object(content)
        document.add_page(
            pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": document.pages.reference,
                    "MediaBox": size,
                    "Contents": content.reference,
                    "Resources": resources,
                }
            )
        )
    written = BytesIO()
    document.write(written, version=b"1.7", identifier=False)
    return written.getvalue()


def replaced(pages: Sequence[Drawing]) -> list[str]:
    """The texts in which a letter became another one, since the fonts do not have it."""
    texts = [each.text for page in pages for each in page.texts]
    return list(dict.fromkeys(text for text in texts if in_winansi(text) != text))


def _font(document: Any, name: str) -> Any:  # noqa: ANN401 - pydyf has no types
    import pydyf

    font = pydyf.Dictionary(
        {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{name}",
         "Encoding": "/WinAnsiEncoding"}
    )  # fmt: skip
    document.add_object(font)
    return font.reference


def _content(page: Drawing) -> Any:  # noqa: ANN401 - pydyf has no types
    """All that is black in one path: where two modules touch, no reader draws a seam."""
    import pydyf

    stream = pydyf.Stream(compress=True)
    for rect in page.rects:
        lower = PAGE_HEIGHT_MM - rect.y - rect.height
        stream.rectangle(*_points(rect.x, lower, rect.width, rect.height))
    stream.fill()
    for text in page.texts:
        _write(stream, replace(text, text=in_winansi(text.text)))
    return stream


def _write(stream: Any, text: Text) -> None:  # noqa: ANN401 - pydyf has no types
    x = text.x - text.width * _BEFORE[text.anchor]
    stream.begin_text()
    stream.set_font_size("Bold" if text.bold else "Regular", _points(text.size)[0])
    stream.move_text_to(*_points(x, PAGE_HEIGHT_MM - text.y))
    # In hexadecimal: brackets and backslashes in a name mean nothing there.
    stream.stream.append(f"<{text.text.encode('cp1252').hex()}> Tj")
    stream.end_text()


def _points(*millimetres: float) -> list[float]:
    return [value * _POINTS_PER_MM for value in millimetres]
