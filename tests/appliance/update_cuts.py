"""The plug pulled while a till is renewed: which slot does GRUB start then, and is it whole?

A recording (`plugs.Recording`) begins with slot A and ends with slot B, found good. Cut after an
entry of its log, the disk has what `platter` says. What is looked at is what the next start relies
on: the boot partition as dosfstools and mtools read it, the slot that the rule of grub.cfg chooses
(`tests/update/grub.py`), byte by byte, and the data partition with the books.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from making import disk
from making.disk import Partition
from tests.appliance.judge import Judge
from tests.appliance.platter import whole_disk
from tests.appliance.plugs import Recording
from tests.appliance.writelog import Entry, read_log
from tests.update.grub import Machine
from vm.card import SLOTS, Card, Name, call

_GRUB_CFG: Final = "grub/grub.cfg"
# As much of a slot as GRUB must find to start it.
_BEGINNING: Final = 4096
# Cut right before a write, right after it, and after what comes next.
_AROUND: Final = (0, 1, 2)


@dataclass(frozen=True)
class System:
    """What a slot should hold: so many bytes, and their SHA-256."""

    size: int
    sha256: str


def system_of(squashfs: Path) -> System:
    """The system in a file."""
    with squashfs.open("rb") as file:
        return System(squashfs.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True)
class Left:
    """What a cut left: what GRUB starts, and what is wrong with it or with the books, if anything.

    The first word of `fault` says with what: boot, slot or books.
    """

    slot: Name
    tries: str
    fault: str = ""


class Renewal:
    """A recorded update, to be cut anywhere. An `unsafe` disk ignored every flush."""

    def __init__(
        self,
        recording: Recording,
        systems: Mapping[Name, System],
        place: Path,
        device: Literal["honest", "unsafe"] = "honest",
    ) -> None:
        self._base: Final = Card(recording.base)
        self._systems = systems
        self._place = place
        self._history: Final = recording.history(place)
        self.entries: Sequence[Entry] = read_log(recording.log)
        if device == "unsafe":
            self.entries = [replace(e, is_flush=False, is_durable=False) for e in self.entries]

    def places(self, count: int, draw: random.Random) -> list[int]:
        """Where to cut: around all that decides, and as often before the switch as after it."""
        slot, boot = self._writes(disk.SLOT_B), self._writes(disk.BOOT)
        deciding = {*slot[:1], *slot[-1:], *boot}
        places = {number + more for number in deciding for more in _AROUND}
        assert len(places) < count, places
        spans = (range(slot[0], self.switch), range(self.switch, len(self.entries) + 1))
        for number in range(len(places), count):
            places.add(draw.choice([cut for cut in spans[number % 2] if cut not in places]))
        return sorted(places)

    @property
    def switch(self) -> int:
        """The number of the entry that tells GRUB to start the new slot."""
        return self._writes(disk.BOOT)[0]

    def disk(self, cut: int, path: Path) -> Card:
        """What a disk has after so many entries."""
        draw = random.Random(f"update {cut}")
        whole_disk(self._base.path, self.entries[:cut], draw, path)
        return Card(path)

    def look(self, cut: int, card: Card) -> Left:
        """What the next start makes of it; the card is not changed."""
        boot = _content(card, disk.BOOT, disk.BOOT.size * disk.MIB)
        slot, tries = self._started(card, boot)
        return Left(slot, tries, self._fault(cut, card, slot, boot))

    def _writes(self, to: Partition) -> list[int]:
        """The numbers of the entries that wrote into a partition."""
        there = range(to.offset, to.offset + to.size * disk.MIB)
        return [each.number for each in self.entries if each.data and each.offset in there]

    def _started(self, card: Card, boot: bytes) -> tuple[Name, str]:
        a, b = (_content(card, slot, _BEGINNING) for slot in (disk.SLOT_A, disk.SLOT_B))
        env = boot.index(card.boot_file("grub/grubenv"))
        return Machine(bytearray(boot), a, b, env).switch_on()

    def _fault(self, cut: int, card: Card, slot: Name, boot: bytes) -> str:
        partition = self._place / "boot.fat"
        partition.write_bytes(boot)
        # Fails with 1 for anything that it would mend.
        call("fsck.fat", "-n", str(partition))
        if card.boot_file(_GRUB_CFG) != self._base.boot_file(_GRUB_CFG):
            return "boot: another grub.cfg"
        wanted = self._systems[slot]
        found = hashlib.sha256(_content(card, SLOTS[slot], wanted.size)).hexdigest()
        if found != wanted.sha256:
            return f"slot: {slot} is not whole"
        with card.data() as data:
            verdict = self._history.verdict(cut, Judge(self._place).look(data))
        return "" if verdict == "whole" else f"books: {verdict}"


def _content(card: Card, partition: Partition, size: int) -> bytes:
    with card.path.open("rb") as file:
        file.seek(partition.offset)
        return file.read(size)
