"""Characters: the right code in every ROM, a drawing where there is none, never a silent blank."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.display.font import dots
from hardware.display.glyphs import GlyphManager
from hardware.display.roms import LATIN_1, ROMS

GERMAN = "ÄÖÜäöüß€"


@pytest.mark.parametrize("name", ROMS)
def test_the_roms_are_those_that_rplcd_knows(name):
    from RPLCD import codecs

    table = getattr(
        codecs,
        {"a00": "hd44780_a00", "a02": "hd44780_a02", "st0b": "st7066_0b"}[name],
    ).encoding_table
    # RPLCD lacks these; the data sheets have them there.
    added = {"a00": {"ß"}, "a02": {"°"}, "st0b": set()}[name]
    ours = {char: code for char, code in ROMS[name].codes.items() if char not in added}
    assert ours == {char: table.get(char) for char in ours}


@pytest.mark.parametrize("rom", ROMS.values(), ids=lambda rom: rom.name)
def test_every_code_that_is_used_has_a_picture(rom):
    assert [char for char in rom.codes if dots(char) is None] == []


@pytest.mark.parametrize(("name", "drawn"), [("a00", "€ÄÖÜ"), ("a02", "€"), ("st0b", "€")])
def test_german_is_drawn_only_where_the_rom_lacks_it(name, drawn):
    encoded = GlyphManager(ROMS[name], slots=8).encode([GERMAN])
    assert {glyph.dots for glyph in encoded.glyphs} == {dots(char) for char in drawn}


def test_what_is_drawn_is_drawn_once():
    glyphs = GlyphManager(ROMS["a00"], slots=8)
    assert len(glyphs.encode(["Ä€"]).glyphs) == 2
    assert glyphs.encode(["€Ä", "ÄÄ"]).glyphs == ()
    assert glyphs.encode(["abc"]).glyphs == ()
    assert glyphs.encode(["Ä"]).glyphs == ()


def test_a_display_that_forgot_is_drawn_into_again():
    glyphs = GlyphManager(ROMS["a00"], slots=8)
    glyphs.encode(["Ä"])
    glyphs.forget()
    assert len(glyphs.encode(["Ä"]).glyphs) == 1


def test_the_slot_that_was_longest_unused_is_taken_over():
    glyphs = GlyphManager(ROMS["a00"], slots=2)
    glyphs.encode(["Ä"])
    glyphs.encode(["Ö"])
    glyphs.encode(["Ä"])
    encoded = glyphs.encode(["Äé"])  # Ö is not shown any more
    assert [glyph.dots for glyph in encoded.glyphs] == [dots("é")]
    assert glyphs.encode(["Ä"]).glyphs == ()


def test_with_too_few_slots_money_and_german_go_first_and_the_rest_keeps_its_letter():
    glyphs = GlyphManager(ROMS["a00"], slots=4)
    encoded = glyphs.encode(["éèêëçåøł ÄÖÜ€"])
    assert {glyph.dots for glyph in encoded.glyphs} == {dots(char) for char in "ÄÖÜ€"}
    assert encoded.rows[0].startswith(b"eeeecaol ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("…", b"."),
        ("–", b"-"),
        ("„Mate“", b'"Mate"'),
        ("a\u00a0b", b"a b"),
        ("\N{SNOWMAN}", b"?"),
        ("Ελλ", b"???"),
        ("ﬁ", b"f"),
        ("①", b"1"),
        ("\N{COMBINING ACUTE ACCENT}", b"?"),
        ("€ÄÖÜß", b"EAOUs"),
        ("ø×µ", b"oxu"),
        ("\\", b"/"),
    ],
)
def test_without_a_slot_something_stands_for_it(text, shown):
    ascii_only = GlyphManager(ROMS["a00"], slots=0, avoided=frozenset(range(0x80, 0x100)))
    assert ascii_only.encode([text]).rows == (shown,)


def test_the_euro_of_a_server_that_cannot_draw_keeps_a_letter():
    assert GlyphManager(LATIN_1, slots=0).encode(["4,80 €"]).rows == (b"4,80 E",)


def test_a_code_that_is_a_command_is_never_sent():
    glyphs = GlyphManager(ROMS["a02"], slots=0, avoided=frozenset([0xFE]))
    assert glyphs.encode(["þ"]).rows == (b"p",)


def is_blank(char: str) -> bool:
    return unicodedata.category(char) == "Zs"


@pytest.mark.parametrize("name", ROMS)
@given(text=st.text(max_size=40))
def test_no_character_becomes_a_blank_and_none_moves_another(name, text):
    text = unicodedata.normalize("NFC", text)
    row = GlyphManager(ROMS[name], slots=8).encode([text]).rows[0]
    assert len(row) == len(text)
    assert [code == 0x20 for code in row] == [is_blank(char) for char in text]


@pytest.mark.parametrize("name", ROMS)
def test_no_character_of_unicode_becomes_a_blank(name):
    glyphs = GlyphManager(ROMS[name], slots=8)
    for first in range(0, sys.maxunicode, 4096):
        chars = "".join(map(chr, range(first, first + 4096)))
        text = unicodedata.normalize("NFC", chars)
        row = glyphs.encode([text]).rows[0]
        assert row.count(b" ") == sum(map(is_blank, text)), hex(first)
