"""What a keyboard has typed: from keys going down and up to characters.

Holds the state that a key press alone does not carry: Shift, Ctrl, Alt and AltGr, Caps Lock, a
character code begun with Alt and the keypad, a dead accent.
"""

from typing import Final

from hardware.keys import Layout
from hardware.linux_input import (
    KEY_CAPSLOCK,
    KEY_ENTER,
    KEY_F8,
    KEY_KPENTER,
    KEY_LEFTALT,
    KEY_LEFTCTRL,
    KEY_LEFTSHIFT,
    KEY_RIGHTALT,
    KEY_RIGHTBRACE,
    KEY_RIGHTCTRL,
    KEY_RIGHTSHIFT,
    KEY_TAB,
    KEYPAD_DIGITS,
)

GS: Final = "\x1d"  # group separator: ends a field of variable length in a GS1 barcode
UNREADABLE: Final = "\ufffd"  # stands for a character that was typed and cannot be told

_SHIFT: Final = frozenset({KEY_LEFTSHIFT, KEY_RIGHTSHIFT})
_CTRL: Final = frozenset({KEY_LEFTCTRL, KEY_RIGHTCTRL})
_ALT: Final = frozenset({KEY_LEFTALT, KEY_RIGHTALT})
_MODIFIERS: Final = _SHIFT | _CTRL | _ALT

# F8 is what scanners send for GS when they map control characters to function keys.
_SPECIAL: Final = {KEY_ENTER: "\r", KEY_KPENTER: "\r", KEY_TAB: "\t", KEY_F8: GS}

_ALT_CODE_MAX: Final = 255
_ASCII_MAX: Final = 127


class Keyboard:
    """The keys of one device and what they have typed so far."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.reset()

    def reset(self) -> None:
        """Forget everything, as if just plugged in."""
        self._held: set[int] = set()
        self._caps_lock = False
        self._alt_code: int | None = None
        self._alt_is_ansi = False
        self._after_dead = False

    def end_line(self) -> None:
        """Take Shift and Alt as up, even if their release was never seen.

        Ctrl stays, for Ctrl+M and Ctrl+J may come in one go, and so does Caps Lock.
        """
        self._held &= _CTRL
        self._alt_code = None
        self._after_dead = False

    @property
    def composing(self) -> bool:
        """Whether a character begun with Alt and the keypad waits for Alt to be let go."""
        return self._alt_code is not None

    def press(self, code: int) -> str:
        """Return the character this key types now, "" for none.

        Enter is a carriage return; with Ctrl it may be any control character. A key this keyboard
        does not have types nothing.
        """
        if code in _MODIFIERS:
            self._held.add(code)
            return ""
        if code == KEY_CAPSLOCK:
            self._caps_lock = not self._caps_lock
            return ""
        if code in _SPECIAL:
            return _SPECIAL[code]
        if self._is_alt_down():
            self._compose(code)
            return ""
        return self._settle_dead(self._character(code))

    def release(self, code: int) -> str:
        """Return the character that letting this key go completes, "" for none."""
        self._held.discard(code)
        if code not in _ALT or self._alt_code is None:
            return ""
        typed = _alt_character(self._alt_code, is_ansi=self._alt_is_ansi)
        self._alt_code = None
        return typed

    def _is_altgr_down(self) -> bool:
        # Windows takes Ctrl with the left Alt for AltGr, and scanners are made for Windows.
        return self._layout.has_altgr and (
            KEY_RIGHTALT in self._held
            or (KEY_LEFTALT in self._held and not self._held.isdisjoint(_CTRL))
        )

    def _is_alt_down(self) -> bool:
        return not self._held.isdisjoint(_ALT) and not self._is_altgr_down()

    def _compose(self, code: int) -> None:
        """Take one digit of a code like Alt+029; other keys with Alt are shortcuts, not text."""
        digit = KEYPAD_DIGITS.get(code)
        if digit is None:
            return
        if self._alt_code is None:
            self._alt_code = 0
            self._alt_is_ansi = digit == "0"
        self._alt_code = min(self._alt_code * 10 + int(digit), _ALT_CODE_MAX + 1)

    def _character(self, code: int) -> str:
        levels = self._layout.keys.get(code)
        if levels is None:
            return ""
        if self._is_altgr_down():
            return levels.third
        upper = not self._held.isdisjoint(_SHIFT)
        if self._caps_lock and levels.plain.upper() == levels.shifted:  # letters only
            upper = not upper
        typed = levels.shifted if upper else levels.plain
        if self._held.isdisjoint(_CTRL):
            return typed
        # Ctrl+] is GS. A German scanner presses the same key, though ] is elsewhere there.
        return GS if code == KEY_RIGHTBRACE else _control_character(typed)

    def _settle_dead(self, typed: str) -> str:
        """Take the space after a dead accent as what it is: the way to type the accent alone."""
        settles = self._after_dead and typed == " "
        self._after_dead = typed in self._layout.dead
        return "" if settles else typed


def _control_character(typed: str) -> str:
    """Return what a terminal makes of Ctrl and this character: Ctrl+M is Enter."""
    return chr(ord(typed) & 0x1F) if 0x40 <= ord(typed) <= _ASCII_MAX else ""


def _alt_character(code: int, *, is_ansi: bool) -> str:
    """Return the character of an Alt code as Windows has it: with a leading 0 ANSI, else OEM."""
    if code <= _ASCII_MAX:
        return chr(code)
    if code > _ALT_CODE_MAX:
        return UNREADABLE
    return bytes([code]).decode("cp1252" if is_ansi else "cp437", errors="replace")
