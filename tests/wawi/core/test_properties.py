"""However documents of many tills come in, the house ends with the same balances."""

import random
from pathlib import Path

import pytest

from kpos.ledger.database import Database
from kpos.sync.backend import Unlinked
from kpos.sync.wire import Push
from kpos.wawi.core import checking
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import Filialkasse, Haus

SEEDS = range(6)


def evening(till: Filialkasse, dice: random.Random) -> None:
    """Some purchases, of which some are taken back, and money that comes in."""
    for _ in range(dice.randrange(2, 6)):
        who, what = dice.choice(["Ada", "Linus"]), dice.choice(["Mate", "Cola"])
        sold = till.kasse.buy(who, (what, dice.randrange(1, 4)))
        if dice.random() < 0.3:
            till.kasse.undo(sold)
        if dice.random() < 0.3:
            till.kasse.office("top_up", member=who, cents=dice.randrange(1, 500))


def send_in_any_order(haus: Haus, tills: list[Filialkasse], dice: random.Random) -> None:
    """Batches of any size, of any till, some of them twice or from long ago."""
    while any(till.acked != till.head for till in tills):
        till = dice.choice(tills)
        after = dice.choice([till.acked, None])
        entries = till.entries(after)[: dice.randrange(1, 60)]
        ack = till.desk.push(Push(after, tuple(entries), till.head))
        if dice.random() < 0.5:
            assert till.desk.push(Push(after, tuple(entries), till.head)) == ack
        till.acked = ack.acked
        if dice.random() < 0.2:
            line = {"product": dice.choice(["Mate", "Cola"]), "quantity": "5", "cost": "=4.00"}
            haus.office("delivery_add", lines=[line], paid_by="bank")


@pytest.mark.parametrize("seed", SEEDS)
def test_any_interleaving_gives_the_balances_of_a_rebuild(haus: Haus, seed: int):
    dice = random.Random(seed)
    haus.add_product("Mate", 150, deposit_cents=15)
    haus.add_product("Cola", 200)
    haus.add_member("Ada", 50_000)
    haus.add_member("Linus", 50_000)
    tills = [haus.add_till(branch) for branch in ("Keller", "Keller", "Dach")]
    for till in tills:
        evening(till, dice)
    spent = {}
    for name in ("Ada", "Linus"):
        account = f"wallet:{haus.wallet(name)}"
        moved = (
            posting.cents
            for till in tills
            for document in till.kasse.documents()
            for posting in document.postings
            if posting.account == account
        )
        spent[name] = 50_000 - sum(moved)
    send_in_any_order(haus, tills, dice)
    assert {name: haus.credit(name) for name in spent} == spent
    haus.is_sound()
    with transaction(haus.db):
        assert checking.rebuild(haus.db, haus.clock.now()) == []
    for till in tills:
        till.pull()
        assert {name: till.kasse.credit(name).cents for name in spent} == spent


@pytest.mark.parametrize("seed", SEEDS)
def test_no_garbled_batch_gets_in_beside_the_chain(haus: Haus, tmp_path: Path, seed: int):
    dice = random.Random(seed)
    haus.add_product("Mate", 150)
    haus.add_product("Cola", 200)
    haus.add_member("Ada", 50_000)
    haus.add_member("Linus", 50_000)
    till = haus.add_till()
    evening(till, dice)
    held = till.acked
    entries = till.entries(held)
    for _ in range(20):
        garbled = entries.copy()
        dice.shuffle(garbled)
        garbled = garbled[: dice.randrange(1, len(garbled) + 1)]
        if garbled != entries[: len(garbled)]:
            with pytest.raises(Unlinked):
                till.desk.push(Push(held, tuple(garbled), till.head))
    till.push()
    haus.is_sound()


def test_a_push_that_is_cut_off_leaves_nothing(db: Database, tmp_path: Path):
    haus = Haus(db, tmp_path)
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    till = haus.add_till()
    till.kasse.buy("Ada", "Mate")
    before = haus.balances()
    db.execute("BEGIN IMMEDIATE")
    from kpos.wawi.core import intake

    push = Push(till.acked, tuple(till.entries(till.acked)), till.head)
    intake.push(db, till.paired.till, push, haus.clock.now())
    db.execute("ROLLBACK")
    assert haus.balances() == before
    till.push()
    haus.is_sound()
    till.close()
