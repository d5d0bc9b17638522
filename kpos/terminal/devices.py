"""`--io devices`: scanner, keypad and card reader, plugged in or not.

A device that is missing is looked for every 2 seconds, which asks the kernel and waits for
nothing; the log says once that it is gone and once that it is back. What is scanned reaches the
till as a scan only: a PIN comes from the keypad or from nowhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Generic, Protocol, TypeVar

from hardware.errors import Absent, DeviceError, DriverMissing, Unplugged
from hardware.evdev_input import Decoder, Input, open_input
from hardware.keypad import KeypadDecoder
from hardware.keys import LAYOUTS, US
from hardware.scanner import Scan, ScanDecoder
from kpos.checkout.events import CodeMisread
from kpos.clock import real_ms
from kpos.config import DeviceConfig
from kpos.domain.values import dataclass
from kpos.terminal.front import Unusable
from kpos.terminal.loop import Loop
from kpos.terminal.till import Till

# Soon enough for whoever has just put the plug back in, and half a wake-up a second.
RETRY_MS = 2000

T = TypeVar("T")


class Opener(Protocol):
    """`hardware.evdev_input.open_input`, as far as it is used."""

    def __call__(self, where: str, decoder: Decoder[T]) -> Input[T]:
        """Open a device for the till alone; raises DeviceError."""
        ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """What devices hang on."""

    loop: Loop
    note: Callable[[str], None]
    opener: Opener = open_input
    # The kernel stamps key presses with CLOCK_MONOTONIC; the till's own clock is another one.
    now_ms: Callable[[], int] = real_ms


def check_drivers(config: DeviceConfig) -> None:
    """See whether what the configured devices need is installed.

    Raises:
        Unusable: with what to install.
    """
    if any((config.scanner, config.keypad, config.card_reader)) and find_spec("evdev") is None:
        msg = (
            "scanners and keypads need evdev, which is not installed: apt install python3-evdev,"
            " or pip install 'kpos[devices]' (compiles it: gcc and python3-dev)"
        )
        raise Unusable(msg)


class DeviceInputs:
    """The input devices of a till; they come and go."""

    def __init__(self, config: DeviceConfig, till: Till, wiring: Wiring) -> None:
        scans = _Scans(till)
        self._now_ms = wiring.now_ms
        self._devices: list[_Device[Any]] = []
        if config.scanner:
            scanner = ScanDecoder(LAYOUTS[config.layout])
            self._devices.append(_Device("scanner", config.scanner, scanner, scans.take, wiring))
        if config.card_reader:
            # Readers cannot be told a country; what they type is digits and hexadecimal anyway.
            reader = ScanDecoder(US)
            where = config.card_reader
            self._devices.append(_Device("card reader", where, reader, scans.take, wiring))
        if config.keypad:
            keypad = KeypadDecoder()
            self._devices.append(_Device("keypad", config.keypad, keypad, till.key, wiring))
        if not self._devices:
            wiring.note("no scanner, keypad or card reader: name them in [devices] of kpos.toml")
        # The drivers' warnings must not be written across a display that is a terminal.
        self._warnings = _Warnings(wiring.note)
        logging.getLogger("hardware").addHandler(self._warnings)
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
        logging.getLogger("hardware").removeHandler(self._warnings)
        for device in self._devices:
            device.close()


class _Device(Generic[T]):
    """One device by its role, open or looked for."""

    def __init__(
        self, role: str, where: str, decoder: Decoder[T], take: Callable[[T], None], wiring: Wiring
    ) -> None:
        self._role = role
        self._where = where
        self._decoder = decoder
        self._take = take
        self._wiring = wiring
        self._input: Input[T] | None = None
        self._complaint = ""

    @property
    def is_open(self) -> bool:
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
            self._input = self._wiring.opener(self._where, self._decoder)
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


class _Warnings(logging.Handler):
    """What the drivers warn of, as lines of the till's log. They name devices, never keys."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        self._note(record.getMessage())
