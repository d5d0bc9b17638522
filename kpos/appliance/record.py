"""What was put into the slots and what became of it, for people: a file on the data partition.

GRUB's environment decides what is started; this only remembers. A file that cannot be read is as
good as none.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from kpos.appliance import manifest as manifests
from kpos.appliance.grubenv import SlotName
from kpos.appliance.manifest import Manifest
from kpos.domain.instant import Instant
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import dataclass, replace
from kpos.ledger.files import sync_folder

FOLDER = Path("/data/update")
_FILE, _LOCK = "record.json", "lock"
Outcome: TypeAlias = Literal["writing", "waiting", "trial", "good", "back"]


@dataclass(frozen=True, slots=True)
class Last:
    """The last update. `why`: what its trial waits for, or why the other slot was taken again."""

    slot: SlotName
    version: str
    at: Instant
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What each slot was given, as far as an update gave it, and the last update."""

    slots: Mapping[SlotName, Manifest]
    last: Last | None = None


NOTHING = Record({})


def read_record(folder: Path) -> Record:
    """What is remembered."""
    try:
        said = json.loads((folder / _FILE).read_bytes())
        slots = {name: manifests.parse(json.dumps(each).encode()) for name, each in said["slots"]}
        return Record(slots, _last(said["last"]))
    except (OSError, ValueError, LookupError, TypeError, Refused):
        return NOTHING


def _last(said: Mapping[str, Any] | None) -> Last | None:
    if said is None:
        return None
    if said["slot"] not in get_args(SlotName) or said["outcome"] not in get_args(Outcome):
        raise ValueError
    return Last(**{**said, "at": Instant.parse(said["at"])})


def write_record(folder: Path, record: Record) -> None:
    """Remember this, all of it or nothing."""
    last = record.last
    said = {
        "slots": [
            (name, json.loads(manifests.written(each))) for name, each in record.slots.items()
        ],
        "last": None
        if last is None
        else {
            "slot": last.slot,
            "version": last.version,
            "at": str(last.at),
            "outcome": last.outcome,
            "why": last.why,
        },
    }
    file = folder / _FILE
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as target:
        json.dump(said, target, indent=1)
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(file)
    sync_folder(folder)


def note(folder: Path, outcome: Outcome, why: str = "") -> None:
    """Remember what became of the last update; a full disk does not change what becomes of it."""
    record = read_record(folder)
    if record.last is None or (record.last.outcome, record.last.why) == (outcome, why):
        return
    with suppress(OSError):
        write_record(folder, replace(record, last=replace(record.last, outcome=outcome, why=why)))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While nobody else renews a slot; the folder is made if it is missing.

    Raises:
        Refused: while somebody does.
    """
    folder.mkdir(mode=0o755, exist_ok=True)
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise refuse("invalid", "another kpos update is at work") from error
    try:
        yield
    finally:
        os.close(descriptor)
