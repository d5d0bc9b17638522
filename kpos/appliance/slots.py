"""Which partitions are the slots, and which of them runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kpos.appliance.grubenv import SlotName, other
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass

_BOOT, _A, _B = 1, 2, 3
_NO_APPLIANCE = (
    "this is no kpos appliance (no kpos.slot on the kernel command line): update kpos as it was"
    " installed, with pip or your package manager"
)


@dataclass(frozen=True, slots=True)
class Slots:
    """The partitions of a disk, or files in their place."""

    boot: Path
    a: Path
    b: Path
    running: SlotName

    @property
    def other(self) -> SlotName:
        """The slot that does not run."""
        return other(self.running)

    def path(self, name: SlotName) -> Path:
        """A slot's partition."""
        return self.a if name == "A" else self.b


def running_slot(root: Path = Path("/")) -> SlotName | None:
    """The slot that was started; None on a machine that has none."""
    try:
        line = (root / "proc/cmdline").read_text("ascii", "replace")
    except OSError:
        return None
    said = [word.removeprefix("kpos.slot=") for word in line.split() if "kpos.slot=" in word]
    if said[-1:] == ["A"]:
        return "A"
    return "B" if said[-1:] == ["B"] else None


def find_slots(root: Path = Path("/")) -> Slots:
    """Those of the disk whose first partition is mounted at /boot/kpos.

    By their numbers on that very disk: a label or an id would also be that of another till's card
    that somebody has put into a reader.

    Raises:
        Refused: if this is no appliance, or its disk is not as it should be.
    """
    running = running_slot(root)
    if running is None:
        raise refuse("invalid", _NO_APPLIANCE)
    partitions = _partitions(root)
    missing = {_BOOT, _A, _B} - partitions.keys()
    if missing:
        reason = "the boot partition is not mounted at /boot/kpos, or has no slots beside it"
        raise refuse("invalid", reason)
    return Slots(partitions[_BOOT], partitions[_A], partitions[_B], running)


def _partitions(root: Path) -> Mapping[int, Path]:
    """All partitions of the boot disk, by number."""
    try:
        device = (root / "boot/kpos").stat().st_dev
        number = f"{os.major(device)}:{os.minor(device)}"
        disk = (root / "sys/dev/block" / number).resolve(strict=True).parent
        return {
            int((each / "partition").read_text()): root / "dev" / each.name
            for each in disk.iterdir()
            if (each / "partition").is_file()
        }
    except OSError:
        return {}
