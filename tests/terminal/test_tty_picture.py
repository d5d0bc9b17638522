"""What stands where, whatever the size of the window."""

from typing import Any

import pytest

from kpos.demo import codes, numbers
from kpos.domain.member import LANGUAGES, Language
from kpos.terminal.tty_picture import Contents, Hint, pieces
from kpos.terminal.tty_words import WORDS

FRAME = ("1" * 40, "2" * 40, "3" * 40, "4" * 40)


def contents(language: Language = "de", **more: Any) -> Contents:
    found = codes(language)
    cards = [Hint(one.key, one.text) for one in found if one.is_card]
    cards += [Hint("", text) for text in numbers(language)]
    goods = [Hint(one.key, one.text) for one in found if not one.is_card]
    given: dict[str, Any] = {
        "is_demo": True,
        "cards": cards,
        "goods": goods,
        "log": ["booked K1-000001 sale"],
    }
    return Contents(frame=FRAME, words=WORDS[language], **(given | more))


def painted(shown: Contents, rows: int, columns: int) -> list[str]:
    lines = [[" "] * columns for _ in range(rows)]
    for piece in pieces(shown, rows, columns):
        assert 0 <= piece.row < rows
        assert 0 <= piece.column <= piece.column + len(piece.text) <= columns, piece
        for offset, char in enumerate(piece.text):
            assert lines[piece.row][piece.column + offset] == " ", f"{piece} covers another"
            lines[piece.row][piece.column + offset] = char
    return ["".join(line).rstrip() for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_80x24_shows_everything_whole(language):
    shown = contents(language)
    picture = "\n".join(painted(shown, 24, 80))
    words = shown.words
    texts = [hint.text for hint in (*shown.cards, *shown.goods)]
    texts += [text for pair in (*words.help, *words.help_demo) for text in pair]
    texts += [words.demo, words.quit, words.cards, words.goods, words.log, *shown.log]
    assert not [text for text in texts if text not in picture]
    assert words.more not in picture


@pytest.mark.parametrize("is_demo", [True, False])
@pytest.mark.parametrize("rows", [8, 9, 10, 14, 20, 24, 60])
@pytest.mark.parametrize("columns", [44, 60, 79, 80, 81, 200])
def test_any_window_from_44x8_shows_the_display_and_the_prompt(rows, columns, is_demo):
    more: dict[str, Any] = {} if is_demo else {"is_demo": False, "cards": (), "goods": ()}
    picture = "\n".join(painted(contents(prompt="4029", **more), rows, columns))
    assert all(line in picture for line in FRAME)
    assert "Scan: 4029_" in picture


@pytest.mark.parametrize(("rows", "columns"), [(7, 80), (24, 43), (2, 20), (1, 1)])
def test_a_smaller_one_says_what_it_needs(rows, columns):
    picture = "".join(painted(contents(), rows, columns))
    assert f"kpos needs 44x8, this is {columns}x{rows}".startswith(picture[:20].rstrip())
    assert FRAME[0] not in picture


def test_the_end_of_a_long_scan_and_of_a_long_log_are_what_is_seen():
    log = [f"line {number}" for number in range(300)]
    picture = "\n".join(painted(contents(prompt="x" * 100 + "END", log=log), 24, 80))
    assert "END_" in picture
    assert "line 299" in picture
    assert "line 200" not in picture


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_scans_two_things_or_is_taken(language):
    letters = [one.key for one in codes(language)]
    assert len(set(letters)) == len(letters)
    assert all(len(letter) == 1 and letter.isalpha() and letter != "q" for letter in letters)
