"""A serial device that is only listened to: scanner, card reader, keypad.

For an event loop it is what ``evdev_input.Input`` is: registered with the selector, ``read`` when
readable, ``flush`` when ``deadline_ms`` has come, closed on ``Unplugged``, opened again by timer.
"""

import logging
from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

from hardware.errors import Unplugged
from hardware.serial_port import LINE, Line, SerialPort, open_port

log: Final = logging.getLogger(__name__)

T = TypeVar("T")  # what the decoder makes of bytes


class ByteDecoder(Protocol[T]):
    """What makes sense of a device's bytes.

    Bytes carry no time: ``now_ms`` is when they were read, which may be long after they came. So
    only ``flush`` may take a pause for an ending, after it was seen that nothing is queued.
    """

    @property
    def deadline_ms(self) -> int | None:
        """When ``flush`` wants to be called; None for never."""
        ...

    @property
    def dropped(self) -> int:
        """How many damaged messages were thrown away without a word so far."""
        ...

    def feed(self, data: bytes, now_ms: int) -> list[T]:
        """Take bytes; return what they complete."""
        ...

    def flush(self, now_ms: int) -> list[T]:
        """Return what the passing of time completes."""
        ...

    def reset(self) -> None:
        """Forget what was begun."""
        ...


class SerialInput(Generic[T]):
    """A port and its decoder; ``now_ms`` is the clock of ``deadline_ms``."""

    def __init__(
        self, port: SerialPort, decoder: ByteDecoder[T], now_ms: Callable[[], int]
    ) -> None:
        self._port = port
        self._decoder = decoder
        self._now_ms = now_ms
        self._dropped_said = decoder.dropped
        self.path: Final = port.path

    def fileno(self) -> int:
        """Return the descriptor to wait on; -1 after ``close``."""
        return self._port.fileno()

    @property
    def deadline_ms(self) -> int | None:
        """When to call ``flush`` if nothing is read before; None for never."""
        return self._decoder.deadline_ms

    def read(self) -> list[T]:
        """Return what all bytes queued now complete; [] if there are none. Never blocks.

        Raises:
            Unplugged: the device is gone; what it had begun is forgotten.
        """
        try:
            data = self._port.read()
        except Unplugged:
            self._decoder.reset()
            raise
        completed = self._decoder.feed(data, self._now_ms()) if data else []
        self._say_what_was_dropped()
        return completed

    def flush(self, now_ms: int) -> list[T]:
        """Return what is queued and what the pause until now completes.

        What is queued comes first, so that a loop that was busy does not mistake its own delay for
        a pause of the device.

        Raises:
            Unplugged: as ``read``.
        """
        return self.read() + self._decoder.flush(now_ms)

    def close(self) -> None:
        """Give the port back. Unregister it from a selector before."""
        self._decoder.reset()
        self._port.close()

    def _say_what_was_dropped(self) -> None:
        """At 1, 2, 4, 8, …: a reader in a bad place must not fill the log."""
        dropped = self._decoder.dropped
        if dropped >= max(1, 2 * self._dropped_said):
            self._dropped_said = dropped
            log.warning("%s: damaged readings dropped so far: %d", self.path, dropped)


def open_serial(
    where: str, decoder: ByteDecoder[T], now_ms: Callable[[], int], line: Line = LINE
) -> SerialInput[T]:
    """Open a serial device that is listened to.

    Raises:
        DeviceError: as ``open_port``.
    """
    port = open_port(where, line)
    port.discard()  # what it sent while nobody wanted it: the tail of a code has no head
    log.info("%s: opened as %s", where, port.path)
    return SerialInput(port, decoder, now_ms)
