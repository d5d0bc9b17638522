"""Numbers of Linux's input layer, and an event as the kernel reports it.

Source: linux/input-event-codes.h and linux/input.h of the kernel's user-space headers. They are
part of its stable interface, and written down here so that the tables and decoders need no library.
"""

from collections.abc import Container
from typing import Final, NamedTuple

EV_SYN: Final = 0x00
EV_KEY: Final = 0x01
SYN_DROPPED: Final = 3

UP: Final = 0
DOWN: Final = 1

KEY_ESC: Final = 1
KEY_1: Final = 2
KEY_7: Final = 8
KEY_9: Final = 10
KEY_0: Final = 11
KEY_EQUAL: Final = 13
KEY_BACKSPACE: Final = 14
KEY_TAB: Final = 15
KEY_Q: Final = 16
KEY_E: Final = 18
KEY_RIGHTBRACE: Final = 27
KEY_ENTER: Final = 28
KEY_LEFTCTRL: Final = 29
KEY_A: Final = 30
KEY_GRAVE: Final = 41
KEY_LEFTSHIFT: Final = 42
KEY_BACKSLASH: Final = 43
KEY_Z: Final = 44
KEY_SLASH: Final = 53
KEY_RIGHTSHIFT: Final = 54
KEY_KPASTERISK: Final = 55
KEY_LEFTALT: Final = 56
KEY_SPACE: Final = 57
KEY_CAPSLOCK: Final = 58
KEY_F8: Final = 66
KEY_KP7: Final = 71
KEY_KP8: Final = 72
KEY_KP9: Final = 73
KEY_KPMINUS: Final = 74
KEY_KP4: Final = 75
KEY_KP5: Final = 76
KEY_KP6: Final = 77
KEY_KPPLUS: Final = 78
KEY_KP1: Final = 79
KEY_KP2: Final = 80
KEY_KP3: Final = 81
KEY_KP0: Final = 82
KEY_KPDOT: Final = 83
KEY_102ND: Final = 86
KEY_KPENTER: Final = 96
KEY_RIGHTCTRL: Final = 97
KEY_KPSLASH: Final = 98
KEY_RIGHTALT: Final = 100
KEY_DELETE: Final = 111
KEY_KPEQUAL: Final = 117
KEY_KPCOMMA: Final = 121
KEY_NUMERIC_0: Final = 0x200  # the pads of telephones; digits 0 to 9 follow one another
KEY_NUMERIC_1: Final = 0x201
KEY_NUMERIC_STAR: Final = 0x20A
KEY_NUMERIC_POUND: Final = 0x20B

# The keypad block counts across its rows from the top left, so the digits are in no order.
KEYPAD_DIGITS: Final = {
    KEY_KP0: "0",
    KEY_KP1: "1",
    KEY_KP2: "2",
    KEY_KP3: "3",
    KEY_KP4: "4",
    KEY_KP5: "5",
    KEY_KP6: "6",
    KEY_KP7: "7",
    KEY_KP8: "8",
    KEY_KP9: "9",
}


class InputEvent(NamedTuple):
    """One ``struct input_event``.

    ``time_ms`` is when the kernel saw it, on the clock the device was told to use; ``value`` of a
    key is 0 up, 1 down, 2 autorepeat.
    """

    time_ms: int
    type: int
    code: int
    value: int

    def __repr__(self) -> str:
        """Name no key: a PIN and the code of a card are typed with these."""
        return f"InputEvent(time_ms={self.time_ms}, type={self.type}, …)"


def is_loss(event: InputEvent) -> bool:
    """Tell whether the kernel's queue of 64 events ran over and what was in it is gone."""
    return event.type == EV_SYN and event.code == SYN_DROPPED


def is_keyboard(codes: Container[int]) -> bool:
    """Tell whether a device with these keys can type digits.

    A scanner or pad often shows several nodes; its "consumer control" or vendor node has volume
    and browser keys but none of the three rows of digits.
    """
    return any(
        first in codes and last in codes
        for first, last in (
            (KEY_1, KEY_0),
            (KEY_KP1, KEY_KP0),
            (KEY_NUMERIC_1, KEY_NUMERIC_0),
        )
    )
