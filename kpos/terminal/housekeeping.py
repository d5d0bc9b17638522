"""What a till does for itself: tell systemd it lives, keep a good copy of stammdaten.db."""

from __future__ import annotations

from kpos.clock import Clock
from kpos.domain.instant import DAY_MS
from kpos.ledger.files import Folder
from kpos.terminal.notify import Notifier
from kpos.terminal.till import Till
from kpos.terminal.workers import Worker

# Not in the rush after a start, but also where a till is switched off every night.
_FIRST_COPY_MS = 3_600_000


class Housekeeping:
    """Timers of the process itself, on the monotonic clock."""

    def __init__(self, till: Till, worker: Worker, notifier: Notifier, clock: Clock) -> None:
        """`worker` is one of its own: nobody's PIN waits for a copy."""
        self._till = till
        self._worker = worker
        self._notifier = notifier
        self._clock = clock
        self._alive_ms = clock.monotonic_ms()
        self._copy_ms = clock.monotonic_ms() + _FIRST_COPY_MS

    def due_ms(self) -> int | None:
        """Milliseconds until systemd wants to hear; the copy waits for any other wake-up."""
        if self._notifier.watchdog_ms is None:
            return None
        return self._alive_ms + self._notifier.watchdog_ms - self._clock.monotonic_ms()

    def after(self) -> None:
        """Whatever is due."""
        now_ms = self._clock.monotonic_ms()
        watchdog_ms = self._notifier.watchdog_ms
        if watchdog_ms is not None and now_ms >= self._alive_ms + watchdog_ms:
            self._alive_ms = now_ms
            self._notifier.alive()
        if now_ms >= self._copy_ms and self._till.books is not None:
            self._copy_ms = now_ms + DAY_MS
            folder = self._till.books.folder
            self._worker.submit(lambda: _keep_copy(folder), lambda _done: None)


def _keep_copy(folder: Folder) -> None:
    from kpos.ledger.good_copy import keep_stammdaten

    keep_stammdaten(folder)
