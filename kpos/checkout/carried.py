"""What events carry, a line of a list each."""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class PastBooking:
    """One line of "my last bookings"; `when` is local, `amount` as it changed the credit."""

    when: str
    kind: str
    text: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who delivers."""

    id: Id
    name: str
