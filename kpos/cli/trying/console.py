"""The terminal of whoever tests: answers by one key, and a device to listen to meanwhile."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import sys
import termios
import textwrap
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TypeVar

import click

from kpos.cli.trying.words import Words
from kpos.clock import real_ms
from kpos.terminal.tty_keys import ENTER, KeyReader
from kpos.terminal.wiring import Opened

T = TypeVar("T")

_INPUT = 0
_CHUNK = 1024
_COLUMNS_MIN = 40
_MS_PER_S = 1000


class Skipped(Exception):
    """Somebody pressed Enter: on to the next."""


class Console:
    """Keys come one by one and are not echoed; `limit_s` is how long anything is waited for."""

    def __init__(self, words: Words, limit_s: int) -> None:
        self.words = words
        self.limit_s = limit_s
        self._keys = KeyReader()

    def say(self, text: str = "") -> None:
        """A line, or several below its beginning.

        What a device calls itself or has scanned must not move the cursor about.
        """
        text = "".join(each if each.isprintable() else "?" for each in text)
        words = text.lstrip(" ->")
        indent = " " * (len(text) - len(words))
        columns = max(shutil.get_terminal_size().columns, _COLUMNS_MIN)
        lines = textwrap.wrap(
            words, columns - len(indent), break_long_words=False, break_on_hyphens=False
        )
        click.echo(text.removesuffix(words) + f"\n{indent}".join(lines or [""]))

    def say_again(self, text: str) -> None:
        """A line in the place of the last of these; `say` ends it."""
        click.echo(f"\r{text:<72}", nl=False)
        sys.stdout.flush()

    def forget_what_was_typed(self) -> None:
        """Whatever came before a question is no answer to it: a scanner may type here, too."""
        termios.tcflush(_INPUT, termios.TCIFLUSH)

    def rings(self) -> None:
        """The terminal's bell."""
        click.echo("\a", nl=False)
        sys.stdout.flush()

    def asks(self, question: str, *, again: str = "") -> str:
        """`yes`, `no`, or `again` where that is offered.

        Raises:
            Skipped: by Enter, or nobody has answered in time.
        """
        words = self.words
        self.forget_what_was_typed()
        more = f", {again} {words.again}" if again else ""
        click.echo(f"  {question} [{words.yes}/{words.no}{more}] ", nl=False)
        sys.stdout.flush()
        answers = {words.yes: "yes", "y": "yes", words.no: "no"} | (
            {again: "again"} if again else {}
        )
        give_up_ms = real_ms() + self.limit_s * _MS_PER_S
        while (left_ms := give_up_ms - real_ms()) > 0:
            with selectors.DefaultSelector() as selector:
                selector.register(_INPUT, selectors.EVENT_READ)
                if not selector.select(left_ms / _MS_PER_S):
                    break
            for key in self._typed():
                if key == ENTER:
                    self.say()
                    raise Skipped
                if key.lower() in answers:
                    self.say(key.lower())
                    return answers[key.lower()]
        self.say(words.too_late)
        raise Skipped

    def hears(self, device: Opened[T]) -> Iterator[T]:
        """What comes from a device; ends when nothing has come for the time limit.

        Raises:
            Skipped: by Enter.
            DeviceError: the device is gone.
        """
        give_up_ms = real_ms() + self.limit_s * _MS_PER_S
        with selectors.DefaultSelector() as selector:
            selector.register(_INPUT, selectors.EVENT_READ)
            selector.register(device.fileno(), selectors.EVENT_READ)
            while (now_ms := real_ms()) < give_up_ms:
                due_ms = give_up_ms if device.deadline_ms is None else device.deadline_ms
                wait_ms = max(0, min(due_ms, give_up_ms) - now_ms)
                ready = {key.fd for key, _ in selector.select(wait_ms / _MS_PER_S)}
                if _INPUT in ready and ENTER in self._typed():
                    raise Skipped
                came = device.read() if ready - {_INPUT} else []
                if device.deadline_ms is not None and real_ms() >= device.deadline_ms:
                    came += device.flush(real_ms())
                for each in came:
                    yield each
                    give_up_ms = real_ms() + self.limit_s * _MS_PER_S

    def _typed(self) -> list[str]:
        """Keys that have come.

        Raises:
            KeyboardInterrupt: the terminal is gone.
        """
        typed = os.read(_INPUT, _CHUNK)
        if not typed:
            raise KeyboardInterrupt
        return self._keys.feed(typed, real_ms())


@contextmanager
def key_by_key() -> Iterator[None]:
    """The terminal as `Console` wants it; as it was when this ends, however it ends."""
    before = termios.tcgetattr(_INPUT)
    numbers = (signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        tty.setcbreak(_INPUT)
        yield
    finally:
        termios.tcsetattr(_INPUT, termios.TCSAFLUSH, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
