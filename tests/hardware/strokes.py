"""Key presses as the kernel reports them, with its times."""

from __future__ import annotations

from hardware import linux_input as li
from hardware.linux_input import InputEvent

EV_MSC = 4
MSC_SCAN = 4
SYN_REPORT = 0
REPEAT = 2

KEYBOARD = list(range(1, 120))
CONSUMER_CONTROL = [113, 114, 115, 164]  # volume and playing: the second node of many scanners
DIGIT_KEYS = dict(zip("1234567890", range(li.KEY_1, li.KEY_0 + 1), strict=True))
KEYPAD_KEYS = {digit: code for code, digit in li.KEYPAD_DIGITS.items()}


class Strokes:
    """What one device sends; a report each 4 ms, as from a USB scanner."""

    def __init__(self, *, at_ms: int = 50_000, step_ms: int = 4) -> None:
        self.now_ms = at_ms
        self.step_ms = step_ms
        self.events: list[InputEvent] = []

    def taps(self, *codes: int) -> Strokes:
        for code in codes:
            self.presses(code).lets_go(code)
        return self

    def presses(self, *codes: int) -> Strokes:
        return self._report(codes, li.DOWN)

    def lets_go(self, *codes: int) -> Strokes:
        return self._report(codes, li.UP)

    def holds_down(self, code: int) -> Strokes:
        return self._report((code,), REPEAT)

    def types(self, digits: str) -> Strokes:
        return self.taps(*(DIGIT_KEYS[digit] for digit in digits))

    def types_on_the_keypad(self, digits: str) -> Strokes:
        return self.taps(*(KEYPAD_KEYS[digit] for digit in digits))

    def scans(self, digits: str) -> Strokes:
        return self.types(digits).taps(li.KEY_ENTER)

    def shifted(self, *codes: int) -> Strokes:
        return self.held_with(li.KEY_LEFTSHIFT, *codes)

    def held_with(self, modifier: int, *codes: int) -> Strokes:
        return self.presses(modifier).taps(*codes).lets_go(modifier)

    def alt_code(self, digits: str) -> Strokes:
        self.presses(li.KEY_LEFTALT).types_on_the_keypad(digits)
        return self.lets_go(li.KEY_LEFTALT)

    def loses_events(self) -> Strokes:
        self.events.append(InputEvent(self.now_ms, li.EV_SYN, li.SYN_DROPPED, 0))
        return self

    def waits(self, ms: int) -> Strokes:
        self.now_ms += ms
        return self

    def _report(self, codes: tuple[int, ...], value: int) -> Strokes:
        for code in codes:
            self.now_ms += self.step_ms
            self.events += [
                InputEvent(self.now_ms, EV_MSC, MSC_SCAN, 0x70000 + code),
                InputEvent(self.now_ms, li.EV_KEY, code, value),
                InputEvent(self.now_ms, li.EV_SYN, SYN_REPORT, 0),
            ]
        return self
