"""Questions and answers at a terminal: a serial console, a screen with a keyboard, ssh."""

from __future__ import annotations

import os
import shutil
import termios
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kpos.cli.first.said import Said
from kpos.domain.member import Language
from kpos.domain.values import dataclass

_LINE_MAX = 4096  # as much as the kernel keeps of one, N_TTY_BUF_SIZE
_COLUMNS = 76


class Gone(Exception):
    """Nobody is there any more."""


@dataclass(frozen=True, slots=True)
class Question:
    """`check` says why an answer is none; an empty answer is `default`."""

    text: Said
    check: Callable[[str], Said | None]
    default: str = ""
    is_secret: bool = False


class Terminal:
    """Lines come whole: the kernel lets people correct them first."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads = reads
        self._writes = writes
        self.language: Language = "de"
        self._rest = b""

    @classmethod
    def at(cls, path: Path) -> Terminal:
        """One that nobody has opened; a serial one at 115200 baud.

        Raises:
            OSError: it cannot be.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        with suppress(termios.error):
            modes = termios.tcgetattr(descriptor)
            modes[0] |= termios.ICRNL
            modes[4] = modes[5] = termios.B115200
            modes[3] |= termios.ICANON | termios.ECHO | termios.ECHOE
            termios.tcsetattr(descriptor, termios.TCSANOW, modes)
        return cls(descriptor, descriptor)

    def say(self, said: Said) -> None:
        """A text, in lines that fit, but for those that are commands.

        What it quotes must not move the cursor about.
        """
        text = said.of(self.language)
        columns = min(_COLUMNS, shutil.get_terminal_size().columns)
        for line in text.split("\n"):
            shown = "".join(each if each.isprintable() else "?" for each in line)
            is_command = shown.startswith("  ")
            parts = [shown] if is_command else textwrap.wrap(shown, columns, break_on_hyphens=False)
            for part in parts or [""]:
                self._write(f"{part}\n")

    def asks(self, question: Question) -> str:
        """An answer that is one.

        Raises:
            Gone: at the end of input.
        """
        shown = f" [{question.default}]" if question.default else ""
        while True:
            self._write(f"{question.text.of(self.language)}{shown}: ")
            with self._hidden(is_so=question.is_secret):
                answer = self.line().strip() or question.default
            fault = question.check(answer)
            if fault is None:
                return answer
            self.say(Said(f"-> {fault.de}", f"-> {fault.en}"))

    def line(self) -> str:
        """What was typed up to Enter; waits for it.

        Raises:
            Gone: at the end of input.
        """
        while b"\n" not in self._rest:
            try:
                came = os.read(self.reads, _LINE_MAX)
            except OSError as error:
                raise Gone from error
            if not came:
                raise Gone
            self._rest += came
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("utf-8", errors="replace")

    def _write(self, text: str) -> None:
        with suppress(OSError):  # whoever watches has gone; who answers is asked for an answer
            os.write(self._writes, text.encode())

    @contextmanager
    def _hidden(self, *, is_so: bool) -> Iterator[None]:
        """What is typed is not shown."""
        if not is_so or not os.isatty(self.reads):
            yield
            return
        before = termios.tcgetattr(self.reads)
        hidden = list(before)
        hidden[3] &= ~termios.ECHO
        termios.tcsetattr(self.reads, termios.TCSADRAIN, hidden)
        try:
            yield
        finally:
            termios.tcsetattr(self.reads, termios.TCSADRAIN, before)
            self._write("\n")
