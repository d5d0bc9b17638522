"""`--io devices`: scanner, keypad and card reader, plugged in or not.

A device that is missing is looked for every 2 seconds, which asks the kernel and waits for
nothing; the log says once that it is gone and once that it is back. What is scanned reaches the
till as a scan only: a PIN comes from the keypad or from nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from hardware.errors import Absent, DeviceError, DriverMissing, Unplugged
from hardware.scanner import Scan
from kpos.checkout.events import CodeMisread
from kpos.config import Config
from kpos.terminal.front import Unusable
from kpos.terminal.till import Till
from kpos.terminal.wiring import (
    Open,
    Opened,
    Wiring,
    card_readers,
    keypads,
    needs_evdev,
    scanners,
)

# Soon enough for whoever has just put the plug back in, and half a wake-up a second.
RETRY_MS = 2000

T = TypeVar("T")


def check_drivers(config: Config) -> None:
    """See whether what the configured devices need is installed.

    Raises:
        Unusable: with what to install.
    """
    if needs_evdev(config) and find_spec("evdev") is None:
        msg = (
            "scanners and keypads that type need evdev, which is not installed: apt install"
            " python3-evdev, or pip install 'kpos[devices]' (compiles it: gcc and python3-dev)"
        )
        raise Unusable(msg)


class DeviceInputs:
    """The input devices of a till; they come and go."""

    def __init__(self, config: Config, till: Till, wiring: Wiring) -> None:
        """Look for all that are named.

        Raises:
            Unusable: for an option that makes no sense.
        """
        take = _Scans(till).take
        self._now_ms = wiring.now_ms
        self._devices: list[Device[Any]] = [
            *_devices_of("scanner", scanners(config.scanner, wiring), take, wiring),
            *_devices_of("card reader", card_readers(config.card_reader, wiring), take, wiring),
            *_devices_of("keypad", keypads(config.keypad, wiring), till.key, wiring),
        ]
        if not self._devices:
            wiring.note("no scanner, keypad or card reader: name them in kpos.toml")
        self._retry_ms = wiring.now_ms()
        self.after()

    def due_ms(self) -> int | None:
        """Milliseconds until a scan may have ended, or a device is looked for."""
        due = [device.deadline_ms for device in self._devices]
        if any(not device.is_open for device in self._devices):
            due.append(self._retry_ms)
        times = [time_ms for time_ms in due if time_ms is not None]
        return min(times) - self._now_ms() if times else None

    def after(self) -> None:
        """End scans by their pause; look for what is missing."""
        now_ms = self._now_ms()
        for device in self._devices:
            device.flush(now_ms)
        if now_ms >= self._retry_ms:
            self._retry_ms = now_ms + RETRY_MS
            for device in self._devices:
                device.look_for()

    def close(self) -> None:
        """Give all devices back."""
        for device in self._devices:
            device.close()


def _devices_of(
    role: str, opens: list[Open[T]], take: Callable[[T], None], wiring: Wiring
) -> list[Device[T]]:
    """All of a role; numbered where there are several."""
    roles = [role] if len(opens) == 1 else [f"{role} {at + 1}" for at in range(len(opens))]
    return [Device(name, each, take, wiring) for name, each in zip(roles, opens, strict=True)]


class Device(Generic[T]):
    """One device by its role, open or looked for."""

    def __init__(
        self, role: str, opens: Open[T], take: Callable[[T], None], wiring: Wiring
    ) -> None:
        self._role = role
        self._opens = opens
        self._take = take
        self._wiring = wiring
        self._input: Opened[T] | None = None
        self._complaint = ""

    @property
    def is_open(self) -> bool:
        """Whether it is there."""
        return self._input is not None

    @property
    def deadline_ms(self) -> int | None:
        """When `flush` must be called, by the clock of the events."""
        return None if self._input is None else self._input.deadline_ms

    def look_for(self) -> None:
        """Open it if it is not open."""
        if self._input is not None:
            return
        try:
            self._input = self._opens()
        except DriverMissing as error:
            raise Unusable(str(error)) from error
        except DeviceError as error:
            # How a device that was just pulled out is missing is no news.
            if not (self._complaint and isinstance(error, Absent)):
                self._complain(str(error))
            return
        self._complaint = ""
        self._wiring.loop.add(self._input.fileno(), self._read)
        self._wiring.note(f"{self._role}: ready")

    def flush(self, now_ms: int) -> None:
        """Take what a pause has completed."""
        if self._input is None or self._input.deadline_ms is None:
            return
        if now_ms >= self._input.deadline_ms:
            opened = self._input
            self._receive(lambda: opened.flush(now_ms))

    def close(self) -> None:
        """Give it back."""
        if self._input is not None:
            self._wiring.loop.remove(self._input.fileno())
            self._input.close()
            self._input = None

    def _read(self) -> None:
        if self._input is not None:
            self._receive(self._input.read)

    def _receive(self, read: Callable[[], list[T]]) -> None:
        try:
            completed = read()
        except Unplugged as error:
            self.close()
            self._complain(str(error))
            return
        for item in completed:
            self._take(item)

    def _complain(self, complaint: str) -> None:
        """Say it, unless it was the last thing said."""
        if complaint != self._complaint:
            self._complaint = complaint
            self._wiring.note(f"{self._role}: {complaint}")


class _Scans:
    """Hands scans over; one that cannot be right sounds like a misread code."""

    def __init__(self, till: Till) -> None:
        self._till = till

    def take(self, scan: Scan) -> None:
        if scan.fault is None:
            self._till.scan(scan.text)
        else:
            self._till.handle(CodeMisread())
