"""What tests of prices do: add conditions, deliver, and ask what somebody pays."""

import pytest

from kpos.domain import orders
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger.checks import Booked
from kpos.ledger.prices import prices_now
from tests.ledger.kasse import Kasse


def add(kasse: Kasse, kind="fixed", value=100, **names):
    more = {key: names.pop(key) for key in list(names) if key not in ("member", "group", "product")}
    done = kasse.office("condition_add", kind=kind, value=value, more=more, **names)
    return done["id"], done["warnings"]


def refused(kasse: Kasse, request: str, **arguments: object) -> str:
    """Why nothing was booked."""
    before = len(kasse.documents())
    with pytest.raises(Refused) as told:
        kasse.office(request, **arguments)
    assert len(kasse.documents()) == before
    return told.value.refusal.message


def price(kasse: Kasse, product="Mate", who=None, pieces=1):
    """What somebody, or nobody yet, pays for one of so many; None for nothing."""
    prices, wanted = prices_now(kasse.books), kasse.product(product)
    if who is None:
        offer = prices.house_offer(wanted)
    else:
        holder = kasse.holder(who)
        offer = prices.offer(wanted, holder.group, holder.member)
    return offer.at(pieces).price.cents if offer.is_priced else None


def deliver(kasse: Kasse, product: str, quantity: int, cents: int) -> Booked:
    goods = orders.DeliveredGoods(kasse.product(product).id, quantity, Money(cents))
    return kasse.book(orders.Deliver((goods,), "2026-11-20", "bank"))
