"""HD44780 controllers on the pins of a Raspberry Pi, driven by RPLCD: two halves, as over I2C.

``GpioWire`` uses RPi.GPIO or what stands in for it (rpi-lgpio on a Pi 5), ``PigpioWire`` the daemon
pigpiod, here or on another machine. Nothing can be read back: a display that lost its power is not
noticed; pigpiod that went away is.
"""

from __future__ import annotations

import atexit
import socket
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import RLock
from typing import Any, Final

from hardware.display.gpio_pins import GpioPins
from hardware.display.hd44780 import DATA, FUNCTION_8_BITS, LINE, RESET_WAITS_S
from hardware.errors import DeviceError, DriverMissing

_DEVICE: Final = "GPIO"
# A script of pigpiod takes 0.2 ms; one that takes this long will never end.
_POLL_S: Final = 0.0002
_POLLS_MAX: Final = 5000
# pigpiod answers within milliseconds. Another machine that lost its power never says that it ends.
_ANSWER_S: Final = 5


def _options(pins: GpioPins, place: int) -> dict[str, Any]:
    """What both kinds of ``CharLCD`` are made with; the light is the first one's."""
    return {
        "pin_rs": pins.rs,
        "pin_e": (pins.e1, pins.e2)[place],
        "pins_data": pins.data,
        "pin_backlight": pins.light if place == 0 else None,
        "backlight_mode": "active_high",
        "cols": LINE,
        "rows": 2,
        "auto_linebreaks": False,
    }


def _send(half: Any, words: Sequence[int]) -> None:  # noqa: ANN401 - a subclass made by an import
    for word in words:
        (half.data if word & DATA else half.command)(word & 0xFF)


class GpioWire:
    """A ``Wire`` over the pins of this machine."""

    def __init__(self, pins: GpioPins, mask: int) -> None:
        self._pins = pins
        self._count = mask.bit_length()
        self._halves: list[Any] = []
        self._gpio: Any = None
        self._lock = RLock()

    def start(self) -> None:
        """Both enable lines low first: the other half must not take what is for this one."""
        with self._lock:
            self._gpio = _import_gpio()
            from RPLCD import common
            from RPLCD.gpio import CharLCD

            class Half(CharLCD):  # type: ignore[misc]  # RPLCD has no types
                def data(self, octet: int) -> None:
                    self._send_data(octet)

                def _init_connection(self) -> None:
                    super()._init_connection()
                    for wait_s in RESET_WAITS_S:
                        self._write4bits(FUNCTION_8_BITS >> 4)
                        common.msleep(wait_s * 1000)

            try:
                self._gpio.setmode(self._gpio.BCM)
                for enable in (self._pins.e1, self._pins.e2)[: self._count]:
                    self._gpio.setup(enable, self._gpio.OUT, initial=self._gpio.LOW)
                self._halves = [
                    Half(numbering_mode=self._gpio.BCM, **_options(self._pins, place))
                    for place in range(self._count)
                ]
            except (RuntimeError, ValueError) as error:
                remedy = "See that no other program uses them, and that this user may: group gpio"
                raise DeviceError(_DEVICE, f"the pins cannot be used: {error}", remedy) from error

    def send(self, mask: int, words: Sequence[int]) -> None:
        """Octet by octet."""
        with self._lock:
            for place, half in enumerate(self._halves):
                if mask >> place & 1:
                    _send(half, words)

    def clear(self, mask: int) -> None:
        """RPLCD waits for it."""
        with self._lock:
            for place, half in enumerate(self._halves):
                if mask >> place & 1:
                    half.clear()

    def light(self, *, lit: bool) -> None:
        """One pin."""
        with self._lock:
            self._halves[0].backlight_enabled = lit

    def check(self) -> None:
        """Nothing can be seen."""

    def close(self) -> None:
        """Make inputs of the pins again."""
        if self._halves:
            pins = self._pins
            enables = (pins.e1, pins.e2)[: self._count]
            self._gpio.cleanup([pins.rs, *enables, *pins.data, pins.light])
            self._halves = []


def _import_gpio() -> Any:  # noqa: ANN401 - a library without types
    try:
        from RPi import GPIO
    except ImportError as error:
        remedy = "Install it: apt install python3-rpi-lgpio, or python3-rpi.gpio before a Pi 5"
        raise DriverMissing(_DEVICE, "RPi.GPIO", remedy) from error
    except RuntimeError as error:
        remedy = "On a Pi 5 install rpi-lgpio in its place; elsewhere use I2C or serial"
        raise DeviceError(_DEVICE, f"this machine has none ({error})", remedy) from error
    return GPIO


class PigpioWire:
    """A ``Wire`` over the pins of a machine where pigpiod runs."""

    def __init__(
        self,
        pins: GpioPins,
        mask: int,
        host: str = "localhost",
        port: int = 8888,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pins = pins
        self._count = mask.bit_length()
        self._host, self._port = host, port
        self._sleep = sleep
        self._pi: Any = None
        self._halves: list[Any] = []
        self._lock = RLock()

    def start(self) -> None:
        """Connect; both enable lines low first."""
        with self._lock:
            self.close()
            pigpio = self._import()
            pins_of_data = self._pins.data
            from RPLCD import common
            from RPLCD.pigpio import CharLCD

            class Half(CharLCD):  # type: ignore[misc]  # RPLCD has no types
                def data(self, octet: int) -> None:
                    self._send_data(octet)

                def _init_connection(self) -> None:
                    super()._init_connection()
                    for wait_s in RESET_WAITS_S:
                        for bit, pin in enumerate(pins_of_data):
                            self.pi.write(pin, FUNCTION_8_BITS >> 4 >> bit & 1)
                        self.pi.write(self.pins.e, 1)
                        self.pi.write(self.pins.e, 0)
                        common.msleep(wait_s * 1000)

                def settle(self, sleep: Callable[[float], None]) -> None:
                    """Wait for the end of the last octet: the other half uses the same pins."""
                    for _ in range(_POLLS_MAX):
                        status, _parameters = self.pi.script_status(self._writescript)
                        if status != pigpio.PI_SCRIPT_RUNNING:
                            return
                        sleep(_POLL_S)
                    msg = "a script of pigpiod does not end"
                    raise OSError(msg)

            self._pi = pigpio.pi(self._host, self._port, show_errors=False)
            if not self._pi.connected:
                address = f"{self._host}:{self._port}"
                problem, remedy = "pigpiod does not answer", "Start it: systemctl start pigpiod"
                raise DeviceError(address, problem, remedy)
            self._pi.sl.s.settimeout(_ANSWER_S)
            # It would hold every connection there ever was until the program ends.
            atexit.unregister(self._pi.stop)
            self._guarded(lambda: self._make(Half, pigpio))

    def send(self, mask: int, words: Sequence[int]) -> None:
        """Octet by octet, each a script that pigpiod runs."""
        with self._lock:
            for place, half in enumerate(self._halves):
                if mask >> place & 1:
                    self._guarded(partial(self._send, half, words))

    def clear(self, mask: int) -> None:
        """RPLCD waits for it."""
        with self._lock:
            for place, half in enumerate(self._halves):
                if mask >> place & 1:
                    self._guarded(half.clear)

    def light(self, *, lit: bool) -> None:
        """One pin."""
        with self._lock:
            self._guarded(lambda: setattr(self._halves[0], "backlight_enabled", lit))

    def check(self) -> None:
        """Ask the daemon for anything."""
        with self._lock:
            self._guarded(self._pi.read_bank_1)

    def close(self) -> None:
        """Disconnect. The library forgets its socket where the daemon has gone."""
        pi, self._pi = self._pi, None
        self._halves = []
        if pi is None:
            return
        connection, notify = pi.sl.s, pi._notify  # noqa: SLF001 - nothing else ends its thread
        with suppress(OSError):
            pi.stop()
        if notify is not None:
            # Its thread waits for word from the daemon, which may never come.
            with suppress(OSError):
                notify.sl.s.shutdown(socket.SHUT_RD)
            notify.join(_ANSWER_S)
            notify.sl.s.close()
        if connection is not None:
            connection.close()

    def _import(self) -> Any:  # noqa: ANN401 - a library without types
        try:
            import pigpio
        except ImportError as error:
            remedy = "Install it: apt install python3-pigpio, or pip install pigpio"
            raise DriverMissing(_DEVICE, "pigpio", remedy) from error
        return pigpio

    def _make(self, half: Callable[..., Any], pigpio: Any) -> None:  # noqa: ANN401
        for enable in (self._pins.e1, self._pins.e2)[: self._count]:
            self._pi.set_mode(enable, pigpio.OUTPUT)
            self._pi.write(enable, 0)
        for place in range(self._count):
            made = half(self._pi, **_options(self._pins, place))
            made.settle(self._sleep)
            self._halves.append(made)

    def _send(self, half: Any, words: Sequence[int]) -> None:  # noqa: ANN401
        _send(half, words)
        half.settle(self._sleep)

    def _guarded(self, call: Callable[[], object]) -> None:
        """The library unpacks what a closed connection did not send, and has errors of its own."""
        import pigpio

        try:
            call()
        except (struct.error, pigpio.error, AttributeError) as error:
            msg = f"pigpiod at {self._host}:{self._port} went away ({error})"
            raise OSError(msg) from error
