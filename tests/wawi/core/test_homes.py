"""Homes of wallets, which move in two steps: whoever loses by that knows it first."""

import pytest

from kpos.domain.ids import Id
from kpos.wawi.core import audit, homes, tills
from kpos.wawi.core.transactions import transaction
from tests.ledger.kasse import refusing
from tests.wawi.core.haus import OFFICE, Filialkasse, Haus, both_free, set_home


@pytest.fixture
def ada(haus: Haus) -> Id:
    """Ada's wallet, with 20.00 in it."""
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    return haus.wallet("Ada")


def told(till: Filialkasse, wallet: Id) -> object:
    """Where a till believes a wallet to be at home."""
    return till.rows["balance", wallet].fields["home"]


def test_all_wallets_are_at_home_at_the_only_till(haus: Haus, ada: Id):
    till = haus.add_till()
    assert told(till, ada) == till.paired.till
    haus.add_member("Linus")
    till.pull()
    assert told(till, haus.wallet("Linus")) == till.paired.till


def test_with_a_second_till_wallets_become_free_once_the_first_one_knows(haus: Haus, ada: Id):
    first = haus.add_till()
    second = haus.add_till()
    assert told(second, ada) == first.paired.till
    # What it sells before it hears of it, it sends before it asks again.
    first.kasse.buy("Ada", "Mate")
    first.sync()
    assert told(first, ada) is None
    second.pull()
    assert told(second, ada) == first.paired.till
    first.sync()
    second.pull()
    assert told(second, ada) is None
    assert second.rows["balance", ada].fields["cents"] == 2000 - 150
    haus.is_sound()


def test_a_home_waits_for_what_was_sold_there_and_could_not_be_projected(haus: Haus, ada: Id):
    first = haus.add_till()
    second = haus.add_till()
    first.kasse.buy("Ada", "Mate")
    with transaction(haus.db):
        haus.db.execute("UPDATE till SET stopped = 'a test' WHERE id = ?", (first.paired.till,))
    for _ in range(3):
        first.sync()
    second.pull()
    assert told(second, ada) == first.paired.till
    with transaction(haus.db):
        tills.resolve(haus.db, first.paired.till, OFFICE, haus.clock.now(), skip=False)
    first.push()
    second.pull()
    assert told(second, ada) is None


def test_a_till_that_has_only_staged_a_page_may_still_spend_without_asking(haus: Haus, ada: Id):
    first = haus.add_till()
    second = haus.add_till()
    for number in range(60):
        haus.office("supplier_add", name=f"Supplier {number}")
    page = first.desk.pull(first.cursor)
    assert ("balance", ada) in {(each.entity, each.id) for each in page.changes}
    while not page.is_last:
        page = first.desk.pull(page.cursor)
    second.pull()
    assert told(second, ada) == first.paired.till
    first.desk.pull(page.cursor)
    second.pull()
    assert told(second, ada) is None


def test_a_home_is_given_once_all_others_know(haus: Haus, ada: Id):
    every = [haus.add_till() for _ in range(3)]
    first, second, third = every
    for _ in range(3):
        for till in every:
            till.sync()
    assert {told(till, ada) for till in every} == {None}
    set_home(haus, ada, second)
    for _ in range(2):
        first.sync()
        second.sync()
    assert told(first, ada) == second.paired.till
    assert told(second, ada) is None
    for _ in range(2):
        third.sync()
    second.sync()
    assert told(second, ada) == second.paired.till
    # From one till to another one, only the one that loses it is waited for.
    set_home(haus, ada, first)
    for _ in range(2):
        second.sync()
    first.sync()
    assert told(first, ada) == first.paired.till
    set_home(haus, ada, first)
    first.sync()
    assert told(first, ada) == first.paired.till


def test_who_knows_of_a_home_to_come_is_told_nothing_else_meanwhile(haus: Haus, ada: Id):
    """Neither a till that need not be waited for any more nor one that came after the others."""
    first, second = both_free(haus)
    third = haus.add_till()
    set_home(haus, ada, second)
    for _ in range(2):
        first.sync()
    # The third one is still waited for, and there is news of the wallet.
    haus.office("top_up", member="Ada", cents=100, means="transfer")
    first.sync()
    fourth = haus.add_till()
    assert (told(first, ada), told(fourth, ada)) == (second.paired.till,) * 2
    assert not first.desk.hold(ada, 100, first.head).is_granted
    second.sync()
    assert told(second, ada) is None
    for till in (third, third, second):
        till.sync()
    assert told(second, ada) == second.paired.till


def test_a_wallet_made_at_one_of_several_tills_is_free_once_that_one_knows(haus: Haus):
    haus.office("group_add", name="guests")
    first, second = both_free(haus)
    first.kasse.add_guest("Gast", 2000)
    wallet = first.kasse.holder("Gast").wallet
    first.push()
    # It was not told yet that others may spend it too, and may sell all of it without asking.
    second.pull()
    assert told(second, wallet) == first.paired.till
    assert not second.desk.hold(wallet, 100, second.head).is_granted
    for _ in range(2):
        first.sync()
    second.pull()
    assert told(second, wallet) is None
    assert second.desk.hold(wallet, 100, second.head).is_granted


def test_homes_of_a_lost_till_are_free_at_once_and_its_holds_go(haus: Haus, ada: Id):
    first, second, third = haus.add_till(), haus.add_till(), haus.add_till()
    with transaction(haus.db):
        tills.lose(haus.db, first.paired.till, OFFICE, haus.clock.now())
    second.pull()
    assert told(second, ada) is None
    assert third.desk.hold(ada, 1500, third.head).is_granted
    assert not second.desk.hold(ada, 1500, second.head).is_granted
    with transaction(haus.db):
        tills.lose(haus.db, third.paired.till, OFFICE, haus.clock.now())
    assert second.desk.hold(ada, 1500, second.head).is_granted
    second.pull()
    assert told(second, ada) == second.paired.till


@pytest.mark.parametrize("was_at_home", [False, True])
def test_no_wallet_comes_home_to_a_lost_till(haus: Haus, ada: Id, was_at_home: bool):
    first, second = both_free(haus)
    third = haus.add_till()
    if was_at_home:
        set_home(haus, ada, first)
        for till in (second, third, first) * 2:
            till.sync()
        assert told(first, ada) == first.paired.till
    set_home(haus, ada, third)
    for till in (first, second):
        till.sync()
    with transaction(haus.db):
        tills.lose(haus.db, third.paired.till, OFFICE, haus.clock.now())
    for till in (first, second) * 2:
        till.sync()
    assert {told(till, ada) for till in (first, second)} == {None}
    with transaction(haus.db):
        tills.lose(haus.db, first.paired.till, OFFICE, haus.clock.now())
    second.sync()
    assert told(second, ada) == second.paired.till


def test_what_is_on_its_way_to_be_free_stays_at_the_till_that_remains(haus: Haus, ada: Id):
    first = haus.add_till()
    second = haus.add_till()
    first.sync()
    assert told(first, ada) is None
    with transaction(haus.db):
        tills.lose(haus.db, second.paired.till, OFFICE, haus.clock.now())
    for _ in range(3):
        first.sync()
    assert told(first, ada) == first.paired.till


def test_the_office_says_where_a_wallet_is_at_home_and_it_is_written_down(haus: Haus, ada: Id):
    first, second = both_free(haus)
    now = haus.clock.now()
    with transaction(haus.db):
        homes.move(haus.db, ada, second.paired.till, OFFICE, now)
    assert homes.awaited(haus.db, ada) == [first.paired.prefix]
    for _ in range(2):
        first.sync()
    second.sync()
    assert told(second, ada) == second.paired.till
    assert homes.awaited(haus.db, ada) == []
    newest = audit.events(haus.db, 1)[0]
    assert (newest.who, newest.what, newest.was) == (OFFICE, f"home {ada}", '{"till":null}')
    assert newest.became == f'{{"till":"{second.paired.till}"}}'
    with refusing("unknown", "no wallet"), transaction(haus.db):
        homes.move(haus.db, Id("f" * 16), None, OFFICE, now)
    with transaction(haus.db):
        tills.lose(haus.db, first.paired.till, OFFICE, now)
    with refusing("invalid", "paired"), transaction(haus.db):
        homes.move(haus.db, ada, first.paired.till, OFFICE, now)
    with transaction(haus.db):
        homes.move(haus.db, ada, None, OFFICE, now)
    second.sync()
    assert told(second, ada) is None
