"""A till's card, in files: a boot partition made by mkfs.fat, two slots; and updates for it."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from kpos.appliance import manifest as manifests
from kpos.appliance.bundle import Bundle
from kpos.appliance.device import Opener, Partition
from kpos.appliance.grubenv import Choice, SlotName, written
from kpos.appliance.install import Place, install
from kpos.appliance.manifest import Manifest
from kpos.appliance.pack import pack
from kpos.appliance.slots import Slots
from kpos.domain.instant import Instant

MIB = 1024 * 1024
SLOT_SIZE = 3 * MIB
HEADER = b"# GRUB Environment Block\n"
NOW = Instant.parse("2026-11-22T12:00:00Z")
BUILT = Instant.parse("2026-11-20T08:00:00Z")
SIGNER = "updates@house.example"


def program(name: str) -> str:
    """A program of the system, also of its administration."""
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str | Path, **how: object) -> str:
    name, *arguments = command
    done = subprocess.run(
        [program(str(name)), *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return done.stdout


def image(seed: int, size: int) -> bytes:
    """What begins like a squashfs, and is like no other in any sector."""
    return b"hsqs" + random.Random(seed).randbytes(size - 4)


@dataclass(frozen=True)
class Card:
    """Where its parts are; slot `running` runs."""

    folder: Path
    running: SlotName = "A"

    @property
    def slots(self) -> Slots:
        here = self.folder
        return Slots(here / "sda1", here / "sda2", here / "sda3", self.running)

    def place(self, opener: Opener = Partition) -> Place:
        return Place(self.slots, self.folder / "update", opener)

    def grubenv(self) -> str:
        """Read by somebody else's code."""
        out = self.folder / "grubenv.read"
        run("mcopy", "-n", "-o", "-i", self.slots.boot, "::/grub/grubenv", out)
        return out.read_text("ascii")

    def set_grubenv(self, choice: Choice) -> None:
        """In its place, as GRUB does it."""
        boot = self.slots.boot.read_bytes()
        block = written(choice, HEADER).ljust(1024, b"#")
        at = boot.index(HEADER)
        self.slots.boot.write_bytes(boot[:at] + block + boot[at + 1024 :])


def make_card(
    folder: Path,
    *,
    running: SlotName = "A",
    boot_kib: int = 4096,
    options: tuple[str, ...] = ("-s", "1"),
) -> Card:
    """A card whose slots both hold something older."""
    folder.mkdir(parents=True, exist_ok=True)
    card = Card(folder, running)
    boot = card.slots.boot
    run("mkfs.fat", "-F", "16", "-n", "KPOSBOOT", *options, "-C", boot, str(boot_kib))
    for name in ("EFI", "grub"):
        run("mmd", "-i", boot, f"::/{name}")
    # What lies before it on the partition stays as it is; its folder is longer than a cluster.
    (folder / "neighbours").mkdir()
    neighbours = [folder / f"neighbours/a rather long name {number}.mod" for number in range(20)]
    for number, neighbour in enumerate(neighbours):
        neighbour.write_bytes(image(number, 3_000))
    run("mcopy", "-i", boot, *neighbours, "::/grub/")
    grubenv = folder / "grubenv"
    grubenv.write_bytes(written(Choice(running), HEADER).ljust(1024, b"#"))
    run("mcopy", "-i", boot, grubenv, "::/grub/grubenv")
    card.slots.a.write_bytes(image(1, SLOT_SIZE))
    card.slots.b.write_bytes(image(2, SLOT_SIZE))
    (folder / "update").mkdir()
    return card


@dataclass(frozen=True)
class Key:
    """Somebody who signs."""

    private: Path
    signers: Path


def make_key(folder: Path, name: str = "key", principal: str = SIGNER) -> Key:
    private, signers = folder / name, folder / f"{name}.signers"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", private)
    public = private.with_suffix(".pub").read_text().split()[:2]
    signers.write_text(f'{principal} namespaces="kpos-update" {" ".join(public)}\n')
    return Key(private, signers)


def manifest(content: bytes, **said: object) -> Manifest:
    known = {
        "version": "9.0",
        "arch": manifests.arch_of_machine(),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "journal_version": 4,
        "built_at": BUILT,
    }
    return Manifest(**(known | said))  # type: ignore[arg-type]


def make_update(folder: Path, key: Key, content: bytes, **said: object) -> Path:
    """An update file, signed."""
    slot = folder / "slot.sqfs"
    slot.write_bytes(content)
    return pack(slot, manifest(content, **said), key.private, folder)


def install_from(update: Path, place: Place) -> None:
    """As the command does once it has looked at everything."""
    with update.open("rb") as stream:
        install(Bundle(stream), place, NOW, lambda _what, _done, _of: None)
