"""One thing that was found, and where to look."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from hardware.errors import DeviceError, Forbidden

Role: TypeAlias = Literal[
    "scanner",
    "card_reader",
    "keypad",
    "keyboard",  # types digits: a keypad, or a scanner or reader that hides it well
    "serial",  # a port, and what is behind it cannot be seen
    "coins",
    "notes",
    "serial_display",
    "pcf8574",
    "mcp23017",
    "lcdd",
    "gpio_display",  # the pins of a Raspberry Pi
    "i2c",
    "gpio",
    "speaker",
    "sound_card",
]


@dataclass(frozen=True)
class Machine:
    """Where the kernel and udev show what there is; tests have a folder of their own."""

    root: Path = Path("/")

    @property
    def dev(self) -> Path:
        """Device nodes."""
        return self.root / "dev"

    @property
    def sys(self) -> Path:
        """The kernel's view."""
        return self.root / "sys"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A device.

    ``what`` is how it calls itself, ``path`` its node or address now, ``name`` what to write into a
    configuration. ``guess`` says what its role was guessed from and is "" where it is known;
    ``trouble`` why this user may not use it. ``rule`` is the line for udev that would allow it to
    the group in its braces, "" where the maker's numbers are not known. ``note`` is a word more,
    ``is_usb`` said of what is behind an adapter, which then takes few large transfers only.
    """

    role: Role
    what: str
    path: str
    name: str
    guess: str = ""
    trouble: DeviceError | None = None
    rule: str = ""
    note: str = ""
    is_usb: bool = False


def forbidden(path: str | Path, group: str, mode: int = os.R_OK | os.W_OK) -> DeviceError | None:
    """Why this user may not use a node; None if it is allowed. Opens nothing."""
    return None if os.access(path, mode) else Forbidden(str(path), group)


def word(path: Path) -> str:
    """The one line in a file of /sys; "" if there is none."""
    try:
        return path.read_text(errors="replace").strip().strip("\0")
    except OSError:
        return ""


def number_of(path: Path) -> int:
    """The number at the end of a name, for sorting."""
    digits = path.name[len(path.name.rstrip("0123456789")) :]
    return int(digits) if digits else -1
