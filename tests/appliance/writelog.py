"""What QEMU's blklogwrites noted of a disk: each write and each flush, in the order they were done.

The format is that of Linux' dm-log-writes: a superblock, then for each entry a sector that says
what was done (place and length in sectors, flags, a length of no use; 64 bits each), and the data.
QEMU does a thing on the disk first, notes it then, and tells the guest last
(block/blklogwrites.c, blk_log_writes_co_log): what the guest knows to be done is in the log.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SECTOR = 512  # bytes; what the rig asks for as log-sector-size
_MAGIC, _VERSION = 0x6A736677736872, 1
_SUPER = struct.Struct("<QQQI")
_ENTRY = struct.Struct("<QQQQ")
_FLUSH, _FUA, _DISCARD, _MARK = 1, 2, 4, 8


class Unreadable(Exception):
    """This is no log, or not one of ours."""


@dataclass(frozen=True)
class Entry:
    """One thing done. A flush has no data; what is discarded reads as zeroes."""

    number: int
    at: int  # where in the log it is noted, in bytes
    offset: int  # where on the disk, in bytes
    data: bytes
    is_flush: bool
    is_durable: bool  # written through (FUA)


def read_log(path: Path) -> tuple[Entry, ...]:
    """All entries, the last one too where QEMU was killed while it wrote it.

    Raises:
        Unreadable: it is no such log, or has fewer entries than it says.
    """
    with path.open("rb") as log:
        magic, version, counted, sector = _SUPER.unpack(log.read(_SUPER.size))
        # Before the first flush there is no superblock.
        if (magic, version, sector) not in ((_MAGIC, _VERSION, SECTOR), (0, 0, 0)):
            msg = f"{path} is no log of blklogwrites with sectors of {SECTOR} bytes"
            raise Unreadable(msg)
        entries = tuple(_entries(log))
    if len(entries) < counted:
        msg = f"{path} says it has {counted} entries, and has {len(entries)}"
        raise Unreadable(msg)
    return entries


def as_killed(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Without a write at the end, of which a SIGKILL may have left a part in the log.

    The guest was not told that it is done, or has flushed nothing since: it may be lost.
    """
    if entries and not entries[-1].is_flush:
        return entries[:-1]
    return entries


def _entries(log: BinaryIO) -> Iterator[Entry]:
    at, number = SECTOR, 0
    while True:
        log.seek(at)
        head = log.read(_ENTRY.size)
        # The file is as long as a log may get, and empty behind its end.
        if not any(head):
            return
        sector, sectors, flags, _ = _ENTRY.unpack(head)
        if flags & ~(_FLUSH | _FUA | _DISCARD | _MARK):
            msg = f"entry {number} has flags {flags:#x}"
            raise Unreadable(msg)
        length = sectors * SECTOR
        has_data = bool(length) and not flags & _DISCARD
        log.seek(at + SECTOR)
        data = log.read(length) if has_data else b""
        yield Entry(number, at, sector * SECTOR, data.ljust(length, b"\0"),
                    bool(flags & _FLUSH), bool(flags & _FUA))  # fmt: skip
        at += SECTOR + (length if has_data else 0)
        number += 1
