"""The scan decoder and the pad's: whatever `struct input_event` a device sends, in any pieces.

The first byte says how the scanner is set up and how the rest is written: as the kernel's own 24
bytes an event, or four of ours, so that most inputs mean something: a pause in 2 ms, what kind of
event, and the code.
"""

import struct
from collections.abc import Iterable, Iterator

from hardware import linux_input as li
from hardware.evdev_input import Input
from hardware.keyboard import GS
from hardware.keypad import KEYS, KeypadDecoder
from hardware.keys import LAYOUTS
from hardware.linux_input import InputEvent
from hardware.scanner import SCAN_LENGTH_MAX, Scan, ScanDecoder
from tests.hardware.strokes import Strokes

BYTES_MAX = 320
KERNEL = struct.Struct("=qqHHi")
OURS = struct.Struct("=BBH")
NAMES = sorted(LAYOUTS)
ENDINGS = (None, True, False)
# What the second of our bytes stands for; others are a key going down or up.
KINDS = {2: (li.EV_KEY, 2), 3: (li.EV_SYN, 0), 4: (0x15, 1)}
# A read may bring this many events (python-evdev's buffer holds 64), or break off anywhere.
BATCHES = (1, 3, 64)


class Device:
    """What evdev hands over, in reads of `batch` events; then there is nothing more to read."""

    def __init__(self, events: list["Raw"], batch: int) -> None:
        self._batches = [events[at : at + batch] for at in range(0, len(events), batch)]

    def read(self) -> Iterable["Raw"]:
        if not self._batches:
            raise BlockingIOError
        return self._batches.pop(0)

    def fileno(self) -> int:
        return -1

    def capabilities(self):
        return {}

    def grab(self) -> None: ...

    def close(self) -> None: ...


class Raw:
    """An event as evdev shows it."""

    def __init__(self, sec: int, usec: int, kind: int, code: int, value: int) -> None:
        self.sec, self.usec, self.type, self.code, self.value = sec, usec, kind, code, value


def one(data: bytes) -> None:
    setup, events = (data[0] if data else 0), list(decode(data))
    layout, ending = LAYOUTS[NAMES[setup // 2 % 2]], ENDINGS[setup // 4 % 3]
    batch = BATCHES[setup // 12 % 3]
    decoder = ScanDecoder(layout, terminated=ending)
    scanner = Input(Device(events, batch), decoder, path="fuzz", is_monotonic=True)
    scans: list[Scan] = []
    # More than one call may be needed: a read stops after 16 batches.
    for _ in range(len(events) // batch + 2):
        scans += scanner.read()
    if scanner.deadline_ms is not None:
        scans += scanner.flush(scanner.deadline_ms)
    assert scanner.deadline_ms is None, "a scan is left begun"
    at_once = ScanDecoder(layout, terminated=ending)
    whole = at_once.feed(plain(events))
    if at_once.deadline_ms is not None:
        whole += at_once.flush(at_once.deadline_ms)
    assert scans == whole, "how a stream is cut into reads changed it"
    for scan in scans:
        check(scan)
    pad = KeypadDecoder()
    typed = pad.feed(plain(events))
    assert all(len(key) == 1 and key in KEYS for key in typed), typed
    decoder.reset()
    assert decoder.feed(plain(events)) == ScanDecoder(layout, terminated=ending).feed(plain(events))


def check(scan: Scan) -> None:
    assert bool(scan.text) != (scan.fault is not None), scan
    assert len(scan.text) <= SCAN_LENGTH_MAX, scan
    for character in scan.text:
        control = character < " " or "\x7f" <= character < "\xa0" or character == "\ufffd"
        assert character == GS or not control, hex(ord(character))


def plain(events: list[Raw]) -> Iterator[InputEvent]:
    for event in events:
        at_ms = event.sec * 1000 + event.usec // 1000
        yield InputEvent(at_ms, event.type, event.code, event.value)


def decode(data: bytes) -> Iterator[Raw]:
    if data[:1] and data[0] % 2:
        for at in range(1, len(data) - KERNEL.size + 1, KERNEL.size):
            yield Raw(*KERNEL.unpack_from(data, at))
        return
    now_ms = 0
    for at in range(1, len(data) - OURS.size + 1, OURS.size):
        pause, kind, code = OURS.unpack_from(data, at)
        now_ms += pause * 2
        number, value = KINDS.get(kind, (li.EV_KEY, kind % 2))
        # Half of the codes are small, as those of keys are.
        shown = code if number == li.EV_SYN or kind % 4 == 0 else code % 0x100
        yield Raw(now_ms // 1000, now_ms % 1000 * 1000, number, shown, value)


def units(data: bytes) -> list[bytes]:
    size = KERNEL.size if data[:1] and data[0] % 2 else OURS.size
    return [data[:1] or b"\0", *(data[at : at + size] for at in range(1, len(data), size))]


def ours(events: Iterable[InputEvent]) -> bytes:
    """As `decode` reads it, without what it cannot say."""
    written, last_ms = b"", 0
    for event in events:
        if event.type == li.EV_KEY and event.value <= 1:
            pause = min((event.time_ms - last_ms) // 2, 255) if last_ms else 0
            written += OURS.pack(pause, event.value, event.code)
            last_ms = event.time_ms
    return written


def kernels(events: Iterable[InputEvent]) -> bytes:
    return b"".join(
        KERNEL.pack(event.time_ms // 1000, event.time_ms % 1000 * 1000, *event[1:])
        for event in events
    )


def tap(code: int) -> bytes:
    return ours(Strokes().taps(code).events)


_MODIFIERS = (li.KEY_LEFTSHIFT, li.KEY_RIGHTSHIFT, li.KEY_LEFTCTRL, li.KEY_LEFTALT, li.KEY_RIGHTALT)
WORDS = [
    *(tap(code) for code in range(1, 120)),
    *(OURS.pack(2, value, code) for code in _MODIFIERS for value in (0, 1)),
    *(OURS.pack(pause, 1, li.KEY_1) for pause in (0, 49, 50, 51, 255)),
    OURS.pack(1, 3, li.SYN_DROPPED),
    ours(Strokes().scans("4029764001807").events),
    ours(Strokes().alt_code("0029").events),
]
_EVENINGS = [
    Strokes().scans("4029764001807").waits(700).scans("40678092").events,
    Strokes().types("4029").waits(200).types("764001807").events,
    Strokes().shifted(li.KEY_A).taps(li.KEY_SLASH).alt_code("0029").scans("12").events,
    Strokes().types("12").loses_events().types("34").waits(600).scans("40678092").events,
    Strokes().held_with(li.KEY_RIGHTALT, li.KEY_Q, li.KEY_E).taps(li.KEY_CAPSLOCK).events,
]
SEEDS = [
    bytes([setup]) + (kernels if setup % 2 else ours)(events)
    for events in _EVENINGS
    for setup in range(36)
]
