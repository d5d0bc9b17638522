"""Keyboards, scanners and pads in /sys and /dev."""

from __future__ import annotations

import struct

from hardware.inputs import Places


class Usb:
    """The folders of /sys and /dev as kernel and udev make them."""

    def __init__(self, places: Places) -> None:
        self.places = places
        places.dev.mkdir(parents=True)
        places.sys.mkdir(parents=True)

    def plug_in(self, number, name, keys, *, ids="05f9:1205", by_id=None, by_path=None) -> None:
        node = f"event{number}"
        device = self.places.sys / node / "device"
        (device / "capabilities").mkdir(parents=True)
        (device / "capabilities/key").write_text(bitmap(keys) + "\n")
        (device / "id").mkdir()
        for part, value in zip(("vendor", "product"), ids.split(":"), strict=True):
            (device / "id" / part).write_text(value + "\n")
        (device / "name").write_text(name + "\n")
        (self.places.dev / node).touch()
        self.link("by-id", by_id, node)
        self.link("by-path", by_path, node)

    def link(self, folder, name, node) -> None:
        if name is not None:
            (self.places.dev / folder).mkdir(exist_ok=True)
            link = self.places.dev / folder / name
            link.unlink(missing_ok=True)  # of two equal devices the later one gets the name
            link.symlink_to(f"../{node}")

    def path(self, name: str) -> str:
        return str(self.places.dev / name)


def bitmap(keys) -> str:
    """Print as the kernel does: longs, highest first, no leading zeros, none that are empty."""
    bits = struct.calcsize("l") * 8
    number = sum(1 << key for key in keys)
    words = []
    while number:
        words.append(f"{number & (1 << bits) - 1:x}")
        number >>= bits
    return " ".join(reversed(words)) or "0"
