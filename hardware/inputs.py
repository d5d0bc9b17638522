"""Which keyboards, scanners and keypads are plugged in, and which of them a name means.

Reads /sys and the links udev makes, and opens no device: so it needs no rights and no library, and
a device that is looked for once a second is not disturbed.
"""

import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from hardware.errors import Absent, Ambiguous, WrongDevice
from hardware.linux_input import KEY_Q, KEY_Z, is_keyboard

_NODE: Final = re.compile(r"event\d+")
_VENDOR_PRODUCT: Final = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")
_LINKS_MAX: Final = 8  # of one path; the kernel itself follows 40


@dataclass(frozen=True)
class Places:
    """Where the kernel and udev show input devices."""

    dev: Path
    sys: Path


SYSTEM: Final = Places(dev=Path("/dev/input"), sys=Path("/sys/class/input"))


@dataclass(frozen=True, kw_only=True)
class InputInfo:
    """A device that can type digits.

    ``by_id`` and ``by_path`` are names below /dev/input; ``by_id`` says which device it is and is
    shared by equal ones without a serial number, ``by_path`` says which socket it is in. Either is
    None where udev has made no such link. ``vendor_product`` is as in lsusb: "05f9:1205".
    ``has_letters``: a numeric pad has none, unless it shows itself as a whole keyboard.
    """

    path: str
    name: str
    vendor_product: str
    by_id: str | None
    by_path: str | None
    has_letters: bool


def list_inputs(places: Places = SYSTEM) -> list[InputInfo]:
    """Return what is plugged in and can type digits, in the order the kernel found it."""
    by_id, by_path = _links(places.dev / "by-id"), _links(places.dev / "by-path")
    nodes = (node for node in places.sys.glob("event*") if _NODE.fullmatch(node.name))
    return [
        info
        for node in sorted(nodes, key=lambda node: int(node.name.removeprefix("event")))
        if (info := _info(node, places, by_id.get(node.name), by_path.get(node.name)))
    ]


def find_input(where: str, places: Places = SYSTEM) -> str:
    """Return the path of the event node that is meant, which is another after each replugging.

    ``where`` is a path or link ("/dev/input/by-id/usb-PSC_…-event-kbd"), a pattern for one
    ("usb-PSC*", looked for in by-id, then in by-path), or vendor and product ("05f9:1205").

    Raises:
        Absent: nothing fits.
        WrongDevice: a link leads to something that is no event node.
        Ambiguous: a pattern fits several keyboards.
    """
    path = Path(where)
    if path.is_absolute() and os.path.lexists(path):
        return _node_of_path(path, places)
    found = _matching(where, list_inputs(places))
    if not found:
        raise Absent(where)
    if len(found) > 1:
        raise Ambiguous(where, [info.by_path or info.path for info in found])
    return found[0].path


def _node_of_path(path: Path, places: Places) -> str:
    node = _node_name(path)
    if node is None:
        raise WrongDevice(str(path))
    target = places.dev / node
    if not target.exists():
        raise Absent(str(path))
    return str(target)


def _matching(where: str, inputs: list[InputInfo]) -> list[InputInfo]:
    if _VENDOR_PRODUCT.fullmatch(where.lower()):
        return [info for info in inputs if info.vendor_product == where.lower()]
    pattern = where.removeprefix("/dev/input/").removeprefix("by-id/").removeprefix("by-path/")
    by_id = [info for info in inputs if info.by_id and fnmatchcase(info.by_id, pattern)]
    by_path = [info for info in inputs if info.by_path and fnmatchcase(info.by_path, pattern)]
    return by_id or by_path


def _info(node: Path, places: Places, by_id: str | None, by_path: str | None) -> InputInfo | None:
    """Return what /sys says of one event node; None if it is no keyboard, or just went away."""
    device = node / "device"
    try:
        keys = _bits((device / "capabilities/key").read_text())
        if not is_keyboard(keys):
            return None
        ids = [(device / "id" / part).read_text().strip() for part in ("vendor", "product")]
        # The maker's own words: not always text.
        name = (device / "name").read_text(errors="replace").strip()
    except OSError:
        return None
    path = places.dev / node.name
    return InputInfo(
        path=str(path),
        name=name,
        vendor_product=":".join(ids),
        by_id=by_id,
        by_path=by_path,
        has_letters=KEY_Q in keys and KEY_Z in keys,
    )


def _bits(text: str) -> frozenset[int]:
    """Return the numbers in a bitmap of /sys: hexadecimal longs, the highest first."""
    bits_per_word = struct.calcsize("l") * 8  # the kernel prints for the word size of who reads
    bitmap = 0
    for word in text.split():
        bitmap = bitmap << bits_per_word | int(word, 16)
    return frozenset(number for number in range(bitmap.bit_length()) if bitmap >> number & 1)


def _links(folder: Path) -> Mapping[str, str]:
    """Return event node -> the name of the link to it, the first one where there are several."""
    names: dict[str, str] = {}
    for link in sorted(folder.iterdir()) if folder.is_dir() else []:
        node = _node_name(link)
        if node is not None:
            names.setdefault(node, link.name)
    return names


def _node_name(path: Path) -> str | None:
    """Follow links until a name like "event7"; None if there is none.

    Not by ``resolve``: what "event7" itself leads to, as in a container or under umockdev, has
    another name, and the input layer knows the device by this one.
    """
    for _ in range(_LINKS_MAX):
        if _NODE.fullmatch(path.name):
            return path.name
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None
