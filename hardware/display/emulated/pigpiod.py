"""The daemon pigpiod, as far as a display needs it: its socket protocol and its scripts.

Source: abyz.me.uk/rpi/pigpio, "Socket interface" and "Scripts": commands of four 32-bit words and
an extension, answers of four words, the last of which is the result. A script runs beside whoever
started it: here its second half runs when whoever it was sleeps or asks about it, so that a driver
which does neither mixes two of them up, as it would there.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import Final

from hardware.display.emulated.gpio import Header
from hardware.display.emulated.simulated_time import SimulatedTime

_WORDS: Final = struct.Struct("IIII")
_MODES, _WRITE, _READ_BANK_1, _STOP_NOTES = 0, 4, 10, 21
_STORE, _DELETE, _RUN, _STATUS, _NOTES = 38, 39, 40, 45, 99
_NOT_READY: Final = -62
_HALTED, _RUNNING = 1, 2
_NS_PER_US: Final = 1000


class Pigpiod:
    """A server on a loopback port, as long as it is open."""

    def __init__(self, header: Header, time: SimulatedTime) -> None:
        self._header = header
        self._time = time
        self._scripts: dict[int, list[str]] = {}
        self._pending: dict[int, list[Callable[[], None]]] = {}
        self._connections: list[socket.socket] = []
        self.faults: list[str] = []
        self.commands = 0
        # Cleared: its machine has lost its power, and nobody tells whoever waits for an answer.
        self.answers = Event()
        self.answers.set()
        self.port = 0
        time.meanwhile = self._finish_all
        self.start()

    def start(self) -> None:
        """Listen, where it listened before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._scripts.clear()
        self._pending.clear()
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Die: every connection ends."""
        # Closing alone would not wake the thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._connections.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self._connections.append(connection)
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, struct.error), connection:
            while True:
                command, first, second, size = _WORDS.unpack(_exactly(connection, _WORDS.size))
                extension = _exactly(connection, size)
                self.answers.wait()
                result, more = self._do(command, first, second, extension)
                answer = struct.pack("IIIi", command, first, second, result)
                connection.sendall(answer + more)
                if command == _STOP_NOTES:
                    break

    def _do(self, command: int, first: int, second: int, extension: bytes) -> tuple[int, bytes]:
        self.commands += 1
        if command == _WRITE:
            self._header.put(first, second)
        elif command == _STORE:
            number = len(self._scripts)
            self._scripts[number] = extension.decode().split()
            return number, b""
        elif command == _RUN:
            return self._run(first, struct.unpack(f"{len(extension) // 4}I", extension)), b""
        elif command == _STATUS:
            return 44, struct.pack("11i", self._status(first), *[0] * 10)
        elif command not in (_MODES, _READ_BANK_1, _STOP_NOTES, _DELETE, _NOTES):
            self.faults.append(f"command {command} is not emulated")
        return 0, b""

    def _run(self, number: int, parameters: tuple[int, ...]) -> int:
        if self._pending.get(number):
            self._finish(number)
            return _NOT_READY
        if any(self._pending.values()):
            self.faults.append("two scripts ran at once on the same pins")
        steps = self._steps(self._scripts[number], parameters)
        half = len(steps) // 2
        for step in steps[:half]:
            step()
        self._pending[number] = steps[half:]
        return 0

    def _status(self, number: int) -> int:
        if self._pending.get(number):
            self._finish(number)
            return _RUNNING
        return _HALTED

    def _finish(self, number: int) -> None:
        for step in self._pending.pop(number):
            step()

    def _finish_all(self) -> None:
        for number in list(self._pending):
            self._finish(number)

    def _steps(self, words: list[str], parameters: tuple[int, ...]) -> list[Callable[[], None]]:
        """``write PIN LEVEL``, ``mics US``, ``trig PIN US LEVEL``; a level may be ``p3``."""
        steps: list[Callable[[], None]] = []
        queue = iter(words)
        for word in queue:
            if word == "write":
                pin, level = int(next(queue)), next(queue)
                value = parameters[int(level[1:])] if level.startswith("p") else int(level)
                steps.append(partial(self._header.put, pin, value))
            elif word == "mics":
                steps.append(partial(self._pass, int(next(queue))))
            elif word == "trig":
                pin, microseconds, value = (int(next(queue)) for _ in range(3))
                steps.append(partial(self._header.put, pin, value))
                steps.append(partial(self._pass, microseconds))
                steps.append(partial(self._header.put, pin, 1 - value))
            else:
                self.faults.append(f"{word} in a script is not emulated")
        return steps

    def _pass(self, microseconds: int) -> None:
        self._time.now_ns += microseconds * _NS_PER_US


def _exactly(connection: socket.socket, size: int) -> bytes:
    octets = b""
    while len(octets) < size:
        more = connection.recv(size - len(octets))
        if not more:
            raise OSError
        octets += more
    return octets
