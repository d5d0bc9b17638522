"""journald's own protocol: a line with a priority, and fields that can be searched for.

A datagram of ``FIELD=value`` lines (systemd.io/JOURNAL_NATIVE_PROTOCOL); a value with a line break
is sent by its length. Only where systemd has connected the error output to its journal: elsewhere
somebody reads that output.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from socket import socket

SOCKET = Path("/run/systemd/journal/socket")
_LENGTH_BYTES = 8
# syslog(3): what an admin must act on, what is worth a look, what is as it should be.
Priority = Literal["error", "notice", "info"]
_NUMBERS: dict[Priority, int] = {"error": 3, "notice": 5, "info": 6}


class Journal:
    """A socket to journald."""

    def __init__(self, path: Path = SOCKET) -> None:
        from socket import AF_UNIX, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, socket

        self._path = str(path)
        self._socket: socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK)

    def send(self, message: str, priority: Priority, fields: Mapping[str, str]) -> bool:
        """One entry; False where nobody takes it, for another way to say it.

        A journal that is full of us is not waited for: the line is lost, and selling goes on.
        """
        said = {
            "MESSAGE": message,
            "PRIORITY": str(_NUMBERS[priority]),
            "SYSLOG_IDENTIFIER": "kpos",
            **fields,
        }
        try:
            self._socket.sendto(b"".join(map(_encoded, said, said.values())), self._path)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()


def journal_of(descriptor: int, environment: Mapping[str, str] = os.environ) -> Journal | None:
    """The journal, if what is written to this descriptor goes there (systemd.exec(5))."""
    device, _, inode = environment.get("JOURNAL_STREAM", "").partition(":")
    with suppress(OSError):
        there = os.fstat(descriptor)
        if (device, inode) == (str(there.st_dev), str(there.st_ino)):
            return Journal()
    return None


def _encoded(name: str, value: str) -> bytes:
    content = value.encode("utf-8", "replace")
    if b"\n" not in content:
        return name.encode() + b"=" + content + b"\n"
    length = len(content).to_bytes(_LENGTH_BYTES, "little")
    return name.encode() + b"\n" + length + content + b"\n"
