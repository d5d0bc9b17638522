"""systemd: ready, alive, stopping (sd_notify(3)); nothing where nobody listens."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socket import socket

_US_PER_MS = 1000
# Between two words of progress; a batch of documents takes a thin client seconds.
_PATIENCE_US = 120_000_000


class Notifier:
    """Talks to the socket systemd named; `watchdog_ms` is how often it wants to hear."""

    def __init__(self, environment: os._Environ[str] | dict[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._socket: socket | None = None
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        if address:
            from socket import AF_UNIX, SOCK_CLOEXEC, SOCK_DGRAM, socket

            self._socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC)
        timeout_us = environment.get("WATCHDOG_USEC", "")
        half_ms = int(timeout_us) // _US_PER_MS // 2 if timeout_us.isdigit() else 0
        self.watchdog_ms: int | None = half_ms or None

    def ready(self) -> None:
        """The first frame is on the display and input is read."""
        self._send("READY=1")

    def alive(self) -> None:
        """The loop still turns."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._send(f"STATUS={text}")

    def rebuilding(self, documents: int) -> None:
        """What takes minutes is no hang, neither before it is ready nor later."""
        status = f"STATUS=building stammdaten.db, {documents} documents so far"
        self._send(f"{status}\nEXTEND_TIMEOUT_USEC={_PATIENCE_US}\nWATCHDOG=1")

    def stopping(self) -> None:
        """On the way out."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if self._socket is None:
            return
        with suppress(OSError):  # nobody listens any more; selling goes on
            self._socket.sendto(message.encode(), self._address)
