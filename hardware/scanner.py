"""A barcode scanner that types like a keyboard: from key events to scans.

Pure and incremental: no device, no clock. It answers what goes wrong between such a scanner and a
program: autorepeat, Shift and Caps Lock, four kinds of endings, codes cut short, keys of a layout,
GS in three disguises, and events the kernel had to drop.

A scan ends with Enter, Tab or, from a scanner that has never sent either, with a pause. Once it
has sent one, a pause inside a code means that the rest is missing: such a code is refused, since
half a code may be the whole of another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from hardware.keyboard import GS, UNREADABLE, Keyboard
from hardware.keys import US, Layout
from hardware.linux_input import DOWN, EV_KEY, UP, InputEvent, is_loss

# Between two keys a scanner takes 1 to 10 ms (USB reports), a slow PS/2 wedge some tens; Odoo takes
# 50 ms as the limit. From last key to next scan a person needs several hundred.
GAP_MS: Final = 100

# Longer than anything a till sells under: a GS1 element string of a Code 128 has at most 48
# characters, a QR code with a GS1 Digital Link seldom over 100. Guards against a key held down.
SCAN_LENGTH_MAX: Final = 128

# LF too: a scanner that sends CR LF by Ctrl+M, Ctrl+J ends one scan, since an empty one is none.
_TERMINATORS: Final = "\r\n\t"


class Fault(Enum):
    """Why a scan was refused; each wants the same of the buyer: scan again."""

    LOST = "the reader was too slow and the kernel dropped events"
    PARTIAL = "the scan broke off before its end"
    OVERLONG = f"more than {SCAN_LENGTH_MAX} characters"
    UNREADABLE = "a character in it cannot be told"


@dataclass(frozen=True)
class Scan:
    """A scan completed: its text, or why it has none.

    ``text`` has 1 to 128 characters, none of them a control character but GS, and is "" with a
    fault. It stays out of the repr, for it may be the code of somebody's card.
    """

    text: str = field(default="", repr=False)
    fault: Fault | None = None


class ScanDecoder:
    """Collects what one scanner types; one decoder per device.

    Args:
        layout: the country the scanner is set to.
        preambles: what the scanner is set to send before a code, one of these; cut off.
        gap_ms: a pause this long ends what was begun.
        terminated: whether the scanner ends its codes with Enter or Tab; None finds out.
    """

    def __init__(
        self,
        layout: Layout = US,
        preambles: tuple[str, ...] = (),
        *,
        gap_ms: int = GAP_MS,
        terminated: bool | None = None,
    ) -> None:
        self._keyboard = Keyboard(layout)
        self._preambles = preambles
        self._gap_ms = gap_ms
        self._terminated_as_told = terminated
        self.reset()

    def reset(self) -> None:
        """Forget everything: the scanner was unplugged, another may come."""
        self._terminated = self._terminated_as_told
        self._last_ms: int | None = None
        self._start_over()
        self._keyboard.reset()

    def feed(self, events: Iterable[InputEvent]) -> list[Scan]:
        """Take events in the order of the kernel; return the scans they complete."""
        scans: list[Scan] = []
        for event in events:
            if event.type == EV_KEY and event.value in (UP, DOWN):
                scans += self._pause_before(event.time_ms)
                scans += self._key(event)
            elif is_loss(event):
                scans += self._pause_before(event.time_ms)
                scans += self._lose()
        return scans

    @property
    def deadline_ms(self) -> int | None:
        """When to call ``flush`` if nothing comes before, on the clock of the events."""
        if self._last_ms is None or not self._is_begun():
            return None
        return self._last_ms + self._gap_ms

    def flush(self, now_ms: int) -> list[Scan]:
        """End what was begun, if the pause has lasted long enough; feed what is queued before."""
        deadline_ms = self.deadline_ms
        return self._pause() if deadline_ms is not None and now_ms >= deadline_ms else []

    def _key(self, event: InputEvent) -> list[Scan]:
        if event.value == DOWN:
            typed = self._keyboard.press(event.code)
        else:
            typed = self._keyboard.release(event.code)
        return self._take(typed) if typed else []

    def _take(self, typed: str) -> list[Scan]:
        """Add one character to the scan, or end it."""
        if typed in _TERMINATORS:
            self._terminated = self._terminated is None or self._terminated
            return self._end()
        if self._is_discarding:
            return []
        if typed == UNREADABLE:
            self._is_unreadable = True
        elif is_readable(typed):
            self._text += typed
        return self._discard(Fault.OVERLONG) if len(self._text) > SCAN_LENGTH_MAX else []

    def _end(self) -> list[Scan]:
        """Complete the scan, if one was begun, and be ready for the next."""
        scans = [self._completed()] if self._is_begun() else []
        self._start_over()
        self._keyboard.end_line()
        return scans

    def _is_begun(self) -> bool:
        return not self._is_discarding and (
            bool(self._text) or self._is_unreadable or self._keyboard.composing
        )

    def _completed(self) -> Scan:
        if self._is_unreadable or self._keyboard.composing:
            return Scan(fault=Fault.UNREADABLE)
        return Scan(without_preamble(self._text, self._preambles))

    def _pause_before(self, time_ms: int) -> list[Scan]:
        """Note the time of an event, and end what a pause before it has ended."""
        last_ms, self._last_ms = self._last_ms, time_ms
        if last_ms is None or time_ms - last_ms < self._gap_ms:
            return []
        return self._pause()

    def _pause(self) -> list[Scan]:
        """End a scan without an ending: complete from a scanner that sends none, else partial."""
        scans = self._end()
        # Only now: a scanner may press Caps Lock once more after Enter, to leave it as it was.
        self._keyboard.reset()
        if scans and self._terminated:
            return [Scan(fault=Fault.PARTIAL)]
        return scans

    def _lose(self) -> list[Scan]:
        """Say once that events are gone; what follows is the tail of a code that has no head."""
        self._keyboard.reset()
        return [] if self._is_discarding else self._discard(Fault.LOST)

    def _discard(self, fault: Fault) -> list[Scan]:
        """Refuse the running scan now, and drop the rest of it up to its end or a pause."""
        self._start_over()
        self._is_discarding = True
        return [Scan(fault=fault)]

    def _start_over(self) -> None:
        self._text = ""
        self._is_unreadable = False
        self._is_discarding = False


def without_preamble(text: str, preambles: tuple[str, ...]) -> str:
    """Cut off the longest preamble that fits and leaves something of the code.

    A scanner can be told to say what kind of code it read, in the way of its maker: PSC and
    Datalogic send F before an EAN-13, FF before an EAN-8, A before a UPC-A. What AIM has
    standardised for that ("]E0") stays: it is part of the code for whoever reads GS1 elements.
    """
    for preamble in sorted(preambles, key=len, reverse=True):
        if text.startswith(preamble) and len(text) > len(preamble):
            return text.removeprefix(preamble)
    return text


def is_readable(text: str) -> bool:
    """Tell whether there is no C0 but GS, no DEL and no C1, which a display must never be sent."""
    return not any(
        (character < " " and character != GS)
        or "\x7f" <= character < "\xa0"
        or character == UNREADABLE
        for character in text
    )
