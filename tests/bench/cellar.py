"""The goods of a shop of `bigshop.py`: what is there, of which lot, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from kpos.domain import goods
from kpos.domain.bodies import Line
from kpos.domain.cart import Entry
from kpos.domain.document import Document, Draft, Movement
from kpos.domain.ids import Id, make_id
from kpos.domain.lots import Lot, Shelf, Take, give_back
from kpos.domain.postings import BANK
from kpos.domain.product import Offer
from kpos.domain.tax import DEFAULT_KEY
from kpos.ledger.reading import position_of

CRATE = 24


class Cellar:
    """Shelves by product, as the projections have them too, without a look at them."""

    def __init__(self, place: Id, random: Random) -> None:
        self._place = place
        self._random = random
        self._shelves: dict[Id, Shelf] = {}
        self._lots: dict[Id, Lot] = {}

    def delivery(self, offers: Sequence[Offer], day: str) -> Draft:
        """A crate of each, by bank, at half of what it is sold for and some cents."""
        lines = tuple(
            goods.DeliveryLine(
                line=number,
                product=offer.product.id,
                place=self._place,
                lot=make_id(self._random.randbytes(8)),
                quantity=CRATE,
                pack_size=CRATE,
                cost_cents=offer.price.cents * CRATE // 2 + self._random.randrange(CRATE),
                tax_key=offer.product.tax_key,
                tax_cents=0,
            )
            for number, offer in enumerate(offers, start=1)
        )
        units = goods.merged_units((offer.product.deposit.cents, CRATE) for offer in offers)
        total = goods.total_of(lines, units, 0)
        body = goods.Delivery(None, "", day, "bank", BANK, lines, units, 0, total)
        return goods.delivery(body, [None] * len(lines), DEFAULT_KEY, None)

    def came(self, document: Document) -> None:
        """What a delivery brought is there."""
        for ordinal, moved in enumerate(document.movements):
            product = Id(moved.product)
            lot = Lot(Id(str(moved.lot)), (position_of(document.ref), ordinal))
            self._lots[lot.id] = lot
            shelf = self._shelves.get(product, Shelf())
            self._shelves[product] = shelf.moved(lot, moved.quantity, moved.cost_cents or 0)

    def has(self, entry: Entry) -> bool:
        """Whether there is enough of it."""
        return self._shelves[entry.offer.product.id].pool[0] >= entry.quantity

    def take(self, entry: Entry) -> tuple[Take, ...]:
        """What is bought, of which lot."""
        product = entry.offer.product.id
        takes, self._shelves[product] = self._shelves[product].take(entry.quantity)
        return takes

    def give_back(
        self, lines: Sequence[Line], taken: Sequence[tuple[Take, ...]]
    ) -> list[tuple[Movement, ...]]:
        """All that was bought with these lines, back where it was."""
        return [self._back(line, takes) for line, takes in zip(lines, taken, strict=True)]

    def _back(self, line: Line, takes: tuple[Take, ...]) -> tuple[Movement, ...]:
        back = give_back(takes, line.quantity)
        for take in back:
            assert take.lot is not None, "nothing is sold here before it came"
            shelf, lot = self._shelves[line.product], self._lots[take.lot]
            self._shelves[line.product] = shelf.moved(lot, take.quantity, take.cost)
        return goods.returning(line.product, self._place, back)
