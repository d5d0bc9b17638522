"""Keymaps as an admin writes them: ``"A=# B=* C=00"``, for each kind of pad in its own names."""

from collections.abc import Callable, Mapping
from typing import Final

from hardware.keypad import check_keymap

_BYTE_MAX: Final = 0xFF
_HEX: Final = "0x"


def parse_keymap(text: str) -> Mapping[str, str]:
    """Return name of the key -> what it types; nothing behind ``=`` is a key that does nothing.

    Raises:
        ValueError: if a part has no ``=``, or types what is no key.
    """
    keymap = {}
    for part in text.split():
        name, is_pair, keys = part.rpartition("=")
        if not is_pair or not name:
            msg = f"{part!r} is no key and what it types, like A=# or KEY_DOT=00"
            raise ValueError(msg)
        keymap[name] = keys
    check_keymap(keymap)
    return keymap


def bytes_of(keymap: Mapping[str, str]) -> Mapping[int, str]:
    """Name the keys of a serial pad by what it sends: a character, or ``0x1B``.

    Raises:
        ValueError: if a name is neither.
    """
    return _renamed(keymap, _byte, "a character, or a byte like 0x1B")


def codes_of(keymap: Mapping[str, str]) -> Mapping[int, str]:
    """Name the keys of an evdev pad by Linux's names: ``KEY_TAB``, or by their number.

    Raises:
        ValueError: if a name is neither.
        ImportError: if names are used and evdev, which knows them, is not installed.
    """
    return _renamed(keymap, _code, "a key of Linux like KEY_TAB, or its number")


def _renamed(
    keymap: Mapping[str, str], number_of: Callable[[str], int | None], expected: str
) -> Mapping[int, str]:
    renamed = {}
    for name, keys in keymap.items():
        number = number_of(name)
        if number is None:
            msg = f"{name!r} is not {expected}"
            raise ValueError(msg)
        renamed[number] = keys
    return renamed


def _byte(name: str) -> int | None:
    if len(name) == 1:
        return ord(name) if ord(name) <= _BYTE_MAX else None
    try:
        byte = int(name, 16) if name.startswith(_HEX) else -1
    except ValueError:
        return None
    return byte if 0 <= byte <= _BYTE_MAX else None


def _code(name: str) -> int | None:
    if name.isascii() and name.isdigit():
        return int(name)
    if not name.startswith("KEY_"):
        return None
    from evdev import ecodes

    code = ecodes.ecodes.get(name)
    return code if isinstance(code, int) else None
