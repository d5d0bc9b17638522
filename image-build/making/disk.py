"""The disk: GRUB for BIOS and UEFI, two slots, the data partition; made without loop devices.

The numbers here are those of ``grub.cfg`` and of ``kpos update``. Everything is where and what it
would be on any other day: times, identities and seeds are fixed.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from making.tools import CHECKOUT, GRUB, HERE, Refused, run, surroundings

MIB: Final = 1 << 20
SECTOR: Final = 512
# Of the MBR: the kernel finds a slot by it, as root=PARTUUID=6b706f73-02.
DISK_ID: Final = "6b706f73"
BOOT_LABEL, BOOT_ID = "KPOSBOOT", "4b504f53"
DATA_LABEL: Final = "kpos-data"
# FAT16 has at least 4085 clusters.
BOOT_MIB: Final = 16
# A slot of today is half of it; a later one may grow.
SLOT_MIB: Final = 160
# What there must be. The first start takes all there is, makes a file system there, and says so by
# the partition's type; what an image has is "da", no file system (make-data).
DATA_MIB: Final = 64
NOT_MADE, MADE = "da", "83"
MAKE_DATA_SYSTEM: Final = HERE / "root/usr/lib/kpos-appliance/mkfs-data"

# What boot.img leaves of its sector to the table of partitions.
_BOOT_CODE: Final = 440
_MODULES: Final = (
    "normal linux test echo terminal loadenv part_msdos fat squash4 gzio reboot sleep regexp"
    " configfile"
).split()


@dataclass(frozen=True)
class Partition:
    """One of the four, in MiB from the start of the disk."""

    number: int
    start: int
    size: int
    type: str

    @property
    def offset(self) -> int:
        """In bytes."""
        return self.start * MIB


BOOT: Final = Partition(1, 1, BOOT_MIB, "ef, bootable")
SLOT_A: Final = Partition(2, BOOT.start + BOOT.size, SLOT_MIB, "83")
SLOT_B: Final = Partition(3, SLOT_A.start + SLOT_A.size, SLOT_MIB, "83")
DATA: Final = Partition(4, SLOT_B.start + SLOT_B.size, DATA_MIB, NOT_MADE)
PARTITIONS: Final = (BOOT, SLOT_A, SLOT_B, DATA)
SIZE: Final = (DATA.start + DATA.size) * MIB


def assemble(image: Path, squashfs: Path) -> None:
    """Make an image with the same slot twice.

    Raises:
        Refused: the slot does not fit.
    """
    room = SLOT_MIB * MIB
    if squashfs.stat().st_size > room:
        msg = f"{squashfs} has {squashfs.stat().st_size} bytes, and a slot room for {room}"
        raise Refused(msg)
    image.unlink(missing_ok=True)
    image.touch()
    os.truncate(image, SIZE)
    _partition(image)
    _install_grub(image)
    for slot in (SLOT_A, SLOT_B):
        copy_into(image, slot.offset, squashfs)


def copy_into(image: Path, offset: int, source: Path) -> None:
    """Copy a file into a disk; blocks of zeroes stay holes."""
    where = (f"if={source}", f"of={image}", f"seek={offset // MIB}")
    run(["dd", *where, "bs=1M", "conv=notrunc,sparse", "status=none"])


def _partition(image: Path) -> None:
    lines = ["label: dos", f"label-id: 0x{DISK_ID}"]
    lines += [
        f"start={each.start}MiB, size={each.size}MiB, type={each.type}" for each in PARTITIONS
    ]
    subprocess.run(  # noqa: S603 - ours, and no shell
        ["sfdisk", "--quiet", str(image)],  # noqa: S607
        input="\n".join(lines),
        text=True,
        env=surroundings(),
        check=True,
    )


def _install_grub(image: Path) -> None:
    """What grub-install does, without a device: boot.img says that core.img follows it."""
    folder = image.with_suffix(".boot")
    folder.mkdir(exist_ok=True)
    core = folder / "core.img"
    # Whatever disk the BIOS started from.
    run(_mkimage("i386-pc", core, "(,msdos1)/grub", "biosdisk", "serial"))
    if SECTOR + core.stat().st_size > BOOT.offset:
        msg = f"GRUB has {core.stat().st_size} bytes, more than there are before partition 1"
        raise Refused(msg)
    with image.open("r+b") as disk:
        disk.write((GRUB / "i386-pc/boot.img").read_bytes()[:_BOOT_CODE])
        disk.seek(SECTOR)
        disk.write(core.read_bytes())
    loaders = {"x86_64-efi": folder / "BOOTX64.EFI", "i386-efi": folder / "BOOTIA32.EFI"}
    for platform, loader in loaders.items():
        run(_mkimage(platform, loader, "/grub", "efi_gop"))
    grubenv = folder / "grubenv"
    grubenv.write_bytes(environment(slot="A", tries=""))
    _fill_boot_partition(image, [HERE / "grub.cfg", grubenv], list(loaders.values()))


def environment(**values: str) -> bytes:
    """GRUB's block of variables: 1024 bytes, those that matter in the first sector."""
    lines = [f"{name}={value}\n" for name, value in values.items()]
    return "".join(["# GRUB Environment Block\n", *lines]).encode().ljust(1024, b"#")


def _mkimage(platform: str, output: Path, prefix: str, *modules: str) -> list[str | Path]:
    options: list[str | Path] = ["--format", platform, "--prefix", prefix, "--output", output]
    return ["grub-mkimage", *options, *_MODULES, *modules]


def _fill_boot_partition(image: Path, grub: list[Path], loaders: list[Path]) -> None:
    epoch = os.environ["SOURCE_DATE_EPOCH"]
    sectors = str(BOOT.offset // SECTOR)
    name = ["--invariant", "-F", "16", "-n", BOOT_LABEL, "-i", BOOT_ID, "--offset", sectors]
    run(["mkfs.fat", *name, image, str(BOOT_MIB * 1024)])
    place = f"{image}@@{BOOT.offset}"
    # mtools takes its times from the files.
    for file in loaders:
        os.utime(file, (int(epoch), int(epoch)))
    run(["mmd", "-i", place, "::/grub", "::/EFI", "::/EFI/BOOT"])
    run(["mcopy", "-i", place, *grub, "::/grub/"])
    run(["mcopy", "-i", place, *loaders, "::/EFI/BOOT/"])
    # Examples of what may be said at the first start; as it is, it says nothing.
    run(["mcopy", "-i", place, CHECKOUT / "config/kpos-setup.toml", "::/"])
