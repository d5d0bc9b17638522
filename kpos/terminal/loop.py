"""The one thread of the till: file descriptors, timers, and calls from other threads."""

from __future__ import annotations

import os
import selectors
import signal
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

# A till that finds more in its descriptors than this in one go looks at its timers in between.
_CHUNK = 65536


class Loop:
    """A selectors loop. Everything is called on the thread that runs it, `post` from anywhere."""

    def __init__(self) -> None:
        # poll, not epoll: standard input may be a plain file.
        self._selector = selectors.PollSelector()
        self._calls: deque[Callable[[], None]] = deque()
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._wake_read, selectors.EVENT_READ, self._woken)
        self._stopped = False
        self._closed = False
        self._hears_signals = False

    def add(self, descriptor: int, ready: Callable[[], None]) -> None:
        """Call `ready` whenever there is something to read."""
        self._selector.register(descriptor, selectors.EVENT_READ, ready)

    def remove(self, descriptor: int) -> None:
        """No more of that."""
        self._selector.unregister(descriptor)

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the loop's thread, soon. From any thread, and from signal handlers."""
        self._calls.append(call)
        if self._closed:
            return  # a worker finished after everybody else; the descriptor may be another's
        with suppress(BlockingIOError):  # the pipe is full of wake-ups already
            os.write(self._wake_write, b"!")

    def stop(self) -> None:
        """End `run` after what is being done now."""
        self._stopped = True

    def run(self, due_ms: Callable[[], int | None], after: Sequence[Callable[[], None]]) -> None:
        """Until `stop`: wait for descriptors or for `due_ms` milliseconds, then call `after`."""
        while not self._stopped:
            wait_ms = due_ms()
            # poll rounds down: a millisecond more, or the timer would be looked at twice.
            timeout = None if wait_ms is None else (max(wait_ms, 0) + 1) / 1000
            for key, _mask in self._selector.select(timeout):
                key.data()
            while self._calls:
                self._calls.popleft()()
            for call in after:
                call()

    def stop_on_signals(self) -> None:
        """SIGTERM, SIGINT and the end of the terminal end the loop in good order."""
        # Without this, Python would restart poll after the handler and never look up.
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        self._hears_signals = True

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup(1) means it
            signal.signal(signal.SIGHUP, stop)

    def close(self) -> None:
        """Give the descriptors back."""
        if self._hears_signals:
            signal.set_wakeup_fd(-1)
        self._closed = True
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _woken(self) -> None:
        os.read(self._wake_read, _CHUNK)
