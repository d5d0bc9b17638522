"""Credit over several tills: homes that move in two steps, and money that is held back."""

import pytest

from kpos.domain.ids import Id
from kpos.sync.wire import Push
from kpos.wawi.core import homes, tills
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import OFFICE, Filialkasse, Haus


@pytest.fixture
def ada(haus: Haus) -> Id:
    """Ada's wallet, with 20.00 in it."""
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    return haus.wallet("Ada")


def told(till: Filialkasse, wallet: Id) -> object:
    """Where a till believes a wallet to be at home."""
    return till.rows["balance", wallet].fields["home"]


def set_home(haus: Haus, wallet: Id, till: Filialkasse | None) -> None:
    with transaction(haus.db):
        home = till.paired.till if till else None
        homes.set_home(haus.db, wallet, home, haus.clock.now())


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
    # What it sold before it heard of it is not here yet.
    first.kasse.buy("Ada", "Mate")
    first.pull()
    assert told(first, ada) is None
    second.pull()
    assert told(second, ada) == first.paired.till
    # Having taken the page over shows with the next question; that all is sent with the next push.
    first.push([])
    first.pull()
    second.pull()
    assert told(second, ada) == first.paired.till
    first.push()
    second.pull()
    assert told(second, ada) is None
    assert second.rows["balance", ada].fields["cents"] == 2000 - 150
    haus.is_sound()


def test_a_till_that_has_only_staged_a_page_may_still_spend_without_asking(haus: Haus, ada: Id):
    first = haus.add_till()
    for number in range(60):
        haus.office("supplier_add", name=f"Supplier {number}")
    second = haus.add_till()
    page = first.desk.pull(first.cursor)
    while not page.is_last:
        page = first.desk.pull(page.cursor)
        first.push([])
    second.pull()
    assert told(second, ada) == first.paired.till


def test_a_home_is_given_once_all_others_know(haus: Haus, ada: Id):
    tills_ = [haus.add_till() for _ in range(3)]
    first, second, third = tills_
    for _ in range(3):
        for till in tills_:
            till.sync()
    assert {told(till, ada) for till in tills_} == {None}
    set_home(haus, ada, second)
    for _ in range(2):
        first.pull()
        first.push([])
        second.sync()
    assert told(first, ada) == second.paired.till
    assert told(second, ada) is None
    for _ in range(2):
        third.pull()
        third.push([])
    second.pull()
    assert told(second, ada) == second.paired.till
    # From one till to another one, only the one that loses it is waited for.
    set_home(haus, ada, first)
    for _ in range(2):
        second.pull()
        second.push([])
    first.pull()
    assert told(first, ada) == first.paired.till
    set_home(haus, ada, first)
    first.pull()
    assert told(first, ada) == first.paired.till


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


def both_free(haus: Haus) -> tuple[Filialkasse, Filialkasse]:
    first, second = haus.add_till(), haus.add_till()
    for _ in range(2):
        first.pull()
        first.push([])
    return first, second


def test_what_is_held_for_one_till_is_not_granted_to_another(haus: Haus, ada: Id):
    first, second = both_free(haus)
    assert first.desk.hold(ada, 1500, first.head).is_granted
    answer = second.desk.hold(ada, 600, second.head)
    assert (answer.is_granted, answer.balance_cents) == (False, 2000)
    assert second.desk.hold(ada, 500, second.head).is_granted
    # Another wish of the same till replaces the first one.
    assert first.desk.hold(ada, 1000, first.head).is_granted
    assert second.desk.hold(ada, 1000, second.head).is_granted
    assert not second.desk.hold(ada, -1, second.head).is_granted


def test_a_hold_ends_when_what_was_booked_for_it_is_counted_and_not_by_time(haus: Haus, ada: Id):
    first, second = both_free(haus)
    assert first.desk.hold(ada, 150, first.head).is_granted
    haus.clock.move(30 * 86_400_000)
    asked_at = first.head
    assert not second.desk.hold(ada, 2000, second.head).is_granted
    first.push()
    assert not second.desk.hold(ada, 2000, second.head).is_granted
    first.kasse.buy("Ada", "Mate")
    sale, debit = first.entries(first.acked)
    # A batch may end in the middle of a purchase: the debit is still to come.
    first.acked = first.desk.push(Push(asked_at, (sale,), first.head)).acked
    assert not second.desk.hold(ada, 2000, second.head).is_granted
    assert haus.rows("SELECT count(*) FROM hold") == [(1,)]
    first.push([debit])
    assert haus.rows("SELECT count(*) FROM hold") == [(0,)]
    assert second.desk.hold(ada, 1850, second.head).is_granted


def test_a_till_without_documents_may_ask_too(haus: Haus, ada: Id):
    first, _ = both_free(haus)
    assert first.desk.hold(ada, 100, None).is_granted
    first.desk.push(Push(first.acked, (), None))
    assert haus.rows("SELECT count(*) FROM hold") == [(1,)]
    first.push()
    assert haus.rows("SELECT count(*) FROM hold") == [(0,)]


def test_asking_elsewhere_frees_a_wallet_for_the_next_time(haus: Haus, ada: Id):
    first, second = both_free(haus)
    set_home(haus, ada, first)
    for _ in range(2):
        second.pull()
        second.push([])
    second.pull()
    assert not second.desk.hold(ada, 100, second.head).is_granted
    assert not second.desk.hold(ada, 100, second.head).is_granted
    for _ in range(2):
        first.pull()
        first.push([])
    assert second.desk.hold(ada, 100, second.head).is_granted
