"""What comes in: lots, deposit, who paid; and what is refused."""

from typing import Any

import pytest

from kpos.domain import orders
from kpos.domain.bodies import Units
from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.money import CENTS_MAX, Money
from kpos.domain.refusal import Refused
from kpos.domain.values import replace
from kpos.ledger.delivering import INVOICE_LENGTH_MAX
from kpos.ledger.goods import QUANTITY_MAX
from kpos.ledger.levels import levels
from kpos.ledger.stock import lots
from tests.ledger.goods_books import check_goods
from tests.ledger.kasse import Kasse
from tests.ledger.test_office_goods import refused

CRATE = "4029764001814"
MATE = {"product": "Mate", "quantity": "20", "cost": "0.80"}
SNACK = {"product": "Snack", "quantity": "1", "cost": "=0.55"}
BANK = {"paid_by": "bank"}


def last(kasse: Kasse) -> Document:
    return kasse.documents()[-1]


def accounts(document: Document) -> dict[str, int]:
    return {posting.account: posting.cents for posting in document.postings}


def delivered(kasse: Kasse, *lines: dict[str, str], **more: Any) -> Document:
    done = kasse.office("delivery_add", **{"lines": lines, **BANK, **more})
    document = last(kasse)
    assert done["receipt_number"] == document.receipt_number
    assert done["total_cents"] == document.body["total_cents"]
    return document


@pytest.fixture
def crates(kasse: Kasse) -> Kasse:
    kasse.office("barcode_add", product="Mate", code=CRATE, pack=20, pack_deposit_cents=150)
    return kasse


def test_a_cost_is_that_of_one_or_of_the_whole_line(kasse):
    kasse.add_product("Gouda", 1990, unit="kg")
    one = delivered(kasse, MATE)
    whole = delivered(kasse, {**MATE, "cost": "=15,99"})
    cheese = delivered(kasse, {"product": "Gouda", "quantity": "2.5", "cost": "9.99"})
    assert accounts(one) == {"inventory": 1600, "deposit": 300, "bank": -1900}
    assert accounts(whole)["inventory"] == 1599
    assert accounts(cheese) == {"inventory": 2498, "bank": -2498}
    assert [row.quantity for row in lots(kasse.books.current())] == [20, 20, 2500]


def test_crates_come_with_their_bottles_and_their_own_deposit(crates):
    document = delivered(crates, {"product": CRATE, "quantity": "2", "cost": "16.00"})
    [line] = document.body["lines"]
    assert (line["line"], line["quantity"], line["pack_size"]) == (1, 40, 20)
    assert line["cost_cents"] == 3200
    assert accounts(document) == {"inventory": 3200, "deposit": 900, "bank": -4100}
    units = {each["cents_per_unit"]: each["quantity"] for each in document.body["units"]}
    assert units == {15: 40, 150: 2}


def test_deposit_may_be_left_out_and_empties_go_back(crates):
    crate = {"product": CRATE, "quantity": "1", "cost": "16.00"}
    document = delivered(crates, crate, deposit=False, empties=[[15, 20], [150, 1]])
    assert accounts(document) == {"inventory": 1600, "deposit": -450, "bank": -1150}
    only_empties = delivered(crates, empties=[[15, 5]])
    assert accounts(only_empties) == {"deposit": -75, "bank": 75}


def test_input_tax_is_typed_and_the_deposits_goes_with_the_first_line(kasse):
    kasse.add_product("Milk", 119, tax_key="2")
    milk = {"product": "Milk", "quantity": "10", "cost": "0.70"}
    taxes = [["Milk", 49], ["Mate", 304]]
    document = delivered(kasse, MATE, milk, taxes=taxes, deposit_tax_cents=57)
    assert accounts(document) == {
        "inventory": 2300,
        "input_tax:1": 361,
        "input_tax:2": 49,
        "deposit": 300,
        "bank": -3010,
    }


def test_empties_alone_take_their_tax_back_under_the_key_of_the_house(kasse):
    document = delivered(kasse, empties=[[15, 100]], deposit_tax_cents=-285)
    assert accounts(document) == {"deposit": -1500, "input_tax:6": -285, "bank": 1785}


def test_the_next_best_before_is_that_of_a_lot_with_goods(kasse):
    for quantity, day in (("1", "2026-12-01"), ("5", "2027-01-01"), ("5", "2027-02-01")):
        delivered(kasse, {**MATE, "quantity": quantity}, best_before=[["12", day]])
    mate = kasse.product("Mate").id
    assert levels(kasse.books.current())[mate].best_before == "2026-12-01"
    kasse.buy("Ada", "Mate")
    assert levels(kasse.books.current())[mate].best_before == "2027-01-01"
    assert len(lots(kasse.books.current())) == 2
    assert len(lots(kasse.books.current(), everything=True)) == 3


def test_a_delivery_is_of_today_where_the_till_stands(kasse):
    kasse.wait(4 * 3_600_000 + 1)  # 23:00 in Berlin is over, 22:00 UTC not yet a new day
    assert delivered(kasse, MATE).body["delivered_on"] == "2026-11-21"
    kasse.office("setting_set", key="zone", value="America/New_York")
    assert delivered(kasse, MATE).body["delivered_on"] == "2026-11-20"


@pytest.mark.parametrize(
    ("paid", "account"),
    [
        ({"paid_by": "cash"}, "cash:K1"),
        ({"paid_by": "bank"}, "bank"),
        ({"paid_by": "opening"}, "opening"),
        ({"paid_by": "owed", "supplier": "Quelle"}, "payable:"),
        ({"paid_by": "member", "member": "Ada"}, "wallet:"),
        ({"paid_by": "member", "card": "CARD-Ada"}, "wallet:"),
    ],
)
def test_somebody_pays_and_is_paid_back_by_a_reversal(kasse, paid, account):
    kasse.office("supplier_add", name="Quelle")
    credit = kasse.credit("Ada")
    document = delivered(kasse, MATE, **paid)
    [payer] = [name for name in accounts(document) if name.startswith(account)]
    assert accounts(document)[payer] == -1900
    laid_out = Money(1900 if "member" in paid.values() else 0)
    assert kasse.credit("Ada") == credit + laid_out
    done = kasse.office("reverse", receipt=document.receipt_number)
    assert done["credit_cents"] == (credit.cents if laid_out else None)
    assert kasse.credit("Ada") == credit
    assert kasse.balance("inventory") == kasse.balance("deposit") == 0


def test_who_laid_out_empties_that_brought_money_owes_it(kasse):
    order = orders.Deliver(
        (), "2026-11-20", "member", units=(Units(15, -100),), wallet=kasse.holder("Ada").wallet
    )
    assert kasse.book(order).credit == Money(500)
    assert kasse.credit("Ada") == Money(500)
    with pytest.raises(Refused, match="does not suffice"):
        kasse.book(order)
    nobody = kasse.add_member("Bo").wallet
    with pytest.raises(Refused, match="does not suffice"):
        kasse.book(replace(order, units=(Units(1, -1),), wallet=nobody))


@pytest.mark.parametrize(
    ("request_", "code", "says"),
    [
        ({"lines": []}, "amount", "nothing was delivered"),
        ({"lines": [{}]}, "unknown", "there is no product"),
        ({"lines": [{"product": "Beer"}]}, "unknown", "there is no product 'Beer'"),
        ({"lines": [{**MATE, "quantity": "1.5"}]}, "amount", "Mate: not a quantity"),
        ({"lines": [{**MATE, "quantity": "0"}]}, "amount", "a quantity is from 1"),
        ({"lines": [{**MATE, "quantity": f"{QUANTITY_MAX + 1}"}]}, "amount", "a quantity is from"),
        ({"lines": [{**MATE, "cost": "cheap"}]}, "amount", "Mate: not an amount"),
        ({"lines": [{**MATE, "cost": "-1"}]}, "amount", "do not cost less than nothing"),
        ({"lines": [{**MATE, "cost": "99999.99"}]}, "amount", "is more than"),
        ({"lines": [{**MATE, "price": "1"}]}, "invalid", "cannot be changed"),
        ({"lines": [MATE], "paid_by": "gold"}, "invalid", "is none of cash"),
        ({"lines": [MATE], "paid_by": "owed"}, "invalid", "name the supplier"),
        ({"lines": [MATE], "paid_by": "member"}, "invalid", "name the member"),
        ({"lines": [MATE], "member": "Ada"}, "invalid", "and only then"),
        ({"lines": [MATE], "supplier": "Nobody"}, "unknown", "there is no supplier"),
        ({"lines": [MATE], "delivered_on": "22.11.2026"}, "invalid", "is no day"),
        ({"lines": [MATE], "invoice": "x" * (INVOICE_LENGTH_MAX + 1)}, "invalid", "invoice"),
        ({"lines": [MATE], "invoice": "two\nlines"}, "invalid", "invoice"),
        ({"lines": [MATE], "note": "two\nlines"}, "invalid", "a note is one line"),
        ({"lines": [MATE], "best_before": [["Mate", "soon"]]}, "invalid", "is no day"),
        ({"lines": [MATE], "best_before": [["Snack", "2027-01-01"]]}, "invalid", "in 0 lines"),
        ({"lines": [MATE, MATE], "taxes": [["Mate", 1]]}, "invalid", "in 2 lines, not in one"),
        ({"lines": [MATE], "taxes": [["Mate", -1]]}, "amount", "less than nothing"),
        ({"lines": [MATE], "empties": [[0, 1]]}, None, ""),
        ({"lines": [{**SNACK, "quantity": f"{QUANTITY_MAX}"}]}, None, ""),
        ({"lines": [{**SNACK, "cost": "0"}], "invoice": "x" * INVOICE_LENGTH_MAX}, None, ""),
        ({"lines": [MATE], "empties": [[-15, 1]]}, "amount", "more than 0.00"),
        ({"lines": [MATE], "empties": [[15, QUANTITY_MAX * 2]]}, "amount", "a quantity is from"),
        ({"lines": [MATE], "empties": [[CENTS_MAX, 2]]}, "amount", "is more than"),
        ({"lines": [MATE], "paid_by": "cash", "best_before": []}, None, ""),
        ({"lines": [{**MATE, "cost": "900"}], "paid_by": "cash"}, "cash", "pay in first"),
    ],
)
def test_a_delivery_that_cannot_be_one_is_refused(kasse, request_, code, says):
    wanted = {**BANK, **request_}
    if code is None:
        kasse.office("delivery_add", **wanted)
    else:
        told = refused(kasse, "delivery_add", **wanted)
        assert told[0] == code
        assert says in told[1]


def test_no_tax_is_deducted_under_a_key_that_has_none(kasse):
    snack = {"product": "Snack", "quantity": "1", "cost": "1"}
    told = refused(kasse, "delivery_add", lines=[snack], taxes=[["Snack", 19]], **BANK)
    assert told == ("invalid", "tax key '6' has no tax to deduct")


def test_what_nobody_says_otherwise_was_paid_from_the_till(kasse):
    kasse.office("delivery_add", lines=[{"product": "Snack", "quantity": "2", "cost": "0.55"}])
    assert accounts(last(kasse)) == {"inventory": 110, "cash:K1": -110}


def test_goods_do_not_cost_less_than_nothing_however_little_comes(kasse):
    kasse.add_product("Gouda", 1990, unit="kg")
    gram = {"product": "Gouda", "quantity": "0.001", "cost": "-0.01"}
    assert refused(kasse, "delivery_add", lines=[gram], **BANK)[0] == "amount"


def test_what_the_till_orders_is_checked_too(kasse):
    mate = orders.DeliveredGoods(kasse.product("Mate").id, 1, Money(80))
    order = orders.Deliver((mate,), "2026-11-20", "bank")
    nobody = Id("00000000000000ff")
    kasse.office("supplier_add", name="Quelle")
    retired = Id(kasse.office("supplier_retire", supplier="Quelle")["id"])
    for wrong in (
        replace(order, lines=(replace(mate, product=nobody),)),
        replace(order, lines=(replace(mate, tax_key="9"),)),
        replace(order, supplier=nobody),
        replace(order, supplier=retired),
        replace(order, paid_by="member", wallet=nobody),
    ):
        with pytest.raises(Refused):
            kasse.book(wrong)


def test_a_supplier_who_is_owed_money_stays(kasse):
    kasse.office("supplier_add", name="Quelle")
    delivered(kasse, MATE, supplier="Quelle", paid_by="owed")
    code, message = refused(kasse, "supplier_retire", supplier="Quelle")
    assert (code, message) == ("credit", "Quelle is owed 19.00: settle that first")


def test_a_delivery_is_taken_back_once_and_whole(kasse):
    document = delivered(kasse, MATE)
    told = refused(kasse, "reverse", receipt=document.receipt_number, parts=[[1, 1]])
    assert told == ("invalid", "a delivery is reversed whole")
    kasse.office("reverse", receipt=document.receipt_number)
    assert refused(kasse, "reverse", receipt=document.receipt_number)[0] == "undone"
    assert lots(kasse.books.current(), everything=True) == []


def test_what_was_sold_of_one_delivery_keeps_its_cost_when_another_is_taken_back(kasse):
    delivered(kasse, {**SNACK, "quantity": "2", "cost": "1.00"})
    other = delivered(kasse, {**SNACK, "quantity": "2", "cost": "1.50"})
    kasse.buy("Ada", "Snack")
    before = len(kasse.documents())
    kasse.office("reverse", receipt=other.receipt_number)
    assert kasse.kinds()[before:] == ["reversal"]
    assert (kasse.balance("cost"), kasse.balance("inventory")) == (100, 100)


def test_cash_that_empties_brought_is_given_back_only_while_it_is_there(kasse):
    document = delivered(kasse, empties=[[15, 100]], paid_by="cash")
    cash = kasse.balance("cash:K1")
    kasse.office("payout", member="Ada", cents=2000)
    assert cash == 3500
    kasse.office("delivery_add", lines=[{**MATE, "cost": "=10.00"}], paid_by="cash")
    told = refused(kasse, "reverse", receipt=document.receipt_number)
    assert told[0] == "cash"


def test_what_is_brought_back_of_three_lots_goes_back_to_the_last(kasse):
    for cents in (80, 90, 100):
        kasse.deliver("Mate", 1, cents)
    sold = kasse.buy("Ada", ("Mate", 3))
    assert kasse.balance("inventory") == 0
    for back in (100, 190, 270):
        kasse.undo(sold, (1, 1))
        assert kasse.balance("inventory") == back
    check_goods(kasse)
