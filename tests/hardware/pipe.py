"""An input device over a pipe: a real descriptor, and the real C parser of python-evdev.

Three things a pipe does otherwise than a device, so they are said here: a grab is only noted,
unplugging with ENODEV is raised by hand, and the ioctl for the monotonic clock is refused.
"""

# mypy: allow-subclassing-any, allow-any-generics
from __future__ import annotations

import errno
import os
import struct

import evdev

from hardware import linux_input as li
from hardware.linux_input import InputEvent
from tests.hardware.strokes import KEYBOARD

_EVENT = struct.Struct("llHHi")  # struct input_event; a native long: 24 bytes on amd64, 16 on i386


class PipeDevice(evdev.InputDevice):
    """``evdev.InputDevice`` without the ioctls of its construction."""

    def __init__(self, descriptor: int, *, keys: list[int] = KEYBOARD) -> None:
        os.set_blocking(descriptor, False)
        self.path, self.fd, self.name, self.phys, self.uniq = "/pipe", descriptor, "pipe", "", ""
        self.info = evdev.DeviceInfo(3, 0x05F9, 0x1205, 0x110)
        self.version = 0x10001
        self._rawcapabilities = {li.EV_KEY: keys}
        self.ff_effects_count = 0


class Plug:
    """One device plugged in: ``device`` is the program's end, the methods are the hand's."""

    def __init__(self, *, keys: list[int] = KEYBOARD, refuses_grab: int | None = None) -> None:
        reading, self._writing = os.pipe()
        self.device = _Device(reading, keys=keys)
        self.device.refuses_grab = refuses_grab

    def sends(self, events: list[InputEvent]) -> None:
        os.write(self._writing, b"".join(_packed(event) for event in events))

    def is_pulled(self) -> None:
        """As the kernel does it: what was queued is gone too."""
        self.device.gone = errno.ENODEV

    def ends(self) -> None:
        """As a descriptor without a device does it: readable for ever, with nothing in it."""
        if self._writing >= 0:
            os.close(self._writing)
        self._writing = -1


class _Device(PipeDevice):
    grabbed = False
    gone: int | None = None
    refuses_grab: int | None = None

    def read(self):
        if self.gone is not None:
            raise OSError(self.gone, os.strerror(self.gone))
        return super().read()

    def grab(self) -> None:
        if self.refuses_grab is not None:
            raise OSError(self.refuses_grab, os.strerror(self.refuses_grab))
        self.grabbed = True


def _packed(event: InputEvent) -> bytes:
    seconds, ms = divmod(event.time_ms, 1000)
    return _EVENT.pack(seconds, ms * 1000, event.type, event.code, event.value)
