"""How often: a bucket per token or address, refilled as time passes.

In the memory of the process: with several processes each has its own, which is as good against
what they are for, a client gone wild. A till that sells and catches up stays far below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from kpos.wawi.api.problems import Problem

_MS = 1000
# Whoever has a full bucket can be forgotten; that is done when there are more than this.
_BUCKETS_MAX = 10_000


@dataclass
class _Bucket:
    left: int  # thousandths of a request
    at_ms: int


class Limit:
    """At most `burst` requests at once, and `per_minute` in the long run, for each key."""

    def __init__(self, burst: int, per_minute: int, now_ms: Callable[[], int]) -> None:
        self._full = burst * _MS
        self._per_minute = per_minute
        self._now_ms = now_ms
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def check(self, key: str) -> None:
        """Take one.

        Raises:
            Problem: 429 with the seconds until there is one again.
        """
        with self._lock:
            bucket = self._filled(key)
            if bucket.left >= _MS:
                bucket.left -= _MS
                return
            missing_ms = (_MS - bucket.left) * 60 // self._per_minute
        seconds = missing_ms // _MS + 1
        headers = {"Retry-After": str(seconds)}
        raise Problem(429, f"too often: again in {seconds} s", headers=headers)

    def _filled(self, key: str) -> _Bucket:
        now_ms = self._now_ms()
        if key not in self._buckets and len(self._buckets) >= _BUCKETS_MAX:
            self._forget(now_ms)
        bucket = self._buckets.setdefault(key, _Bucket(self._full, now_ms))
        bucket.left = self._level(bucket, now_ms)
        bucket.at_ms = now_ms
        return bucket

    def _level(self, bucket: _Bucket, now_ms: int) -> int:
        return min(self._full, bucket.left + (now_ms - bucket.at_ms) * self._per_minute // 60)

    def _forget(self, now_ms: int) -> None:
        for key, bucket in list(self._buckets.items()):
            if self._level(bucket, now_ms) == self._full:
                del self._buckets[key]
