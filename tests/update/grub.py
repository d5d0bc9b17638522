"""What GRUB starts: the rule of image-build/grub.cfg, in Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kpos.appliance.grubenv import SlotName

HEADER = b"# GRUB Environment Block\n"
SUPERBLOCK = b"hsqs"


@dataclass
class Machine:
    """A card in a machine that is switched on; `env` is where grubenv lies on its boot partition.

    A slot can be started if it has a superblock: as little as GRUB needs, so that what is half
    written but has one is started, and found out.
    """

    boot: bytearray
    a: bytes
    b: bytes
    env: int

    def switch_on(self) -> tuple[SlotName, str]:
        """The slot that is started, and its tries on the kernel command line."""
        slot, tries = self._said()
        if tries == "0":
            slot, tries = _other(slot), ""
        elif tries:
            tries = {"1": "0", "2": "1"}.get(tries, "2")
        self._save(slot, tries)
        if not self.content(slot).startswith(SUPERBLOCK):
            slot, tries = _other(slot), ""
            self._save(slot, tries)
        assert self.content(slot).startswith(SUPERBLOCK), "neither slot can be started"
        return slot, tries

    def content(self, slot: SlotName) -> bytes:
        return self.a if slot == "A" else self.b

    def _said(self) -> tuple[SlotName, str]:
        block = bytes(self.boot[self.env : self.env + 1024])
        said: dict[str, str] = {}
        if block.startswith(HEADER):
            lines = block.decode("ascii").split("\n")
            said = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
        return "B" if said.get("slot") == "B" else "A", said.get("tries", "")

    def _save(self, slot: SlotName, tries: str) -> None:
        """As save_env does, where there is a block to save to."""
        if self.boot[self.env : self.env + len(HEADER)] == HEADER:
            text = HEADER + f"slot={slot}\ntries={tries}\n".encode()
            self.boot[self.env : self.env + 1024] = text.ljust(1024, b"#")


def env_offset(boot: bytes) -> int:
    """Where the one environment block is, found by its content."""
    assert boot.count(HEADER) == 1
    return boot.index(HEADER)


def machine_of(folder: Path) -> Machine:
    boot, a, b = ((folder / f"sda{n}").read_bytes() for n in (1, 2, 3))
    return Machine(bytearray(boot), a, b, env_offset(boot))


def _other(slot: SlotName) -> SlotName:
    return "B" if slot == "A" else "A"
