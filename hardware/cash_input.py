"""A reader of coins or notes on a serial port, for an event loop.

What it is for a till: a source of ``Credit`` that is opened, waited for and closed like any input,
and besides told when money is wanted (``accept``, ``inhibit``) and when its credits are booked
(``settle``).
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from hardware.cash import CashDevice, CashEvent, Dialogue
from hardware.errors import Unplugged
from hardware.serial_port import Line, SerialPort, open_port

CCTALK_LINE: Final = Line(9600, 8, "N", 1)
SSP_LINE: Final = Line(9600, 8, "N", 2)


class CashSource(Protocol):
    """Where money comes from, as a till sees it."""

    path: str

    def fileno(self) -> int:
        """Return the descriptor to wait on; -1 after ``close``."""
        ...

    @property
    def deadline_ms(self) -> int | None:
        """When to call ``flush`` if nothing is read before; None for never."""
        ...

    def read(self) -> list[CashEvent]:
        """Return what happened; raises Unplugged."""
        ...

    def flush(self, now_ms: int) -> list[CashEvent]:
        """Return what happened, and go on asking; raises Unplugged."""
        ...

    def accept(self) -> None:
        """Take money: somebody is there who will be credited with it."""
        ...

    def inhibit(self) -> None:
        """Take no more; a coin that was falling already is still reported."""
        ...

    def settle(self) -> None:
        """All credits reported so far are in the books."""
        ...

    def farewell(self) -> None:
        """Have it take nothing, once and for all: nobody will ask it any more."""
        ...

    def close(self) -> None:
        """Give the device back."""
        ...


class SerialCash:
    """A ``CashSource`` on a serial port; begin with ``flush``, which ``deadline_ms`` asks for."""

    def __init__(self, port: SerialPort, device: CashDevice, now_ms: Callable[[], int]) -> None:
        self._port = port
        self._dialogue = Dialogue(device)
        self._now_ms = now_ms
        self.path = port.path

    def fileno(self) -> int:
        """Return the descriptor to wait on; -1 after ``close``."""
        return self._port.fileno()

    @property
    def deadline_ms(self) -> int | None:
        """When to call ``flush`` if nothing is read before; None for not before ``settle``."""
        return self._dialogue.deadline_ms

    def read(self) -> list[CashEvent]:
        """Return what the bytes queued now tell. Never blocks.

        Raises:
            Unplugged: the adapter is gone; open it again with the same device, which knows what
                was credited.
        """
        data = self._port.read()
        events = self._dialogue.feed(data, self._now_ms()) if data else []
        self._send()
        return events

    def flush(self, now_ms: int) -> list[CashEvent]:
        """Return what is queued, and ask what there is to ask.

        Raises:
            Unplugged: as ``read``.
        """
        events = self.read() + self._dialogue.flush(now_ms)
        self._send()
        return events

    def accept(self) -> None:
        """Take money."""
        self._dialogue.accept()

    def inhibit(self) -> None:
        """Take no more."""
        self._dialogue.inhibit()

    def settle(self) -> None:
        """All credits reported so far are in the books."""
        self._dialogue.settle()

    def farewell(self) -> None:
        """Have it take nothing, once and for all: nobody will ask it any more."""
        with suppress(Unplugged):
            self._port.write(self._dialogue.farewell())

    def close(self) -> None:
        """Give the port back. Unregister it from a selector before."""
        self._port.close()

    def _send(self) -> None:
        frame = self._dialogue.to_send()
        if frame:
            self._port.write(frame)


def open_cash(where: str, line: Line, now_ms: Callable[[], int], device: CashDevice) -> SerialCash:
    """Open a reader; nothing is asked of it before the first ``flush``.

    ``device`` is the same after each replugging, for it knows what was credited.

    Raises:
        DeviceError: as ``open_port``.
    """
    return SerialCash(open_port(where, line), device, now_ms)
