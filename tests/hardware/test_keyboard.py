"""Where the characters lie on an American and on a German keyboard, and what modifiers do."""

import string

import pytest

from hardware import linux_input as li
from hardware.keyboard import Keyboard
from hardware.keys import DE, LAYOUTS, US, Layout

PLAIN, SHIFT, ALTGR = (), (li.KEY_LEFTSHIFT,), (li.KEY_RIGHTALT,)

# What is printed on the keys, from the keyboard, left to right: (first code, modifier, characters).
PRINTED = {
    "us": [
        (li.KEY_1, PLAIN, "1234567890-="),
        (li.KEY_1, SHIFT, "!@#$%^&*()_+"),
        (li.KEY_Q, PLAIN, "qwertyuiop[]"),
        (li.KEY_Q, SHIFT, "QWERTYUIOP{}"),
        (li.KEY_A, PLAIN, "asdfghjkl;'`"),
        (li.KEY_A, SHIFT, 'ASDFGHJKL:"~'),
        (li.KEY_BACKSLASH, PLAIN, "\\zxcvbnm,./"),
        (li.KEY_BACKSLASH, SHIFT, "|ZXCVBNM<>?"),
        (li.KEY_102ND, PLAIN, "\\"),
    ],
    "de": [
        (li.KEY_1, PLAIN, "1234567890ß´"),
        (li.KEY_1, SHIFT, '!"§$%&/()=?`'),
        (li.KEY_7, ALTGR, "{[]}\\"),
        (li.KEY_Q, PLAIN, "qwertzuiopü+"),
        (li.KEY_Q, SHIFT, "QWERTZUIOPÜ*"),
        (li.KEY_Q, ALTGR, "@"),
        (li.KEY_E, ALTGR, "€"),
        (li.KEY_RIGHTBRACE, ALTGR, "~"),
        (li.KEY_A, PLAIN, "asdfghjklöä^"),
        (li.KEY_A, SHIFT, "ASDFGHJKLÖÄ°"),
        (li.KEY_BACKSLASH, PLAIN, "#yxcvbnm,.-"),
        (li.KEY_BACKSLASH, SHIFT, "'YXCVBNM;:_"),
        (li.KEY_102ND, PLAIN, "<"),
        (li.KEY_102ND, SHIFT, ">"),
        (li.KEY_102ND, ALTGR, "|"),
    ],
}


def typed(layout: Layout, modifiers: tuple[int, ...], code: int) -> str:
    keyboard = Keyboard(layout)
    for modifier in modifiers:
        keyboard.press(modifier)
    return keyboard.press(code)


@pytest.mark.parametrize(
    ("layout", "first", "modifiers", "characters"),
    [(name, *row) for name, rows in PRINTED.items() for row in rows],
)
def test_a_key_types_what_is_printed_on_it(layout, first, modifiers, characters):
    codes = range(first, first + len(characters))
    assert "".join(typed(LAYOUTS[layout], modifiers, code) for code in codes) == characters


@pytest.mark.parametrize("layout", [US, DE])
def test_every_character_of_a_code_128_can_be_typed(layout):
    reachable = {character for levels in layout.keys.values() for character in levels}
    assert set(string.printable) - set(string.whitespace) | {" "} <= reachable


@pytest.mark.parametrize("modifiers", [PLAIN, SHIFT, ALTGR])
def test_the_keypad_block_types_the_same_whatever_is_held(modifiers):
    block = [*li.KEYPAD_DIGITS, li.KEY_KPMINUS, li.KEY_KPPLUS, li.KEY_KPASTERISK, li.KEY_KPSLASH]
    assert "".join(typed(DE, modifiers, code) for code in block) == "0123456789-+*/"


def test_its_point_is_a_comma_in_germany():
    assert typed(US, PLAIN, li.KEY_KPDOT) == "."
    assert typed(DE, PLAIN, li.KEY_KPDOT) == ","


@pytest.mark.parametrize("ctrl", [li.KEY_LEFTCTRL, li.KEY_RIGHTCTRL])
def test_ctrl_and_the_left_alt_are_altgr_where_there_is_one(ctrl):
    assert typed(DE, (ctrl, li.KEY_LEFTALT), li.KEY_Q) == "@"
    assert typed(US, (ctrl, li.KEY_LEFTALT), li.KEY_Q) == ""


def test_altgr_types_nothing_where_nothing_is_printed():
    assert typed(DE, ALTGR, li.KEY_A) == ""


def test_the_right_alt_of_an_american_keyboard_composes_codes():
    keyboard = Keyboard(US)
    presses = [keyboard.press(code) for code in (li.KEY_RIGHTALT, li.KEY_KP6, li.KEY_KP5)]
    assert presses == ["", "", ""]
    assert keyboard.release(li.KEY_RIGHTALT) == "A"


def test_caps_lock_does_not_make_a_question_mark_of_sharp_s():
    keyboard = Keyboard(DE)
    keyboard.press(li.KEY_CAPSLOCK)
    assert [keyboard.press(code) for code in (12, 26, li.KEY_KP1)] == ["ß", "Ü", "1"]


class TestDeadAccents:
    """On a German keyboard ^ waits for the next key; space asks for the accent alone."""

    def test_an_accent_and_space_are_the_accent(self):
        keyboard = Keyboard(DE)
        codes = (li.KEY_GRAVE, li.KEY_SPACE, li.KEY_SPACE, li.KEY_GRAVE, li.KEY_1)
        assert "".join(keyboard.press(code) for code in codes) == "^ ^1"

    def test_an_american_keyboard_has_none(self):
        keyboard = Keyboard(US)
        assert keyboard.press(li.KEY_GRAVE) + keyboard.press(li.KEY_SPACE) == "` "
