"""A till of its own, with goods, people and a history, before it joins a house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.domain.refusal import Refused
from kpos.ledger.office import perform
from tests.simulator.evening import ERRANDS
from tests.simulator.ready import ADMIN

if TYPE_CHECKING:
    from tests.simulator.till import Till
    from tests.simulator.world import World

# The house has a Mate and an Ada, too.
GOODS, PEOPLE = ("Mate", "Tea"), ("Ada", "Own")
ERRANDS_MAX = 12


def evening(world: World, till: Till) -> int:
    """How much was booked."""

    def office(request: str, **arguments: object) -> None:
        perform(till.books, request, arguments, ADMIN)

    office("group_add", name="guests")
    for price, name in enumerate(GOODS, start=1):
        office("product_add", name=name, price_cents=70 * price, deposit_cents=15)
    for name in PEOPLE:
        office("member_add", name=name)
        office("card_issue", code=world.fresh_code(), member=name)
        office("top_up", member=name, cents=world.dice.randrange(1, 4000), means="cash")
    line = {"product": "Mate", "quantity": "5", "cost": "=4.00"}
    office("delivery_add", lines=[line], paid_by="bank")
    booked = 0
    for _ in range(world.dice.randrange(ERRANDS_MAX)):
        [errand] = world.dice.choices(list(ERRANDS), list(ERRANDS.values()))
        try:
            errand(world, till)
        except Refused:
            continue
        booked += 1
    return booked
