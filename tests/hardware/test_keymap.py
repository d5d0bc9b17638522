"""Keymaps as they stand in a config file."""

import sys

import pytest

from hardware.keymap import bytes_of, codes_of, parse_keymap


def test_a_keymap_is_pairs_with_blanks_between():
    assert parse_keymap("A=# B=*  C=00 D= ==#") == {
        "A": "#",
        "B": "*",
        "C": "00",
        "D": "",
        "=": "#",
    }
    assert parse_keymap("") == {}


@pytest.mark.parametrize("text", ["A", "=", "=#", "A = #"])
def test_what_is_no_pair_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="like A=# or KEY_DOT=00"):
        parse_keymap(text)


def test_what_types_no_key_is_refused_by_its_name():
    with pytest.raises(ValueError, match="key A may type up to 3 of"):
        parse_keymap("A=z")


def test_a_serial_pad_is_known_by_its_bytes():
    assert bytes_of({"A": "#", "0x1B": "*", "0x0a": "", "=": "1"}) == {
        65: "#",
        27: "*",
        10: "",
        61: "1",
    }


@pytest.mark.parametrize("name", ["AB", "0x100", "0xZZ", "€", "KEY_A", "0x-1"])
def test_what_is_no_byte_is_refused(name):
    with pytest.raises(ValueError, match="a character, or a byte like 0x1B"):
        bytes_of({name: "1"})


def test_an_evdev_pad_is_known_by_linux_names():
    pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
    assert codes_of({"KEY_TAB": "#", "KEY_KPDOT": "00", "98": "*"}) == {15: "#", 83: "00", 98: "*"}
    for name in ("KEY_NONE", "A", "-1", "BTN_LEFT", "²"):
        with pytest.raises(ValueError, match="a key of Linux like KEY_TAB"):
            codes_of({name: "1"})


def test_names_need_evdev_and_numbers_do_not(monkeypatch):
    monkeypatch.setitem(sys.modules, "evdev", None)
    assert codes_of({"15": "#"}) == {15: "#"}
    with pytest.raises(ImportError):
        codes_of({"KEY_TAB": "#"})
