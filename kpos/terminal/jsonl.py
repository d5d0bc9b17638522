"""`--io jsonl`: the till without devices. One JSON object a line, in and out, flushed.

In: scan, rfid, key, wait_ms. Out: frame, sound, booked, error, and exactly one done per input
line when every effect of that line has finished. Timers run on a script clock that only
wait_ms moves, unless real time was asked for.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kpos.checkout.events import KEYS, Sound
from kpos.checkout.layout import Frame
from kpos.clock import Clock, ScriptClock, real_ms
from kpos.domain.document import Document
from kpos.terminal.loop import Loop
from kpos.terminal.till import Till

_CHUNK = 65536
# A line is one scan or less; a pipe that sends more without a newline is not talking to a till.
_LINE_MAX = 65536
_WAIT_MS_MAX = 366 * 86_400_000
_COMMANDS = ("scan", "rfid", "key", "wait_ms")
# What a turn says is kept back up to here: a quarter of what a pipe holds.
_KEPT_BACK_MAX = 16384
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class JsonlFront:
    """Writes what the till says, one object a line."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._started_ms = real_ms()
        self._unwritten = bytearray()
        self._gathers = False

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is said inside is one write: each wakes the reader, who may take the processor."""
        self._gathers = True
        try:
            yield
        finally:
            self._gathers = False
            self._flush()

    def show(self, frame: Frame) -> None:
        """Four strings of forty characters."""
        self.write({"frame": list(frame), "ms": self.ms()})

    def play(self, sound: Sound) -> None:
        """The name of the sound."""
        self.write({"sound": sound})

    def booked(self, document: Document) -> None:
        """The acknowledgement: after the commit, before the thanks; it waits for nothing."""
        self.write(
            {
                "booked": {
                    "kind": document.kind,
                    "receipt_number": document.receipt_number,
                    "seq": document.seq,
                }
            }
        )
        self._flush()

    def ms(self) -> int:
        """Real milliseconds since the start."""
        return real_ms() - self._started_ms

    def write(self, message: dict[str, Any]) -> None:
        """One line."""
        self._unwritten += (_ENCODER.encode(message) + "\n").encode("utf-8", "replace")
        if not self._gathers or len(self._unwritten) > _KEPT_BACK_MAX:
            self._flush()

    def _flush(self) -> None:
        while self._unwritten:
            del self._unwritten[: os.write(self._descriptor, self._unwritten)]


class JsonlInput:
    """Reads lines and feeds them to the till, one after the other."""

    def __init__(self, till: Till, front: JsonlFront, loop: Loop, clock: Clock) -> None:
        self._till = till
        self._front = front
        self._loop = loop
        self._clock = clock
        self._rest = b""
        self._lines: deque[bytes] = deque()
        self._number = 0
        self._answering = False
        self._wait_until_ms: int | None = None
        self._ended = False
        self._descriptor = 0
        loop.add(self._descriptor, self._readable)

    def due_ms(self) -> int | None:
        """Milliseconds until a timer is due; on a script clock nothing comes by itself."""
        if isinstance(self._clock, ScriptClock):
            return None
        due_ms = self._till.next_due_ms()
        if self._wait_until_ms is not None:
            due_ms = min(due_ms, self._wait_until_ms)
        return due_ms - self._clock.monotonic_ms()

    def after(self) -> None:
        """Go on with the lines, as far as nobody has to be waited for."""
        with self._front.at_once():
            if not isinstance(self._clock, ScriptClock):
                self._till.tick()
            self._till.settle()
            while self._finish_line() and self._lines:
                self._begin_line(self._lines.popleft())
        if self._ended and not self._lines and not self._answering:
            self._loop.stop()

    def _readable(self) -> None:
        data = os.read(self._descriptor, _CHUNK)
        if not data:
            self._ended = True
            self._loop.remove(self._descriptor)
            if self._rest:
                self._lines.append(self._rest)
                self._rest = b""
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines.extend(lines)
        if len(self._rest) > _LINE_MAX:
            # It will be refused when its end comes; until then its beginning is enough.
            self._rest = self._rest[: _LINE_MAX + 1]

    def _begin_line(self, line: bytes) -> None:
        self._number += 1
        self._answering = True
        try:
            self._obey(line)
        except ValueError as error:
            self._front.write({"error": str(error)})

    def _finish_line(self) -> bool:
        """Say `done` once nothing is outstanding; True if the next line may begin."""
        if not self._answering:
            return True
        waiting = self._wait_until_ms is not None
        if waiting and self._clock.monotonic_ms() < (self._wait_until_ms or 0):
            return False
        if self._till.is_busy:
            return False
        self._wait_until_ms = None
        self._answering = False
        self._front.write({"done": self._number, "ms": self._front.ms()})
        return True

    def _obey(self, line: bytes) -> None:
        command, value = read_line(line)
        if command == "wait_ms":
            self._wait(value)
        elif command == "key":
            self._till.key(value)
        else:
            self._till.scan(value)

    def _wait(self, wait_ms: int) -> None:
        target_ms = self._clock.monotonic_ms() + wait_ms
        if not isinstance(self._clock, ScriptClock):
            self._wait_until_ms = target_ms
            return
        while True:
            now_ms = self._clock.monotonic_ms()
            due_ms = max(self._till.next_due_ms(), now_ms + 1)
            if due_ms > target_ms:
                break
            self._clock.move(due_ms - now_ms)
            self._till.tick()
        self._clock.move(target_ms - self._clock.monotonic_ms())
        self._till.tick()


def read_line(line: bytes) -> tuple[str, Any]:
    """Command and value of an input line.

    Raises:
        ValueError: saying what a valid line looks like.
    """
    if len(line) > _LINE_MAX:
        msg = f"a line has at most {_LINE_MAX} bytes"
        raise ValueError(msg)
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict) or len(message) != 1:
        msg = f'no valid line: write {{"scan": "…"}} with one of {", ".join(_COMMANDS)}'
        raise ValueError(msg)
    command, value = next(iter(message.items()))
    fault = _fault(command, value)
    if fault is not None:
        raise ValueError(fault)
    return command, value


def _fault(command: str, value: object) -> str | None:
    if command not in _COMMANDS:
        return f"no command {command[:20]!r}: there are {', '.join(_COMMANDS)}"
    if command == "wait_ms":
        if type(value) is not int or not 0 <= value <= _WAIT_MS_MAX:
            return f"wait_ms takes a whole number from 0 to {_WAIT_MS_MAX}"
    elif not isinstance(value, str):
        return f"{command} takes a text"
    elif command == "key" and (len(value) != 1 or value not in KEYS):
        return f"key takes one of {KEYS}"
    return None
