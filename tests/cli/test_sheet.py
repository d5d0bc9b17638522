"""The sheet for the wall, as somebody reads it from a metre away, and a phone its code."""

import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from hardware.melodies import MELODIES
from kpos.reports.paper import wall
from kpos.reports.paper.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM
from tests.reports.paper.eyes import needs_eyes, symbols, words

LINK = "https://wiki.example.org/kasse"


def texts(paper: Path) -> list[str]:
    nodes = ET.parse(paper).getroot().iter()
    return [node.text or "" for node in nodes if node.tag.endswith("text")]


def test_it_says_how_this_till_is_used_and_whom_to_ask(admin, tmp_path):
    config = tmp_path / "kpos.toml"
    config.write_text('[till]\nname = "Getränke Keller"\n')
    admin.does("setting", "set", "undo_minutes", "7")
    paper = tmp_path / "wall.svg"
    assert admin.does("sheet", "wall", paper, "--config", config, "--ask", "Grace") == (
        f"a sheet for the wall on 1 page: {paper}"
    )
    said = texts(paper)
    assert said[0] == "Getränke Keller"
    assert {"Karte zeigen", "Scannen", "Falsch gekauft?", "Frag Grace."} <= set(said)
    assert ": Storno, 7 Minuten lang" in said
    admin.does("sheet", "wall", paper, "--language", "en", "--title", "Bar", "--data", tmp_path)
    said = texts(paper)
    assert said[0] == "Bar"
    assert {"Show your card", "Ask a trusted person.", ": undo, for 5 minutes"} <= set(said)


@needs_eyes
def test_a_phone_finds_more_and_the_rest_can_be_copied(admin, tmp_path):
    paper = tmp_path / "wall.pdf"
    admin.does("sheet", "wall", paper, "--link", LINK, "--title", "Keller")
    assert symbols(paper) == [f"QR-Code:{LINK}"]
    assert "gekauft ist, wenn „Danke“ dasteht" in words(paper)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("title", ["x", "Getränkekasse im Keller links", "W" * 30])
def test_all_of_it_fits_and_can_be_read_from_a_metre(language, title):
    """A letter is to be 1/250 of the distance high: 4 mm, which capitals of 5.6 mm (em) have."""
    ask = "Grace, Linus, Ada, Ken oder Margaret (Telefon 0621 123456)"
    drawing = wall.wall(wall.Wall(title, 5, ask, LINK), language)
    for text in drawing.texts:
        left = text.x - (text.width / 2 if text.anchor == "middle" else 0)
        assert left >= 10
        assert left + text.width <= PAGE_WIDTH_MM - 10, text.text
        assert text.size >= 5.6
        assert text.y <= PAGE_HEIGHT_MM - 5, text.text
    for rect in drawing.rects:
        assert rect.x + rect.width <= PAGE_WIDTH_MM - 10
        assert rect.y + rect.height <= PAGE_HEIGHT_MM - 5


@pytest.mark.parametrize("sound", ["accept", "paid", "refuse", "error"])
def test_a_sound_is_drawn_as_it_is_heard(sound):
    """As many notes, going up, down or neither where the melody does."""
    drawn = getattr(wall, f"_{sound.upper()}")
    heard = [note.hz for note in MELODIES[sound] if note.hz]
    assert len(drawn) == len(heard)

    def steps(values):
        return [(after > before) - (after < before) for before, after in pairwise(values)]

    assert steps([pitch for pitch, _length in drawn]) == steps(heard)


def test_what_makes_no_sheet_is_said(admin, tmp_path):
    assert "must end in .pdf" in admin.misused("sheet", "wall", tmp_path / "wall.doc")
    link = "https://" + "x" * 200
    assert "no phone reads" in admin.misused("sheet", "wall", tmp_path / "w.pdf", "--link", link)
