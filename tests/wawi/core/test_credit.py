"""Credit over several tills: money that is held back for a purchase."""

import pytest

from kpos.domain.ids import Id
from kpos.sync.wire import Push
from tests.wawi.core.haus import Haus, both_free, set_home


@pytest.fixture
def ada(haus: Haus) -> Id:
    """Ada's wallet, with 20.00 in it."""
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    return haus.wallet("Ada")


def test_what_is_held_for_one_till_is_not_granted_to_another(haus: Haus, ada: Id):
    first, second = both_free(haus)
    assert first.desk.hold(ada, 1500, first.head).is_granted
    answer = second.desk.hold(ada, 600, second.head)
    assert (answer.is_granted, answer.balance_cents) == (False, 2000)
    assert second.desk.hold(ada, 500, second.head).is_granted
    assert not second.desk.hold(ada, 501, second.head).is_granted
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
        second.sync()
    assert not second.desk.hold(ada, 100, second.head).is_granted
    assert not second.desk.hold(ada, 100, second.head).is_granted
    for _ in range(2):
        first.sync()
    assert second.desk.hold(ada, 100, second.head).is_granted


def test_what_was_bought_and_is_on_its_way_is_not_granted_twice(haus: Haus, ada: Id):
    first, second = both_free(haus)
    first.kasse.office("top_up", member="Ada", cents=1)
    first.push()
    early = first.head
    assert first.desk.hold(ada, 1000, early).is_granted
    first.kasse.buy("Ada", "Mate")
    # What is held since stays held beside what is wanted next.
    assert not first.desk.hold(ada, 1002, first.head).is_granted
    assert first.desk.hold(ada, 500, first.head).is_granted
    assert not second.desk.hold(ada, 502, second.head).is_granted
    # A wish that was late on its way changes nothing any more.
    assert not first.desk.hold(ada, 1, early).is_granted
    assert haus.rows("SELECT cents FROM hold") == [(1500,)]
    # Of two wishes at one point the greater one stays.
    assert first.desk.hold(ada, 100, first.head).is_granted
    assert haus.rows("SELECT max(cents) FROM hold") == [(1500,)]


def test_who_asks_twice_at_one_point_is_not_granted_what_was_bought_before(haus: Haus, ada: Id):
    """A purchase is cancelled and another one begun, while the one before is not here yet."""
    first, second = both_free(haus)
    assert first.desk.hold(ada, 800, first.head).is_granted
    first.kasse.buy("Ada", ("Mate", 5))
    assert first.desk.hold(ada, 300, first.head).is_granted
    assert not first.desk.hold(ada, 1300, first.head).is_granted
    assert first.desk.hold(ada, 1100, first.head).is_granted
    assert first.desk.hold(ada, 100, first.head).is_granted
    assert not second.desk.hold(ada, 101, second.head).is_granted
    assert second.desk.hold(ada, 100, second.head).is_granted


def test_a_wish_from_before_the_till_went_on_is_late(haus: Haus, ada: Id):
    first, _ = both_free(haus)
    asked_at = first.head
    assert first.desk.hold(ada, 150, asked_at).is_granted
    first.kasse.buy("Ada", "Mate")
    sale, debit = first.entries(first.acked)
    first.acked = first.desk.push(Push(asked_at, (sale,), first.head)).acked
    assert not first.desk.hold(ada, 100, asked_at).is_granted
    assert first.desk.hold(ada, 100, first.head).is_granted
    first.push([debit])
    assert haus.rows("SELECT cents FROM hold") == [(250,)]
