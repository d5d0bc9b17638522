"""The files from which umockdev makes a scanner, and the events it sends.

The lengths are those python-evdev asks for: umockdev answers an ioctl of another size with ENOENT.
"""

import struct
from collections.abc import Iterable
from pathlib import Path

from hardware.linux_input import InputEvent
from tests.hardware.strokes import KEYBOARD

NODE = "/dev/input/event7"
_DEVICE = "/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input7"


def _bits(numbers: Iterable[int], length: int) -> str:
    return sum(1 << number for number in numbers).to_bytes(length, "little").hex().upper()


def _text(text: str) -> str:
    octets = text.encode() + b"\0"
    return f"{len(octets)} {octets.ljust(256, bytes(1)).hex().upper()}"


def _words(numbers: Iterable[int]) -> str:
    bitmap = bytes.fromhex(_bits(numbers, 96))
    words = [word for (word,) in struct.iter_unpack("L", bitmap)]
    return " ".join(f"{word:x}" for word in reversed(words)).lstrip("0 ")


def write(folder: Path, events: Iterable[InputEvent]) -> list[str]:
    """Write the three files; return the command line that runs a program with them."""
    (folder / "s.umockdev").write_text(
        f"P: {_DEVICE}\n"
        "E: SUBSYSTEM=input\n"
        "A: name=PSC QS6000 Plus\n"
        "A: id/vendor=05f9\n"
        "A: id/product=1205\n"
        f"A: capabilities/key={_words(KEYBOARD)}\n"
        "\n"
        f"P: {_DEVICE}/event7\n"
        "N: input/event7\n"
        "S: input/by-id/usb-PSC_QS6000_Plus-event-kbd\n"
        f"E: DEVNAME={NODE}\n"
        "E: SUBSYSTEM=input\n"
        "E: ID_INPUT_KEYBOARD=1\n"
        "A: dev=13:71\n"
        "L: device=../../input7\n"
    )
    (folder / "s.ioctl").write_text(
        f"@DEV {NODE}\n"
        f"EVIOCGVERSION 0 {struct.pack('i', 0x10001).hex().upper()}\n"
        f"EVIOCGID 0 {struct.pack('4H', 3, 0x05F9, 0x1205, 0x110).hex().upper()}\n"
        f"EVIOCGNAME(0) {_text('PSC QS6000 Plus')}\n"
        f"EVIOCGPHYS(0) {_text('usb-0000:00:14.0-1/input0')}\n"
        f"EVIOCGUNIQ(0) {_text('')}\n"
        f"EVIOCGBIT(0) 8 {_bits((0, 1, 4, 17, 20), 4)}\n"
        f"EVIOCGBIT(1) 96 {_bits(KEYBOARD, 96)}\n"
        f"EVIOCGBIT(4) 8 {_bits((4,), 96)}\n"
        f"EVIOCGBIT(17) 8 {_bits((0, 1, 2), 96)}\n"
        f"EVIOCGREP 0 {struct.pack('2I', 250, 33).hex().upper()}\n"
        "EVIOCGEFFECTS 0 00000000\n"
    )
    (folder / "s.events").write_text("".join(f"{_evemu(event)}\n" for event in events))
    device, ioctls, sends = (str(folder / f"s.{end}") for end in ("umockdev", "ioctl", "events"))
    return ["umockdev-run", "-d", device, "-i", f"{NODE}={ioctls}", "-e", f"{NODE}={sends}", "--"]


def _evemu(event: InputEvent) -> str:
    # Microseconds without leading zeros: umockdev 0.17 reads ".004000" as an octal number.
    seconds, ms = divmod(event.time_ms, 1000)
    return f"E: {seconds}.{ms * 1000} {event.type:04x} {event.code:04x} {event.value}"
