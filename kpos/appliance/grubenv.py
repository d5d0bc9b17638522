"""GRUB's environment block: the one sector that says which slot is started.

    slot=B      what is started
    tries=2     empty: it is good; 3, 2, 1: on trial, GRUB counts down at each start; 0: it failed,
                GRUB takes the other slot and says so here

The file has 1024 bytes, as GRUB wants it; all that is said stands in the first 512, so that one
sector changes at once. It is never made anew and never grows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from kpos.appliance.device import SECTOR, Opener
from kpos.appliance.fat import offset_of, open_fat
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass

SlotName: TypeAlias = Literal["A", "B"]
TRIES = "3"
GOOD = ""
_FILE = ("GRUB", "GRUBENV")
_HEADER = b"# GRUB Environment Block\n"
_OURS = ("slot", "tries")
_NAMES: tuple[SlotName, ...] = ("A", "B")


@dataclass(frozen=True, slots=True)
class Choice:
    """What GRUB starts next, and how often it may still try."""

    slot: SlotName
    tries: str = GOOD

    @property
    def is_good(self) -> bool:
        """Whether it is no trial."""
        return self.tries == GOOD

    @property
    def was_tried(self) -> bool:
        """Whether GRUB has counted a start of it."""
        return self.tries not in (GOOD, TRIES)


def parse(sector: bytes) -> Choice:
    """What a sector says, read as grub.cfg reads it: anything but B is A.

    Raises:
        Refused: if it is no environment block.
    """
    if not sector.startswith(_HEADER):
        raise refuse("invalid", "grubenv on the boot partition is no environment block of GRUB")
    said = dict(line.partition("=")[::2] for line in _lines(sector))
    return Choice("B" if said.get("slot") == "B" else "A", said.get("tries", GOOD))


def written(choice: Choice, former: bytes) -> bytes:
    """The sector that says this, and whatever else the former one said."""
    others = [line for line in _lines(former) if line.partition("=")[0] not in _OURS]
    lines = [f"slot={choice.slot}", f"tries={choice.tries}", *others]
    text = _HEADER + "".join(f"{line}\n" for line in lines).encode("latin-1")
    if len(text) > SECTOR:
        raise refuse("invalid", "grubenv on the boot partition says too much for one sector")
    return text.ljust(SECTOR, b"#")


def _lines(sector: bytes) -> list[str]:
    text = sector.decode("latin-1")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


class Grubenv:
    """That of a boot partition."""

    def __init__(self, boot: Path, opener: Opener) -> None:
        self._boot = boot
        self._opener = opener

    def read(self) -> Choice:
        """What GRUB would do now.

        Raises:
            Refused: if it cannot be found or read.
            OSError: if the partition cannot be.
        """
        return self._change(None)

    def write(self, choice: Choice) -> None:
        """Have GRUB do this from now on; when it returns, the disk says so.

        Raises:
            Refused: if it cannot be found, or the disk says something else afterwards.
            OSError: if the partition cannot be written.
        """
        if self._change(choice) != choice:
            raise refuse("invalid", "the boot partition did not keep what was written to it")

    def _change(self, choice: Choice | None) -> Choice:
        """Write this, if anything; what the disk says then."""
        device = self._opener(self._boot, alone=False)
        try:
            at = offset_of(open_fat(device.read), *_FILE)
            former = device.read(at, SECTOR)
            known = parse(former)
            if choice is None or choice == known:
                return known
            device.write(at, written(choice, former))
            device.sync()
            return parse(device.read(at, SECTOR))
        finally:
            device.close()


def other(name: SlotName) -> SlotName:
    """The slot that it is not."""
    return _NAMES[name == "A"]
