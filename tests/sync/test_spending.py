"""Credit at two tills: at home, free within the offline limit, held, or unknown for a while."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpos.domain import orders
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger import feed
from kpos.ledger.checks import is_shared
from kpos.ledger.credit import Standing
from tests.ledger.kasse import refusing
from tests.sync.tills import Till
from tests.sync.wawi import Wawi


def standing(till: Till, who: str = "Ada") -> Standing:
    return feed.standing(till.books.current(), till.books.identity.till, till.wallet(who))


def test_at_its_home_a_wallet_is_spent_to_the_last_cent_without_a_network(cellar: Till) -> None:
    assert standing(cellar).home == "here"
    cellar.buy("Ada", ("Snack", 20))
    with refusing("credit", "does not suffice"):
        cellar.buy("Ada", "Snack")


def test_elsewhere_it_is_spent_only_if_the_wawi_holds_it(
    cellar: Till, roof: Till, wawi: Wawi
) -> None:
    assert standing(roof).home == "elsewhere"
    with refusing("offline", "kept for another till"):
        roof.buy("Ada", "Snack")
    roof.buy_held("Ada", "Snack")
    assert roof.credit("Ada").cents == 1900
    roof.sync()
    assert wawi.credit(roof.wallet("Ada")) == 1900
    assert not wawi.holds


def test_a_free_wallet_is_spent_up_to_the_offline_limit(
    cellar: Till, roof: Till, wawi: Wawi, shared: str
) -> None:
    wawi.post(shared, 8000)
    for till in (cellar, roof):
        till.sync()
        till.buy("Ada", ("Snack", 15))
        till.buy("Ada", ("Snack", 5))
        with refusing("limit", "at most 20.00"):
            till.buy("Ada", "Snack")
        assert standing(till).risk == Money(2000)
    assert wawi.credit(shared) == 10_000
    cellar.sync()
    assert standing(cellar).risk == Money(0)
    cellar.buy("Ada", ("Snack", 20))


def test_the_limit_is_a_setting_of_the_wawi(cellar: Till, wawi: Wawi, shared: str) -> None:
    wawi.put("setting", "0000000000000077", key="offline_limit_cents", value=100)
    cellar.sync()
    cellar.buy("Ada", "Snack")
    with refusing("limit", "at most 1.00"):
        cellar.buy("Ada", "Snack")


def test_reconnecting_gives_no_new_limit(cellar: Till, wawi: Wawi, shared: str) -> None:
    """What was stored and not applied may be told to nobody yet."""
    wawi.post(shared, 8000)
    cellar.sync()
    cellar.buy("Ada", ("Snack", 20))
    wawi.is_stalled = True
    cellar.sync()
    with refusing("limit", "at most"):
        cellar.buy("Ada", "Snack")
    cellar.reopen()
    with refusing("limit", "at most"):
        cellar.buy("Ada", "Snack")
    wawi.is_stalled = False
    wawi.apply()
    cellar.sync()
    cellar.buy("Ada", "Snack")


def test_what_was_held_does_not_count(cellar: Till, wawi: Wawi, shared: str) -> None:
    wawi.post(shared, 8000)
    cellar.sync()
    cellar.buy_held("Ada", ("Snack", 30))
    assert standing(cellar).risk == Money(0)
    cellar.buy("Ada", ("Snack", 20))
    with refusing("limit", "at most"):
        cellar.buy("Ada", "Snack")


def test_what_came_in_before_makes_no_room_for_what_follows(
    cellar: Till, wawi: Wawi, shared: str
) -> None:
    """The WaWi may have told others of the top-up, and have lost its answer."""
    cellar.office("top_up", member="Ada", cents=5000)
    cellar.buy("Ada", ("Snack", 20))
    with refusing("limit", "at most"):
        cellar.buy("Ada", "Snack")
    cellar.office("top_up", member="Ada", cents=100)
    cellar.buy("Ada", "Snack")


def test_what_was_undone_was_not_spent(cellar: Till, wawi: Wawi, shared: str) -> None:
    wawi.post(shared, 8000)
    cellar.sync()
    sold = cellar.buy("Ada", ("Snack", 20))
    cellar.undo(sold)
    cellar.buy("Ada", ("Snack", 20))


def test_money_is_paid_out_and_moved_by_the_same_rule(
    cellar: Till, wawi: Wawi, shared: str
) -> None:
    wawi.post(shared, 8000)
    cellar.sync()
    with refusing("limit", "at most"):
        cellar.office("payout", member="Ada", cents=2001)


def test_a_guest_card_made_without_a_network_is_at_home_where_it_was_made(
    cellar: Till, roof: Till, wawi: Wawi
) -> None:
    wawi.put("group", "00000000000000e7", name="guests")
    cellar.sync()
    cellar.book(orders.NewGuestCard("CARD-Gast"))
    cellar.office("top_up", card="CARD-Gast", cents=9000)
    cellar.buy("Gast", ("Snack", 50))
    assert standing(cellar, "Gast").home == "here"
    wawi.is_stalled = True
    wawi.change("product", cellar.product("Snack").id, price_cents=90)
    cellar.sync()
    cellar.buy("Gast", ("Snack", 10))
    assert cellar.credit("Gast").cents == 9000 - 5000 - 900
    wawi.is_stalled = False
    wawi.apply()
    for till in (cellar, roof):
        till.sync()
        assert till.credit("Gast").cents == 9000 - 5000 - 900
    assert standing(roof, "Gast").home == "elsewhere"
    assert cellar.verify().projections_compared


# A rebuild without a network


def test_who_lost_what_the_wawi_said_sells_nothing_until_it_says_it_again(cellar: Till) -> None:
    cellar.buy("Ada", "Mate")
    cellar.rebuild()
    with refusing("offline", "until the WaWi is reached"):
        cellar.buy("Ada", "Mate")
    cellar.office("top_up", member="Ada", cents=500)
    assert cellar.verify().documents
    cellar.sync()
    assert cellar.credit("Ada").cents == 2000 - 165 + 500
    cellar.buy("Ada", "Mate")
    assert cellar.verify().projections_compared


def test_a_copy_from_the_last_whole_feed_lets_it_sell_on(cellar: Till) -> None:
    from kpos.ledger.good_copy import copy_stammdaten

    assert cellar.engine.wants_copy
    copy_stammdaten(cellar.folder)
    cellar.buy("Ada", "Mate")
    cellar.rebuild()
    assert cellar.credit("Ada").cents == 2000 - 165
    cellar.buy("Ada", "Mate")
    cellar.sync()
    assert cellar.credit("Ada").cents == 2000 - 2 * 165


def test_an_older_copy_gives_no_home_back(cellar: Till, wawi: Wawi) -> None:
    """The server let others spend as soon as this till had been told."""
    from kpos.ledger.good_copy import copy_stammdaten

    wallet = cellar.wallet("Ada")
    wawi.post(wallet, 8000)
    cellar.sync()
    copy_stammdaten(cellar.folder)
    cellar.engine.wants_copy = False
    wawi.move_home(wallet, None)
    cellar.sync()
    assert cellar.engine.wants_copy
    cellar.rebuild()
    with refusing("offline", "until the WaWi is reached"):
        cellar.buy("Ada", ("Snack", 30))


def test_a_till_that_is_paired_no_more_sells_from_no_credit_of_the_wawi(
    cellar: Till, wawi: Wawi
) -> None:
    from kpos.ledger.joining import unpair

    cellar.buy("Ada", "Mate")
    with refusing("invalid", "not at the WaWi yet: 2 of"):
        unpair(cellar.books, "uid:0", None)
    unpair(cellar.books, "uid:0", "it moves to the attic")
    with refusing("invalid", "not paired"):
        unpair(cellar.books, "uid:0", None)
    with refusing("paired", "pair it again"):
        cellar.add_product("Limo", 100)
    assert cellar.sync() == []
    cellar.pair(wawi)
    cellar.sync()
    assert wawi.credit(cellar.wallet("Ada")) == 2000 - 165


# Spending and other things, in any order

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["spend", "spend", "held", "top up", "sync", "stall", "apply", "reopen"]),
        st.integers(0, 1),
        st.integers(1, 25),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(MOVES)
def test_two_tills_overdraw_by_no_more_than_their_limits(tmp_path_factory, moves):
    """Whatever happens between them, and in the end all agree."""
    path = tmp_path_factory.mktemp("two")
    wawi = Wawi()
    cellar = Till(path / "cellar")
    cellar.add_product("Snack", 100)
    cellar.add_member("Ada", 3000)
    tills = [cellar.pair(wawi), Till(path / "roof")]
    cellar.sync()
    tills[1].pair(wawi, "K2").sync()
    wallet = cellar.wallet("Ada")
    wawi.move_home(wallet, None)
    for till in tills:
        till.sync()
    for move, which, quantity in moves:
        play(wawi, tills[which], move, quantity)
    wawi.is_stalled = False
    for till in (*tills, *tills):
        till.sync()
    wawi.apply()
    for till in tills:
        till.sync()
        assert till.credit("Ada").cents == wawi.credit(wallet)
        till.close()
    assert wawi.credit(wallet) >= -2 * 2000


def play(wawi: Wawi, till: Till, move: str, quantity: int) -> None:
    till.wait(1 + till.books.identity.epoch)
    match move:
        case "spend" | "held":
            buy = till.buy if move == "spend" else till.buy_held
            with suppress(Refused):
                buy("Ada", ("Snack", quantity))
        case "top up":
            till.office("top_up", member="Ada", cents=100 * quantity)
        case "sync":
            till.sync()
        case "stall":
            wawi.is_stalled = True
        case "apply":
            wawi.is_stalled = False
            wawi.apply()
        case _:
            till.reopen()


@pytest.mark.parametrize("held", [0, 50])
def test_a_hold_is_let_go_when_the_till_went_on(
    cellar: Till, roof: Till, wawi: Wawi, shared: str, held: int
) -> None:
    assert cellar.line.hold(cellar.wallet("Ada"), 1950 + held, None).is_granted
    assert not roof.line.hold(roof.wallet("Ada"), 100, None).is_granted
    cellar.office("top_up", member="Ada", cents=1)
    cellar.sync()
    assert roof.line.hold(roof.wallet("Ada"), 100, None).is_granted


def test_who_may_debit_a_wallet_as_well_is_asked(
    cellar: Till, roof: Till, wawi: Wawi, tmp_path
) -> None:
    assert is_shared(roof.books, roof.wallet("Ada"))
    assert not is_shared(cellar.books, cellar.wallet("Ada"))
    alone = Till(tmp_path / "alone")
    alone.add_member("Linus")
    assert not is_shared(alone.books, alone.wallet("Linus"))
    alone.close()
