"""Where the journals of a till and its WaWi part: asked for in rounds, each narrower."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.domain.exchange import Point
from kpos.domain.values import dataclass
from kpos.ledger.replica import epochs_of, number_of, sample
from kpos.sync.wire import BATCH_MAX

if TYPE_CHECKING:
    from kpos.ledger.journal import Journal


@dataclass(frozen=True, slots=True)
class Search:
    """For the last common point, among own documents `low` to `high`; `held` is not ours."""

    held: Point
    low: int
    high: int
    points: tuple[Point, ...]

    def answered(self, journal: Journal, found: Point | None) -> Search | int:
        """The next round, or how many documents are common. `found` is one of `points`, or none."""
        epochs = epochs_of(journal)
        numbers = [number_of(epochs, point.ref) for point in self.points]
        low = number_of(epochs, found.ref) if found is not None else self.low
        high = min((number - 1 for number in numbers if number > low), default=low)
        return _between(journal, self.held, low, high) if low < high else low


def search(journal: Journal, held: Point) -> Search:
    """The first round, over all documents."""
    return _between(journal, held, 0, sum(count for _, count in epochs_of(journal)))


def _between(journal: Journal, held: Point, low: int, high: int) -> Search:
    return Search(held, low, high, tuple(sample(journal, low, high, BATCH_MAX)))
