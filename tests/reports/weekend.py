"""A weekend at a till whose every figure can be worked out by hand.

Friday, 20 November 2026: Ada, who keeps a history, buys two Mate and a Snack at 20:00; Linus one
Mate at 23:30. Saturday, half an hour after midnight, a guest buys three Snack and takes one back.
Sunday Linus buys 345 g of cheese that nobody has delivered yet. Monday at 20:00 Ada buys the last
Snack and brings two empties, and a bottle of Mate breaks.

Ten Mate came for 8.00 with their deposit, four Snack for 2.20. Mate is taxed at 19 %, all else is
exempt.
"""

from __future__ import annotations

from kpos.domain import orders
from kpos.domain.bodies import Units
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from tests.ledger.kasse import DAY_MS, FRIDAY_EVENING, MINUTE_MS, Kasse

MONDAY_EVENING = FRIDAY_EVENING.plus_ms(3 * DAY_MS)


def spend_a_weekend(kasse: Kasse) -> None:
    """From an empty till to Monday evening."""
    _open(kasse)
    kasse.buy("Ada", ("Mate", 2), "Snack")
    _at(kasse, FRIDAY_EVENING.plus_ms(210 * MINUTE_MS))
    kasse.buy("Linus", "Mate")
    _at(kasse, FRIDAY_EVENING.plus_ms(270 * MINUTE_MS))
    sold = kasse.buy("Grete", ("Snack", 3))
    kasse.undo(sold, (1, 1))
    _at(kasse, FRIDAY_EVENING.plus_ms(2 * DAY_MS))
    kasse.buy("Linus", ("Cheese", 345))
    _at(kasse, MONDAY_EVENING)
    kasse.buy("Ada", "Snack")
    kasse.bring_back("Ada", 2)
    kasse.book(orders.WriteOff("breakage", ((kasse.product("Mate").id, 1),)))


def _open(kasse: Kasse) -> None:
    mate = kasse.add_product("Mate", 150, deposit_cents=15, tax_key="1")
    snack = kasse.add_product("Snack", 100)
    kasse.add_product("Cheese", 1990, unit="kg")
    kasse.add_member("Ada", 2000, history=True)
    kasse.add_member("Linus", 2000)
    kasse.add_guest("Grete", 500)
    goods = (
        orders.DeliveredGoods(mate, 10, Money(800), best_before="2026-11-25"),
        orders.DeliveredGoods(snack, 4, Money(220), best_before="2026-11-22"),
    )
    units = (Units(15, 10),)
    kasse.book(orders.Deliver(goods, "2026-11-20", "bank", units=units))


def _at(kasse: Kasse, moment: Instant) -> None:
    kasse.wait(moment.ms - kasse.clock.now().ms)
