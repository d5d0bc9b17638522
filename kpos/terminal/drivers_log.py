"""What the drivers warn of, as lines of the till's log: they name devices, never keys or codes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack

from kpos.terminal.workers import Post


class _Warnings(logging.Handler):
    """Hands warnings over to the till's thread: some drivers have threads of their own."""

    def __init__(self, post: Post, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._post = post
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        self._post(lambda: self._note(text))


def hear_drivers(post: Post, note: Callable[[str], None], closing: ExitStack) -> None:
    """Note what they warn of; else it would be written across a display that is a terminal."""
    drivers = logging.getLogger("hardware")
    warnings = _Warnings(post, note)
    drivers.addHandler(warnings)
    closing.callback(drivers.removeHandler, warnings)
