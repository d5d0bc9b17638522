"""A keypad on a serial line, one byte a key: from bytes to the twelve keys ``0123456789*#``.

Pure and incremental: no port, no clock. PINs are typed here, so neither a repr nor a log shows a
key.
"""

from collections.abc import Mapping
from typing import Final

from hardware.keypad import KEYS, check_keymap

# A pad that sends CR LF for its one Enter types one "#". Letters are the fourth column of a
# telephone pad, which everybody labels otherwise: they need a keymap.
KEYMAP: Final[Mapping[int, str]] = {ord(key): key for key in KEYS} | {
    0x0D: "#",  # CR
    0x08: "*",  # BS
    0x1B: "*",  # ESC
    0x7F: "*",  # DEL
    ord("-"): "*",
}


class SerialKeypadDecoder:
    """Turns the bytes of one pad into keys; one decoder per device.

    Args:
        keymap: byte -> what it types, laid over ``KEYMAP``: one key, up to three ("00"), or ""
            for a byte that does nothing.

    Raises:
        ValueError: if the keymap types anything but the twelve keys, or more than three at once.
    """

    deadline_ms: Final = None  # a key is complete with its byte
    dropped: Final = 0

    def __init__(self, keymap: Mapping[int, str] | None = None) -> None:
        self._keymap: Mapping[int, str] = {**KEYMAP, **(keymap or {})}
        check_keymap(self._keymap)

    def reset(self) -> None:
        """Forget nothing: there is nothing."""

    def feed(self, data: bytes, now_ms: int) -> list[str]:  # noqa: ARG002 -- as any decoder
        """Take bytes in the order they came; return the keys typed, one character each."""
        return [key for byte in data for key in self._keymap.get(byte, "")]

    def flush(self, now_ms: int) -> list[str]:  # noqa: ARG002 -- as of a decoder that waits
        """Return nothing: a pad leaves nothing unfinished."""
        return []
