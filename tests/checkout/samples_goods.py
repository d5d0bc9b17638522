"""A sample of every dialogue about goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.checkout import states
from kpos.checkout.states import Dialogue, Notice, Shopping
from kpos.domain.cart import Entry
from kpos.domain.goods import REASONS

if TYPE_CHECKING:
    from tests.checkout.samples import Samples


def goods_dialogues(samples: Samples) -> list[Dialogue]:
    return _written_off(samples)


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
