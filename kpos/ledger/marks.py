"""When the books were last backed up, to where, and when they were last verified.

Kept in files of their own beside the books: that is nothing to book, and a restore is not to bring
it back. What is missing or cannot be read has not happened.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kpos.domain.document import Json
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.ledger.files import Folder

_BACKUPS, _VERIFIED = "backups.json", "verified.json"
# Sticks come and go: the places written to last are remembered.
_PLACES_MAX = 8
_MODE = 0o640
_ROW = ("backed_up", "backup", "backup_documents", "verified", "damage")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was verified and is on the disk."""

    at: Instant
    file: str
    documents: int


@dataclass(frozen=True, slots=True)
class Verified:
    """A verification; `damage` is the code of what was found, with `detail`, or empty."""

    at: Instant
    documents: int
    damage: str = ""
    detail: str = ""


def backups(folder: Folder) -> list[BackedUp]:
    """The last one of each place, the newest first."""
    try:
        known = [_backed_up(each) for each in _read(folder.path / _BACKUPS)["backups"]]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return sorted(known, key=lambda each: each.at, reverse=True)


def verified(folder: Folder) -> Verified | None:
    """The last verification."""
    try:
        said = _read(folder.path / _VERIFIED)
        return Verified(
            Instant.parse(said["at"]), int(said["documents"]), str(said["damage"]), said["detail"]
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None


def marks_row(folder: Folder) -> dict[str, Json]:
    """The last backup and the last verification, for `kpos status`."""
    done, seen = next(iter(backups(folder)), None), verified(folder)
    row: dict[str, Json] = dict.fromkeys(_ROW)
    if done is not None:
        row |= {"backed_up": str(done.at), "backup": done.file, "backup_documents": done.documents}
    if seen is not None:
        row |= {"verified": str(seen.at), "damage": seen.damage or None}
    return row


def note_backup(folder: Folder, done: BackedUp) -> None:
    """Remember a backup in the place of the last one in its folder.

    Raises:
        OSError: if that cannot be written.
    """
    with _alone(folder):
        place = Path(done.file).parent
        others = [each for each in backups(folder) if Path(each.file).parent != place]
        kept = [
            {"at": str(each.at), "file": each.file, "documents": each.documents}
            for each in (done, *others)[:_PLACES_MAX]
        ]
        _write(folder.path / _BACKUPS, {"backups": kept})


def note_verified(folder: Folder, done: Verified) -> None:
    """Remember a verification.

    Raises:
        OSError: if that cannot be written.
    """
    with _alone(folder):
        said = {"documents": done.documents, "damage": done.damage, "detail": done.detail}
        _write(folder.path / _VERIFIED, {"at": str(done.at), **said})


def _backed_up(said: dict[str, Any]) -> BackedUp:
    return BackedUp(Instant.parse(said["at"]), str(said["file"]), int(said["documents"]))


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _write(path: Path, said: dict[str, Any]) -> None:
    """As a whole: a power cut leaves the former, or this."""
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _alone(folder: Folder) -> Iterator[None]:
    """A backup may end just when another one does."""
    descriptor = os.open(folder.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
