"""A key matrix for an event loop: a thread polls it, keys come out of a pipe.

A bus that is slow, or hangs until the kernel gives up on it, holds up that thread and nothing
else. A chip that is gone is looked for by the thread itself, so this input is never ``Unplugged``:
the log says once that nobody answers, and once that somebody does again.
"""

import logging
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final, Protocol

from hardware.errors import Absent, DriverMissing
from hardware.matrix import Matrix, RegisterBus, matrix_keymap

log: Final = logging.getLogger(__name__)

_KIND: Final = "mcp23017"
_WHERE: Final = re.compile(_KIND + r":(\d{1,3}):(0x2[0-7])")
_POLL_S: Final = 0.02  # two polls see a key within 40 ms; a quick tap lasts 60 and more
_RETRY_S: Final = 2.0
_ERRORS_MAX: Final = 3  # in a row; a spark on the bus is not the end of the chip
_JOIN_S: Final = 2.0  # more than an I2C adapter's timeout of 1 s
_CHUNK: Final = 256


class Bus(RegisterBus, Protocol):
    """A bus that can be given back."""

    def close(self) -> None:
        """Let go."""
        ...


class MatrixInput:
    """The keys of a matrix, as ``evdev_input.Input`` has them.

    Args:
        path: how to call it in messages.
        open_bus: opens the bus; raises OSError if it is not there.
        make: the matrix on that bus.
        wait: waits for a number of seconds at most; returns whether it is time to end.
    """

    deadline_ms: Final = None

    def __init__(
        self,
        path: str,
        open_bus: Callable[[], Bus],
        make: Callable[[Bus], Matrix],
        wait: Callable[[Event, float], bool] = Event.wait,
    ) -> None:
        self.path: Final = path
        self._open_bus = open_bus
        self._make = make
        self._wait = wait
        self._ends = Event()
        self._complaint = ""
        self._reads, writes = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._thread = Thread(target=self._run, args=(writes,), name="matrix", daemon=True)
        self._thread.start()

    def fileno(self) -> int:
        """Return the descriptor to wait on; -1 after ``close``."""
        return self._reads

    def read(self) -> list[str]:
        """Return the keys typed, one character each; [] if there are none. Never blocks."""
        try:
            return list(os.read(self._reads, _CHUNK).decode("ascii"))
        except BlockingIOError:
            return []

    def flush(self, now_ms: int) -> list[str]:  # noqa: ARG002 -- as of a device that waits
        """Return what is queued: a matrix leaves nothing unfinished."""
        return self.read()

    def close(self) -> None:
        """End the thread and give the bus back. Unregister it from a selector before."""
        if self._reads < 0:
            return
        self._ends.set()
        self._thread.join(_JOIN_S)  # one that hangs on its bus ends when the kernel gives up on it
        os.close(self._reads)
        self._reads = -1

    def _run(self, writes: int) -> None:
        try:
            while not self._ends.is_set():
                self._serve(writes)
                self._wait(self._ends, _RETRY_S)
        finally:
            os.close(writes)

    def _serve(self, writes: int) -> None:
        """Poll until it is time to end, or nobody answers."""
        bus: Bus | None = None
        try:
            bus = self._open_bus()
            matrix = self._make(bus)
            matrix.start()
            self._say("")
            self._poll(matrix, writes)
        except OSError as error:
            self._say(f"no answer ({error.strerror or error})")
        finally:
            if bus is not None:
                with suppress(OSError):
                    bus.close()

    def _poll(self, matrix: Matrix, writes: int) -> None:
        errors = 0
        while not self._wait(self._ends, _POLL_S):
            try:
                if errors:
                    matrix.start()
                keys = matrix.poll()
            except OSError:
                errors += 1
                if errors > _ERRORS_MAX:
                    raise
                continue
            errors = 0
            # Full: nobody has read for minutes. Broken: it was closed under a bus that hung.
            with suppress(BlockingIOError, BrokenPipeError):
                os.write(writes, "".join(keys).encode("ascii"))

    def _say(self, complaint: str) -> None:
        """Say it, unless it was the last thing said."""
        if complaint != self._complaint:
            self._complaint = complaint
            log.warning("%s: %s", self.path, complaint or "answers again")


def is_matrix(where: str) -> bool:
    """Tell whether a matrix is meant, however badly written."""
    return where.startswith(_KIND)


def matrix_place(where: str) -> tuple[int, int]:
    """Return number of the bus and address of ``mcp23017:1:0x20``.

    Raises:
        ValueError: if it is not of this form.
    """
    found = _WHERE.fullmatch(where)
    if found is None:
        msg = f"{where!r} is not of the form mcp23017:BUS:ADDRESS, as in mcp23017:1:0x20"
        raise ValueError(msg)
    return int(found[1]), int(found[2], 16)


def find_bus(where: str) -> str:
    """Return the path of the bus that is meant.

    Raises:
        Absent: there is no such bus.
        ValueError: as ``matrix_place``.
    """
    path = Path(f"/dev/i2c-{matrix_place(where)[0]}")
    if not path.exists():
        raise Absent(where, "/dev/i2c-*")
    return str(path)


def open_matrix(where: str, keymap: Mapping[str, str] | None = None) -> MatrixInput:
    """Begin to poll a matrix; ``where`` is ``mcp23017:BUS:ADDRESS`` as in ``mcp23017:1:0x20``.

    Raises:
        ValueError: if ``where`` or the keymap says something else.
        DriverMissing: smbus2 is not installed.
    """
    number, address = matrix_place(where)
    matrix_keymap(keymap or {})
    try:
        from smbus2 import SMBus
    except ImportError as error:
        remedy = "Install it: apt install python3-smbus2, or pip install smbus2"
        raise DriverMissing(where, "smbus2", remedy) from error
    return MatrixInput(where, lambda: SMBus(number), lambda bus: Matrix(bus, address, keymap))
