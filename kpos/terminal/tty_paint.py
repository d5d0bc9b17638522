"""What a terminal can: whether it can be painted on, in which characters and colours."""

from __future__ import annotations

import codecs
import curses
import locale
import os
from contextlib import suppress

from kpos.terminal.front import Unusable
from kpos.terminal.tty_picture import Style

INPUT, OUTPUT = 0, 1


def check_terminal() -> None:
    """See whether there is a terminal to paint on, without touching it.

    Raises:
        Unusable: with what to do.
    """
    if not (os.isatty(INPUT) and os.isatty(OUTPUT)):
        msg = "this needs a terminal; without one there is kpos run --io jsonl"
        raise Unusable(msg)
    name = os.environ.get("TERM", "")
    try:
        curses.setupterm(fd=OUTPUT)
        places_cursor = curses.tigetstr("cup") is not None
    except curses.error:
        places_cursor = False
    if not places_cursor:
        msg = f"nothing can be painted on a terminal with TERM={name!r}: try TERM=xterm"
        raise Unusable(msg)


def use_utf8() -> bool:
    """Have curses write UTF-8, also where no locale is set; True: ASCII is all there is."""
    for name in ("", "C.UTF-8"):
        with suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            if codecs.lookup(locale.nl_langinfo(locale.CODESET)).name == "utf-8":
                return False
    return True


_TO_ASCII = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "s"})


def in_ascii(text: str) -> str:
    """One column stays one column."""
    return text.translate(_TO_ASCII).encode("ascii", "replace").decode("ascii")


def styles() -> dict[Style, int]:
    """White on blue like the display it stands for; without colours reversed like a lit one."""
    display, frame, key = curses.A_REVERSE, curses.A_NORMAL, curses.A_BOLD
    if curses.has_colors():
        curses.start_color()
        background = curses.COLOR_BLACK
        with suppress(curses.error):
            curses.use_default_colors()
            background = -1
        curses.init_pair(1, curses.COLOR_WHITE, curses.COLOR_BLUE)
        curses.init_pair(2, curses.COLOR_CYAN, background)
        display = frame = curses.color_pair(1) | curses.A_BOLD
        key = curses.color_pair(2) | curses.A_BOLD
    return {
        "plain": curses.A_NORMAL,
        "title": curses.A_BOLD,
        "display": display,
        "frame": frame,
        "key": key,
        "dim": curses.A_NORMAL,
    }
