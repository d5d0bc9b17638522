"""How long to wait before the WaWi is asked again; whoever asks draws the random numbers."""

from __future__ import annotations

# Somebody who booked at another till walks as long.
POLL_MS = 30_000
# Who looks at the server's list of tills wonders after some minutes whether one is still there.
BEAT_EVERY_MS = 300_000
_FIRST_MS = 1_000
_LONGEST_MS = 300_000
_MS = 1000
# Doubling more often would only make the number long.
_DOUBLINGS_MAX = 20


def backoff_ms(failures: int, retry_after_s: int | None, fraction: float) -> int:
    """After so many failures in a row: full jitter, so that tills do not come back all at once.

    `fraction` is random, from 0 to 1. What the WaWi asked for comes first, then the jitter.
    """
    most_ms = min(_FIRST_MS << min(failures, _DOUBLINGS_MAX), _LONGEST_MS)
    return (retry_after_s or 0) * _MS + int(most_ms * fraction)


def poll_ms(fraction: float) -> int:
    """After all was said: 15 to 45 seconds."""
    return POLL_MS // 2 + int(POLL_MS * fraction)
