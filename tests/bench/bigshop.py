"""Shops of any size: `python -m tests.bench.bigshop 1000000 DIR` makes one of a million documents.

A tenth as many members (each with a wallet, a card and an opening credit) and a tenth as many
products (each with a barcode) as documents; every fifth member keeps a history, every tenth has a
PIN, the first is trusted. What is left of the documents is what a till books: purchases, top-ups,
transfers, undone purchases, returned empties, a minute apart, by members and of goods drawn at
random from one seed; a crate of each product is there to begin with, and the next one comes when
it is sold out.

Drafts are the domain's, sealed, written and projected by the ledger, as at a till; only the
transactions are larger, and what an order would be refused for is known beforehand.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from kpos.clock import ScriptClock
from kpos.domain import postings, undoing
from kpos.domain.bodies import SaleHistory, TaxedUnits, read_sale
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Document, Draft, plain
from kpos.domain.ids import Id, make_id
from kpos.domain.instant import Reading
from kpos.domain.lots import Take
from kpos.domain.member import Card, Holder, Member
from kpos.domain.money import ZERO, Money
from kpos.domain.product import Offer, Product, ProductCode, house_offer
from kpos.domain.values import replace
from kpos.ledger import master, stammdaten
from kpos.ledger.birth import create_till
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.journal import Booking
from kpos.ledger.pins import make_verifier, store_verifier
from kpos.ledger.stammdaten import MEMBERS
from tests.bench.cellar import Cellar
from tests.kiosk import ADMIN, SUNDAY_EVENING

PIN, TRUSTED_PIN = "1234", "161803"
# So many products have a short number, in a shop of any size: they are typed by hand.
NUMBERED = 20
FIRST_MEMBER_NUMBER = 1000

_BATCH = 5000  # documents in a transaction
_STEP_MS = 60_000
_OPENING = Money(50_000)
_TOP_UP = Money(2_000)
_RECENT = 100
_DELIVERED_AT_ONCE = 100
_EMPTIES_CENTS = 15  # one value of deposit comes back, as in most shops


def size_of(documents: int) -> int:
    """How many members, and how many products, a shop of so many documents has."""
    return max(documents // 10, 20)


def barcode(number: int) -> str:
    """The EAN-13 of the product of this number, counted from 0."""
    body = f"40{number:010}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


def card(number: int) -> str:
    """The card of the member of this number, counted from 0; the first is trusted."""
    return f"CARD-{number:06}"


def build(path: Path, documents: int, seed: int = 1) -> Path:
    """Make a shop of exactly so many documents, or take the one that was kept there."""
    done = path / "complete"
    if not done.exists():
        shutil.rmtree(path, ignore_errors=True)  # half of one
        shop = _Shop(path, documents, seed)
        shop.furnish()
        shop.sell()
        shop.books.close()
        done.touch()
    return path


class _Shop:
    """A shop while it is made, with what decides whether an order would be booked."""

    def __init__(self, path: Path, documents: int, seed: int) -> None:
        self._documents = documents
        self._random = Random(seed)
        # It ends an hour before the evening on which it is measured.
        start = SUNDAY_EVENING.plus_ms(-(documents + 60) * _STEP_MS)
        self._clock = ScriptClock(start)
        folder = Folder(path)
        create_till(folder, self._clock, ADMIN)
        self.books = Books(folder, self._clock)
        self._offers: list[Offer] = []
        self._holders: list[Holder] = []
        self._credit: dict[Id, Money] = {}
        self._units: dict[Id, int] = {}
        self._sold: list[tuple[Document, Holder, list[tuple[Take, ...]]]] = []
        self._cellar = Cellar(self.books.identity.place, self._random)

    # Master data

    def furnish(self) -> None:
        """Products with barcodes, then members with wallets, cards and credit."""
        size = size_of(self._documents)
        for batch in _parts(size):
            with self._booking() as booking:
                for number in batch:
                    self._add_product(booking, number)
                for first in batch[::_DELIVERED_AT_ONCE]:
                    self._deliver(booking, self._offers[first : first + _DELIVERED_AT_ONCE])
        group = stammdaten.group_of_name(self.books.current(), MEMBERS)
        assert group is not None
        verifiers = {pin: make_verifier(pin) for pin in (PIN, TRUSTED_PIN)}
        for batch in _parts(size):
            with self._booking() as booking:
                for number in batch:
                    member = self._add_member(booking, number, group.id)
                    if number % 10 == 0:
                        verifier = verifiers[TRUSTED_PIN if number == 0 else PIN]
                        booking.append(master.pin_row(member.id, ADMIN, exists=True))
                        store_verifier(booking, member.id, verifier)

    def _add_product(self, booking: Booking, number: int) -> None:
        brand = self._random.choice(("Club-Mate", "Spezi", "Schöppchen", "Erdnüsse", "Limo"))
        product = Product(
            id=self._id(),
            name=f"{brand} {number}",
            price=Money(self._random.randrange(80, 250, 5)),
            deposit=Money(self._random.choice((0, 8, 15, 25))),
            number=number + 1 if number < NUMBERED else None,
        )
        booking.append(master.product_row(product, ADMIN))
        code = master.canonical_code(barcode(number))
        assert code is not None
        booking.append(master.barcode_row(ProductCode(self._id(), code, product.id), ADMIN))
        rate_bp = self.books.settings.rate_bp(product.tax_key, "")
        self._offers.append(house_offer(product, rate_bp))

    def _add_member(self, booking: Booking, number: int, group: Id) -> Member:
        typed = number + FIRST_MEMBER_NUMBER
        member = Member(
            id=self._id(),
            name=f"Ada {number}",
            wallet=self._id(),
            group=group,
            role="member" if number else "trusted",
            number=typed if typed < 100_000 else None,
            history=number % 5 == 0,
        )
        its_card = Card(self._id(), card(number), member.wallet, member.id)
        booking.append(master.member_row(member, ADMIN))
        booking.append(master.wallet_row(member.wallet, member.id, None, ADMIN))
        booking.append(master.card_row(its_card, ADMIN))
        opening = postings.top_up(member.wallet, _OPENING, "opening", postings.OPENING, None)
        booking.append(opening)
        self._credit[member.wallet] = _OPENING
        self._holders.append(
            Holder(
                member.wallet, group, ZERO, member.name, member=member.id, history=member.history
            )
        )
        return member

    # Evenings

    def sell(self) -> None:
        """Book until there are enough documents."""
        steps = [self._buy] * 70 + [self._top_up] * 15 + [self._transfer] * 5
        steps += [self._undo] * 5 + [self._bring_empties] * 5
        while self._left() > 0:
            with self._booking() as booking:
                until = min(booking.head.ref.seq + _BATCH, self._documents - 1)
                while booking.head.ref.seq < until:
                    self._next_moment(booking)
                    self._random.choice(steps)(booking)
                if booking.head.ref.seq == self._documents - 1:
                    self._top_up(booking)

    def _buy(self, booking: Booking) -> None:
        holder = self._random.choice(self._holders)
        entries = tuple(
            Entry(self._random.choice(self._offers), self._random.choice((1, 1, 2)))
            for _ in range(self._random.choice((1, 1, 2, 3)))
        )
        cart = Cart(entries, self._clock.now().plus_ms(-20_000))
        if self._credit[holder.wallet] < cart.total:
            return self._top_up(booking, holder)
        sold_out = [entry.offer for entry in cart.lines if not self._cellar.has(entry)]
        if sold_out:
            return self._deliver(booking, sold_out)
        takes = [self._cellar.take(entry) for entry in cart.lines]
        place = self.books.identity.place
        sale, debit = postings.purchase(cart, holder, takes, place, booking.ref_after(1))
        self._sold.append((booking.append(sale), holder, takes))
        booking.append(debit)
        self._credit[holder.wallet] -= cart.total
        self._hold(holder.wallet, debit)
        del self._sold[:-_RECENT]
        return None

    def _deliver(self, booking: Booking, offers: Sequence[Offer]) -> None:
        day = str(self._clock.now())[:10]
        self._cellar.came(booking.append(self._cellar.delivery(offers, day)))

    def _top_up(self, booking: Booking, holder: Holder | None = None) -> None:
        wallet = (holder or self._random.choice(self._holders)).wallet
        cash = self.books.identity.cash_account
        booking.append(postings.top_up(wallet, _TOP_UP, "cash", cash, None))
        self._credit[wallet] += _TOP_UP

    def _transfer(self, booking: Booking) -> None:
        giver, taker = self._random.sample(self._holders, 2)
        if self._credit[giver.wallet] < _TOP_UP:
            return
        booking.append(postings.transfer(giver.wallet, taker.wallet, _TOP_UP, None))
        self._credit[giver.wallet] -= _TOP_UP
        self._credit[taker.wallet] += _TOP_UP

    def _undo(self, booking: Booking) -> None:
        if not self._sold:
            return
        document, holder, takes = self._sold.pop()
        lines = read_sale(document.body).lines
        back = self._cellar.give_back(lines, takes)
        draft, cents, units = undoing.sale_reversal(document, lines, back, whole=True)
        private = None
        if holder.history:
            private = plain(SaleHistory(holder.wallet, holder.member, booking.ref_after(1), {}))
        booking.append(replace(draft, private=private))
        debit = postings.debit(holder.wallet, -cents, units)
        booking.append(debit)
        self._credit[holder.wallet] += Money(cents)
        self._hold(holder.wallet, debit)

    def _bring_empties(self, booking: Booking) -> None:
        wallet = next((wallet for wallet, held in self._units.items() if held > 0), None)
        if wallet is None:
            return
        product = self._offers[0].product
        rate_bp = self.books.settings.rate_bp(product.tax_key, "")
        back = TaxedUnits(_EMPTIES_CENTS, self._units.pop(wallet), product.tax_key, rate_bp)
        booking.append(postings.deposit_return(wallet, (back,)))
        self._credit[wallet] += Money(back.cents_per_unit * back.quantity)

    def _hold(self, wallet: Id, debit: Draft) -> None:
        """Keep count of the units that are brought back."""
        for units in debit.body["units"]:
            if units["cents_per_unit"] == _EMPTIES_CENTS:
                self._units[wallet] = self._units.get(wallet, 0) + units["quantity"]

    # The till as a machine

    @contextmanager
    def _booking(self) -> Iterator[Booking]:
        with self.books.booking(Reading(self._clock.now(), "ok")) as booking:
            yield booking
        _say(self.books.journal.head.ref.seq)

    def _next_moment(self, booking: Booking) -> None:
        """A till reads the clock for every booking, however many share our transaction."""
        self._clock.move(_STEP_MS)
        booking._reading = Reading(self._clock.now(), "ok")

    def _left(self) -> int:
        return self._documents - self.books.journal.head.ref.seq

    def _id(self) -> Id:
        return make_id(self._random.randbytes(8))


def _parts(size: int) -> Iterator[range]:
    """0 to `size`, cut so that a transaction has some thousand documents."""
    step = _BATCH // 4
    return (range(begin, min(begin + step, size)) for begin in range(0, size, step))


def _say(documents: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{documents} documents ")


def main() -> None:
    """Make a shop and say how long it took."""
    documents, path = int(sys.argv[1]), Path(sys.argv[2])
    before = time.perf_counter()
    build(path, documents)
    print(f"{documents} documents in {time.perf_counter() - before:.1f} s")


if __name__ == "__main__":
    main()
