"""Average costs: goods leave the oldest lot, money leaves the product's pool."""

import pytest

from kpos.domain import orders
from kpos.domain.document import Document
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from tests.ledger.goods_books import check_goods
from tests.ledger.kasse import Kasse


@pytest.fixture
def average(kasse: Kasse) -> Kasse:
    kasse.office("setting_set", key="cost_flow", value="average")
    return kasse


def deliver(kasse: Kasse, *lines: tuple[int, int]) -> Document:
    """Snacks: (quantity, cents) a line."""
    snack = kasse.product("Snack").id
    goods = tuple(orders.DeliveredGoods(snack, quantity, Money(cents)) for quantity, cents in lines)
    return kasse.book(orders.Deliver(goods, "2026-11-20", "opening")).documents[0]


def test_each_unit_costs_what_all_that_are_there_cost_on_average(average):
    deliver(average, (2, 100), (2, 300))
    average.buy("Ada", ("Snack", 3))
    assert average.balance("cost") == 300
    check_goods(average)
    average.buy("Ada", "Snack")
    assert (average.balance("cost"), average.balance("inventory")) == (400, 0)


def test_what_was_sold_before_the_first_delivery_loses_its_cost_with_it(average):
    average.buy("Ada", "Snack")
    wrong = deliver(average, (2, 100))
    assert average.balance("cost") == 50
    average.book(orders.Reverse(wrong.ref))
    assert average.balance("cost") == 0
    check_goods(average)


def test_two_lots_of_one_delivery_go_back_with_what_left_them_once(average):
    wrong = deliver(average, (2, 100), (2, 300))
    average.buy("Ada", ("Snack", 3))
    uncosted = average.book(orders.Reverse(wrong.ref)).documents[0]
    assert sum(item["quantity"] for item in uncosted.body["items"]) == -3
    assert (average.balance("cost"), average.balance("inventory")) == (0, 0)
    check_goods(average)


def test_what_left_before_a_delivery_keeps_its_cost_when_that_is_taken_back(average):
    deliver(average, (2, 100))
    average.buy("Ada", "Snack")
    wrong = deliver(average, (2, 300))
    average.buy("Ada", "Snack")
    assert average.balance("cost") == 50 + 117
    uncosted = average.book(orders.Reverse(wrong.ref)).documents[0]
    assert [(item["quantity"], item["cost_cents"]) for item in uncosted.body["items"]] == [
        (-1, -117)
    ]
    assert (average.balance("cost"), average.balance("inventory")) == (100, 0)
    check_goods(average)


def test_costs_that_averages_left_in_an_empty_lot_keep_the_till_with_averages(average):
    deliver(average, (1, 100), (1, 300))
    average.buy("Ada", ("Snack", 2))
    with pytest.raises(Refused, match="from average to fifo only while no lot"):
        average.office("setting_set", key="cost_flow", value="fifo")


def test_costs_change_over_while_every_lot_is_used_up_at_its_own_cost(average):
    delivered = deliver(average, (2, 100))
    average.buy("Ada", ("Snack", 2))
    average.office("setting_set", key="cost_flow", value="fifo")
    average.book(orders.Reverse(delivered.ref))
    check_goods(average)
