"""Slow work off the till's thread; the answer comes back as a call on the till's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from queue import SimpleQueue

Job = tuple[Callable[[], Any], Callable[[Any], None]]


class Post(Protocol):
    """Hands a call over to the till's thread; may be called from any thread."""

    def __call__(self, call: Callable[[], None]) -> None:
        """Run `call` soon, on the till's thread."""
        ...


class Worker:
    """One thread that does one thing after the other. Started by the first of them."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._jobs: SimpleQueue[Job] | None = None
        self.outstanding = 0

    def submit(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do `work` in the thread, then `then(result)` on the till's thread.

        `work` must not raise: a failure it expects is part of its result.
        """
        self.outstanding += 1
        if self._jobs is None:
            # Imported late: most evenings begin without a PIN.
            from queue import SimpleQueue
            from threading import Thread

            self._jobs = SimpleQueue()
            Thread(target=self._run, args=(self._jobs,), name="kpos-worker", daemon=True).start()
        self._jobs.put((work, then))

    def _run(self, jobs: SimpleQueue[Job]) -> None:
        while True:
            work, then = jobs.get()
            result = work()
            self._post(lambda then=then, result=result: self._finish(then, result))  # type: ignore[misc]

    def _finish(self, then: Callable[[Any], None], result: object) -> None:
        self.outstanding -= 1
        then(result)
