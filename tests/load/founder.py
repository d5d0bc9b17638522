"""The first till of a house: it sold alone before, and brings people and a catalogue along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from kpos.clock import ScriptClock, SystemClock
from kpos.domain.ids import Id, make_id
from kpos.domain.instant import Reading
from kpos.domain.money import Money
from kpos.domain.product import Product, ProductCode
from kpos.ledger import master, stammdaten
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from tests.bench.bigshop import barcode, build
from tests.kiosk import ADMIN
from tests.load.client import Client, Tally, sync
from tests.load.house import House
from tests.load.recorded import paired_books, token_of

# 200 members with wallets and cards, 200 products; some evenings.
_DOCUMENTS = 2_000
_BATCH = 5_000


class Founder:
    """A paired till that sells no more, but hears what changes."""

    def __init__(self, house: House, folder: Path, products: int) -> None:
        build(folder, _DOCUMENTS)
        clock = ScriptClock(SystemClock().now())
        books = Books(Folder(folder), clock)
        known = sum(1 for _ in stammdaten.products(books.current()))
        _furnish(books, clock, range(known, products))
        books.close()
        self.books = paired_books(house, folder, clock)
        self.tally = Tally()
        self._client = Client(house.server.url, token_of(self.books), self.tally)
        self.hear()

    def hear(self) -> None:
        """Say and hear everything, and once more: it is known only then what was taken over."""
        for _ in range(2):
            sync(self.books, self._client)

    def close(self) -> None:
        """Nothing is heard any more."""
        self.books.close()


def _furnish(books: Books, clock: ScriptClock, numbers: Sequence[int]) -> None:
    """More products, each with a barcode, in large transactions."""
    random = Random("catalogue")
    for first in range(0, len(numbers), _BATCH):
        with books.booking(Reading(clock.now(), "ok")) as booking:
            for number in numbers[first : first + _BATCH]:
                product = Product(
                    id=_id(random),
                    name=f"Limo {number}",
                    price=Money(random.randrange(80, 250, 5)),
                    deposit=Money(random.choice((0, 8, 15, 25))),
                )
                booking.append(master.product_row(product, ADMIN))
                code = master.canonical_code(barcode(number))
                assert code is not None, "it has a good check digit"
                booking.append(
                    master.barcode_row(ProductCode(_id(random), code, product.id), ADMIN)
                )


def _id(random: Random) -> Id:
    return make_id(random.randbytes(8))
