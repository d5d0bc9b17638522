"""An appliance in a folder: what the kernel, systemd and the partitions of one look like."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.update.card import Card, Key

# What systemd would say of the till, and that it was told to restart the machine.
SYSTEMCTL = """#!/bin/sh
echo "$@" >>{folder}/systemctl.log
[ "$1" = show ] && cat {folder}/systemctl.show
true
"""


@dataclass(frozen=True)
class Appliance:
    """`root` stands for /; the partitions are those of `card`."""

    root: Path
    card: Card

    def starts(self, slot: str, *more: str) -> None:
        """What GRUB put onto the kernel command line."""
        line = " ".join(["BOOT_IMAGE=/vmlinuz", "quiet", f"kpos.slot={slot}", *more])
        (self.root / "proc/cmdline").write_text(f"{line}\n")

    def is_said(self, text: str) -> None:
        """What systemd says of the till from now on."""
        (self.root / "systemctl.show").write_text(text)

    @property
    def restarts(self) -> int:
        log = self.root / "systemctl.log"
        return log.read_text().split("\n").count("reboot") if log.exists() else 0


def make_appliance(root: Path, card: Card, key: Key, monkeypatch: pytest.MonkeyPatch) -> Appliance:
    """One that runs slot A, and whose commands find it where they look."""
    for folder in ("proc", "boot/kpos", "sys/dev/block", "dev", "data", "etc/kpos", "bin"):
        (root / folder).mkdir(parents=True)
    disk = root / "sys/devices/sata/block/sda"
    for number, path in enumerate((card.slots.boot, card.slots.a, card.slots.b), start=1):
        (disk / f"sda{number}").mkdir(parents=True)
        (disk / f"sda{number}/partition").write_text(f"{number}\n")
        (root / f"dev/sda{number}").symlink_to(path)
    (disk / "queue").mkdir()
    boot = (root / "boot/kpos").stat().st_dev
    known = root / "sys/dev/block" / f"{os.major(boot)}:{os.minor(boot)}"
    known.symlink_to(disk / "sda1")
    (root / "etc/kpos/update-signers").write_bytes(key.signers.read_bytes())
    systemctl = root / "bin/systemctl"
    systemctl.write_text(SYSTEMCTL.format(folder=root))
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{systemctl.parent}:{os.environ['PATH']}")
    monkeypatch.setattr("kpos.cli.appliance.ROOT", root)
    made = Appliance(root, card)
    made.starts("A")
    made.is_said("ActiveState=active\nNRestarts=0\n")
    return made
