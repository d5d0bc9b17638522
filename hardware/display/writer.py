"""The thread that writes: it shows the latest picture, and whoever hands one over never waits.

A display that does not answer is looked for again and again; when it is back it gets the latest
picture whole. One that fails in the middle of a picture is initialised anew at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Final

from hardware.display.bus import Bus
from hardware.display.screen import Screen
from hardware.errors import DeviceError

# Half a wake-up a second for a display that is gone; as soon as somebody expects who plugged it in.
RETRY_S: Final = 2
# How soon it is noticed that a display was unplugged, or lost its power for a moment.
CHECK_S: Final = 5
# How long a part of a picture is seen that is too large for the display: two short lines.
TURN_S: Final = 2.5
# As long as the slowest display needs for its last picture, ten times over.
CLOSE_S: Final = 4


class Writer:
    """A display, written by a thread of its own.

    Args:
        bus: the display.
        note: told in a line when the display is gone or back; called by the thread.
        retry_s: how soon a display that is gone is looked for again.
        check_s: how often one that shows nothing new is looked at.
        turn_s: how long each part is shown of a picture that is too large.
    """

    def __init__(
        self,
        bus: Bus,
        note: Callable[[str], None],
        *,
        retry_s: float = RETRY_S,
        check_s: float = CHECK_S,
        turn_s: float = TURN_S,
    ) -> None:
        self._screen = Screen(bus)
        self._note = note
        self._retry_s = retry_s
        self._check_s = check_s
        self._turn_s = turn_s
        self._changed = Condition()
        self._lines: Sequence[str] = ()
        self._is_lit = True
        self._is_closing = False
        # Counts what was asked for; the thread remembers up to where it has shown it.
        self._asked = 0
        self._done = 0
        self._is_there = False
        self._thread = Thread(target=self._run, name="display", daemon=True)
        self._thread.start()

    def show(self, lines: Sequence[str]) -> None:
        """Show a picture soon, unless another one comes before."""
        with self._changed:
            self._lines = tuple(lines)
            self._ask()

    def light(self, *, lit: bool) -> None:
        """Switch the backlight soon."""
        with self._changed:
            if lit != self._is_lit:
                self._is_lit = lit
                self._ask()

    def wait_until_shown(self, timeout_s: float) -> bool:
        """Wait until what was asked for last is on the display; for tests and for tools."""
        with self._changed:
            return self._changed.wait_for(lambda: self._done == self._asked, timeout_s)

    @property
    def is_shown(self) -> bool:
        """Whether the display took a picture that was asked for, and has not failed since."""
        with self._changed:
            return self._is_there and self._done > 0

    def close(self) -> None:
        """Leave a blank display behind; a stuck one is left alone after ``CLOSE_S``."""
        with self._changed:
            self._is_closing = True
            self._ask()
        self._thread.join(CLOSE_S)

    def _ask(self) -> None:
        self._asked += 1
        self._changed.notify_all()

    def _run(self) -> None:
        complaint: str | None = None
        while True:
            with self._changed:
                if complaint:
                    self._changed.wait_for(lambda: self._is_closing, self._retry_s)
                else:
                    pause_s = self._turn_s if self._screen.takes_turns else self._check_s
                    self._changed.wait_for(lambda: self._done != self._asked, pause_s)
                if self._is_closing:
                    break
                lines, lit, asked = self._lines, self._is_lit, self._asked
                # One that was away has lost what was shown, though nobody asks for it again.
                is_as_left = asked == self._done and complaint == ""
            failure = self._look() if is_as_left else self._write(lines, lit=lit)
            if failure and not complaint:
                # It may have been a disturbance: all anew, at once.
                failure = self._write(lines, lit=lit)
            if failure != complaint:
                self._note(f"display: {failure or 'ready'}")
            complaint = failure
            with self._changed:
                self._is_there = not failure
                if not failure:
                    self._done = asked
                    self._changed.notify_all()
        self._screen.close()

    def _write(self, lines: Sequence[str], *, lit: bool) -> str:
        """Make the display show this; return what was wrong."""
        try:
            self._screen.light(lit=lit)
            self._screen.show(lines)
        except (OSError, DeviceError) as error:
            return str(error)
        return ""

    def _look(self) -> str:
        """Show more of a large picture, or see whether the display is still there; as above."""
        try:
            if self._screen.takes_turns:
                self._screen.turn()
            else:
                self._screen.check()
        except (OSError, DeviceError) as error:
            return str(error)
        return ""
