"""What an emulated display shows, drawn."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from hardware.display.emulated.svg import Picture, draw
from hardware.display.font import dots
from hardware.display.roms import ROMS
from hardware.display.screen import Screen
from tests.hardware.display.test_every_display import GERMAN

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("kind", ["packed-pcf8574", "serial"])
def test_a_display_can_be_drawn_and_says_what_it_shows(workshop, kind):
    rig = workshop.rig(kind)
    Screen(rig.bus).show(GERMAN)
    assert rig.shows(GERMAN)
    display = rig.parts.get("module") or rig.parts["display"]
    picture = ElementTree.fromstring(display.svg(ROMS["a00"]))
    assert (picture.findtext(f"{SVG}desc") or "").split("\n") == [line.rstrip() for line in GERMAN]
    drawn = picture.findall(f".//{SVG}path")
    assert len(drawn) == sum(char != " " for line in GERMAN for char in line)


def test_a_character_is_the_dots_of_its_drawing():
    rows = (0b10000, 0, 0, 0, 0, 0, 0, 0b00001)
    picture = draw(Picture(((rows,),), ROMS["a00"], is_lit=True))
    assert "M6 6h0.88v0.88h-0.88zM10 13h0.88v0.88h-0.88z" in picture


def test_a_code_nobody_has_drawn_is_seen_as_such():
    picture = draw(Picture(((0xB1,),), ROMS["a00"], is_lit=False))
    assert "<title>B1</title>" in picture


def test_marks_above_and_below_letters():
    assert dots("é") == (0b00010, 0b00100, *(dots("e") or ())[2:])
    assert (dots("ç") or ())[:7] == (dots("c") or ())[:7]
    assert dots("ê") != dots("è") != dots("é")
    assert dots("\N{SNOWMAN}") is None
