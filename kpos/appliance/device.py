"""A partition, written past the page cache: what was read back was on the disk."""

from __future__ import annotations

import errno
import mmap
import os
from pathlib import Path
from typing import Protocol

SECTOR = 512
# Big enough for a card to write it in one go, small beside the memory of a thin client.
CHUNK = 1024 * 1024


class Device(Protocol):
    """What is read and written in whole sectors; nothing is for good before `sync`."""

    size: int

    def read(self, offset: int, size: int) -> bytes:
        """So many bytes."""
        ...

    def write(self, offset: int, data: bytes) -> None:
        """Put them there."""
        ...

    def sync(self) -> None:
        """Wait until the disk has all that was written."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class Opener(Protocol):
    """`Partition`, or what records what is done to one."""

    def __call__(self, path: Path, *, alone: bool) -> Device:
        """Open a partition."""
        ...


class Partition:
    """A partition, or a file in its place.

    The kernel's cache is gone around (O_DIRECT), so that a write changes the sectors it names and
    no neighbour, and a read asks the disk. A file in a memory file system has no disk: there the
    cache is the file.
    """

    def __init__(self, path: Path, *, alone: bool) -> None:
        """`alone`: nobody may have it mounted.

        Raises:
            OSError: EBUSY where somebody has, EACCES for who may not.
        """
        # Without O_CREAT, O_EXCL on a block device is the kernel's own word that it is not in use.
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_EXCL if alone else 0)
        try:
            self._descriptor = os.open(path, flags | os.O_DIRECT)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            self._descriptor = os.open(path, flags)
        self._path = path
        # Memory of its own pages: what O_DIRECT asks for.
        self._buffer = mmap.mmap(-1, CHUNK)
        self.size = os.lseek(self._descriptor, 0, os.SEEK_END)

    def read(self, offset: int, size: int) -> bytes:
        """So many bytes, at most `CHUNK`.

        Raises:
            OSError: if the partition ends before.
        """
        assert offset % SECTOR == 0, "whole sectors"
        whole = -(-size // SECTOR) * SECTOR
        with memoryview(self._buffer) as buffer:
            found = os.preadv(self._descriptor, [buffer[:whole]], offset)
            if found < size:
                raise OSError(errno.EIO, f"ends at {offset + found}", str(self._path))
            return bytes(buffer[:size])

    def write(self, offset: int, data: bytes) -> None:
        """At most `CHUNK`, of whole sectors.

        Raises:
            OSError: if the disk does not take it.
        """
        assert offset % SECTOR == len(data) % SECTOR == 0, "whole sectors"
        self._buffer[: len(data)] = data
        with memoryview(self._buffer) as buffer:
            done = os.pwritev(self._descriptor, [buffer[: len(data)]], offset)
        if done < len(data):
            raise OSError(errno.EIO, f"took {done} of {len(data)} bytes", str(self._path))

    def sync(self) -> None:
        """Down to the disk, and out of any cache: the next read asks the disk."""
        os.fsync(self._descriptor)
        os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def close(self) -> None:
        """Give it back."""
        self._buffer.close()
        os.close(self._descriptor)
