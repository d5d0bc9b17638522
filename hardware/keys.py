"""Which character a key types, per keyboard layout.

An evdev code names a key's *position*, by the character an American keyboard has there: KEY_Y is
the key right of T, whatever is printed on it. A scanner types as if it were the keyboard of the
country it is set to, so whoever reads it needs the same table.

Sources: positions from linux/input-event-codes.h; ``us`` and ``de`` from xkb-data 2.35
(symbols/us, symbols/de with its latin(type4)), third level as printed on a German keyboard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from hardware.linux_input import (
    KEY_1,
    KEY_102ND,
    KEY_A,
    KEY_BACKSLASH,
    KEY_EQUAL,
    KEY_GRAVE,
    KEY_KPASTERISK,
    KEY_KPCOMMA,
    KEY_KPDOT,
    KEY_KPEQUAL,
    KEY_KPMINUS,
    KEY_KPPLUS,
    KEY_KPSLASH,
    KEY_Q,
    KEY_SLASH,
    KEY_SPACE,
    KEY_Z,
    KEYPAD_DIGITS,
)


class Levels(NamedTuple):
    """What one key types alone, with Shift and with AltGr; "" for nothing."""

    plain: str
    shifted: str
    third: str


@dataclass(frozen=True)
class Layout:
    """A keyboard of one country.

    ``dead`` characters are typed by keys that wait for the next one: an accent alone is such a key
    followed by space. Where ``has_altgr`` is false the right Alt key is an ordinary Alt.
    """

    keys: Mapping[int, Levels]
    dead: frozenset[str]
    has_altgr: bool


# Row by row as they lie on the desk: digits, Q to ], A to ', \ (right of it, or above Enter), the
# key between left Shift and Z that only European keyboards have, Z to /, the space bar.
_POSITIONS: Final = (
    KEY_GRAVE,
    *range(KEY_1, KEY_EQUAL + 1),
    *range(KEY_Q, KEY_Q + 12),
    *range(KEY_A, KEY_A + 11),
    KEY_BACKSLASH,
    KEY_102ND,
    *range(KEY_Z, KEY_SLASH + 1),
    KEY_SPACE,
)

# Whatever NumLock says: the kernel reports the same code, and only a console or X looks at the
# lock. Shift changes nothing here either.
_KEYPAD: Final = KEYPAD_DIGITS | {
    KEY_KPASTERISK: "*",
    KEY_KPMINUS: "-",
    KEY_KPPLUS: "+",
    KEY_KPSLASH: "/",
    KEY_KPEQUAL: "=",
    KEY_KPCOMMA: ",",
}


def _keys(
    plain: str, shifted: str, third: Mapping[str, str], *, keypad_dot: str
) -> Mapping[int, Levels]:
    rows = zip(_POSITIONS, plain, shifted, strict=True)
    keypad = _KEYPAD | {KEY_KPDOT: keypad_dot}
    return {code: Levels(low, high, third.get(low, "")) for code, low, high in rows} | {
        code: Levels(character, character, character) for code, character in keypad.items()
    }


US: Final = Layout(
    keys=_keys(
        "`1234567890-=qwertyuiop[]asdfghjkl;'\\\\zxcvbnm,./ ",
        '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"||ZXCVBNM<>? ',
        {},
        keypad_dot=".",
    ),
    dead=frozenset(),
    has_altgr=False,
)

DE: Final = Layout(
    keys=_keys(
        "^1234567890ß´qwertzuiopü+asdfghjklöä#<yxcvbnm,.- ",
        "°!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ'>YXCVBNM;:_ ",
        {
            "2": "²",
            "3": "³",
            "7": "{",
            "8": "[",
            "9": "]",
            "0": "}",
            "ß": "\\",
            "q": "@",
            "e": "€",
            "+": "~",
            "<": "|",
            "m": "µ",
        },
        keypad_dot=",",
    ),
    dead=frozenset("^´`"),
    has_altgr=True,
)

LAYOUTS: Final[Mapping[str, Layout]] = {"us": US, "de": DE}
