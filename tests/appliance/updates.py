"""Updates for the till in the machine: signed slots, and what it says of those it has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kpos.appliance import pack
from vm.card import SLOTS, Card, Name, call
from vm.glass import BLANK
from vm.rig import START_S, Rig, make_key

_SUPERBLOCK: Final = 96
_BYTES_USED: Final = slice(40, 48)
_PAGE: Final = 4096
# What is behind the end of a squashfs is read by nobody, and is part of what is signed.
_BEHIND: Final = b"another build of the same sources".ljust(_PAGE, b"\0")
_RUN_FAILS: Final = """\
import sys
if sys.argv[1:2] == ["run"]:
    sys.exit("this version does not work")
"""
# GRUB's word on the console for each start.
STARTED: Final = re.compile(r"kpos: slot (\w) (?:kpos\.trial=(\d))?")


@dataclass(frozen=True)
class Maker:
    """Somebody who makes updates, and whom a till believes that has the line `signers`."""

    folder: Path
    key: Path
    signers: Path

    def pack(self, slot: Path) -> Path:
        """An update file of a slot."""
        return pack.pack(slot, pack.manifest_of(slot, "amd64"), self.key, self.folder)


def make_maker(folder: Path) -> Maker:
    """With a new key, in a folder that is there."""
    key, public = make_key(folder)
    signers = folder / "update-signers"
    signers.write_text(f'test namespaces="kpos-update" {public}')
    return Maker(folder, key, signers)


def good_slot(image: Path, slot: Path) -> Path:
    """What an image has in slot A, and a page more: whole, and not the same."""
    with image.open("rb") as card:
        card.seek(SLOTS["A"].offset)
        superblock = card.read(_SUPERBLOCK)
        used = int.from_bytes(superblock[_BYTES_USED], "little")
        content = superblock + card.read(used - _SUPERBLOCK)
    slot.write_bytes(content.ljust(-(-used // _PAGE) * _PAGE, b"\0") + _BEHIND)
    return slot


def slot_whose_till_ends(good: Path, slot: Path) -> Path:
    """One that starts, and whose till never runs."""
    root = slot.with_suffix(".root")
    call("unsquashfs", "-quiet", "-no-progress", "-dest", str(root), str(good))
    program = root / "usr/bin/kpos"
    first, rest = program.read_text().split("\n", 1)
    program.write_text(f"{first}\n{_RUN_FAILS}{rest}")
    fast = ("-comp", "gzip", "-Xcompression-level", "1", "-no-xattrs", "-quiet", "-no-progress")
    call("mksquashfs", str(root), str(slot), *fast)
    return slot


def kept_slot(card: Card, name: Name, slot: Path) -> bool:
    """Whether a slot begins with this squashfs."""
    content = slot.read_bytes()
    with card.path.open("rb") as file:
        file.seek(SLOTS[name].offset)
        return file.read(len(content)) == content


def starts(till: Rig) -> list[tuple[str, str]]:
    """Each slot that GRUB has started since the power came, with the tries left; empty if good."""
    return STARTED.findall(till.console)


def restarts_into(till: Rig, key: Path, slot: Name, tries: str) -> None:
    """Restart as an admin does after an update, up to GRUB's word of what it starts."""
    before = starts(till)
    # The connection may end before the command does.
    till.ssh("kpos update --reboot", key, statuses=(0, 255))
    assert starts(till) == before, "the admin was not told that the connection has ended"
    till.wait_for_console(f"kpos: slot {slot} kpos.trial={tries}", timeout_s=START_S)
    # What stands there while no till runs would be taken for one.
    till.wait_for(BLANK)


def slot_rows(till: Rig, key: Path) -> Mapping[str, Mapping[str, Any]]:
    """What `kpos update --status` says, by slot."""
    rows: Sequence[Mapping[str, Any]] = json.loads(till.ssh("kpos update --status --json", key))
    return {row["slot"]: row for row in rows}
