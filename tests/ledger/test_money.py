"""Money at the till and the command line: what is booked, and what is refused."""

import pytest

from kpos.domain import orders
from kpos.domain.bodies import TaxedUnits
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Draft, Posting
from kpos.domain.ids import Id
from kpos.domain.money import CENTS_MAX, Money
from kpos.domain.product import house_offer
from kpos.domain.refusal import Refused
from kpos.domain.values import replace
from kpos.ledger import sealed
from tests.ledger.kasse import MINUTE_MS, Kasse, refusing
from tests.ledger.test_office_goods import refused

NOBODY = Id("0" * 16)


def refuses(kasse: Kasse, order: orders.Order) -> str:
    before = len(kasse.documents())
    with pytest.raises(Refused) as told:
        kasse.book(order)
    assert len(kasse.documents()) == before
    return told.value.refusal.code


def test_a_bottle_is_paid_with_the_card(kasse):
    sold = kasse.buy("Ada", "Mate")
    assert sold.receipt_number == "K1-000002"
    assert sold.credit == kasse.credit("Ada") == Money(1835)
    assert [document.kind for document in sold.documents] == ["sale", "debit"]


def test_what_costs_nothing_is_sold_and_taken_back_like_anything_else(kasse):
    kasse.add_product("Tap water", 0)
    sold = kasse.buy("Ada", ("Tap water", 3))
    assert sold.credit == Money(2000)
    kasse.undo(sold, (1, 1))
    kasse.undo(sold, (1, 1))
    kasse.undo(sold)
    with refusing("undone", "nothing is left"):
        kasse.undo(sold)
    assert kasse.verify().projections_compared


def test_a_cart_beyond_the_credit_is_refused_with_what_is_missing(kasse):
    with pytest.raises(Refused) as told:
        kasse.buy("Ada", ("Mate", 13))
    assert told.value.refusal.missing == Money(13 * 165 - 2000)
    with refusing("amount", "empty"):
        kasse.buy("Ada")


def test_what_was_left_of_a_purchase_is_taken_back_and_no_bottle_is_counted_twice(kasse):
    sold = kasse.buy("Ada", ("Mate", 3))
    kasse.undo(sold, (1, 1))
    kasse.undo(sold)
    assert [line["quantity"] for line in kasse.documents()[-2].body["lines"]] == [2]
    assert sealed.every(kasse.books.current(), "house_units", "") == [(15, 0)]


def test_a_purchase_taken_back_in_one_go_names_no_lines(kasse):
    kasse.undo(kasse.buy("Ada", ("Mate", 3)))
    assert kasse.documents()[-2].body["lines"] == []


def test_a_note_is_as_long_as_a_name_and_no_longer(kasse):
    kasse.office("top_up", member="Ada", cents=1, note="x" * 200)
    assert refused(kasse, "top_up", member="Ada", cents=1, note="x" * 201)[0] == "invalid"


def test_a_purchase_that_forgot_when_it_began_began_when_it_was_booked(kasse):
    cart = replace(kasse.cart("Mate"), began_at=None)
    booked = kasse.book(orders.Purchase(cart, kasse.holder("Ada")))
    assert booked.documents[0].body["began_at"] == str(kasse.clock.now())


def test_without_a_time_to_undo_nobody_remembers_who_bought(kasse):
    kasse.office("setting_set", key="undo_minutes", value="0")
    sold = kasse.buy("Ada", "Mate")
    assert sold.undo_until is None
    with refusing("card_needed", "--card"):
        kasse.undo(sold)
    kasse.undo(sold, wallet=kasse.holder("Ada").wallet)
    assert kasse.credit("Ada") == Money(2000)


@pytest.mark.parametrize("cents", [0, -1, CENTS_MAX + 1, 10**30])
def test_only_an_amount_that_can_be_booked_is_booked(kasse, cents):
    wallet, amount = kasse.holder("Ada").wallet, Money(cents)
    other = kasse.add_member("Linus").wallet
    assert refuses(kasse, orders.TopUp(wallet, amount)) == "amount"
    assert refuses(kasse, orders.Payout(wallet, amount)) == "amount"
    assert refuses(kasse, orders.Transfer(wallet, other, amount)) == "amount"


def test_an_opening_credit_may_be_negative_but_not_nothing(kasse):
    wallet = kasse.holder("Ada").wallet
    assert kasse.book(orders.TopUp(wallet, Money(-2500), "opening")).credit == Money(-500)
    assert refuses(kasse, orders.TopUp(wallet, Money(0), "opening")) == "amount"
    assert refuses(kasse, orders.TopUp(wallet, Money(-CENTS_MAX - 1), "opening")) == "amount"
    assert refuses(kasse, orders.Payout(wallet, Money(1))) == "credit"
    assert kasse.book(orders.TopUp(wallet, Money(600))).credit == Money(100)


def test_money_goes_only_to_a_wallet_that_is_there(kasse):
    wallet = kasse.holder("Ada").wallet
    assert refuses(kasse, orders.TopUp(NOBODY, Money(1))) == "unknown"
    assert refuses(kasse, orders.Payout(NOBODY, Money(1))) == "unknown"
    assert refuses(kasse, orders.Transfer(wallet, NOBODY, Money(1))) == "unknown"
    assert refuses(kasse, orders.Transfer(wallet, wallet, Money(1))) == "invalid"
    bottle = (TaxedUnits(15, 1, "6", 0),)
    assert refuses(kasse, orders.ReturnDeposit(NOBODY, bottle, limited=False)) == "unknown"
    assert refuses(kasse, orders.ReplaceCard(NOBODY, "X")) == "unknown"


@pytest.mark.parametrize("note", ["two\nlines", "x" * 201, "\ud800"])
def test_a_note_is_one_short_line(kasse, note):
    wallet = kasse.holder("Ada").wallet
    other = kasse.add_member("Linus").wallet
    assert refuses(kasse, orders.TopUp(wallet, Money(1), note=note)) == "invalid"
    assert refuses(kasse, orders.Payout(wallet, Money(1), note)) == "invalid"
    assert refuses(kasse, orders.Transfer(wallet, other, Money(1), note)) == "invalid"


def test_the_cash_box_never_goes_below_nothing(kasse):
    kasse.office("top_up", member="Ada", cents=1000, means="transfer")
    wallet = kasse.holder("Ada").wallet
    assert refuses(kasse, orders.Payout(wallet, Money(2001))) == "cash"
    kasse.book(orders.Payout(wallet, Money(2000)))
    [top_up] = [d for d in kasse.documents() if d.receipt_number == "K1-000001"]
    assert refuses(kasse, orders.Reverse(top_up.ref)) == "cash"
    assert kasse.balance("bank") == 1000


def test_a_reversed_top_up_may_leave_a_wallet_in_debt(kasse):
    [top_up] = [d for d in kasse.documents() if d.kind == "top_up"]
    kasse.buy("Ada", ("Mate", 2))
    booked = kasse.book(orders.Reverse(top_up.ref, author="uid:0"))
    assert booked.credit == Money(-330)
    assert refuses(kasse, orders.Reverse(top_up.ref)) == "undone"


def test_what_is_never_reversed_is_not(kasse):
    sold = kasse.buy("Ada", "Mate")
    undone = kasse.undo(sold)
    for document in (*undone.documents, kasse.documents()[0], sold.documents[1]):
        with refusing("not_reversible", f"a {document.kind} is never reversed"):
            kasse.book(orders.Reverse(document.ref))
    missing = replace(sold.documents[0].ref, seq=999)
    assert refuses(kasse, orders.Reverse(missing)) == "not_reversible"


def test_only_a_sale_is_reversed_in_parts(kasse):
    [top_up] = [d for d in kasse.documents() if d.kind == "top_up"]
    assert refuses(kasse, orders.Reverse(top_up.ref, (orders.LinePart(1, 1),))) == "invalid"
    [moved] = kasse.post(Draft("cash_move", {"v": 1}, (Posting("bank", 1), Posting("opening", -1))))
    assert kasse.book(orders.Reverse(moved.ref)).credit == Money(0)


def test_a_transfer_is_reversed_between_the_same_wallets(kasse):
    linus = kasse.add_member("Linus").wallet
    given = kasse.book(orders.Transfer(kasse.holder("Ada").wallet, linus, Money(500)))
    assert given.credit == Money(1500)
    assert kasse.book(orders.Reverse(given.documents[0].ref)).credit == Money(0)
    assert kasse.credit("Ada") == Money(2000)


def test_a_sale_is_undone_line_by_line(kasse):
    sold = kasse.buy("Ada", ("Mate", 3), "Snack")
    assert kasse.undo(sold, (1, 1)).credit == sold.credit + Money(165)
    assert kasse.undo(sold, (2, 1), (1, 1)).credit == sold.credit + Money(430)
    with refusing("undone", "nothing is left"):
        kasse.undo(sold, (1, 2))
    assert kasse.undo(sold).credit == Money(2000)
    with refusing("undone", "nothing is left"):
        kasse.undo(sold)


def test_only_who_bought_gets_the_credit_while_the_till_knows_who_it_was(kasse):
    linus = kasse.add_member("Linus", 500, history=True)
    sold = kasse.buy("Ada", "Mate")
    with refusing("wrong_holder", "somebody else"):
        kasse.undo(sold, wallet=linus.wallet)
    kasse.wait(6 * MINUTE_MS)
    kasse.undo(sold, wallet=linus.wallet)
    assert kasse.credit("Linus") == Money(665)

    known = kasse.buy("Linus", "Mate")
    kasse.wait(6 * MINUTE_MS)
    with refusing("wrong_holder", "somebody else"):
        kasse.undo(known, wallet=kasse.holder("Ada").wallet)
    private = kasse.books.journal.private_part(
        kasse.undo(known).documents[0].ref.epoch << 32 | kasse.documents()[-2].ref.seq
    )
    assert private is not None
    assert private["wallet"] == linus.wallet


def test_a_reversal_never_has_the_buyer_as_its_author(kasse):
    boss = kasse.add_member("Boss", 1000, role="trusted")
    own = kasse.undo(kasse.buy("Boss", "Mate"), author=f"member:{boss.member}")
    others = kasse.undo(kasse.buy("Ada", "Mate"), author=f"member:{boss.member}")
    assert own.documents[0].author is None
    assert others.documents[0].author == f"member:{boss.member}"
    sold = kasse.buy("Ada", "Mate")
    kasse.wait(6 * MINUTE_MS)
    assert kasse.undo(sold, wallet=NOBODY, author="uid:0").documents[0].author == "uid:0"


def test_bottles_come_back_up_to_what_the_policy_allows(kasse):
    kasse.add_member("Linus")
    kasse.buy("Ada", ("Mate", 2))
    with refusing("units", "at most 2"):
        kasse.bring_back("Ada", 3)
    with refusing("units", "at most 0"):
        kasse.bring_back("Linus", 1)
    with refusing("units", "at most 0"):
        kasse.bring_back("Ada", 1, cents=8)
    kasse.office("setting_set", key="deposit_return", value="house")
    assert kasse.bring_back("Linus", 2).credit == Money(30)
    with refusing("units", "at most 0"):
        kasse.bring_back("Linus", 1)
    assert kasse.bring_back("Linus", 1, limited=False).credit == Money(45)
    kasse.office("setting_set", key="deposit_return", value="off")
    assert kasse.bring_back("Linus", 1).credit == Money(60)


@pytest.mark.parametrize("quantities", [(), (0,), (-1,), (2, -1)])
def test_no_bottles_are_no_deposit(kasse, quantities):
    kasse.buy("Ada", ("Mate", 2))
    units = tuple(TaxedUnits(15, quantity, "6", 0) for quantity in quantities)
    assert refuses(kasse, orders.ReturnDeposit(kasse.holder("Ada").wallet, units)) == "amount"


def test_a_deposit_return_that_is_reversed_leaves_the_bottles_with_the_buyer(kasse):
    kasse.buy("Ada", ("Mate", 2))
    returned = kasse.bring_back("Ada", 2)
    kasse.book(orders.Reverse(returned.documents[0].ref))
    assert kasse.bring_back("Ada", 2).credit == returned.credit


def test_the_command_line_moves_money_by_card_or_member(kasse):
    kasse.add_member("Linus")
    assert kasse.office("top_up", card="CARD-Ada", cents=500, means="reader") == {
        "receipt_number": "K1-000002",
        "credit_cents": 2500,
    }
    assert kasse.balance("cash:K1-reader") == 500
    kasse.office("payout", card="CARD-Ada", cents=100, note="for cake")
    given = {"source": {"member": "Ada"}, "target": {"card": "CARD-Linus"}}
    assert kasse.office("transfer", cents=50, **given)["credit_cents"] == 2350
    assert refused(kasse, "top_up", cents=1)[0] == "invalid"
    assert refused(kasse, "top_up", cents=1, card="CARD-Ada", member="Ada")[0] == "invalid"
    assert refused(kasse, "top_up", cents=1, card="CARD-?")[0] == "unknown"


def test_the_command_line_reverses_by_receipt_number(kasse):
    sold = kasse.buy("Ada", ("Mate", 3))
    number = sold.receipt_number
    assert kasse.office("reverse", receipt=number, parts=[[1, 1]])["credit_cents"] == 2000 - 330
    kasse.wait(6 * MINUTE_MS)
    assert refused(kasse, "reverse", receipt=number)[0] == "card_needed"
    assert kasse.office("reverse", receipt=number, card="CARD-Ada")["credit_cents"] == 2000
    assert refused(kasse, "reverse", receipt="K9-000001")[0] == "unknown"


def test_the_last_purchase_that_can_be_undone_is_the_last_with_something_left(kasse):
    from kpos.ledger import undo

    wallet = kasse.holder("Ada").wallet
    first = kasse.buy("Ada", ("Mate", 2))
    second = kasse.buy("Ada", "Snack")
    assert undo.last_purchase(kasse.books, wallet) == second.documents[0]
    kasse.undo(second)
    assert undo.last_purchase(kasse.books, wallet) == first.documents[0]
    assert undo.known_wallet(kasse.books, first.documents[0]) == wallet
    [line] = undo.lines_left(kasse.books, first.documents[0])
    assert line.quantity == 2


def test_a_weighed_piece_is_sold_and_taken_back_whole(kasse):
    kasse.add_product("Cheese", 1990, unit="kg", tax_key="2")
    offer = house_offer(kasse.product("Cheese"), 700)
    cart = Cart((Entry(offer, 333),), kasse.clock.now())
    sold = kasse.book(orders.Purchase(cart, kasse.holder("Ada")))
    assert sold.credit == Money(2000 - 663)
    assert kasse.undo(sold).credit == Money(2000)
