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
    "Beleg K1-000043        Guthaben    23,55",
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


PIN = ["Ada", "PIN ****", "noch 3 Versuche", "# weiter   * löschen, dann abbrechen"]


@pytest.mark.parametrize(
    ("lines", "rows", "columns", "wanted"),
    [
        (SHOPPING, 4, 40, [SHOPPING]),
        # What stays, stays where it is; what does not fit beside it takes turns.
        (
            SHOPPING,
            4,
            20,
            [
                [
                    "2x Club-Mate    3,00",
                    "+ Pfand         0,30",
                    "Summe 3 Artikel 4,80",
                    "# kaufen * zurück   ",
                ],
                [
                    "0,5l            3,00",
                    "+ Pfand         0,30",
                    "Summe 3 Artikel 4,80",
                    "          Rest 13,55",
                ],
            ],
        ),
        # First the last answer and the total.
        (
            SHOPPING,
            2,
            16,
            [
                ["2x Club-    3,00", "Summe 3     4,80"],
                ["Mate 0,5l   3,00", "Artikel     4,80"],
                ["+ Pfand     0,30", "# kaufen        "],
                ["2x Club-    3,00", "* zurück        "],
                ["Mate 0,5l   3,00", "      Rest 13,55"],
            ],
        ),
        # A line that is empty leaves its row to one that is too long; what names itself needs no
        # words beside it.
        (
            HELLO,
            4,
            20,
            [
                [
                    "Hallo Ada           ",
                    "      Guthaben 18,35",
                    "Artikel scannen     ",
                    "* zurück 0# Menü    ",
                ]
            ],
        ),
        # An amount ends the words it belongs to.
        (
            TOPPED_UP,
            4,
            20,
            [
                [
                    "Aufgeladen für      ",
                    "Ada            20,00",
                    "Beleg K1-000043     ",
                    "Nächste Karte       ",
                ],
                [
                    "Aufgeladen für      ",
                    "Ada            20,00",
                    "      Guthaben 23,55",
                    "* fertig            ",
                ],
            ],
        ),
        (
            MENU,
            4,
            20,
            [
                [
                    "1 Storno            ",
                    "2 Übertragen        ",
                    "3 Pfand zurück      ",
                    "4 Kurznummern       ",
                ],
                [
                    "5 Meine Buchungen   ",
                    "6 Verlauf an/aus    ",
                    "7 PIN ändern        ",
                    "8 English * zurück  ",
                ],
            ],
        ),
        (
            WRONG_PIN,
            2,
            16,
            [
                ["Falsche PIN     ", "noch 2 Versuche "],
                ["Falsche PIN     ", "# nochmal       "],
                ["Falsche PIN     ", "* abbrechen     "],
            ],
        ),
        ([], 2, 16, [[" " * 16] * 2]),
        (["", "a", "", ""], 2, 4, [["a   ", "    "]]),
        (["", "", "", "a b"], 2, 2, [["a ", "b "]]),
    ],
)
def test_a_picture_is_set_anew(lines, rows, columns, wanted):
    assert reflow(lines, rows, columns) == wanted


@pytest.mark.parametrize(("rows", "columns"), [(4, 20), (2, 16)])
def test_a_countdown_stands_beside_everything(rows, columns):
    pictures = reflow(RUNNING_OUT, rows, columns)
    keys = {each[-1] for each in pictures if "#" in each[-1] or "*" in each[-1]}
    assert keys
    assert all(line.endswith(" 8s") for line in keys)


def test_what_is_new_is_seen_first():
    assert reflow(PIN, 2, 16)[0] == ["Ada             ", "noch 3 Versuche "]
    assert reflow(PIN, 2, 16, new={1})[0] == ["PIN ****        ", "noch 3 Versuche "]
    assert reflow(PIN, 2, 16, new={0, 1, 2, 3}) == reflow(PIN, 2, 16)


@pytest.mark.parametrize(("rows", "columns"), [(4, 20), (2, 16)])
def test_a_long_number_is_seen_while_it_is_typed(rows, columns):
    asked = ["Karte verloren", "Karte zeigen oder Nummer tippen", "", "# suchen   * zurück"]
    for digits in ("04", "0415123456", "0415123456415123456"):
        lines = [*asked[:2], f"Nummer {digits}", asked[3]]
        assert any(line.rstrip().endswith(digits[-3:]) for line in reflow(lines, rows, columns)[0])


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
def test_every_display_is_filled_and_no_amount_is_cut_or_lost(rows, columns, lines):
    pictures = reflow(lines, rows, columns)
    for picture in pictures:
        assert [len(line) for line in picture] == [columns] * rows
    there = set(AMOUNT.findall("\n".join(lines)))
    shown = "\n".join(line for picture in pictures for line in picture)
    assert set(re.findall(r"[\d.,]*\d[\d.,]*", shown)) == there


@given(lines=st.lists(st.text("äb 1,#", max_size=40), min_size=4, max_size=4))
def test_any_text_can_be_set_anew(lines):
    for rows, columns in ((4, 20), (2, 16), (2, 3)):
        for picture in reflow(lines, rows, columns):
            assert [len(line) for line in picture] == [columns] * rows
