"""From the lines of kpos.toml to drivers: which kind a device is, and what it needs to know.

A device is made anew each time it is plugged in, by a call that raises DeviceError while it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from hardware.evdev_input import Decoder, Input, open_input
from hardware.keymap import bytes_of, codes_of, parse_keymap
from hardware.keypad import KeypadDecoder
from hardware.keys import LAYOUTS, US
from hardware.matrix import matrix_keymap
from hardware.matrix_input import is_matrix, matrix_place, open_matrix
from hardware.scanner import Scan, ScanDecoder
from hardware.serial_input import open_serial
from hardware.serial_keypad import SerialKeypadDecoder
from hardware.serial_port import Line, is_serial
from hardware.serial_rfid import RfidDecoder
from hardware.serial_scanner import SerialScanDecoder
from kpos.clock import real_ms
from kpos.config import CardReaderConfig, Config, KeypadConfig, ScannerConfig
from kpos.domain.values import dataclass
from kpos.terminal.front import Unusable
from kpos.terminal.loop import Loop

T = TypeVar("T")


class Opened(Protocol[T]):
    """A device that is there."""

    def fileno(self) -> int:
        """What to wait on."""
        ...

    @property
    def deadline_ms(self) -> int | None:
        """When to call `flush` if nothing is read before; None: never."""
        ...

    def read(self) -> list[T]:
        """What has come; raises Unplugged."""
        ...

    def flush(self, now_ms: int) -> list[T]:
        """What has come, and what the passing of time completes; raises Unplugged."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


Open = Callable[[], Opened[T]]


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


def needs_evdev(config: Config) -> bool:
    """Whether a device is named that is read through evdev."""
    named = [config.scanner.device, config.card_reader.device, config.keypad.device]
    return any(
        not is_serial(where) and not is_matrix(where) for each in named for where in each.split()
    )


def scanners(section: ScannerConfig, wiring: Wiring) -> list[Open[Scan]]:
    """One each.

    Raises:
        Unusable: for a line that makes no sense.
    """
    line, preambles = _line("scanner", section.line), tuple(section.preambles.split())
    layout = LAYOUTS[section.layout]

    def opens(where: str) -> Open[Scan]:
        if is_serial(where):
            return lambda: open_serial(where, SerialScanDecoder(preambles), wiring.now_ms, line)
        return lambda: wiring.opener(where, ScanDecoder(layout, preambles))

    return [opens(where) for where in section.device.split()]


def card_readers(section: CardReaderConfig, wiring: Wiring) -> list[Open[Scan]]:
    """One each.

    Raises:
        Unusable: for a line that makes no sense.
    """
    line = _line("card_reader", section.line)

    def opens(where: str) -> Open[Scan]:
        if is_serial(where):
            return lambda: open_serial(where, RfidDecoder(), wiring.now_ms, line)
        # Readers cannot be told a country; what they type is digits and hexadecimal anyway.
        return lambda: wiring.opener(where, ScanDecoder(US))

    return [opens(where) for where in section.device.split()]


def keypads(section: KeypadConfig, wiring: Wiring) -> list[Open[str]]:
    """One each.

    Raises:
        Unusable: for a line, keymap or matrix that makes no sense.
    """
    line = _line("keypad", section.line)

    def opens(where: str) -> Open[str]:
        keymap = parse_keymap(section.keymap)
        if is_matrix(where):
            matrix_place(where)
            matrix_keymap(keymap)
            return lambda: open_matrix(where, keymap)
        if is_serial(where):
            codes = bytes_of(keymap)
            return lambda: open_serial(where, SerialKeypadDecoder(codes), wiring.now_ms, line)
        codes = _evdev_codes(keymap)
        return lambda: wiring.opener(where, KeypadDecoder(codes))

    try:
        return [opens(where) for where in section.device.split()]
    except ValueError as error:
        msg = f"[keypad] {error}"
        raise Unusable(msg) from error


def _evdev_codes(keymap: Mapping[str, str]) -> Mapping[int, str]:
    try:
        return codes_of(keymap)
    except ImportError as error:
        msg = "its names need evdev: apt install python3-evdev"
        raise ValueError(msg) from error


def _line(section: str, text: str) -> Line:
    try:
        return Line.parse(text)
    except ValueError as error:
        msg = f"[{section}] line = {error}"
        raise Unusable(msg) from error
