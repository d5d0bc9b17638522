"""Goods in, goods lost, goods counted: bodies of these documents, and what they book.

A document's costs add up to its `inventory` posting. Deposit stands at face value: + into the
house, full or empty. Breakage, gift and a missing bottle lose the deposit unit as well; what
expired or was used by the house keeps its empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from kpos.domain.bodies import Units
from kpos.domain.document import Draft, Movement, Named, Posting, Ref, body_of, merge_postings
from kpos.domain.ids import Id
from kpos.domain.lots import Take, cost_of
from kpos.domain.values import dataclass

INVENTORY = "inventory"
COST = "cost"
STOCKTAKE = "stocktake"

PaidBy: TypeAlias = Literal["cash", "bank", "owed", "member", "opening"]
PAID_BY: tuple[PaidBy, ...] = ("cash", "bank", "owed", "member", "opening")
Reason: TypeAlias = Literal["breakage", "expiry", "own_use", "gift"]
REASONS: tuple[Reason, ...] = ("breakage", "expiry", "own_use", "gift")
# With these the bottle is gone as well; the others leave an empty behind.
LOSES_DEPOSIT = frozenset({"breakage", "gift", STOCKTAKE})


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """Goods of one lot; `cost_cents` and `tax_cents` of the whole line, `quantity` in pieces."""

    line: int
    product: Id
    place: str
    lot: Id
    quantity: int
    pack_size: int | None
    cost_cents: int
    tax_key: str
    tax_cents: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods in, paid from `account`; a negative total brings money (empties go back)."""

    supplier: Id | None
    invoice: str
    delivered_on: str
    paid_by: PaidBy
    account: str
    lines: tuple[DeliveryLine, ...]
    units: tuple[Units, ...]
    deposit_tax_cents: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class CostingItem:
    """Goods that left before their lot was known get it; a negative quantity loses it again."""

    of: Named
    line: int
    product: Id
    lot: Id
    quantity: int
    cost_cents: int
    account: str


@dataclass(frozen=True, slots=True)
class Costing:
    """Costs that follow goods that left."""

    items: tuple[CostingItem, ...]


@dataclass(frozen=True, slots=True)
class WriteOffLine:
    """Goods that are gone."""

    line: int
    product: Id
    place: str
    quantity: int


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Goods that are gone without being sold, and why."""

    reason: Reason
    lines: tuple[WriteOffLine, ...]
    units: tuple[Units, ...]


@dataclass(frozen=True, slots=True)
class StocktakeLine:
    """What should have been there as of the count, and what was."""

    line: int
    product: Id
    expected: int
    counted: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stocktake:
    """A count whose differences are booked: counted by one, approved by another."""

    place: str
    counted_at: str
    as_of: Ref
    counted_by: str
    approved_by: str
    units: tuple[Units, ...]
    lines: tuple[StocktakeLine, ...]


def delivery(
    body: Delivery, best_before: Sequence[str | None], deposit_key: str, note: str | None
) -> Draft:
    """Goods in; `best_before` has a day for each line, `deposit_key` is that of deposit's tax."""
    postings = [Posting(INVENTORY, line.cost_cents) for line in body.lines]
    postings += [Posting(f"input_tax:{line.tax_key}", line.tax_cents) for line in body.lines]
    postings.append(Posting(f"input_tax:{deposit_key}", body.deposit_tax_cents))
    postings += deposit_postings(body.units)
    postings.append(Posting(body.account, -body.total_cents))
    movements = tuple(
        Movement(line.product, line.place, line.lot, line.quantity, line.cost_cents, day)
        for line, day in zip(body.lines, best_before, strict=True)
    )
    return Draft(
        kind="delivery",
        body=body_of(body),
        postings=merge_postings(*postings),
        movements=movements,
        private={"note": note} if note else None,
    )


def total_of(lines: Iterable[DeliveryLine], units: Iterable[Units], deposit_tax_cents: int) -> int:
    """What a delivery costs: goods, their tax, deposit and its tax."""
    goods = sum(line.cost_cents + line.tax_cents for line in lines)
    return goods + deposit_cents(units) + deposit_tax_cents


def costing(items: Sequence[CostingItem], place: str) -> Draft:
    """Costs follow goods: their accounts against the inventory, merged per lot."""
    postings = []
    moved: dict[tuple[Id, Id | None], list[int]] = {}
    for item in items:
        postings += [Posting(item.account, item.cost_cents), Posting(INVENTORY, -item.cost_cents)]
        waits, comes = (None, item.quantity, 0), (item.lot, -item.quantity, -item.cost_cents)
        # What comes in first: goods that get a lot do not wait any more, before they leave it.
        for lot, quantity, cost in (waits, comes) if item.quantity > 0 else (comes, waits):
            sums = moved.setdefault((item.product, lot), [0, 0])
            sums[0] += quantity
            sums[1] += cost
    movements = tuple(
        Movement(product, place, lot, quantity, None if lot is None else cost)
        for (product, lot), (quantity, cost) in moved.items()
        if quantity
    )
    return Draft(
        "costing", body_of(Costing(tuple(items))), merge_postings(*postings), movements, "till"
    )


def write_off(
    body: WriteOff, takes: Sequence[tuple[Take, ...]], author: str | None, note: str | None
) -> Draft:
    """Goods are gone; `takes` has what each line took."""
    account = f"writeoff:{body.reason}"
    cost = sum(map(cost_of, takes))
    postings = merge_postings(
        Posting(account, cost - deposit_cents(body.units)),
        Posting(INVENTORY, -cost),
        *deposit_postings(body.units),
    )
    movements = [
        movement
        for line, each in zip(body.lines, takes, strict=True)
        for movement in leaving(line.product, line.place, each)
    ]
    private = {"note": note} if note else None
    return Draft("write_off", body_of(body), postings, tuple(movements), author, private)


def stocktake(
    body: Stocktake,
    moved: Sequence[tuple[Movement, ...]],
    deposits: Sequence[int],
    author: str | None,
    note: str | None,
) -> Draft:
    """Differences are booked: each line's movements and deposit cents against its reason.

    What `units` says beyond the lines are empties that were counted.
    """
    postings = []
    for line, movements, deposit in zip(body.lines, moved, deposits, strict=True):
        cost = sum(movement.cost_cents or 0 for movement in movements)
        postings.append(Posting(f"writeoff:{line.reason}", -cost - deposit))
        postings.append(Posting(INVENTORY, cost))
    empties = deposit_cents(body.units) - sum(deposits)
    postings.append(Posting(f"writeoff:{STOCKTAKE}", -empties))
    postings += deposit_postings(body.units)
    return Draft(
        "stocktake",
        body_of(body),
        merge_postings(*postings),
        tuple(movement for movements in moved for movement in movements),
        author,
        {"note": note} if note else None,
    )


def leaving(product: Id, place: str, takes: Iterable[Take]) -> tuple[Movement, ...]:
    """Goods out of their lots."""
    return tuple(
        Movement(
            product,
            place,
            take.lot,
            -take.quantity,
            None if take.cost_cents is None else -take.cost_cents,
        )
        for take in takes
    )


def returning(product: Id, place: str, takes: Iterable[Take]) -> tuple[Movement, ...]:
    """Goods back into their lots."""
    return tuple(
        Movement(product, place, take.lot, take.quantity, take.cost_cents) for take in takes
    )


def deposit_cents(units: Iterable[Units]) -> int:
    """What deposit units are worth."""
    return sum(each.cents_per_unit * each.quantity for each in units)


def deposit_postings(units: Iterable[Units]) -> list[Posting]:
    """Deposit units at face value."""
    return [Posting("deposit", each.cents_per_unit * each.quantity) for each in units]


def merged_units(units: Iterable[tuple[int, int]]) -> tuple[Units, ...]:
    """(value in cents, signed quantity) added up per value, none of zero."""
    sums: dict[int, int] = {}
    for value, quantity in units:
        sums[value] = sums.get(value, 0) + quantity
    return tuple(Units(value, quantity) for value, quantity in sums.items() if value and quantity)
