"""Pictures for small displays: what survives, and that no amount is ever cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.display.reflow import reflow

SHOPPING = [
    "2x Club-Mate 0,5l                   3,00",
    "   + Pfand                          0,30",
    "Summe 3 Artikel                     4,80",
    "# kaufen  * zurück         Rest    13,55",
]
RUNNING_OUT = [*SHOPPING[:3], "# kaufen  * zurück        Abbruch in  8s"]
HELLO = ["Hallo Ada               Guthaben   18,35", "", "Artikel scannen", "* zurück   0# Menü"]
TOPPED_UP = [
    "Aufgeladen für Ada                 20,00",
    "Beleg K1-000043   Guthaben         23,55",
    "",
    "Nächste Karte   * fertig",
]
MENU = [
    "1 Storno           5 Meine Buchungen",
    "2 Übertragen       6 Verlauf an/aus",
    "3 Pfand zurück     7 PIN ändern",
    "4 Kurznummern      8 English   * zurück ",
]
WRONG_PIN = ["Falsche PIN".ljust(40), "noch 2 Versuche", "", "# nochmal   * abbrechen"]

AMOUNT = re.compile(r"(?<![\d.,])\d{1,4}[.,]\d\d(?![\d.,])")


@pytest.mark.parametrize(
    ("lines", "rows", "columns", "wanted"),
    [
        (SHOPPING, 4, 40, SHOPPING),
        (
            SHOPPING,
            4,
            20,
            [
                "2x Club-Mate    3,00",
                "+ Pfand         0,30",
                "Summe 3 Artikel 4,80",
                "# kaufen * zurück   ",
            ],
        ),
        (SHOPPING, 2, 16, ["Summe 3     4,80", "# kauf. * zurück"]),
        # The countdown is worth more than a word.
        (RUNNING_OUT, 4, 20, [*reflow(SHOPPING, 4, 20)[:3], "# kaufen * zurück 8s"]),
        # A line that is empty leaves its row to one that is too long.
        (
            HELLO,
            4,
            20,
            [
                "Hallo Ada           ",
                "      Guthaben 18,35",
                "Artikel scannen     ",
                "* zurück 0# Menü    ",
            ],
        ),
        # What an amount is stands beside it; a number is never half a number.
        (
            TOPPED_UP,
            4,
            20,
            [
                "Aufgeladen für 20,00",
                "Guthaben       23,55",
                "Nächste Karte       ",
                "* fertig            ",
            ],
        ),
        # A menu keeps all its keys, and the beginnings of their words.
        (
            MENU,
            4,
            20,
            [
                "1 Storno 5 Meine Bu.",
                "2 Übertr. 6 Verlauf.",
                "3 Pfand. 7 PIN änd. ",
                "4 Kur. 8 Eng. * zur.",
            ],
        ),
        # The first line says what happened where there is no total.
        (WRONG_PIN, 2, 16, ["Falsche PIN     ", "# noch. * abbre."]),
        ([], 2, 16, [" " * 16] * 2),
        (["a"], 2, 4, ["a   ", "    "]),
    ],
)
def test_a_picture_is_set_anew(lines, rows, columns, wanted):
    assert reflow(lines, rows, columns) == wanted


@pytest.mark.parametrize(("rows", "columns"), [(4, 40), (4, 20), (2, 16), (1, 8)])
@given(
    lines=st.lists(
        st.builds(
            lambda left, amount: f"{left[:30]:30} {amount:>9}"[:40],
            st.text("ab #*", max_size=30),
            st.sampled_from(["", "4,80", "1234,56", "0,05", "WaWi ok"]),
        ),
        min_size=4,
        max_size=4,
    )
)
def test_every_display_is_filled_and_no_amount_is_cut(rows, columns, lines):
    shown = reflow(lines, rows, columns)
    assert [len(line) for line in shown] == [columns] * rows
    there = set(AMOUNT.findall("\n".join(lines)))
    digits = re.findall(r"[\d.,]*\d[\d.,]*", "\n".join(shown))
    assert set(digits) <= there


@given(lines=st.lists(st.text("äb 1,#", max_size=40), min_size=4, max_size=4))
def test_any_text_can_be_set_anew(lines):
    for rows, columns in ((4, 20), (2, 16), (2, 3)):
        assert [len(line) for line in reflow(lines, rows, columns)] == [columns] * rows
