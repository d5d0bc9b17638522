"""The data partition while a log is played back, and what a power cut leaves of it.

Until the next flush a disk may have kept any of the sectors that were written, in any version: what
is written later may be there without what was written before, and half of one write without its
other half. (An older version in a newer one's place, after both were confirmed, would need a disk
that forgets what it has in its own cache; playing back in order leaves out nothing else.) What was
flushed, or written through, is there.

Two disks are worse, and must be found out: `forgetful` ignores flushes and may lose of its last
writes what it likes; `unsafe` is the host behind QEMU's cache=unsafe: nothing since the start
is certain.
"""

from __future__ import annotations

import os
import random
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from tests.appliance.writelog import SECTOR, Entry

Device: TypeAlias = Literal["honest", "forgetful", "unsafe"]
Piece: TypeAlias = tuple[int, bytes]  # where on the disk, in bytes, and what

# What a forgetful disk has in its cache; those of CompactFlash cards are about as small.
HELD: Final = 48
_DATA_PARTITION: Final = 4
_TABLE, _ROW = 446, struct.Struct("<4xB3xII")
_MADE: Final = 0x83
# How much of what is uncertain was kept, each as likely as another.
_Amount = Literal["nothing", "all", "writes", "sectors", "one lost", "one kept", "one torn"]
_AMOUNTS: Final[tuple[_Amount, ...]] = (
    "nothing", "all", "writes", "sectors", "sectors", "one lost", "one kept", "one torn"
)  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """What was kept of what was uncertain. Equal keys are equal disks."""

    key: tuple[object, ...]
    kept: tuple[Piece, ...]
    lost: int  # sectors
    torn: int  # writes of which a part was kept


class Platter:
    """The disk from its data partition on. What is certain is in a file of its own."""

    def __init__(self, base: Path, place: Path, device: Device) -> None:
        """`base` is the disk as it was before the log; files are made in `place`."""
        self._device = device
        self._certain = place / "certain.img"
        self._state = place / "state.img"
        with base.open("rb") as disk:
            self._mbr = disk.read(SECTOR)
            _, self._start, _ = data_partition(self._mbr)
            _copy_from(disk.fileno(), self._start, self._certain)
        self._file = self._certain.open("r+b", buffering=0)
        self._size = self._certain.stat().st_size
        self._uncertain: list[Entry] = []
        self._version = 0

    def close(self) -> None:
        self._file.close()

    def apply(self, entry: Entry) -> None:
        """The next thing that was done."""
        if self._device == "honest" and entry.is_flush:
            self._settle(len(self._uncertain))
        if entry.data:
            self._uncertain.append(entry)
        if self._device == "honest" and entry.is_durable:
            # Written through, and with it what it is written over.
            self._settle(len(self._uncertain))
        if self._device == "forgetful" and len(self._uncertain) > HELD:
            self._settle(len(self._uncertain) - HELD)

    def cut(self, draw: random.Random) -> Cut:
        """What a cut at this moment leaves."""
        masks = _masks(self._uncertain, draw)
        kept = tuple(
            piece
            for entry, mask in zip(self._uncertain, masks, strict=True)
            for piece in _pieces(entry, mask)
        )
        lost = sum(mask.count(False) for mask in masks)
        torn = sum(len(set(mask)) > 1 for mask in masks)
        key = (self._version, tuple(tuple(mask) for mask in masks))
        return Cut(key, kept, lost, torn)

    def everything(self) -> Cut:
        """As if the plug had stayed where it is."""
        kept = tuple((entry.offset, entry.data) for entry in self._uncertain)
        return Cut((self._version, "all"), kept, 0, 0)

    def image(self, cut: Cut) -> Path | None:
        """The partition after the cut, to be changed at will; good until the next one.

        None as long as its type says that it was not made: the next start makes it.
        """
        # Holes stay holes.
        subprocess.run(["cp", "--sparse=auto", self._certain, self._state], check=True)
        mbr = self._mbr
        with self._state.open("r+b", buffering=0) as file:
            for offset, data in cut.kept:
                mbr = self._put(file.fileno(), offset, data, mbr)
            is_made, _, length = data_partition(mbr)
            # The first start gives the partition the rest of the disk.
            file.truncate(min(length, self._size))
        return self._state if is_made else None

    def _settle(self, count: int) -> None:
        """The oldest writes are certain from now on."""
        for entry in self._uncertain[:count]:
            self._mbr = self._put(self._file.fileno(), entry.offset, entry.data, self._mbr)
        if count:
            self._version += 1
        del self._uncertain[:count]

    def _put(self, file: int, offset: int, data: bytes, mbr: bytes) -> bytes:
        """Write what lies in the partition; return the sector with the table of partitions."""
        if offset == 0:
            mbr = data[:SECTOR]
        outside = max(self._start - offset, 0)
        if outside < len(data):
            os.pwrite(file, data[outside:], offset + outside - self._start)
        return mbr


def data_partition(mbr: bytes) -> tuple[bool, int, int]:
    """Whether it was made, where it begins and how long it is in bytes, by the MBR."""
    kind, start, sectors = _ROW.unpack_from(mbr, _TABLE + (_DATA_PARTITION - 1) * 16)
    return kind == _MADE, start * SECTOR, sectors * SECTOR


def whole_disk(base: Path, entries: Sequence[Entry], draw: random.Random, disk: Path) -> Cut:
    """Write the whole disk that a real cut after these entries left, to start from again."""
    uncertain: list[Entry] = []
    subprocess.run(["cp", "--sparse=auto", base, disk], check=True)
    with disk.open("r+b", buffering=0) as file:
        for entry in entries:
            uncertain += [entry] if entry.data else []
            if entry.is_flush or entry.is_durable:
                for each in uncertain:
                    os.pwrite(file.fileno(), each.data, each.offset)
                uncertain.clear()
        masks = _masks(uncertain, draw)
        for entry, mask in zip(uncertain, masks, strict=True):
            for offset, data in _pieces(entry, mask):
                os.pwrite(file.fileno(), data, offset)
    lost = sum(mask.count(False) for mask in masks)
    return Cut((), (), lost, sum(len(set(mask)) > 1 for mask in masks))


def _masks(entries: Sequence[Entry], draw: random.Random) -> list[list[bool]]:
    """Of each entry, which of its sectors were kept."""
    sizes = [len(entry.data) // SECTOR for entry in entries]
    amount = draw.choice(_AMOUNTS)
    if amount == "writes":
        return [[draw.random() < 0.5] * size for size in sizes]
    if amount == "sectors":
        return [[draw.random() < 0.5 for _ in range(size)] for size in sizes]
    masks = [[amount in ("all", "one lost", "one torn")] * size for size in sizes]
    if sizes and amount.startswith("one"):
        one = draw.randrange(len(sizes))
        masks[one] = [amount == "one kept"] * sizes[one]
        if amount == "one torn":
            reached = draw.randrange(sizes[one])
            masks[one][:reached] = [True] * reached
    return masks


def _pieces(entry: Entry, mask: Sequence[bool]) -> Iterator[Piece]:
    """The sectors that were kept, neighbours together."""
    begin = 0
    while begin < len(mask):
        end = begin + 1
        while end < len(mask) and mask[end] == mask[begin]:
            end += 1
        if mask[begin]:
            yield entry.offset + begin * SECTOR, entry.data[begin * SECTOR : end * SECTOR]
        begin = end


def _copy_from(disk: int, start: int, to: Path) -> None:
    """What a disk has from there on; holes stay holes."""
    size = os.fstat(disk).st_size
    with to.open("wb", buffering=0) as file:
        file.truncate(size - start)
        place = start
        while (place := _next_data(disk, place)) < size:
            end = os.lseek(disk, place, os.SEEK_HOLE)
            while place < end:
                data = os.pread(disk, min(end - place, 1 << 20), place)
                os.pwrite(file.fileno(), data, place - start)
                place += len(data)


def _next_data(disk: int, place: int) -> int:
    """Where the next data lies; behind the end if there is none."""
    try:
        return os.lseek(disk, place, os.SEEK_DATA)
    except OSError:  # ENXIO
        return os.fstat(disk).st_size
