"""What a till hears when a document of its own is skipped: what counts without it."""

from kpos.domain import orders
from kpos.wawi.core import tills
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import OFFICE, Haus
from tests.wawi.core.whole import WholeTill


def stop(haus: Haus, till: WholeTill) -> None:
    """From now on what the till sends waits."""
    with transaction(haus.db):
        haus.db.execute("UPDATE till SET stopped = 'a test' WHERE id = ?", (till.id,))


def skip(haus: Haus, till: WholeTill) -> None:
    """The first document that waits is skipped, and all others count."""
    with transaction(haus.db):
        assert tills.resolve(haus.db, till.id, OFFICE, haus.clock.now(), skip=True) is None


def test_a_row_of_a_member_is_as_it_was_before(haus: Haus):
    haus.add_member("Ada")
    till = WholeTill.of_house(haus, "cellar")
    member = till.holder("Ada").member
    assert member is not None
    stop(haus, till)
    till.book(orders.SetHistory(member, on=True))
    till.talk()
    assert till.holder("Ada").history
    skip(haus, till)
    till.talk()
    assert haus.rows("SELECT history FROM member") == [(0,)]
    assert not till.holder("Ada").history
    haus.is_sound()
    till.close()


def test_what_counts_of_a_till_whose_wallet_was_skipped_stays_of_use_there(haus: Haus):
    """The card and its credit count; that nobody knows the wallet elsewhere takes none from it."""
    haus.office("group_add", name="guests")
    till = WholeTill.of_house(haus, "cellar")
    stop(haus, till)
    till.add_guest("Eve", 1000)
    till.talk()
    skip(haus, till)
    till.talk()
    assert till.holder("Eve").credit.cents == 1000
    assert till.verify().documents
    till.close()
