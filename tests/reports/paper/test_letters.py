"""Names in a place that is too small for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.reports.paper.letters import fit, in_lines, in_winansi, width_of

# As the books take them: one line that can be printed.
NAMES = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40
).filter(lambda name: name.strip() and name.isprintable())


@pytest.mark.parametrize(
    ("name", "room", "fits"),
    [
        ("Club-Mate", 9, "Club-Mate"),
        ("Fritz-Kola Superzero", 7, "Fritz-Kola"),
        ("Fritz-Kola Superzero", 4.9, "Fritz-Kola"),
        ("Superzero Fritz-Kola", 4, "Superz."),
        ("A Donaudampfschifffahrt", 5, "A Donaud."),
    ],
)
def test_a_name_is_cut_at_a_word_or_with_a_dot(name, room, fits):
    assert fit(name, room) == fits


def test_a_long_name_goes_over_two_lines():
    assert in_lines("Kessel Chips Cross Cut Ranch", 9, 2) == ["Kessel Chips Cross", "Cut Ranch"]
    assert in_lines("Kessel Chips Cross Cut Ranch", 6, 2) == ["Kessel Chips", "Cross Cut"]
    assert in_lines("Mate", 5, 2) == ["Mate"]


@given(NAMES, st.floats(min_value=2, max_value=20), st.booleans())
def test_no_name_is_wider_than_its_place(name, room, bold):
    for line in in_lines(name, room, 2, bold=bold):
        assert width_of(line, bold=bold) <= room
    assert len(in_lines(name, room, 2, bold=bold)) <= 2
    cut = fit(name, room, bold=bold)
    assert name.startswith((cut, cut.removesuffix(".")))


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Gästekarte für 5 €", "Gästekarte für 5 €"),
        ("Żywiec Łódź", "Zywiec Lódz"),
        ("Ađa", "Ada"),
        ("A\u0308pfel", "Äpfel"),
        ("Bier \N{BEER MUG}\N{VARIATION SELECTOR-16}", "Bier ?"),
        ("Квас", "????"),
    ],
)
def test_what_the_fonts_of_pdf_lack_is_replaced(name, printed):
    assert in_winansi(name) == printed


@given(NAMES)
def test_every_name_can_be_printed(name):
    in_winansi(name).encode("cp1252")
