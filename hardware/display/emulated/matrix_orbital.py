"""A serial display of Matrix Orbital's kind, as a parser of bytes and on a pty.

Source: Matrix Orbital, LK204-25 and LCD4041 manuals. After power on text wraps and scrolls. With
wrapping off, a line that is full goes on where the controller's memory does.
"""

from __future__ import annotations

import os
import pty
import select
import tty
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread
from typing import Final

from hardware.display.emulated.svg import Picture, draw
from hardware.display.roms import Rom

_PREFIX: Final = 0xFE
_BLANK: Final = 0x20
# Commands and how many bytes follow them.
_COMMANDS: Final = {
    "X": 0, "C": 0, "D": 0, "Q": 0, "R": 0, "J": 0, "K": 0, "S": 0, "T": 0,
    "B": 1, "F": 0, "G": 2, "H": 0, "N": 9, "P": 1,
}  # fmt: skip


class SerialDisplay:
    """What comes in, byte by byte; ``faults`` has what no display would have understood."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.octets = 0
        self.faults: list[str] = []
        self.power_on()

    def power_on(self) -> None:
        """As it comes out of the box: a greeting, a cursor, everything wraps and scrolls."""
        self._cells = [bytearray([_BLANK]) * self.columns for _ in range(self.rows)]
        self._cells[0][:6] = b"Matrix"
        self.drawn: list[tuple[int, ...]] = [(0,) * 8 for _ in range(8)]
        self.is_lit = True
        self.wraps = self.scrolls = self.has_cursor = True
        self._row = self._column = 0
        self._command: bytearray | None = None

    @property
    def glass(self) -> tuple[bytes, ...]:
        """The codes of what is seen, row by row."""
        return tuple(bytes(row) for row in self._cells)

    @property
    def cells(self) -> tuple[tuple[int | tuple[int, ...], ...], ...]:
        """What is seen, with drawn characters as their eight rows of dots."""
        return tuple(
            tuple(self.drawn[code] if code < 8 else code for code in row) for row in self._cells
        )

    def feed(self, octets: bytes) -> None:
        """Take what came over the line."""
        for octet in octets:
            self.octets += 1
            if self._command is not None:
                self._command.append(octet)
                self._perform(self._command)
            elif octet == _PREFIX:
                self._command = bytearray()
            else:
                self._write(octet)

    def svg(self, rom: Rom) -> str:
        """A picture of it, with the letters of a ROM."""
        return draw(Picture(self.cells, rom, is_lit=self.is_lit))

    def _write(self, octet: int) -> None:
        if 8 <= octet < _BLANK:
            self.faults.append(f"control code {octet:02X} as text")
        self._cells[self._row][self._column] = octet
        self._column += 1
        if self._column < self.columns:
            return
        self._column = 0
        self._row += 1 if self.wraps or self._row == self.rows - 1 else 2
        if self._row >= self.rows:
            self._row = self._row % 2 if self.scrolls or not self.wraps else 0

    def _perform(self, command: bytearray) -> None:
        letter, values = chr(command[0]), command[1:]
        if letter not in _COMMANDS:
            if letter != " ":  # a driver that comes back fills up what was begun with blanks
                self.faults.append(f"unknown command {letter!r}")
            self._command = None
            return
        if len(values) < _COMMANDS[letter]:
            return
        self._command = None
        if letter == "N":
            self.drawn[values[0] & 7] = tuple(row & 0x1F for row in values[1:])
        elif letter == "G":
            self._place(*values)
        elif letter == "X":
            self._cells = [bytearray([_BLANK]) * self.columns for _ in range(self.rows)]
            self._row = self._column = 0
        else:
            self._switch(letter)

    def _place(self, column: int, row: int) -> None:
        if not (1 <= column <= self.columns and 1 <= row <= self.rows):
            self.faults.append(f"no cell {column}, {row}")
            return
        self._column, self._row = column - 1, row - 1

    def _switch(self, letter: str) -> None:
        if letter in "BF":
            self.is_lit = letter == "B"
        elif letter in "CD":
            self.wraps = letter == "C"
        elif letter in "QR":
            self.scrolls = letter == "Q"
        elif letter in "JS":
            self.has_cursor = True
        elif letter in "KT":
            self.has_cursor = False


class Line:
    """The display at the end of a pty; ``path`` is where its driver finds it."""

    def __init__(self, display: SerialDisplay, path: str) -> None:
        self.display = display
        self.path = path
        self._received = Condition()
        self.plug()

    def plug(self) -> None:
        """Make the device, under the name it always has."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        with suppress(FileNotFoundError):
            os.unlink(self.path)  # noqa: PTH108 - a path is text here
        os.symlink(os.ttyname(slave), self.path)  # noqa: PTH211
        # One end stays open here, or the other would end with whoever closes the device.
        self._slave: int | None = slave
        ended, self._end = os.pipe()
        self._reader = Thread(target=self._read, args=(master, ended), daemon=True)
        self._reader.start()

    def unplug(self) -> None:
        """The device is gone, for whoever has it open too; the display loses its power."""
        if self._slave is None:
            return
        os.unlink(self.path)  # noqa: PTH108
        slave, self._slave = self._slave, None
        # A descriptor that a thread reads from is not gone before that thread has left it.
        os.close(self._end)
        self._reader.join()
        os.close(slave)
        self.display.power_on()

    def wait_for(self, seen: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until the display shows what was sent: it reads at its own pace."""
        with self._received:
            return self._received.wait_for(seen, timeout_s)

    def _read(self, master: int, ended: int) -> None:
        while ended not in (ready := select.select([master, ended], [], [])[0]):
            assert ready == [master], "nothing else was asked for"
            octets = os.read(master, 4096)
            with self._received:
                self.display.feed(octets)
                self._received.notify_all()
        os.close(master)
        os.close(ended)
