"""Forty columns: what gives way, and what never does."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpos.checkout import layout
from kpos.checkout.layout import COLUMNS, amount, fit, named, printable, row, weight
from kpos.checkout.screens import View, render
from kpos.checkout.states import State
from kpos.domain.money import Money
from tests.checkout.sample_values import Values
from tests.checkout.samples import Samples

NAMES = [
    "A" * 200,
    "Ab " * 66,
    "Žofie Dvořáková-Šťastná",
    "Ἀριστοτέλης ὁ Σταγειρίτης τοῦ Νικομάχου",
    "Нина Александровна",
    "田中さくら" * 40,
    "ด้วยความรัก",
    "अनुष्का देवी",
    "한국어 이름",
    "\u1112\u1161\u11ab",
    "\u1161\u11ab alone",
    "عبد الرحمن",
    "👩‍🚀 Sally",
    "e\u0301\u0302\u0303",
    "\u0301Zero",
    "non\u00a0breaking\u3000blank",
    "\u202eright to left",
    "tab\tand\x1b[2J",
]


def takes_one_column(char):
    """As a terminal and a character display count."""
    return (
        unicodedata.category(char)[0] not in "MCZ" or char == " "
    ) and unicodedata.east_asian_width(char) not in "WF"


def is_a_picture(frame):
    for line in frame:
        assert len(line) == COLUMNS
        assert unicodedata.is_normalized("NFC", line)
        assert all(takes_one_column(char) for char in line), line
    return len(frame) == 4


@given(st.text())
@example("\u1112\u1161\u11ab")
@example("\u09c7\u09be")
def test_whatever_a_text_holds_it_takes_one_column_a_code_point(text):
    assert is_a_picture((row(text), row("", text[:40]), row(text, "1,50"), row(fit(text, 40))))


@given(st.text(), st.integers(0, 60))
def test_a_name_fits_where_it_must(name, columns):
    assert len(fit(name, columns)) <= columns


@given(st.text(max_size=80), st.text(max_size=10), st.integers(-(10**12), 10**12))
def test_an_amount_is_never_cut_and_ends_in_the_last_column(name, before, cents):
    money = Money(cents)
    for line in (
        named(before, name, right=amount(money, "de")),
        row(name, amount(money, "en")),
    ):
        assert len(line) == COLUMNS
        assert line.endswith((" " + money.text(","), " " + money.text(".")))


@pytest.mark.parametrize(
    ("name", "columns", "shown"),
    [
        ("Club-Mate 0,5l", 14, "Club-Mate 0,5l"),
        ("Club-Mate 0,5l", 13, "Club-Mate"),
        ("Club-Mate 0,5l", 9, "Club-Mate"),
        ("Club-Mate 0,5l", 8, "Club-Ma."),
        ("A Donaudampfschifffahrt", 10, "A Donauda."),
        ("Mate", 1, "."),
        ("Mate", 0, ""),
        ("Mate", -3, ""),
    ],
)
def test_a_name_is_cut_at_a_word_or_with_a_full_stop(name, columns, shown):
    assert fit(name, columns) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Žofie", "Žofie"),
        ("e\u0301", "é"),
        ("x\u0301", "x"),
        ("日本", "??"),
        ("\u1160\u11ff\u1200", "??\u1200"),
        ("\ud7b0\ud7fb", "??"),
        ("a\u00a0b", "a b"),
        ("a\tb\x00", "a?b?"),
        ("\ud800", "?"),
    ],
)
def test_a_character_without_a_column_of_its_own_is_replaced_on_purpose(text, shown):
    assert printable(text) == shown


def test_amounts_have_the_mark_of_their_language():
    assert amount(Money(-150), "de") == "   -1,50"
    assert amount(Money(123456), "en") == " 1234.56"
    assert weight(250, "de") == "0,250 kg"
    assert weight(12_005, "en") == "12.005 kg"


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_holds_with_any_name(name):
    samples = Samples(Values(name=name, product=name, code=name))
    for dialogue in samples.dialogues():
        assert is_a_picture(render(State(dialogue), View("de", str, name, "K1", "21:04")))


def test_a_fixed_text_that_is_too_long_is_cut_rather_than_moved():
    assert layout.overflow("x" * 50, COLUMNS) == "x" * COLUMNS


def test_a_text_that_is_too_long_leaves_a_blank_before_the_amount():
    assert row("x" * 50, "1,50") == "x" * 35 + " 1,50"
    assert row("x" * 35, "1,50") == "x" * 35 + " 1,50"
    assert row("x" * 34, "1,50") == "x" * 34 + "  1,50"
