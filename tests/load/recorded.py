"""A real till's journal, recorded once and signed anew for as many tills as are wanted.

`record` lets a till book by its own code what people do in a week. `Recording.of` gives the same
documents to another till: its id, its prefix, its chain of hashes; what they say stays the same.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from kpos.clock import ScriptClock, SystemClock
from kpos.domain import orders
from kpos.domain.cart import Cart
from kpos.domain.cart import Entry as CartEntry
from kpos.domain.document import Ref, digest
from kpos.domain.ids import Id, make_id
from kpos.domain.instant import Instant
from kpos.domain.member import Holder
from kpos.domain.money import ZERO, Money
from kpos.ledger import stammdaten
from kpos.ledger.birth import create_till
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.joining import Assigned, pair
from kpos.ledger.pairing import Pairing
from kpos.ledger.prices import prices_now
from kpos.ledger.reading import Identity
from kpos.ledger.replica import entries_after, head_of
from kpos.sync.wire import BATCH_MAX, Application, Entry, Paired, Point, prev_of
from tests.kiosk import ADMIN
from tests.load.house import House

_STEP_MS = 60_000
_TOP_UP = Money(2_000)
_RECENT = 20
# So many products of a catalogue are what people really buy.
_SOLD = 1_000
# `["` and 16 digits of the till; `"` and 64 digits of the hash before it, `"]`.
_AFTER_TILL, _BEFORE_PREV = 18, -67


@dataclass(frozen=True)
class Recording:
    """The journal of one till: `alone` before it was paired, `paired` what it booked since."""

    identity: Identity
    alone: tuple[Entry, ...]
    paired: tuple[Entry, ...]

    def application(self, till: Id, code: str) -> Application:
        """What another till with this journal says to be paired."""
        identity = self.identity
        alone = Resigned(till, identity.prefix, identity.prefix).signed(self.alone, None)
        head = list(alone)[-1].point
        return Application(
            code, till, identity.place, identity.prefix, identity.cash_prefix, head, "load"
        )

    def of(self, till: Id, paired: Paired) -> Iterator[Entry]:
        """The journal as that of another till that was paired."""
        prefix = self.identity.prefix
        before = None
        for entry in Resigned(till, prefix, prefix).signed(self.alone, None):
            before = entry.point
            yield entry
        now = (self.paired_prefix, paired.prefix)
        yield from Resigned(till, *now).signed(self.paired, before)

    @property
    def paired_prefix(self) -> str:
        """Of its receipts since it was paired."""
        receipts = (entry.content.split(",", 4)[3] for entry in self.paired)
        return next(each for each in receipts if each != "null").strip('"').partition("-")[0]


@dataclass(frozen=True)
class Resigned:
    """Documents of one till as another one's."""

    till: Id
    prefix: str
    own_prefix: str

    def signed(self, entries: tuple[Entry, ...], before: Point | None) -> Iterator[Entry]:
        """Each with the hash of the one before it, and its own."""
        receipt, own_receipt = f',"{self.prefix}-', f',"{self.own_prefix}-'
        for entry in entries:
            prev_hash = prev_of(before)
            said = entry.content[_AFTER_TILL:_BEFORE_PREV].replace(receipt, own_receipt, 1)
            content = f'["{self.till}{said}"{prev_hash}"]'
            before = Point(entry.point.epoch, entry.point.seq, digest(content))
            yield Entry(before, prev_hash, content, entry.private)


def new_id(number: int) -> Id:
    """The id of the till of this number."""
    return make_id(Random(f"load {number}").randbytes(8))


def paired_books(house: House, folder: Path, clock: ScriptClock) -> Books:
    """A till that is there and becomes one of the house's; it has not been told anything yet."""
    books = Books(Folder(folder), clock)
    identity, head = books.identity, head_of(books.journal)
    asked = (identity.till, identity.place, identity.prefix, identity.cash_prefix, head, "load")
    paired = house.pair(lambda code: Application(code, *asked))
    pairing = Pairing(house.server.url, paired.token, paired.branch)
    pair(books, pairing, Assigned(paired.till, paired.place, paired.prefix), ADMIN)
    return books


def newcomer(house: House, folder: Path, documents: int) -> Newcomer:
    """A new till of the house that is about to book so many documents."""
    clock = ScriptClock(_start(documents))
    create_till(Folder(folder), clock, ADMIN)
    with closing(Books(Folder(folder), clock)) as alone:
        identity = alone.identity
        before = entries_after(alone.journal, None, BATCH_MAX)
    return Newcomer(paired_books(house, folder, clock), clock, identity, before)


@dataclass(frozen=True)
class Newcomer:
    """A real till; `alone` and `identity` are of the time before it was paired."""

    books: Books
    clock: ScriptClock
    identity: Identity
    alone: tuple[Entry, ...]

    def close(self) -> None:
        """The till is switched off."""
        self.books.close()

    def record(self, documents: int, seed: int) -> Recording:
        """Book so many documents, or one more."""
        _Week(self.books, self.clock, Random(seed)).book(documents)
        paired = tuple(_all_after(self.books, self.alone[-1].point))
        return Recording(self.identity, self.alone, paired)


class _Week:
    """What people do at one till."""

    def __init__(self, books: Books, clock: ScriptClock, random: Random) -> None:
        self._books, self._clock, self._random = books, clock, random
        prices = prices_now(books)
        goods = islice(stammdaten.products(books.current()), _SOLD)
        self._offers = [prices.house_offer(product) for product in goods]
        self._holders = [
            Holder(each.wallet, each.group, ZERO, each.name, member=each.id, history=each.history)
            for each in stammdaten.members(books.current())
        ]
        # What each wallet has more than when the week began: many tills book the same week.
        self._more: Counter[Id] = Counter()
        self._sales: deque[tuple[Ref, Id]] = deque(maxlen=_RECENT)

    def book(self, documents: int) -> None:
        """So many documents, or one more."""
        steps = [self._buy] * 80 + [self._move] * 5 + [self._undo] * 5
        head = self._books.journal.head
        until = head.ref.seq + documents
        while self._books.journal.head.ref.seq < until:
            self._clock.move(_STEP_MS)
            self._random.choice(steps)()

    def _buy(self) -> None:
        buyer, cart = self._random.choice(self._holders), Cart(began_at=self._clock.now())
        for _ in range(self._random.choice((1, 1, 2, 3))):
            quantity = self._random.choice((1, 1, 2))
            cart = cart.plus(CartEntry(self._random.choice(self._offers), quantity))
        self._top_up(buyer.wallet, cart.total)
        done = book(self._books, orders.Purchase(cart, buyer, held=cart.total))
        self._more[buyer.wallet] -= cart.total.cents
        self._sales.append((done.documents[0].ref, buyer.wallet))

    def _move(self) -> None:
        giver, taker = self._random.sample(self._holders, 2)
        self._top_up(giver.wallet, _TOP_UP)
        book(self._books, orders.Transfer(giver.wallet, taker.wallet, _TOP_UP))
        self._more[giver.wallet] -= _TOP_UP.cents
        self._more[taker.wallet] += _TOP_UP.cents

    def _undo(self) -> None:
        if self._sales:
            ref, wallet = self._sales.pop()
            book(self._books, orders.Reverse(ref, wallet=wallet))

    def _top_up(self, wallet: Id, wanted: Money) -> None:
        if self._more[wallet] < wanted.cents:
            book(self._books, orders.TopUp(wallet, _TOP_UP))
            self._more[wallet] += _TOP_UP.cents


def token_of(books: Books) -> str:
    """What a till shows to be let in."""
    pairing = books.journal.pairing
    assert pairing is not None, "it is paired"
    return pairing.token


def _start(documents: int) -> Instant:
    """So long ago that the last of them is booked some minutes from now."""
    return SystemClock().now().plus_ms(-documents * _STEP_MS)


def _all_after(books: Books, point: Point) -> Iterator[Entry]:
    after = point
    while entries := entries_after(books.journal, after, BATCH_MAX):
        yield from entries
        after = entries[-1].point
