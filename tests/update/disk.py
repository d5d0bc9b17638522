"""A disk that remembers what was written to it, and in which states a power cut may leave it.

What was written before a sync of the same partition is there. Of what was written since, any part
may be: each write whole, lost, or torn at its sectors.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpos.appliance.device import SECTOR, Partition


@dataclass(frozen=True)
class Write:
    """Bytes for a partition."""

    path: Path
    offset: int
    data: bytes


@dataclass(frozen=True)
class Sync:
    """All of a partition's until here."""

    path: Path


Step = Write | Sync


class Recorder:
    """Opens partitions whose every write and sync is noted, in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __call__(self, path: Path, *, alone: bool) -> Recorded:
        return Recorded(path, self.steps, alone=alone)


class Recorded(Partition):
    def __init__(self, path: Path, steps: list[Step], *, alone: bool) -> None:
        super().__init__(path, alone=alone)
        self._name, self._steps = path, steps

    def write(self, offset: int, data: bytes) -> None:
        super().write(offset, data)
        self._steps.append(Write(self._name, offset, bytes(data)))

    def sync(self) -> None:
        super().sync()
        self._steps.append(Sync(self._name))


State = Mapping[Path, bytes]


def states(
    before: State, steps: Sequence[Step], draw: random.Random, torn: int
) -> Iterator[tuple[int, State]]:
    """After each step: all of it, none of what was not synced, and `torn` ways in between."""
    durable = {path: bytearray(content) for path, content in before.items()}
    pending: list[Write] = []
    for number, step in enumerate(steps):
        if isinstance(step, Write):
            pending.append(step)
        else:
            _apply(durable, [write for write in pending if write.path == step.path])
            pending = [write for write in pending if write.path != step.path]
        yield number, _with(durable, pending)
        yield number, _with(durable, [])
        for _ in range(torn if pending else 0):
            yield number, _with(durable, [part for each in pending for part in _torn(each, draw)])


def _with(durable: Mapping[Path, bytearray], writes: Sequence[Write]) -> State:
    disk = {path: bytearray(content) for path, content in durable.items()}
    _apply(disk, writes)
    return {path: bytes(content) for path, content in disk.items()}


def _apply(disk: Mapping[Path, bytearray], writes: Sequence[Write]) -> None:
    for write in writes:
        disk[write.path][write.offset : write.offset + len(write.data)] = write.data


def _torn(write: Write, draw: random.Random) -> Iterator[Write]:
    """Some of its sectors: none, all, a beginning, an end, or any."""
    sectors = range(0, len(write.data), SECTOR)
    cut = draw.randrange(len(sectors) + 1)
    keep = draw.choice(
        [
            lambda _at: False,
            lambda _at: True,
            lambda at: at < cut * SECTOR,
            lambda at: at >= cut * SECTOR,
            lambda _at: draw.random() < 0.5,
        ]
    )
    for at in sectors:
        if keep(at):
            yield Write(write.path, write.offset + at, write.data[at : at + SECTOR])
