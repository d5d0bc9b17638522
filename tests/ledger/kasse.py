"""A till to sell at: real files, a clock that only the test moves, people by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kpos.clock import ScriptClock
from kpos.domain import orders
from kpos.domain.bodies import TaxedUnits
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Document, Draft
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.product import Product
from kpos.domain.refusal import Refused
from kpos.ledger import stammdaten
from kpos.ledger.birth import create_till
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.checks import Booked
from kpos.ledger.files import Folder
from kpos.ledger.office import perform
from kpos.ledger.prices import prices_now
from kpos.ledger.verify import Verified, verify

FRIDAY_EVENING = Instant.parse("2026-11-20T19:00:00Z")
MINUTE_MS, DAY_MS = 60_000, 86_400_000
ADMIN = "uid:0"

# Everything in stammdaten.db that follows from the journal.
PROJECTIONS = (
    "applied product barcode member_group member wallet card supplier setting condition"
    " balance stock lot taken house_units held_units sold_units history reversed"
    " sale_line posting_sum"
).split()


@contextmanager
def refusing(code: str, says: str) -> Iterator[None]:
    """What is done inside is refused for this reason, in words that match `says`."""
    with pytest.raises(Refused, match=says) as told:
        yield
    assert told.value.refusal.code == code


class Kasse:
    """One till. People and goods are called by their names, cards by CARD-<name>."""

    def __init__(self, path: Path, start: Instant = FRIDAY_EVENING) -> None:
        self.folder = Folder(path)
        self.clock = ScriptClock(start)
        create_till(self.folder, self.clock, ADMIN)
        self.books = Books(self.folder, self.clock)

    @classmethod
    def of(cls, path: Path) -> Kasse:
        """A till that is there."""
        kasse = cls.__new__(cls)
        kasse.folder = Folder(path)
        kasse.clock = ScriptClock(FRIDAY_EVENING)
        kasse.open()
        return kasse

    # The till as a machine

    def close(self) -> None:
        self.books.close()

    def open(self) -> None:
        self.books = Books(self.folder, self.clock)

    def reopen(self) -> None:
        self.close()
        self.open()

    def rebuild(self) -> None:
        self.close()
        self.lose_stammdaten()
        self.open()

    def lose_stammdaten(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.folder.stammdaten}{suffix}").unlink(missing_ok=True)

    def wait(self, ms: int) -> None:
        self.clock.move(ms)

    def verify(self) -> Verified:
        return verify(self.folder)

    # What an admin does

    def office(self, request: str, **arguments: object) -> dict[str, Any]:
        return perform(self.books, request, arguments, ADMIN)

    def add_product(self, name: str, price_cents: int | None, **more: object) -> Id:
        return Id(self.office("product_add", name=name, price_cents=price_cents, **more)["id"])

    def add_member(self, name: str, cents: int = 0, **more: object) -> Holder:
        self.office("member_add", name=name, **more)
        self.office("card_issue", code=f"CARD-{name}", member=name)
        if cents:
            self.office("top_up", member=name, cents=cents)
        return self.holder(name)

    def add_guest(self, name: str, cents: int = 0) -> Holder:
        if stammdaten.group_of_name(self.books.current(), "guests") is None:
            self.office("group_add", name="guests")
        book(self.books, orders.NewGuestCard(f"CARD-{name}", ADMIN))
        if cents:
            self.office("top_up", card=f"CARD-{name}", cents=cents)
        return self.holder(name)

    # What happens at the till

    def holder(self, name: str) -> Holder:
        """Who presents CARD-<name>."""
        db = self.books.current()
        card = stammdaten.card_of_code(db, f"CARD-{name}")
        assert card is not None
        wallet = stammdaten.wallet(db, card.wallet)
        assert wallet is not None
        credit = self.books.credit(card.wallet)
        if card.member is None:
            assert wallet.group is not None
            return Holder(card.wallet, wallet.group, credit)
        member = stammdaten.member(db, card.member)
        assert member is not None
        return Holder(
            card.wallet, member.group, credit, name, member=member.id, history=member.history
        )

    def products(self) -> list[Product]:
        return list(stammdaten.products(self.books.current()))

    def product(self, name: str) -> Product:
        [found] = [product for product in self.products() if product.name == name]
        return found

    def cart(self, *goods: tuple[str, int] | str) -> Cart:
        cart = Cart(began_at=self.clock.now())
        for each in goods:
            name, quantity = (each, 1) if isinstance(each, str) else each
            product = self.product(name)
            offer = prices_now(self.books).house_offer(product)
            cart = cart.plus(Entry(offer, quantity))
        return cart

    def buy(self, who: str, *goods: tuple[str, int] | str) -> Booked:
        return book(self.books, orders.Purchase(self.cart(*goods), self.holder(who)))

    def undo(self, sold: Booked, *parts: tuple[int, int], **more: Any) -> Booked:
        wanted = tuple(orders.LinePart(*part) for part in parts)
        return book(self.books, orders.Reverse(sold.documents[0].ref, wanted, **more))

    def deliver(self, name: str, quantity: int, cost_cents: int, **more: Any) -> Booked:
        goods = (orders.DeliveredGoods(self.product(name).id, quantity, Money(cost_cents)),)
        return book(self.books, orders.Deliver(goods, "2026-11-20", "bank", **more))

    def bring_back(self, who: str, quantity: int, cents: int = 15, **more: Any) -> Booked:
        units = (TaxedUnits(cents, quantity, "6", 0),)
        return book(self.books, orders.ReturnDeposit(self.holder(who).wallet, units, **more))

    def book(self, order: orders.Order) -> Booked:
        return book(self.books, order)

    def post(self, *drafts: Draft) -> tuple[Document, ...]:
        """Documents of kinds that nothing here builds yet."""
        with self.books.booking() as booking:
            for draft in drafts:
                booking.append(draft)
        return tuple(booking.documents)

    # What the books say

    def credit(self, who: str) -> Money:
        return self.books.credit(self.holder(who).wallet)

    def balance(self, account: str) -> int:
        return stammdaten.balance(self.books.current(), account).cents

    def documents(self) -> list[Document]:
        return list(self.books.journal.documents_after(0))

    def kinds(self) -> list[str]:
        return [document.kind for document in self.documents()]

    def tables(self, only: Iterable[str] = PROJECTIONS) -> dict[str, list[tuple[Any, ...]]]:
        db = self.books.current()
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in only}
