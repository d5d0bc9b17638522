"""The update: a slot is written, read back, and started the next time.

The order is what keeps a till alive whose plug is pulled meanwhile. Each step is on the disk before
the next one begins:

1. GRUB starts the running slot, for good. (It does, unless an update waits that was never started.)
2. The first sector of the other slot is zeroed: nothing can be started from it any more.
3. All behind it is written, and read back.
4. The first sector is written, and read back: it is whole.
5. One sector of grubenv says that it is started the next time, and how often that may fail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from kpos.appliance.bundle import Bundle
from kpos.appliance.device import CHUNK, SECTOR, Device, Opener, Partition
from kpos.appliance.grubenv import TRIES, Choice, Grubenv, SlotName
from kpos.appliance.manifest import Manifest
from kpos.appliance.record import Last, Record, note, read_record, write_record
from kpos.appliance.slots import Slots
from kpos.domain.instant import Instant
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import dataclass

# It has the superblock (96 bytes), without which GRUB finds nothing. One sector, so that a slot can
# be started or cannot, and nothing in between.
_FIRST = SECTOR
_SUPERBLOCK = b"hsqs"
# The disk is waited for this often, so that a booking meanwhile waits for no more than this.
_SYNC_EVERY = 4 * CHUNK

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an update goes: the slots, and the folder of what is remembered of updates.

    `opener` opens partitions.
    """

    slots: Slots
    folder: Path
    opener: Opener = Partition


def install(bundle: Bundle, place: Place, now: Instant, progress: Progress) -> None:
    """Renew the slot that does not run, and have it started the next time.

    Whether it may be is for the caller to have looked at. `progress` is told what is done, and how
    much of how much.

    Raises:
        Refused: if it is not what was signed, or the disk does not keep it: what runs is started
            the next time, as it was.
        OSError: likewise.
    """
    slots, manifest = place.slots, bundle.manifest()
    grubenv = Grubenv(slots.boot, place.opener)
    device = place.opener(slots.path(slots.other), alone=True)
    try:
        if device.size < manifest.size:
            reason = f"slot {slots.other} has room for {device.size} bytes, not {manifest.size}"
            raise refuse("invalid", f"{reason}: write the new image to a larger card")
        grubenv.write(Choice(slots.running))
        _remember(place, manifest, now)
        try:
            first = _write(device, bundle, manifest, progress)
            _read_back(device, first, manifest, progress)
        except Refused as refused:
            note(place.folder, "writing", str(refused))
            raise
    finally:
        device.close()
    grubenv.write(Choice(slots.other, TRIES))
    note(place.folder, "waiting")


def can_be_started(place: Place, name: SlotName) -> bool:
    """Whether a slot holds anything: not one that is empty, nor half written.

    Raises:
        OSError: if it cannot be read.
    """
    device = place.opener(place.slots.path(name), alone=False)
    try:
        return device.read(0, _FIRST).startswith(_SUPERBLOCK)
    finally:
        device.close()


def _remember(place: Place, manifest: Manifest, now: Instant) -> None:
    """What is in the slot from now on, or begins to be."""
    other = place.slots.other
    known = read_record(place.folder).slots
    slots = {name: known[name] for name in known if name != other} | {other: manifest}
    last = Last(other, manifest.version, now, "writing", "it was cut off: run it again")
    write_record(place.folder, Record(slots, last))


def _write(device: Device, bundle: Bundle, manifest: Manifest, progress: Progress) -> bytes:
    """Everything but the first sector, which is returned."""
    device.write(0, bytes(_FIRST))
    device.sync()
    found = hashlib.sha256()
    first, at = b"", 0
    for piece in bundle.slot():
        found.update(piece)
        if at == 0:
            first, piece = _padded(piece[:_FIRST]), piece[_FIRST:]  # noqa: PLW2901
            at = _FIRST
        if piece:
            device.write(at, _padded(piece))
            at += len(piece)
        if at % _SYNC_EVERY == 0:
            device.sync()
        progress("written", min(at, manifest.size), manifest.size)
    device.sync()
    if found.hexdigest() != manifest.sha256:
        reason = "the slot in the update is not what was signed: fetch or copy it again"
        raise refuse("invalid", f"{reason}; what runs is started the next time, as it was")
    return first


def _read_back(device: Device, first: bytes, manifest: Manifest, progress: Progress) -> None:
    """Look at what the disk has kept; then, at last, the first sector."""
    kept = hashlib.sha256(first[: manifest.size])
    for at in range(_FIRST, manifest.size, CHUNK):
        piece = device.read(at, min(CHUNK, manifest.size - at))
        kept.update(piece)
        progress("read back", at + len(piece), manifest.size)
    if kept.hexdigest() != manifest.sha256:
        raise _worn_out()
    device.write(0, first)
    device.sync()
    if device.read(0, len(first)) != first:
        raise _worn_out()


def _padded(piece: bytes) -> bytes:
    """To whole sectors."""
    return piece.ljust(-(-len(piece) // SECTOR) * SECTOR, b"\0")


def _worn_out() -> Refused:
    reason = "the card does not keep what is written to it: what runs goes on; replace the card"
    return refuse("invalid", reason)
