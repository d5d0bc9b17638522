"""Lots: which goods leave next, and what they cost.

A lot is two integers, what is left of it and what that cost, begun with the invoice's line total
and never with a price per bottle. Taking n costs `portion` of what is left, so the last one takes
the rest and no cent is lost. FIFO takes from the oldest lot, LIFO from the newest; with average
cost goods leave the oldest lot and money leaves the product's pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from kpos.domain.ids import Id
from kpos.domain.money import portion
from kpos.domain.values import dataclass, replace

CostFlow: TypeAlias = Literal["fifo", "lifo", "average"]
COST_FLOWS: tuple[CostFlow, ...] = ("fifo", "lifo", "average")


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of a lot. `since` orders lots: the document that made it, and its line there."""

    id: Id
    since: tuple[int, int]
    quantity_left: int = 0
    cost_left: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """Goods of one lot; lot and cost are None while their delivery is not booked."""

    lot: Id | None
    quantity: int
    cost_cents: int | None

    @property
    def cost(self) -> int:
        """Cents, 0 while it is not known."""
        return self.cost_cents or 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """Lots of one product at one place, the next one to take from first.

    `pool` is quantity and cost of all lots together, where cost flows as an average.
    """

    lots: tuple[Lot, ...] = ()
    flow: CostFlow = "fifo"
    pool: tuple[int, int] = (0, 0)

    def take(self, quantity: int) -> tuple[tuple[Take, ...], Shelf]:
        """Take `quantity` (at least 1); what no lot has is taken without lot and cost."""
        takes = []
        shelf = self
        left = quantity
        while left and shelf.lots:
            lot = shelf.lots[0]
            some = min(left, lot.quantity_left)
            have, cost = (
                shelf.pool if self.flow == "average" else (lot.quantity_left, lot.cost_left)
            )
            take = Take(lot.id, some, portion(cost, some, have))
            shelf = shelf.moved(lot, -some, -take.cost)
            takes.append(take)
            left -= some
        if left:
            takes.append(Take(None, left, None))
        return tuple(takes), shelf

    def moved(self, lot: Lot, quantity: int, cost_cents: int) -> Shelf:
        """The shelf after goods came into a lot (+) or left it (-); an empty lot is no more."""
        lots = {each.id: each for each in self.lots}
        before = lots.get(lot.id, Lot(lot.id, lot.since))
        lots[lot.id] = replace(
            before,
            quantity_left=before.quantity_left + quantity,
            cost_left=before.cost_left + cost_cents,
        )
        left = [each for each in lots.values() if each.quantity_left]
        left.sort(key=lambda each: each.since, reverse=self.flow == "lifo")
        pool = (self.pool[0] + quantity, self.pool[1] + cost_cents)
        return Shelf(tuple(left), self.flow, pool)


def give_back(takes: Sequence[Take], quantity: int) -> tuple[Take, ...]:
    """`quantity` of what was taken, the last first: back to its lot at the cost it left with."""
    back = []
    left = quantity
    for take in reversed(takes):
        some = min(left, take.quantity)
        if some:
            cost = None
            if take.cost_cents is not None:
                cost = portion(take.cost_cents, some, take.quantity)
            back.append(Take(take.lot, some, cost))
            left -= some
    return tuple(back)


def cost_of(takes: Iterable[Take]) -> int:
    """What goods cost together, as far as it is known."""
    return sum(take.cost for take in takes)
