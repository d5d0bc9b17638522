"""A numeric keypad: from key events to the twelve keys ``0123456789*#``.

Pure and incremental: no device, no clock. PINs are typed here, so neither a repr nor a log shows
a key.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from hardware.linux_input import (
    DOWN,
    EV_KEY,
    KEY_0,
    KEY_1,
    KEY_9,
    KEY_BACKSPACE,
    KEY_DELETE,
    KEY_ENTER,
    KEY_ESC,
    KEY_KPASTERISK,
    KEY_KPENTER,
    KEY_KPMINUS,
    KEY_NUMERIC_0,
    KEY_NUMERIC_POUND,
    KEY_NUMERIC_STAR,
    KEYPAD_DIGITS,
    InputEvent,
    is_loss,
)

KEYS: Final = "0123456789*#"

# The longest run of digits on one key of a cash register pad is "000".
_KEYS_PER_PRESS_MAX: Final = 3

# After a loss nobody knows what was typed last, and "#" at the end of an amount would buy it. Who
# sees that nothing happens stops this long before typing again.
LOSS_PAUSE_MS: Final = 500

# The keypad's point is left out on purpose: somebody who types 20.00 for twenty means 2000 cents,
# and a point that deleted a digit would make it 2.00. NumLock is left out since some pads press it
# around each digit.
KEYMAP: Final[Mapping[int, str]] = (
    KEYPAD_DIGITS
    | {code: KEYS[code - KEY_1 + 1] for code in range(KEY_1, KEY_9 + 1)}
    | {KEY_0: "0"}
    | {KEY_NUMERIC_0 + digit: KEYS[digit] for digit in range(10)}
    | dict.fromkeys((KEY_ENTER, KEY_KPENTER, KEY_NUMERIC_POUND), "#")
    | dict.fromkeys(
        (KEY_BACKSPACE, KEY_ESC, KEY_DELETE, KEY_KPMINUS, KEY_KPASTERISK, KEY_NUMERIC_STAR), "*"
    )
)


class KeypadDecoder:
    """Turns the presses of one pad into keys; one decoder per device.

    Args:
        keymap: evdev code -> what it types, laid over ``KEYMAP``: one key, up to three ("00"), or
            "" for a key that does nothing.

    Raises:
        ValueError: if the keymap types anything but the twelve keys, or more than three at once.
    """

    deadline_ms: Final = None  # a key is complete when it goes down

    def __init__(self, keymap: Mapping[int, str] | None = None) -> None:
        self._keymap: Mapping[int, str] = {**KEYMAP, **(keymap or {})}
        check_keymap(self._keymap)
        self.reset()

    def reset(self) -> None:
        """Forget everything: the pad was unplugged."""
        self._lost_ms: int | None = None

    def feed(self, events: Iterable[InputEvent]) -> list[str]:
        """Take events in the order of the kernel; return the keys typed, one character each.

        A key held down types once. After a loss all is dropped up to a pause.
        """
        typed: list[str] = []
        for event in events:
            if is_loss(event):
                self._lost_ms = event.time_ms
            elif event.type == EV_KEY and event.value == DOWN:
                typed += self._press(event)
        return typed

    def flush(self, now_ms: int) -> list[str]:  # noqa: ARG002 -- as of a decoder that waits
        """Return nothing: a pad leaves nothing unfinished."""
        return []

    def _press(self, event: InputEvent) -> str:
        if self._lost_ms is not None:
            if event.time_ms - self._lost_ms < LOSS_PAUSE_MS:
                self._lost_ms = event.time_ms
                return ""
            self._lost_ms = None
        return self._keymap.get(event.code, "")


def check_keymap(keymap: Mapping[int, str] | Mapping[str, str]) -> None:
    """See whether a keymap types what a till understands.

    Raises:
        ValueError: if not.
    """
    for code, keys in keymap.items():
        if len(keys) > _KEYS_PER_PRESS_MAX or not set(keys) <= set(KEYS):
            msg = f"key {code} may type up to {_KEYS_PER_PRESS_MAX} of {KEYS}, not {keys!r}"
            raise ValueError(msg)
