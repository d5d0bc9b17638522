"""A sample of every dialogue about goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.checkout import states
from kpos.checkout.carried import Supplier
from kpos.checkout.delivering import PAID_BY_KEY
from kpos.checkout.events import Difference, WaitingCount
from kpos.checkout.states import Delivered, Dialogue, Notice, Shopping
from kpos.domain.cart import Entry
from kpos.domain.goods import REASONS
from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.product import Pack

if TYPE_CHECKING:
    from tests.checkout.samples import Samples


CRATE = Pack(20, Money(150))


def goods_dialogues(samples: Samples) -> list[Dialogue]:
    return [*_written_off(samples), *_delivered(samples), *_counted(samples)]


def _scanned(samples: Samples) -> tuple[Entry, ...]:
    pieces = (Entry(samples.offer, samples.values.quantity),) * samples.values.scans
    return (*pieces, Entry(samples.gouda, 250), Entry(samples.offer, 9_999))


def _written_off(samples: Samples) -> list[Dialogue]:
    login, scanned = Shopping(samples.grace, pin_given=True), _scanned(samples)
    listed = [states.WriteOffGoods(login, reason, scanned) for reason in REASONS]
    name = samples.values.product
    return [
        states.WriteOffReason(login),
        *listed,
        *(states.WriteOffConfirm(goods) for goods in listed),
        states.WriteOffConfirm(states.WriteOffGoods(login, "gift", scanned[:1])),
        states.WriteOffGoods(login, "gift"),
        states.WriteOffGoods(login, "gift", typed=samples.values.typed),
        states.WriteOffGoods(login, "gift", scanned, "999999"),
        states.WriteOffGoods(login, "gift", scanned, notice=Notice("goods_back", name)),
        states.WriteOffGoods(login, "gift", scanned * 300),
        states.HowMany(listed[0], samples.offer),
        states.HowMany(listed[0], samples.gouda, "999999"),
        states.HowMany(listed[0], samples.offer, "0", Notice("how_many")),
    ]


def _delivered(samples: Samples) -> list[Dialogue]:
    login, cost = Shopping(samples.grace, pin_given=True), Money(min(samples.values.cents, 999_999))
    lines = tuple(Delivered(goods, cost, "2026-12-24", CRATE) for goods in _scanned(samples))
    listed = states.DeliveryGoods(login, lines)
    asked = states.DeliveryCost(listed, lines[0].goods, CRATE, "999999")
    weighed = Entry(samples.gouda, 250)
    return [
        states.DeliveryGoods(login),
        states.DeliveryGoods(login, typed=samples.values.typed),
        listed,
        states.DeliveryGoods(login, (Delivered(weighed, cost),)),
        states.DeliveryGoods(login, lines, notice=Notice("cash_short", missing=cost)),
        states.DeliveryGoods(login, lines, "24"),
        asked,
        states.DeliveryCost(listed, Entry(samples.offer, 9_999)),
        states.DeliveryCost(listed, weighed, typed="999999", notice=Notice("amount")),
        *(states.DeliveryExpiry(asked, typed) for typed in ("", "2", "311", "311126", "311226")),
        states.DeliveryExpiry(asked, notice=Notice("no_day")),
        states.DeliveryPaid(listed),
        *(states.DeliverySupplier(listed, suppliers(samples)[:many]) for many in (1, 3, 4)),
        states.DeliverySupplier(listed, suppliers(samples), 1),
        states.DeliveryConfirm(listed, "owed", suppliers(samples)[0]),
        *(states.DeliveryConfirm(listed, paid_by) for paid_by in PAID_BY_KEY.values()),
        states.HowMany(listed, samples.offer),
    ]


def suppliers(samples: Samples) -> tuple[Supplier, ...]:
    return tuple(Supplier(Id(str(number)), samples.values.name) for number in range(4))


def counts(samples: Samples) -> tuple[WaitingCount, ...]:
    """By Linus, Grace herself, and somebody who is forgotten."""
    name = samples.values.product
    found = (
        Difference(name, 9_999, 12),
        Difference(name, 0, 99_999),
        Difference(name, 999_999, 0, by_piece=False),
        Difference(name, 0, 999_999, by_piece=False),
        Difference("", 0, -9_999, deposit=Money(150)),
    )
    return (
        WaitingCount(1, "member:2", samples.values.name, "22.11. 21:04", 500, found),
        WaitingCount(2, "member:4", samples.values.name, "22.11. 21:04", 1, found[:2]),
        WaitingCount(3, "member:9", "", "22.11. 21:04", 1, ()),
    )


def _counted(samples: Samples) -> list[Dialogue]:
    login, scanned = Shopping(samples.grace, pin_given=True), _scanned(samples)
    listed = states.CountGoods(login, scanned)
    choice = states.CountChoice(login, counts(samples))
    many, one, none = (
        states.CountReview(states.CountChoice(login, counts(samples), number))
        for number in range(3)
    )
    return [
        states.CountGoods(login),
        listed,
        states.CountGoods(login, scanned[:1]),
        states.CountGoods(login, (Entry(samples.offer, 0),)),
        states.CountGoods(login, scanned, "99"),
        states.CountGoods(login, scanned, notice=Notice("goods_back", samples.values.product)),
        states.CountConfirm(listed),
        states.CountConfirm(states.CountGoods(login, scanned[:1])),
        states.HowMany(listed, samples.offer, "0"),
        choice,
        states.CountChoice(login, counts(samples)[:1]),
        states.CountChoice(login, counts(samples), 1, Notice("not_counted")),
        *(many, one, none),
        states.CountReview(choice, 1),
        states.CountReview(choice, 1, "0"),
        *(states.CountDecision(many, books) for books in (True, False)),
    ]
