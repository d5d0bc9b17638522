"""What each kind books: to the cent, and nobody's name where everybody may read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.bodies import ChargeLine, Line, TaxedUnits, Units, read_sale
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Draft, Movement, Posting, Ref, canonical, fault_of, plain
from kpos.domain.ids import Id
from kpos.domain.money import ZERO, Money
from kpos.domain.postings import (
    deposit_return,
    payout,
    purchase,
    sale_of,
    sale_postings,
    top_up,
    transfer,
    units_of,
)
from kpos.domain.tax import RATES_BP, tax_inside
from kpos.domain.values import replace
from tests.domain.shelf import (
    ADA,
    CHEESE,
    HOUSE,
    MATE,
    MILK,
    NOW,
    WATER,
    cart_of,
    carts,
    offer_of,
    uncosted,
)

LINUS = Id("00000000000000d2")
DEBIT = Ref(1, 3)
returned = st.lists(
    st.builds(
        lambda cents, quantity, key: TaxedUnits(cents, quantity, key, RATES_BP[key]),
        st.sampled_from([8, 15, 25]),
        st.integers(1, 40),
        st.sampled_from(["1", "2", "6"]),
    ),
    min_size=1,
    max_size=4,
)


def sums(*drafts: Draft) -> dict[str, int]:
    accounts: dict[str, int] = {}
    for draft in drafts:
        for posting in draft.postings:
            accounts[posting.account] = accounts.get(posting.account, 0) + posting.cents
    return accounts


@given(carts)
def test_a_purchase_can_be_booked_and_clears(cart):
    drafts = purchase(cart, ADA, uncosted(cart), HOUSE, DEBIT)
    assert [fault_of(draft) for draft in drafts] == [None, None]
    accounts = sums(*drafts)
    assert accounts.get("clearing", 0) == 0
    assert accounts.get(f"wallet:{ADA.wallet}", 0) == cart.total.cents


@given(carts)
def test_the_tax_of_a_sale_per_key_is_that_of_its_gross_and_the_sum_of_its_shares(cart):
    lines = sale_of(cart, ADA.group).lines
    parts: list[Line | ChargeLine] = [*lines, *(c for line in lines for c in line.charges)]
    posted = {p.account: -p.cents for p in sale_postings(lines, 0, sign=1)}
    for key, rate_bp in RATES_BP.items():
        own = [part for part in parts if part.tax_key == key]
        tax = sum(part.tax_cents for part in own)
        assert tax == tax_inside(sum(part.gross_cents for part in own), rate_bp)
        assert posted.get(f"tax:{key}", 0) == tax


@given(carts)
def test_the_deposit_of_a_sale_is_its_units_at_face_value(cart):
    lines = sale_of(cart, ADA.group).lines
    posted = {p.account: p.cents for p in sale_postings(lines, 0, sign=1)}
    value = sum(units.cents_per_unit * units.quantity for units in units_of(lines))
    assert posted.get("deposit", 0) == -value


@given(carts, st.booleans())
def test_a_sale_names_its_buyer_in_the_private_part_or_nowhere(cart, history):
    sale, debit = purchase(cart, replace(ADA, history=history), uncosted(cart), HOUSE, DEBIT)
    told = canonical(plain([sale.body, [list(map(str, (p.account,))) for p in sale.postings]]))
    for secret in (ADA.wallet, ADA.member, ADA.name):
        assert str(secret) not in told
    assert sale.author is None
    assert debit.author is None
    assert debit.private is None
    debited = {"epoch": 1, "seq": 3}
    expected = {"wallet": ADA.wallet, "member": ADA.member, "debit": debited, "conditions": {}}
    assert sale.private == (expected if history else None)


@pytest.mark.parametrize("history", [False, True])
def test_a_condition_that_names_the_buyer_is_told_in_the_private_part_alone(history):
    birthday = replace(offer_of(MATE), price=ZERO, price_from="personal", condition=HOUSE)
    happy_hour = replace(offer_of(MILK), price=ZERO, price_from="condition", condition=HOUSE)
    cart = Cart((Entry(happy_hour, 1), Entry(birthday, 1)), NOW)
    sale, _ = purchase(cart, replace(ADA, history=history), uncosted(cart), Id("b"), DEBIT)
    told = [(line["price_from"], line["condition"]) for line in sale.body["lines"]]
    assert told == [("condition", HOUSE), ("personal", None)]
    assert (sale.private or {}).get("conditions") == ({"2": HOUSE} if history else None)


@given(carts)
def test_with_and_without_history_the_books_are_the_same(cart):
    with_it = purchase(cart, replace(ADA, history=True), uncosted(cart), HOUSE, DEBIT)
    without = purchase(cart, ADA, uncosted(cart), HOUSE, DEBIT)
    assert [replace(draft, private=None) for draft in with_it] == list(without)


@given(carts)
def test_a_sale_reads_back_from_its_json(cart):
    sale = sale_of(cart, ADA.group)
    assert read_sale(json.loads(canonical(plain(sale)))) == sale


def test_what_costs_nothing_is_sold_without_moving_money():
    cart = cart_of((WATER, 2))
    sale, debit = purchase(cart, ADA, uncosted(cart), HOUSE, DEBIT)
    assert sale.postings == debit.postings == ()
    assert sale.movements == (Movement(WATER.id, HOUSE, None, -2),)


def test_goods_leave_without_lot_and_cost_until_there_are_lots():
    cart = cart_of((MATE, 3), (CHEESE, 250))
    sale, _ = purchase(cart, ADA, uncosted(cart), HOUSE, DEBIT)
    assert sale.movements == (
        Movement(MATE.id, HOUSE, None, -3),
        Movement(CHEESE.id, HOUSE, None, -250),
    )
    assert sale.body["began_at"] == str(NOW)
    assert sale.body["payments"] == [{"means": "wallet", "cents": 3 * 165 + 498}]


@given(returned)
def test_empties_come_back_for_their_face_value_and_their_tax(units):
    draft = deposit_return(LINUS, tuple(units))
    assert fault_of(draft) is None
    accounts = sums(draft)
    value = sum(each.cents_per_unit * each.quantity for each in units)
    assert accounts["deposit"] == value
    assert accounts[f"wallet:{LINUS}"] == -value
    assert -accounts.get("deposit_tax", 0) == draft.body["tax_cents"]
    assert draft.movements == ()


def test_money_moves_between_cash_and_wallets_with_the_note_apart():
    amount = Money(500)
    for draft, expected in (
        (top_up(LINUS, amount, "cash", "cash:K1", "from Grace"), ("cash:K1", 500)),
        (payout(LINUS, amount, "cash:K1", "from Grace"), (f"wallet:{LINUS}", 500)),
        (transfer(LINUS, ADA.wallet, amount, "from Grace"), (f"wallet:{LINUS}", 500)),
    ):
        assert draft.postings[0] == Posting(*expected)
        assert fault_of(draft) is None
        assert draft.private == {"note": "from Grace"}
        assert "Grace" not in canonical(draft.body)
    assert top_up(LINUS, amount, "cash", "cash:K1", None).private is None


def test_a_sale_counts_units_by_value_and_only_deposit_is_units():
    assert units_of(sale_of(cart_of((MATE, 3), (CHEESE, 250)), ADA.group).lines) == (Units(15, 3),)
