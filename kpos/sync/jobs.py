"""What may be asked of a WaWi, as values: made on the till's thread, run on any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from kpos.domain.values import dataclass
from kpos.sync.backend import Backend, BackendError
from kpos.sync.wire import Ack, Heartbeat, Page, Point, Push, Tail


@dataclass(frozen=True, slots=True)
class Send:
    """Documents up."""

    push: Push

    def run(self, backend: Backend) -> Ack:
        """Ask."""
        return backend.push(self.push)


@dataclass(frozen=True, slots=True)
class Compare:
    """Which of these own points the WaWi holds."""

    points: tuple[Point, ...]

    def run(self, backend: Backend) -> Point | None:
        """Ask."""
        return backend.common(self.points)


@dataclass(frozen=True, slots=True)
class Fetch:
    """Own documents that were lost here."""

    after: Point | None

    def run(self, backend: Backend) -> Tail:
        """Ask."""
        return backend.tail(self.after)


@dataclass(frozen=True, slots=True)
class Read:
    """A page of the feed."""

    cursor: str | None

    def run(self, backend: Backend) -> Page:
        """Ask."""
        return backend.pull(self.cursor)


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life."""

    heartbeat: Heartbeat

    def run(self, backend: Backend) -> None:
        """Give it."""
        backend.heartbeat(self.heartbeat)


Job: TypeAlias = Send | Compare | Fetch | Read | Beat
Result: TypeAlias = Ack | Point | Tail | Page | BackendError | None


def attempt(job: Job, backend: Callable[[], Backend]) -> Result:
    """Run a job; a failure is its result, that to reach a backend at all too."""
    try:
        return job.run(backend())
    except BackendError as error:
        return error
