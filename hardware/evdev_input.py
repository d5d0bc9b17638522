"""Scanners and keypads behind Linux's input layer, read through python-evdev.

An event loop registers an ``Input`` with its selector, calls ``read`` when it is readable and
``flush`` when ``deadline_ms`` has come. On ``Unplugged`` it unregisters and closes it, and calls
``open_input`` again by timer until that no longer raises ``Absent``.

evdev is imported only when a device is opened: it takes several times as long as starting Python,
and may not be installed.
"""

import errno
import fcntl
import logging
import struct
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, Protocol, TypeVar

from hardware.errors import (
    Absent,
    Busy,
    DeviceError,
    DriverMissing,
    Forbidden,
    Unplugged,
    WrongDevice,
)
from hardware.inputs import SYSTEM, Places, find_input
from hardware.linux_input import EV_KEY, InputEvent, is_keyboard, is_loss

log: Final = logging.getLogger(__name__)

T = TypeVar("T")  # what the decoder makes of events

# _IOW('E', 0xa0, int) of linux/input.h, with the numbers of asm-generic/ioctl.h (x86, ARM, RISC-V).
_EVIOCSCLOCKID: Final = 1 << 30 | struct.calcsize("i") << 16 | ord("E") << 8 | 0xA0

# Reads of up to 64 events each (python-evdev's buffer), as many as the kernel's queue holds for a
# keyboard. Two are usual, the second to find it empty; a device gone mad must not stop the loop.
_READS_MAX: Final = 16

_GONE: Final = {errno.ENOENT, errno.ENODEV, errno.ENXIO}
_NO_RIGHTS: Final = {errno.EACCES, errno.EPERM}
_NO_INPUT: Final = {errno.ENOTTY, errno.EINVAL, errno.EISDIR}


class RawEvent(Protocol):
    """``evdev.InputEvent``, as far as it is used."""

    sec: int
    usec: int
    type: int
    code: int
    value: int


class RawDevice(Protocol):
    """``evdev.InputDevice``, as far as it is used."""

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        ...

    def read(self) -> Iterable[RawEvent]:
        """Return a batch; raises BlockingIOError if there is none, OSError if it is gone."""
        ...

    def capabilities(self) -> Mapping[int, Sequence[int]]:
        """Return event type -> codes."""
        ...

    def grab(self) -> None:
        """Keep the events from everybody else."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


class Decoder(Protocol[T]):
    """What makes sense of a device's events: ``ScanDecoder`` or ``KeypadDecoder``."""

    @property
    def deadline_ms(self) -> int | None:
        """When ``flush`` wants to be called, on the clock of the events; None for never."""
        ...

    def feed(self, events: Iterable[InputEvent]) -> list[T]:
        """Take events; return what they complete."""
        ...

    def flush(self, now_ms: int) -> list[T]:
        """Return what the passing of time completes."""
        ...

    def reset(self) -> None:
        """Forget what was begun."""
        ...


class Input(Generic[T]):
    """A device and its decoder.

    Args:
        raw: the device, open and not blocking.
        decoder: what to make of its events.
        path: how to call it in messages.
        is_monotonic: whether the events carry the monotonic clock.
    """

    def __init__(
        self, raw: RawDevice, decoder: Decoder[T], *, path: str, is_monotonic: bool
    ) -> None:
        self._raw = raw
        self._decoder = decoder
        self._is_monotonic = is_monotonic
        self.path: Final = path

    def fileno(self) -> int:
        """Return the descriptor to wait on; -1 after ``close``."""
        return self._raw.fileno()

    @property
    def deadline_ms(self) -> int | None:
        """When to call ``flush`` if nothing is read before, by the monotonic clock; None: never.

        Never too where the kernel refused to stamp its events with that clock (none since Linux
        3.4 does, an emulation may): a scan then needs an Enter.
        """
        return self._decoder.deadline_ms if self._is_monotonic else None

    def read(self) -> list[T]:
        """Return what all events queued now complete; [] if there are none. Never blocks.

        Raises:
            Unplugged: the device is gone; what it had begun is forgotten.
        """
        try:
            events = self._events()
        except OSError as error:
            self._decoder.reset()
            raise Unplugged(self.path, error.strerror or type(error).__name__) from error
        if any(is_loss(event) for event in events):
            log.warning("%s: read too late, the kernel dropped events", self.path)
        return self._decoder.feed(events)

    def flush(self, now_ms: int) -> list[T]:
        """Return what is queued and what the pause until now completes.

        What is queued comes first, so that a loop that was busy does not mistake its own delay for
        a pause of the scanner.

        Raises:
            Unplugged: as ``read``.
        """
        completed = self.read()
        return completed + self._decoder.flush(now_ms) if self._is_monotonic else completed

    def close(self) -> None:
        """Give the device back; the kernel ends the grab. Unregister it from a selector before."""
        self._decoder.reset()
        self._raw.close()

    def _events(self) -> list[InputEvent]:
        events: list[InputEvent] = []
        for _ in range(_READS_MAX):
            try:
                batch = [_event(raw) for raw in self._raw.read()]
            except BlockingIOError:
                break
            except OSError:
                if not events:
                    raise
                break  # what was read counts; the next call will find it gone
            if not batch:  # readable and empty for ever is how a descriptor without a device ends
                if not events:
                    raise OSError(errno.ENODEV, "end of file")
                break
            events += batch
        return events


def open_input(
    where: str,
    decoder: Decoder[T],
    *,
    places: Places = SYSTEM,
    opener: Callable[[str], RawDevice] | None = None,
) -> Input[T]:
    """Open a keyboard-like device for this program alone.

    ``where`` is as for ``find_input``, and looked up anew by each call.

    Raises:
        Absent: it is not there now; try again later.
        Forbidden: this user may not open it.
        Busy: another program has grabbed it.
        WrongDevice: it is no keyboard.
        Ambiguous: ``where`` fits several.
        DriverMissing: python-evdev is not installed.
        DeviceError: anything else the kernel said.
    """
    path = find_input(where, places)
    try:
        raw = (opener or _open_evdev)(path)
    except OSError as error:
        raise _refusal(path, error) from error
    try:
        is_monotonic = _prepare(raw, path)
    except BaseException:
        raw.close()
        raise
    log.info("%s: opened as %s", where, path)
    return Input(raw, decoder, path=path, is_monotonic=is_monotonic)


def _open_evdev(path: str) -> RawDevice:
    try:
        import evdev
    except ImportError as error:
        remedy = "Install it: apt install python3-evdev, or pip install evdev"
        raise DriverMissing(path, "evdev", remedy) from error
    device: RawDevice = evdev.InputDevice(path)
    return device


def _prepare(raw: RawDevice, path: str) -> bool:
    """Grab the device; return whether its events will carry the monotonic clock."""
    if not is_keyboard(raw.capabilities().get(EV_KEY, ())):
        raise WrongDevice(path)
    try:
        # Without it the console would read along: a scanned code would be typed into its login.
        raw.grab()
    except OSError as error:
        raise _refusal(path, error) from error
    return _use_monotonic_clock(raw.fileno())


def _use_monotonic_clock(descriptor: int) -> bool:
    """Have events stamped by a clock that setting the time of day does not move."""
    try:
        fcntl.ioctl(descriptor, _EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
    except OSError:
        return False
    return True


def _refusal(path: str, error: OSError) -> DeviceError:
    """Return what an error of opening or grabbing means."""
    if error.errno in _GONE:
        return Absent(path)
    if error.errno in _NO_RIGHTS:
        return Forbidden(path)
    if error.errno == errno.EBUSY:
        return Busy(path)
    if error.errno in _NO_INPUT:
        return WrongDevice(path)
    return DeviceError(path, f"cannot be opened: {error}", "See the kernel's messages: dmesg")


def _event(raw: RawEvent) -> InputEvent:
    return InputEvent(raw.sec * 1000 + raw.usec // 1000, raw.type, raw.code, raw.value)
