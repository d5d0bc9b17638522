"""What has to be done once in a while: by whoever asks first after that."""

from __future__ import annotations

from threading import Lock

from kpos.domain.instant import DAY_MS, Instant
from kpos.wawi.core import feed
from kpos.wawi.database import wipe, writing

_lock = Lock()
_purged = Instant(0)


def purge_daily(now: Instant) -> None:
    """Forget tombstones that are too old, for good, and whatever tills had erased."""
    global _purged  # noqa: PLW0603 - one per process
    with _lock:
        if now < _purged.plus_ms(DAY_MS):
            return
        _purged = now
    with writing() as db:
        feed.purge(db, now)
    wipe()
