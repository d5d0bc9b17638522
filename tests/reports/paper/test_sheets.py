"""Where pieces lie on a page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpos.domain.money import CENTS_MAX, Money
from kpos.domain.product import NUMBER_MAX
from kpos.reports.paper.cards import PaperCard, card
from kpos.reports.paper.drawing import DOT_MM, Drawing, Rect
from kpos.reports.paper.labels import Label, Prices, label
from kpos.reports.paper.sheets import (
    CARD_SHEETS,
    LABEL_SHEETS,
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    Sheet,
)
from kpos.reports.paper.words import WORDS
from tests.reports.paper.test_letters import NAMES

SHEETS = [*CARD_SHEETS.values(), *LABEL_SHEETS.values()]
CODES = st.sampled_from(
    ["9" * 40, "04029764001807", "00000040678092", "14029764001804", "CARD-ADA", "ß" * 30, "x" * 60]
)
MATE = Prices(Money(150), None, (("deposit", Money(15)),))
_ALMOST = 0.05  # half a dot, to which everything is moved


def edges(drawing: Drawing) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all that is drawn."""
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}
    boxes = [(r.x, r.y, r.x + r.width, r.y + r.height) for r in drawing.rects]
    for text in drawing.texts:
        left = text.x - text.width * before[text.anchor]
        # Capitals reach up to 0.73 of the size, a comma goes down by 0.22.
        boxes.append(
            (left, text.y - 0.73 * text.size, left + text.width, text.y + 0.22 * text.size)
        )
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_full_sheet_lies_on_the_page_and_the_next_piece_on_the_next(sheet):
    piece = Drawing((Rect(0, 0, sheet.width, sheet.height),))
    [page] = sheet.pages([piece] * sheet.pieces)
    left, top, right, bottom = edges(page)
    assert left >= -_ALMOST
    assert top >= -_ALMOST
    assert right <= PAGE_WIDTH_MM + _ALMOST
    assert bottom <= PAGE_HEIGHT_MM + _ALMOST
    assert len(sheet.pages([piece] * (sheet.pieces + 1))) == 2


def test_crop_marks_touch_no_piece():
    sheet = CARD_SHEETS["cut"]
    [page] = sheet.pages([Drawing()])
    assert len(page.rects) == 2 * (3 + 6)
    right, bottom = PAGE_WIDTH_MM - sheet.left, PAGE_HEIGHT_MM - sheet.top
    for mark in page.rects:
        above = mark.y + mark.height < sheet.top or mark.y > bottom
        assert above or mark.x + mark.width < sheet.left or mark.x > right


def test_places_that_are_used_up_stay_free():
    sheet = Sheet("test", 50, 50, 2, 2)
    pieces = [Drawing((Rect(0, 0, 1, 1),))] * 3
    first, second = sheet.pages(pieces, skip=3)
    assert len(first.rects) == 1
    assert first.rects[0].x == pytest.approx(105, abs=_ALMOST)
    assert [rect.x for rect in second.rects] == pytest.approx([55, 105], abs=_ALMOST)


def inside(drawing: Drawing, sheet: Sheet, margin: float) -> bool:
    left, top, right, bottom = edges(drawing)
    edge = margin - _ALMOST
    return left >= edge and top >= edge and right <= sheet.width - edge and (
        bottom <= sheet.height - edge
    )  # fmt: skip


@settings(max_examples=30)
@given(
    NAMES | st.just(""), CODES, st.sampled_from(list(CARD_SHEETS)), st.sampled_from(["de", "en"])
)
def test_nothing_on_a_card_is_cut_off(name, code, sheet, language):
    drawing = card(PaperCard(code, name), CARD_SHEETS[sheet], WORDS[language])
    assert inside(drawing, CARD_SHEETS[sheet], 3.0)


@settings(max_examples=60)
@given(
    name=NAMES,
    price=st.integers(0, CENTS_MAX),
    deposit=st.integers(0, CENTS_MAX),
    guests=st.none() | st.integers(1, CENTS_MAX),
    unit=st.sampled_from(["piece", "kg"]),
    number=st.none() | st.integers(1, NUMBER_MAX),
    code=st.none() | CODES,
    sheet=st.sampled_from(list(LABEL_SHEETS)),
    language=st.sampled_from(["de", "en"]),
)
def test_nothing_on_a_label_is_cut_off_and_amounts_are_whole(
    name, price, deposit, guests, unit, number, code, sheet, language
):
    charges = (("deposit", Money(deposit)),) if deposit else ()
    asked = Prices(Money(price), Money(guests) if guests else None, charges)
    said = Label(name, asked, unit, number, code)
    drawing = label(said, LABEL_SHEETS[sheet], WORDS[language])
    assert inside(drawing, LABEL_SHEETS[sheet], 2.0)
    printed = " ".join(text.text for text in drawing.texts)
    mark = "," if language == "de" else "."
    assert f"{Money(price).text(mark)} €" in printed
    assert deposit == 0 or f" {Money(deposit).text(mark)} €" in printed


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("sheet", LABEL_SHEETS.values(), ids=lambda sheet: sheet.name)
def test_the_largest_price_becomes_smaller_beside_the_longest_number(sheet, language):
    most = Money(CENTS_MAX)
    said = Label(
        "Mate", Prices(most, most, (("deposit", most),)), "kg", NUMBER_MAX, "04029764001807"
    )
    drawing = label(said, sheet, WORDS[language])
    assert inside(drawing, sheet, 2.0)
    [number] = [text for text in drawing.texts if text.text.startswith("N")]
    price = max(drawing.texts, key=lambda text: text.size)
    assert number.x + number.width < price.x - price.width
    left, right = (text for text in drawing.texts if text.y == drawing.texts[-2].y)
    assert left.x + left.width < right.x - right.width


def test_bars_begin_and_end_with_a_dot_of_the_printer():
    sheet = LABEL_SHEETS["cut"]
    said = Label("Mate", MATE, "piece", 12, "04029764001807")
    marks = len(sheet.pages([Drawing()])[0].rects)
    for rect in sheet.pages([label(said, sheet, WORDS["de"])], skip=4)[0].rects[marks:]:
        for edge in (rect.x, rect.x + rect.width):
            assert edge / DOT_MM == pytest.approx(round(edge / DOT_MM), abs=1e-6)
