"""What somebody does at the server's desk; refusals are the caller's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from kpos.clock import ScriptClock
from tests.simulator.ready import START, new_house
from tests.simulator.server import Server
from tests.simulator.swarm import seeded

if TYPE_CHECKING:
    from tests.simulator.world import World

GOODS, PEOPLE = ("Mate", "Cola", "Snack"), ("Ada", "Linus", "Grace")
CODES = ("CARD-A", "CARD-L", "CARD-G")
# So many of each number of branches, so that ids come in more than one order.
HOUSES = 4
# Below zero are no seeds of evenings.
_SEED_OF_HOUSES = -2000


@cache
def house(branches: int, number: int) -> bytes:
    """The database of one of `HOUSES` houses, with goods and people whose cards are `CODES`."""
    with seeded(_SEED_OF_HOUSES - HOUSES * branches - number):
        server = Server(ScriptClock(START), new_house(branches))
        server.office("group_add", name="guests")
        for price, name in enumerate(GOODS, start=1):
            server.office("product_add", name=name, price_cents=50 * price, deposit_cents=15)
        for name, code in zip(PEOPLE, CODES, strict=True):
            server.office("member_add", name=name)
            server.office("card_issue", code=code, member=name)
        return server.copy()


def opens(world: World) -> None:
    """Before there is a till."""
    office = world.server.office
    office("setting_set", key="offline_limit_cents", value=money(world.swarm.limit_cents))
    for name in PEOPLE:
        office("top_up", member=name, cents=world.dice.randrange(1, 4000), means="transfer")


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def sets_price(world: World) -> None:
    changes = {"price_cents": world.dice.randrange(10, 300)}
    world.server.office("product_set", product=world.dice.choice(GOODS), changes=changes)


def adds_product(world: World) -> None:
    name = f"Good {world.dice.randrange(10)}"
    world.server.office("product_add", name=name, price_cents=world.dice.randrange(10, 300))


def retires_product(world: World) -> None:
    world.server.office("product_retire", product=f"Good {world.dice.randrange(10)}")


def adds_condition(world: World) -> None:
    world.server.office(
        "condition_add",
        kind="fixed",
        value=world.dice.randrange(10, 300),
        product=world.dice.choice(GOODS),
    )


def edits_member(world: World) -> None:
    changes: dict[str, object] = {"language": world.dice.choice(("de", "en", None))}
    if world.dice.random() < 0.5:
        changes = {"number": world.dice.randrange(1000, 10_000)}
    world.server.office("member_set", member=world.dice.choice(PEOPLE), changes=changes)


def takes_delivery(world: World) -> None:
    line = {"product": world.dice.choice(GOODS), "quantity": "10", "cost": "=8.00"}
    branch = world.dice.choice(world.server.branches)
    world.server.office("delivery_add", branch, lines=[line], paid_by="bank")


def tops_up(world: World) -> None:
    cents = world.dice.randrange(1, 1500)
    world.server.office("top_up", member=world.dice.choice(PEOPLE), cents=cents, means="transfer")


def labels(world: World) -> None:
    """A barcode comes, or goes."""
    code = f"LABEL-{world.dice.randrange(3)}"
    if world.server.rows("SELECT 1 FROM barcode WHERE code = ?", code):
        world.server.office("barcode_retire", code=code)
    else:
        world.server.office("barcode_add", product=world.dice.choice(GOODS), code=code)


def ends_condition(world: World) -> None:
    rows = world.server.rows("SELECT id FROM condition WHERE product IS NOT NULL ORDER BY id")
    if rows:
        world.server.office("condition_retire", condition=world.dice.choice(rows)[0])


def joins(world: World) -> None:
    code = world.fresh_code()
    world.server.office("member_add", name=f"Member {code}", history=True)
    world.server.office("card_issue", code=code, member=f"Member {code}")


def erases_member(world: World) -> None:
    """Whoever joined and has no credit."""
    rows = world.server.rows("SELECT id FROM member WHERE name LIKE 'Member %' ORDER BY id")
    if rows:
        world.server.office("erase", member=world.dice.choice(rows)[0])


def gives_home(world: World) -> None:
    """Somebody says where a wallet may be spent alone, or everywhere."""
    wallet = world.dice.choice(world.server.wallets())
    till = world.dice.choice([None, *(till.id for till in world.tills)])
    if till is None or any(each.id == till and world.is_paired(each) for each in world.tills):
        world.server.set_home(wallet, till)


CHORES: dict[Callable[[World], None], int] = {
    sets_price: 3,
    adds_product: 2,
    retires_product: 1,
    adds_condition: 2,
    edits_member: 6,
    takes_delivery: 3,
    tops_up: 3,
    gives_home: 3,
    labels: 4,
    ends_condition: 1,
    joins: 2,
    erases_member: 2,
}
