"""Backups in a folder: what a new one is called, and which old ones go for it."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from kpos.domain.instant import Instant

_END, _PART = ".db", ".db.part"


def name_of(prefix: str, at: Instant) -> str:
    """``kpos-K1-20261122T043000Z.db``: by till, then by time."""
    return f"{_start(prefix)}{at.as_datetime():%Y%m%dT%H%M%SZ}{_END}"


def thin_out(fresh: Path, prefix: str, keep: int) -> list[Path]:
    """Delete what is older than the `keep` newest of a till; `fresh` is one of them, always.

    Called when `fresh` is there and verified. Other names stay, and so do those of other prefixes.

    Raises:
        OSError: if one cannot be deleted.
    """
    start, digits = _start(prefix), len("20261122T043000Z")
    names = [
        path
        for path in fresh.parent.glob(f"{start}*{_END}")
        if len(path.name) == len(start) + digits + len(_END) and path != fresh
    ]
    gone = sorted(names, reverse=True)[keep - 1 :]
    for path in gone:
        path.unlink()
    for path in fresh.parent.glob(f"{start}*{_PART}"):
        _remove_if_left(path)
    return gone


def _start(prefix: str) -> str:
    return f"kpos-{prefix}-"


def _remove_if_left(part: Path) -> None:
    """What a power cut left of a backup; one that is being written is locked by its writer."""
    with suppress(BlockingIOError):
        descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
        finally:
            os.close(descriptor)
