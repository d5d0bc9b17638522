"""Every picture of the till on a display of 20x4 or 16x2: in turns, but all of it."""

from __future__ import annotations

import re

import pytest

from hardware.display.reflow import reflow
from hardware.display.screen import Screen
from kpos.checkout.layout import Frame
from kpos.checkout.screens import View, render
from kpos.checkout.screens.view import COUNTDOWN_S, Wawi
from kpos.checkout.states import State
from kpos.terminal.texts import load_texts
from tests.checkout.sample_values import ORDINARY, WORST
from tests.checkout.samples import Samples
from tests.hardware.display.conftest import workshop
from tests.kiosk import kiosk, shop

__all__ = ["kiosk", "shop", "workshop"]

SIZES = [(4, 20), (2, 16)]
AMOUNT = re.compile(r"(?<!\S)-?\d+[.,]\d\d(?!\S)")
# At 2.5 s a turn: nobody waits longer than 20 seconds for anything.
TURNS_MAX = {(4, 20): 3, (2, 16): 7}


def pictures_of(values, language, remaining_s):
    view = View(
        language,
        load_texts()[language],
        till_name=values.name,
        prefix="K9AB",
        time_of_day="21:04",
        remaining_s=remaining_s,
        wawi=Wawi(),
        clock_doubted=True,
    )
    return {render(State(dialogue), view) for dialogue in Samples(values).dialogues()}


def is_seen(word: str, shown: set[str]) -> bool:
    """Whole, or broken because it is too long to stand beside an amount."""
    return word in shown or any(
        word[:at] in shown and is_seen(word[at:], shown) for at in range(1, len(word))
    )


@pytest.mark.parametrize("remaining_s", [None, COUNTDOWN_S - 1], ids=["at rest", "running out"])
@pytest.mark.parametrize("values", [ORDINARY, WORST], ids=["ordinary", "worst"])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_no_picture_loses_a_word_or_an_amount(rows, columns, language, values, remaining_s):
    for frame in pictures_of(values, language, remaining_s):
        turns = reflow(frame, rows, columns)
        assert values is WORST or len(turns) <= TURNS_MAX[rows, columns], (frame, turns)
        shown = [line for turn in turns for line in turn]
        words = {word for line in shown for word in line.split()}
        assert [word for word in " ".join(frame).split() if not is_seen(word, words)] == [], turns
        amounts = set(AMOUNT.findall(" ".join(frame)))
        assert set(AMOUNT.findall(" ".join(shown))) == amounts, (frame, turns)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_the_answer_and_what_is_typed_are_there_at_once(rows, columns, language):
    """An error, a question, goods stand in the first line; a total, an amount in the third."""
    for frame in pictures_of(ORDINARY, language, None):
        first = reflow(frame, rows, columns)[0]
        answer = frame[0].split()[0]
        assert first[0].startswith(answer[:7]), (frame, first)
        total = frame[2].split()
        if total:
            assert any(line.startswith(total[0][:7]) for line in first[1:]), (frame, first)
            if AMOUNT.fullmatch(total[-1]):
                assert any(line.endswith(f" {total[-1]}") for line in first), (frame, first)


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_every_star_of_a_pin_is_seen_as_it_is_typed(kiosk, workshop, monkeypatch, rows, columns):
    rig = workshop.rig("packed-pcf8574", rows, columns)
    screen, show = Screen(rig.bus), kiosk.show

    def also(frame: Frame) -> None:
        show(frame)
        screen.show(frame)

    monkeypatch.setattr(kiosk, "show", also)
    kiosk.type("77#")
    for count, key in enumerate("8462", start=1):
        screen.turn()
        kiosk.type(key)
        assert f"PIN {'*' * count}".ljust(columns) in rig.reads
    kiosk.type("#")
    assert rig.reads[0].startswith("Hallo Mia")
    assert rig.faults() == []
