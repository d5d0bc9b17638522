"""Where a small file lies on a FAT16 partition.

GRUB's environment is changed in place, in its one sector, while the partition stays mounted
read-only: mounting it to write would set a dirty bit, a new time in the folder, and maybe a new
place for the file, each of which a power cut may leave half done. So the file is looked up once, as
GRUB does it. Layout: Microsoft, "FAT: General Overview of On-Disk Format" 1.03.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from kpos.appliance.device import SECTOR
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass

Read = Callable[[int, int], bytes]

# Bytes per sector, sectors per cluster, reserved sectors, FATs, entries of the root folder.
_GEOMETRY = struct.Struct("<HBHBH")
_GEOMETRY_AT, _FAT_SECTORS_AT = 11, 22
_ENTRY = struct.Struct("<11sB14xHI")
_FOLDER = 0x10
_END = 0x00
_CLUSTERS = range(2, 0xFFF0)
_U16 = struct.Struct("<H")


@dataclass(frozen=True, slots=True)
class Fat:
    """A FAT16 file system, as far as finding a file takes."""

    read: Read
    cluster: int  # bytes
    table: int  # offset of the first FAT
    root: int  # offset of the root folder
    root_size: int
    data: int  # offset of cluster 2


def open_fat(read: Read) -> Fat:
    """The file system whose sectors `read` gives.

    Raises:
        Refused: if it is none, or another FAT.
    """
    first = read(0, SECTOR)
    sector, per_cluster, reserved, fats, entries = _GEOMETRY.unpack_from(first, _GEOMETRY_AT)
    (fat_sectors,) = _U16.unpack_from(first, _FAT_SECTORS_AT)
    is_fat16 = first[-2:] == b"\x55\xaa" and per_cluster and fats and entries and fat_sectors
    if not is_fat16 or sector != SECTOR:
        raise refuse("invalid", "the boot partition is no FAT16 with sectors of 512 bytes")
    table = reserved * SECTOR
    root = table + fats * fat_sectors * SECTOR
    root_size = entries * _ENTRY.size
    return Fat(read, per_cluster * SECTOR, table, root, root_size, root + root_size)


def offset_of(fat: Fat, *path: str) -> int:
    """Where the content of a file begins, in bytes from the start of the partition.

    `path` are its names in capitals, each of at most eight letters without an extension.

    Raises:
        Refused: if there is no such file, or it is empty.
    """
    folder = fat.read(fat.root, fat.root_size)
    for name in path[:-1]:
        cluster, _size = _entry(folder, name, is_folder=True)
        folder = b"".join(fat.read(at, fat.cluster) for at in _chain(fat, cluster))
    cluster, size = _entry(folder, path[-1], is_folder=False)
    if size < SECTOR or cluster not in _CLUSTERS:
        raise refuse("invalid", f"{'/'.join(path)} on the boot partition is empty")
    return _at(fat, cluster)


def _entry(folder: bytes, name: str, *, is_folder: bool) -> tuple[int, int]:
    """First cluster and size of what has this name: nothing deleted, and no part of a long name."""
    whole = len(folder) - len(folder) % _ENTRY.size
    for short, attributes, cluster, size in _ENTRY.iter_unpack(folder[:whole]):
        if short[0] == _END:
            break
        if short == name.ljust(11).encode() and bool(attributes & _FOLDER) is is_folder:
            return cluster, size
    raise refuse("invalid", f"there is no {name} on the boot partition")


def _chain(fat: Fat, cluster: int) -> Iterator[int]:
    """The clusters of a folder; one that bites its own tail ends."""
    seen = set()
    while cluster in _CLUSTERS and cluster not in seen:
        seen.add(cluster)
        yield _at(fat, cluster)
        sector, within = divmod(fat.table + _U16.size * cluster, SECTOR)
        (cluster,) = _U16.unpack_from(fat.read(sector * SECTOR, SECTOR), within)


def _at(fat: Fat, cluster: int) -> int:
    return fat.data + (cluster - _CLUSTERS.start) * fat.cluster
