"""A model of a disk: what is certainly on it, what only may be, and what a power cut leaves.

Names and what they name are separate. What was written since the last sync of a file is there or
not, sector by sector and in any order; a name that was made, changed or taken away since the last
sync of its folder likewise. Two file systems are told apart: `posix` promises no more than that;
`journal` (like ext4) keeps the order of names and brings them to the disk with a sync of the file
as well. The device may be honest, forget some syncs, or ignore them all.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from tests.faults.shim import Record

SECTOR = 512  # bytes
FileSystem = Literal["posix", "journal"]
Device = Literal["honest", "drops", "ignores"]
DROPPED = 0.1  # of the syncs, by a device that drops some
DIRECTORY = -1  # what a name of a folder names
Key = tuple[object, ...]


@dataclass
class File:
    """What a name can name: bytes that are on the disk, and changes that may be."""

    serial: int
    durable: bytearray = field(default_factory=bytearray)
    version: int = 0  # how often `durable` changed
    pending: list[Record] = field(default_factory=list)
    pieces: list[Record] = field(default_factory=list)  # the pending ones, cut into sectors

    def change(self, record: Record) -> None:
        self.pending.append(record)
        self.pieces.extend(_pieces(record))

    def forget(self) -> None:
        self.pending, self.pieces = [], []

    def sync(self) -> None:
        if self.pending:
            for record in self.pending:
                change(self.durable, record)
            self.version += 1
            self.pending, self.pieces = [], []


@dataclass(frozen=True)
class Naming:
    """One change of names, atomic: each name and what it names now, None for nothing."""

    names: tuple[tuple[str, int | None], ...]


@dataclass
class Image:
    """What is on the disk after the cut: contents by name, and a key that equal images share."""

    files: dict[str, bytes]
    folders: set[str]


def change(content: bytearray, record: Record) -> None:
    """Write or truncate."""
    if record.call == "w":
        _put(content, record.offset, record.data)
    elif record.length < len(content):
        del content[record.length :]
    else:
        content.extend(bytes(record.length - len(content)))


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """The disk while a recording is replayed on it, record by record."""

    def __init__(
        self, system: FileSystem, device: Device, draw: random.Random, before: dict[str, bytes]
    ) -> None:
        """`before` is what was on the disk, for good, before anything was recorded."""
        self._system = system
        self._device = device
        self._draw = draw
        self._files: dict[int, File] = {}
        self._of_inode: dict[int, int] = {}
        self._now: dict[str, int] = {".": DIRECTORY}
        for name, content in before.items():
            self._now[name] = self._new(bytearray(content)).serial
            parts = name.split("/")[:-1]
            self._now.update({"/".join(parts[: n + 1]): DIRECTORY for n in range(len(parts))})
        self._durable = dict(self._now)
        self._namings: list[Naming] = []
        self.lost: set[str] = set()  # files of which a failed sync lost something

    def _new(self, content: bytearray) -> File:
        serial = len(self._files) + 1
        self._files[serial] = File(serial, content)
        return self._files[serial]

    def apply(self, record: Record) -> None:
        """The next thing that a process asked for."""
        call = record.call
        if record.error and call in "sd":
            self._fail(self._of_inode.get(record.inode, DIRECTORY), record.name)
        if record.error or call in "RcMON":
            return
        if call == "o":
            self._open(record)
        elif call in "wta":
            file = self._files[self._of_inode[record.inode]]
            if call != "a":  # room that is reserved changes no byte that was written
                file.change(record)
        elif call in "sd":
            self._sync(record)
        elif call == "m":
            self._name((record.name, DIRECTORY))
        elif call in "ux":
            self._name((record.name, None))
        elif call in "rl":
            gone = ((record.name, None),) if call == "r" else ()
            self._name(*gone, (record.to, self._now.get(record.name)))

    def _fail(self, named: int, name: str) -> None:
        """What Linux makes of a failed sync: what was to be written is not tried again."""
        if named != DIRECTORY:
            if self._files[named].pending:
                self.lost.add(name)
            self._files[named].forget()

    def _open(self, record: Record) -> None:
        if record.made:
            serial = self._new(bytearray()).serial
            self._of_inode[record.inode] = serial
            self._name((record.name, serial))
        elif record.name in self._now:
            self._of_inode[record.inode] = self._now[record.name]

    def _name(self, *names: tuple[str, int | None]) -> None:
        self._namings.append(Naming(names))
        _rename(self._now, self._namings[-1])

    def _sync(self, record: Record) -> None:
        if self._device == "ignores":
            return
        if self._device == "drops" and self._draw.random() < DROPPED:
            return
        named = self._of_inode.get(record.inode, DIRECTORY)
        if named == DIRECTORY:
            self._sync_folder(record.name)
        else:
            self._files[named].sync()
            if self._system == "journal":
                self._commit_up_to(named)

    def _sync_folder(self, folder: str) -> None:
        if self._system == "journal":
            self._commit(len(self._namings))
            return
        later = []
        for naming in self._namings:
            if any(_parent(name) == folder for name, _ in naming.names):
                _rename(self._durable, naming)
            else:
                later.append(naming)
        self._namings = later

    def _commit_up_to(self, serial: int) -> None:
        """A sync of a file brings its name along, and all names that changed before."""
        numbers = [
            number
            for number, naming in enumerate(self._namings, 1)
            if any(named == serial for _, named in naming.names)
        ]
        self._commit(max(numbers, default=0))

    def _commit(self, count: int) -> None:
        for naming in self._namings[:count]:
            _rename(self._durable, naming)
        del self._namings[:count]

    # The cut

    def cut(self, draw: random.Random) -> tuple[Key, Image]:
        """What is found after a power cut here; `draw` decides what had reached the disk."""
        names = dict(self._durable)
        for naming in self._surviving(draw):
            _rename(names, naming)
        chance = draw.choice([0.0, 0.05, 0.5, 0.5, 0.95, 1.0])
        in_order = draw.random() < 0.3
        seen: dict[int, tuple[Key, bytes]] = {}
        files, key = {}, []
        for name, serial in sorted(names.items()):
            if serial == DIRECTORY or name.endswith("-shm") or not _reached(name, names):
                continue
            if serial not in seen:
                seen[serial] = _cut_file(self._files[serial], draw, chance, in_order=in_order)
            key.append((name, *seen[serial][0]))
            files[name] = seen[serial][1]
        folders = {name for name, serial in names.items() if serial == DIRECTORY}
        return tuple(key), Image(files, {each for each in folders if _reached(each, names)})

    def _surviving(self, draw: random.Random) -> list[Naming]:
        if self._system == "journal":
            return self._namings[: draw.randint(0, len(self._namings))]
        chance = draw.choice([0.0, 0.5, 1.0])
        return [naming for naming in self._namings if draw.random() < chance]

    def perfect(self, wanted: Iterable[str]) -> dict[str, bytes]:
        """Files with everything that was asked for, as a process sees them."""
        files = {}
        for name in wanted:
            if self._now.get(name, DIRECTORY) != DIRECTORY:
                file = self._files[self._now[name]]
                content = bytearray(file.durable)
                for record in file.pending:
                    change(content, record)
                files[name] = bytes(content)
        return files


def _cut_file(
    file: File, draw: random.Random, chance: float, *, in_order: bool
) -> tuple[Key, bytes]:
    """A file after the cut, by its sectors or as the beginning of what was asked for."""
    content = bytearray(file.durable)
    if not file.pending:
        return (file.serial, file.version), bytes(content)
    reached: list[int] = []
    if in_order:
        count = draw.randint(0, len(file.pending))
        reached.append(count)
        for record in file.pending[:count]:
            change(content, record)
    else:
        for number, piece in enumerate(file.pieces):
            if draw.random() < chance:
                reached.append(number)
                change(content, piece)
        longest = max((each.offset + len(each.data) for each in file.pending), default=0)
        if longest > len(content) and draw.random() < 0.2:
            # The length came to the disk, the bytes did not.
            reached.append(-longest)
            content.extend(bytes(longest - len(content)))
    return (file.serial, file.version, len(file.pending), in_order, *reached), bytes(content)


@cache
def _pieces(record: Record) -> tuple[Record, ...]:
    """A write, cut where sectors of the file begin; a truncation as it is.

    Kept, because the same recording is replayed again and again.
    """
    if record.call != "w":
        return (record,)
    pieces = []
    at, end = record.offset, record.offset + len(record.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        data = record.data[at - record.offset : until - record.offset]
        pieces.append(Record("w", inode=record.inode, offset=at, length=len(data), data=data))
        at = until
    return tuple(pieces)


def _rename(names: dict[str, int], naming: Naming) -> None:
    for name, serial in naming.names:
        if serial is None:
            names.pop(name, None)
        else:
            names[name] = serial


def _parent(name: str) -> str:
    return name.rpartition("/")[0] or "."


def _reached(name: str, names: dict[str, int]) -> bool:
    """Whether all folders on the way to a name are there."""
    while name != ".":
        name = _parent(name)
        if name not in names:
            return False
    return True
