"""The disk of a till while it is off: prepared, looked at, damaged. A file, no loop devices."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from making import disk
from making.disk import MIB, Partition
from making.tools import surroundings

Name = Literal["A", "B"]
SLOTS: Final[Mapping[Name, Partition]] = {"A": disk.SLOT_A, "B": disk.SLOT_B}
# The tables of partitions are 16 bytes each at the end of the first sector.
_TABLE: Final = 446
_ENTRY: Final = 16


class Card:
    """An image on a card of some size."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def write(cls, image: Path, path: Path, *, grown_by: int = 0) -> Card:
        """A new card with an image on it, larger by so many bytes."""
        call("cp", "--sparse=always", "--reflink=auto", str(image), str(path))
        os.truncate(path, path.stat().st_size + grown_by)
        return cls(path)

    def copy(self, path: Path) -> Card:
        """The same card once more."""
        return Card.write(self.path, path)

    # The boot partition

    def put_boot_file(self, name: str, text: str) -> None:
        """Put a file onto the FAT partition, as an admin does who has the card in a reader."""
        with TemporaryDirectory() as folder:
            file = Path(folder, "file")
            file.write_text(text, encoding="utf-8")
            call("mcopy", "-o", "-i", self._boot, str(file), f"::/{name}")

    def remove_boot_file(self, name: str) -> None:
        """Delete a file of the FAT partition."""
        call("mdel", "-i", self._boot, f"::/{name}")

    def boot_file(self, name: str) -> bytes:
        """Read a file of the FAT partition."""
        return call("mtype", "-i", self._boot, f"::/{name}")

    def grubenv(self) -> dict[str, str]:
        """What GRUB is told."""
        lines = self.boot_file("grub/grubenv").decode().splitlines()[1:]
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def set_grubenv(self, **values: str) -> None:
        """Tell GRUB something else."""
        self.put_boot_file("grub/grubenv", disk.environment(**values).decode())

    # The slots

    def slot_digest(self, name: Name) -> str:
        """SHA-256 of a whole slot."""
        with self.path.open("rb") as card:
            card.seek(SLOTS[name].offset)
            digest = hashlib.sha256()
            for _ in range(SLOTS[name].size):
                digest.update(card.read(MIB))
        return digest.hexdigest()

    def write_slot(self, name: Name, squashfs: Path) -> None:
        """Put another system into a slot."""
        disk.copy_into(self.path, SLOTS[name].offset, squashfs)

    def damage_slot(self, name: Name, *, at: int = 0, octets: int = MIB) -> None:
        """Overwrite a part of a slot; its first bytes are those that make it one."""
        with self.path.open("r+b") as card:
            card.seek(SLOTS[name].offset + at)
            card.write(b"\xa5" * octets)

    def system_digest(self) -> str:
        """SHA-256 of all but the data partition and its line in the table of partitions."""
        entry = _TABLE + _ENTRY * (disk.DATA.number - 1)
        with self.path.open("rb") as card:
            digest = hashlib.sha256(card.read(entry))
            card.seek(entry + _ENTRY)
            digest.update(card.read(MIB - entry - _ENTRY))
            for _ in range(1, disk.DATA.start):
                digest.update(card.read(MIB))
        return digest.hexdigest()

    # The data partition

    @property
    def data_size(self) -> int:
        """How many bytes the table of partitions gives it now."""
        with self.path.open("rb") as card:
            card.seek(_TABLE + _ENTRY * (disk.DATA.number - 1) + 12)
            return int.from_bytes(card.read(4), "little") * disk.SECTOR

    def put_data(self, folder: Path) -> None:
        """Make the data partition, as the first start does, of a folder, its owners and rights."""
        number, make = disk.DATA.number, str(disk.MAKE_DATA_SYSTEM)
        entry = f"echo ,+,{disk.MADE} | sfdisk --quiet --no-reread --force -N {number} {self.path}"
        call("sh", "-c", entry)
        options = ("-d", str(folder), "-E", f"offset={disk.DATA.offset}")
        call(make, str(self.path), *options)

    @contextmanager
    def data(self) -> Iterator[Path]:
        """The data partition as a file of its own, for e2fsck and debugfs; then dropped."""
        with TemporaryDirectory(dir=self.path.parent) as folder:
            copy = Path(folder, "data.ext4")
            start = f"skip={disk.DATA.offset // MIB}"
            call(
                "dd", f"if={self.path}", f"of={copy}", "bs=1M", start, "conv=sparse", "status=none"
            )
            yield copy

    def take_data(self, into: Path) -> None:
        """Copy what is on the data partition into a folder, its journal replayed first."""
        with self.data() as copy:
            # Status 1: mended, which replaying is.
            call("e2fsck", "-p", str(copy), statuses=(0, 1))
            call("debugfs", "-R", f'rdump / "{into}"', str(copy))

    @property
    def _boot(self) -> str:
        return f"{self.path}@@{disk.BOOT.offset}"


def call(*command: str, statuses: tuple[int, ...] = (0,), fed: Path = Path(os.devnull)) -> bytes:
    """Run a program of the host, with a file as its standard input, and return what it printed.

    Raises:
        CalledProcessError: it failed.
    """
    with fed.open("rb") as stdin:
        done = subprocess.run(  # noqa: S603 - ours, and no shell
            command, stdin=stdin, capture_output=True, env=surroundings(), check=False
        )
    if done.returncode not in statuses:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done.stdout
