"""A serial device on a pty: the program's end is a real tty, opened by the real pyserial."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import tty
from pathlib import Path

PATIENCE_S = 20.0


class PtyPlug:
    """One device plugged in under ``link``; the methods are the device's side and the hand's.

    Its own descriptor of the program's end stays open, or the device would read EIO before the
    program has come.
    """

    def __init__(self, link: Path) -> None:
        self.link = link
        self.device, self._port = pty.openpty()
        tty.setraw(self._port)
        os.set_blocking(self.device, False)
        link.symlink_to(os.ttyname(self._port))

    def sends(self, data: bytes) -> None:
        """Send, and wait until all of it could be read at the other end."""
        ready = waiting(self._port) + len(data)
        while data:  # a pty's buffer holds 4 KiB
            data = data[os.write(self.device, data) :]
        waits_for(self._port, ready)

    def received(self) -> bytes:
        """What the program has sent, waiting for the first byte of it."""
        select.select([self.device], [], [], PATIENCE_S)
        return os.read(self.device, 4096)

    def speed(self) -> int:
        return int(termios.tcgetattr(self._port)[5])

    def modes(self) -> int:
        return int(termios.tcgetattr(self._port)[2])

    def is_pulled(self) -> None:
        if self.link.is_symlink():
            self.link.unlink()
        for descriptor in (self.device, self._port):
            if descriptor >= 0:
                os.close(descriptor)
        self.device = self._port = -1


def waiting(descriptor: int) -> int:
    """How many bytes a read would return."""
    return int(
        struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, struct.pack("i", 0)))[0]
    )


def waits_for(descriptor: int, count: int) -> None:
    """Until so many bytes can be read: the kernel hands them over in a thread of its own."""
    for _ in range(1_000_000):
        if waiting(descriptor) >= count:
            return
        select.select([], [], [], 0)
        os.sched_yield()
    raise AssertionError((waiting(descriptor), count))
