"""The office pays out beside tills that may be offline: it spends no more than they leave."""

from typing import Any

import pytest

from kpos.domain.ids import Id
from kpos.wawi.core import homes, spending
from kpos.wawi.core.transactions import transaction
from tests.ledger.kasse import refusing
from tests.wawi.core.haus import Haus
from tests.wawi.core.whole import WholeTill, at_home

LIMIT = 500


@pytest.fixture
def ada(haus: Haus) -> Id:
    """Ada's wallet, with 20.00 in it; there is cash enough at the office."""
    haus.add_product("Mate", 100)
    haus.add_member("Ada", 2000)
    haus.add_member("Bea")
    haus.office("setting_set", key="offline_limit_cents", value="5.00")
    haus.office("cash_move", purpose="float", cents=10_000)
    return haus.wallet("Ada")


@pytest.fixture
def cellar(haus: Haus, ada: Id) -> WholeTill:
    assert ada
    till = WholeTill.of_house(haus, "cellar")
    haus.tills.append(till)  # type: ignore[arg-type] # to be closed
    return till


@pytest.fixture
def roof(haus: Haus, cellar: WholeTill) -> WholeTill:
    """The second till: wallets are free from now on."""
    till = WholeTill.of_house(haus, "roof")
    haus.tills.append(till)  # type: ignore[arg-type] # to be closed
    for each in (cellar, till):
        each.talk()
    return till


def free_unless_refused(haus: Haus, **payout: Any) -> str:
    """As the desk does it: what was refused because of a home is freed for the next time."""
    try:
        return str(haus.office("payout", member="Ada", **payout)["receipt_number"])
    except spending.AtHome as refused:
        with transaction(haus.db):
            spending.release(haus.db, refused.wallet, haus.clock.now())
        return ""


def test_the_office_pays_out_nothing_that_one_till_may_have_spent(
    haus: Haus, ada: Id, cellar: WholeTill
):
    cellar.buy("Ada", ("Mate", 20))  # all of it, and nobody was told
    with refusing("offline", "at home at till K1"):
        haus.office("payout", member="Ada", cents=2000)
    with refusing("offline", "at home"):
        haus.office("transfer", cents=100, source={"member": "Ada"}, target={"member": "Bea"})
    cellar.talk()
    assert haus.credit("Ada") == 0
    assert "overdraft" not in str(haus.flags())


def test_what_was_asked_for_is_freed_and_paid_out_once_its_till_knows(
    haus: Haus, ada: Id, cellar: WholeTill
):
    cellar.buy("Ada", ("Mate", 5))
    assert free_unless_refused(haus, cents=1500) == ""
    assert free_unless_refused(haus, cents=1500) == ""  # the till was not told yet
    cellar.talk()
    assert free_unless_refused(haus, cents=1500)
    assert haus.credit("Ada") == 0
    # Beside one till only the office spends: what is left is that till's again.
    cellar.talk()
    assert homes.home_of(haus.db, ada) == cellar.id
    assert cellar.credit("Ada").cents == 0
    haus.is_sound()


def test_beside_several_tills_a_free_wallet_is_overdrawn_by_their_limits_at_most(
    haus: Haus, ada: Id, cellar: WholeTill, roof: WholeTill
):
    for till in (cellar, roof):
        till.buy("Ada", ("Mate", 5))
        with refusing("limit", "at most"):
            till.buy("Ada", "Mate")
    haus.office("payout", member="Ada", cents=2000)
    for till in (cellar, roof):
        till.talk()
    assert haus.credit("Ada") == -2 * LIMIT
    assert homes.home_of(haus.db, ada) is None


def test_what_is_held_for_a_till_is_not_paid_out(
    haus: Haus, ada: Id, cellar: WholeTill, roof: WholeTill
):
    sold = cellar.buy_held("Ada", ("Mate", 15))
    assert sold.receipt_number
    with refusing("credit", "15.00 of it is held"):
        haus.office("payout", member="Ada", cents=501)
    haus.office("payout", member="Ada", cents=500)
    for till in (cellar, roof):
        till.talk()
    assert haus.credit("Ada") == 0


def test_money_in_and_corrections_need_nobody(haus: Haus, ada: Id, cellar: WholeTill):
    receipt = haus.office("top_up", member="Ada", cents=500)["receipt_number"]
    haus.office("reverse", receipt=receipt)
    assert haus.credit("Ada") == 2000


def test_a_wallet_on_its_way_to_a_home_may_still_be_paid_out(
    haus: Haus, ada: Id, cellar: WholeTill, roof: WholeTill
):
    with transaction(haus.db):
        homes.set_home(haus.db, ada, cellar.id, haus.clock.now())
    haus.office("payout", member="Ada", cents=2000)
    at_home(haus, ada, cellar, [roof])
    with refusing("credit", "does not suffice"):
        cellar.buy("Ada", "Mate")
    assert haus.credit("Ada") == 0
