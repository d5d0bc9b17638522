"""`--io tty`: the till in a terminal, and the display of `--io devices`.

Keys come from the descriptor of standard input through the till's own loop, never by waiting;
curses only paints. What stands where is decided in `tty_picture`, what a key is in `tty_keys`, what
the terminal can in `tty_paint`.
"""

from __future__ import annotations

import curses
import os
import signal
from collections import deque
from contextlib import suppress

from kpos.checkout.events import KEYS, Sound
from kpos.checkout.layout import COLUMNS, Frame
from kpos.clock import Clock
from kpos.demo import codes, numbers
from kpos.domain.document import Document
from kpos.domain.member import Language
from kpos.terminal import tty_keys
from kpos.terminal.front import Fed
from kpos.terminal.headless import booked_line
from kpos.terminal.loop import Loop
from kpos.terminal.tty_keys import KeyReader
from kpos.terminal.tty_paint import INPUT, OUTPUT, check_terminal, in_ascii, styles, use_utf8
from kpos.terminal.tty_picture import Contents, Hint, pieces
from kpos.terminal.tty_words import WORDS

_CHUNK = 4096
_LOG_LINES_MAX = 200
# As long as the longest scan.
_PROMPT_MAX = 128

_TILL_KEYS = {
    tty_keys.ENTER: "#",
    tty_keys.BACKSPACE: "*",
    tty_keys.ESCAPE: "*",
    "-": "*",
} | {key: key for key in KEYS}
_PROMPT_OPENERS = {"/", tty_keys.TAB, tty_keys.F2}


class TtyFront:
    """Display, keys and log in one terminal.

    `demo` shows what can be scanned and lets letters scan it. `quits` is whether q ends the till.
    """

    def __init__(
        self, loop: Loop, clock: Clock, language: Language, *, demo: bool = False, quits: bool
    ) -> None:
        """Take the terminal over.

        Raises:
            Unusable: if there is none, or none that can be painted on.
        """
        check_terminal()
        self._loop = loop
        self._clock = clock
        self._words = WORDS[language]
        self._quits = quits
        self._found = codes(language) if demo else []
        self._numbers = numbers(language) if demo else []
        self._letters = {found.key: found.code for found in self._found}
        self._reader = KeyReader()
        self._log: deque[tuple[str, int]] = deque(maxlen=_LOG_LINES_MAX)
        self._frame: Frame = (" " * COLUMNS,) * 4
        self._prompt: str | None = None
        self._till: Fed | None = None
        self._changed = True
        self._is_ascii = use_utf8()
        self._take_terminal()

    # What the till says

    def show(self, frame: Frame) -> None:
        """Paint it after this turn of the loop."""
        self._frame = frame
        self._changed = True

    def play(self, sound: Sound) -> None:
        """The terminal's bell, and the name of the sound."""
        with suppress(curses.error):
            curses.beep()
        self.heard(sound)

    def heard(self, sound: Sound) -> None:
        """The name of the sound alone."""
        self.note(f"♪ {sound}")

    def booked(self, document: Document) -> None:
        """Number and kind."""
        self.note(booked_line(document))

    def note(self, text: str) -> None:
        """One line of the log; the same again only counts."""
        times = 1
        if self._log and self._log[-1][0] == text:
            times += self._log.pop()[1]
        self._log.append((text, times))
        self._changed = True

    # What is typed

    def attach(self, till: Fed) -> None:
        """Feed the till with what is typed."""
        self._till = till
        self._loop.add(INPUT, self._readable)
        self.after()

    def due_ms(self) -> int | None:
        """Milliseconds until an Esc is known to be one."""
        deadline_ms = self._reader.deadline_ms
        return None if deadline_ms is None else deadline_ms - self._clock.monotonic_ms()

    def after(self) -> None:
        """Take an Esc that stayed alone; paint what changed."""
        self._take(self._reader.flush(self._clock.monotonic_ms()))
        if self._changed:
            self._changed = False
            self._paint()

    def _readable(self) -> None:
        try:
            data = os.read(INPUT, _CHUNK)
        except OSError:
            data = b""
        if not data:  # the terminal is gone, and with it whoever sat there
            self._loop.remove(INPUT)
            self._loop.stop()
            return
        self._take(self._reader.feed(data, self._clock.monotonic_ms()))

    def _take(self, keys: list[str]) -> None:
        for key in keys:
            if key == tty_keys.INTERRUPT or self._is_quit(key):
                self._loop.stop()
                return
            if key == tty_keys.REDRAW:
                self._resized()
            elif self._prompt is not None:
                self._take_in_prompt(self._prompt, key)
            else:
                self._take_at_till(key)

    def _is_quit(self, key: str) -> bool:
        return key.lower() == "q" and self._quits and self._prompt is None

    def _take_at_till(self, key: str) -> None:
        assert self._till is not None, "keys are read once there is a till"
        if key in _TILL_KEYS:
            self._till.key(_TILL_KEYS[key])
        elif key in _PROMPT_OPENERS or (key == "s" and not self._letters):
            self._set_prompt("")
        elif key.lower() in self._letters:
            self._scan(self._letters[key.lower()])

    def _take_in_prompt(self, typed: str, key: str) -> None:
        if key == tty_keys.ENTER:
            self._set_prompt(None)
            if typed:
                self._scan(typed)
        elif key == tty_keys.ESCAPE or (key == tty_keys.BACKSPACE and not typed):
            self._set_prompt(None)
        elif key == tty_keys.BACKSPACE:
            self._set_prompt(typed[:-1])
        elif len(key) == 1 and len(typed) < _PROMPT_MAX:
            self._set_prompt(typed + key)

    def _set_prompt(self, typed: str | None) -> None:
        self._prompt = typed
        self._changed = True

    def _scan(self, code: str) -> None:
        assert self._till is not None, "keys are read once there is a till"
        if self._letters:  # codes of a demo may be seen; those of a real card may not
            self.note(f"scan {code}")
        self._till.scan(code)

    # The terminal

    def _take_terminal(self) -> None:
        self._window = curses.initscr()
        try:
            # Raw: Ctrl-S must not stop a till, nor Ctrl-Z take it away from its terminal.
            curses.raw()
            curses.noecho()
            with suppress(curses.error):
                curses.curs_set(0)
            self._styles = styles()
            self._window_changed = signal.signal(
                signal.SIGWINCH, lambda _number, _frame: self._loop.post(self._resized)
            )
            self._resized()
        except BaseException:
            curses.endwin()
            raise

    def close(self) -> None:
        """Give the terminal back as it was."""
        signal.signal(signal.SIGWINCH, self._window_changed)
        with suppress(curses.error):
            curses.endwin()

    def _resized(self) -> None:
        size = os.get_terminal_size(OUTPUT)
        with suppress(curses.error):
            curses.resizeterm(size.lines or 24, size.columns or 80)
        self._window.clear()  # all is sent anew: Ctrl-L mends what others wrote
        self._changed = True

    def _paint(self) -> None:
        window = self._window
        rows, columns = window.getmaxyx()
        window.erase()
        for piece in pieces(self._contents(), rows, columns):
            text = in_ascii(piece.text) if self._is_ascii else piece.text
            with suppress(curses.error):  # raised after the last column of the last row
                window.addstr(piece.row, piece.column, text, self._styles[piece.style])
        window.refresh()

    def _contents(self) -> Contents:
        cards = [Hint(found.key, found.text) for found in self._found if found.is_card]
        cards += [Hint("", text) for text in self._numbers]
        return Contents(
            frame=self._frame,
            words=self._words,
            is_demo=bool(self._letters),
            is_ascii=self._is_ascii,
            prompt=self._prompt,
            log=[text if times == 1 else f"{text}  x{times}" for text, times in self._log],
            cards=cards,
            goods=[Hint(found.key, found.text) for found in self._found if not found.is_card],
        )
