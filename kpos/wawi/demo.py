"""A lively year of a house that is made up: three tills in two branches, real documents.

The tills sell alone in a folder that is gone afterwards, then join with their history, as any till
does. What happens is drawn from one seed; ids are random as always.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kpos import __version__
from kpos.clock import Clock, ScriptClock, SystemClock
from kpos.demo import load
from kpos.domain import orders
from kpos.domain.cart import Cart, Entry
from kpos.domain.instant import DAY_MS, EARLIEST, Instant
from kpos.domain.member import Holder
from kpos.domain.product import Product
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import replace
from kpos.ledger import stammdaten
from kpos.ledger.birth import create_till
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.journal import Journal
from kpos.ledger.office import perform
from kpos.ledger.prices import prices_now
from kpos.sync.wire import BATCH_MAX, Application, Heartbeat, Paired, Private, Push, entry_of
from kpos.sync.wire import Entry as Sent
from kpos.wawi import office
from kpos.wawi.core import intake, pairing, tills
from kpos.wawi.database import reading, writing

_AUTHOR = "demo"
_DAYS = 364
_HOUR_MS = 3_600_000
# In memory where there is such a folder: nothing of it has to last.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
_BRANCHES = {
    "Nord": (("Ada", "Linus", "Mona", "Grace"), ("Ken", "Radia", "Barbara")),
    "Süd": (("Edsger", "Margaret", "Dennis", "Frances"),),
}
_WEEK = (3, 2, 3, 4, 6, 2, 1)  # purchases a day, from Monday on
_CREDIT_CENTS = 3000


def fill() -> Iterator[str]:
    """Make the year in an empty house, and say what was made, line by line.

    Raises:
        Refused: if the house is not empty.
    """
    with reading() as db:
        if tills.branches(db):
            raise refuse("taken", "--demo is for a new data folder: this house has branches")
    seed = 0
    listed: list[dict[str, Any]] = []
    for branch, staff in _BRANCHES.items():
        office.add_branch(branch, _AUTHOR)
        for names in staff:
            seed += 1
            with _Till(seed) as till:
                till.begin(names, listed)
                listed = listed or till.products()
                till.live()
                prefix, documents = till.join(branch)
            yield f"{prefix} in {branch}: {documents} documents of {', '.join(names)}"


class _Till:
    """A till that sells alone on a clock of its own."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311 - nothing is secret here
        self._system: Clock = SystemClock()
        now = self._system.now()
        start = max(now.plus_ms(-_DAYS * DAY_MS), EARLIEST.plus_ms(DAY_MS))
        self._days = (now.ms - start.ms) // DAY_MS
        self._clock = ScriptClock(Instant(start.ms - start.ms % DAY_MS + 7 * _HOUR_MS))

    def __enter__(self) -> _Till:
        self._folder = TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)
        folder = Folder(Path(self._folder.name) / "till")
        identity = create_till(folder, self._clock, _AUTHOR)
        with closing(Journal(folder)) as journal, journal.transaction() as booking:
            prefix = f"K{self._seed}"
            booking.become(replace(identity, prefix=prefix, cash_prefix=prefix))
        self._books = Books(folder, self._clock)
        return self

    def __exit__(self, *_error: object) -> None:
        self._books.close()
        self._folder.cleanup()

    def _do(self, request: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        return perform(self._books, request, arguments, _AUTHOR)

    def begin(self, names: tuple[str, ...], listed: list[dict[str, Any]]) -> None:
        """Goods, those of the first till where there was one before, and people with cards."""
        data = load()
        if listed:
            self._do("product_import", rows=listed, dry_run=False)
        else:
            for item in data["products"]:
                more = {name: item[name] for name in item if name not in ("key", "barcode")}
                self._do("product_add", barcodes=[item["barcode"]], **more)
        for name in names:
            self._do("member_add", name=name, opening_cents=_CREDIT_CENTS)
            self._do("card_issue", code=f"CARD-{name.upper()}", member=name)
        self._people = [self._holder(name) for name in names]
        self._goods = list(stammdaten.products(self._books.current()))
        self._do("cash_move", purpose="float", cents=20000)

    def products(self) -> list[dict[str, Any]]:
        """As the next till's list has them."""
        return [
            {
                "line": line,
                "id": each.id,
                "name": each.name,
                "price": each.price.cents if each.price else None,
                "deposit": each.deposit.cents,
                "tax_key": each.tax_key,
                "number": each.number,
            }
            for line, each in enumerate(self._goods, start=1)
        ]

    def live(self) -> None:
        """Day after day; what the till refuses does not happen."""
        for day in range(self._days):
            with suppress(Refused):
                if day % 14 == 0:
                    self._restock()
            for _ in range(self._random.randint(0, _WEEK[day % len(_WEEK)])):
                self._clock.move(self._random.randint(_HOUR_MS // 60, _HOUR_MS))
                self._buy()
            with suppress(Refused):
                if day % 7 == 6:
                    self._do("closing")
            elapsed = self._clock.elapsed_ms
            self._clock.move((day + 1) * DAY_MS - elapsed)

    def _restock(self) -> None:
        goods = self._random.sample(self._goods, 6)
        lines = [
            {"product": each.id, "quantity": str(self._random.randint(10, 40)), "cost": "0.70"}
            for each in goods
        ]
        self._do("delivery_add", lines=lines, paid_by="bank", deposit=False)

    def _buy(self) -> None:
        who = self._random.randrange(len(self._people))
        holder = self._people[who]
        goods = self._random.choices(self._goods, k=self._random.randint(1, 3))
        try:
            book(self._books, orders.Purchase(self._cart(goods, holder), holder))
        except Refused:
            self._do("top_up", member=str(holder.member), cents=_CREDIT_CENTS)
        self._people[who] = self._holder(holder.name)

    def _cart(self, goods: list[Product], holder: Holder) -> Cart:
        prices = prices_now(self._books)
        offers = {each.id: prices.offer(each, holder.group, holder.member) for each in goods}
        return Cart(
            tuple(Entry(offers[key], [each.id for each in goods].count(key)) for key in offers)
        )

    def _holder(self, name: str) -> Holder:
        db = self._books.current()
        [member] = stammdaten.members_of_name(db, name)
        credit = self._books.credit(member.wallet)
        return Holder(member.wallet, member.group, credit, name, member=member.id)

    def join(self, branch: str) -> tuple[str, int]:
        """Be paired and send all documents; the prefix that it got, and how many these are."""
        entries = list(self._entries())
        head = entries[-1].point
        identity = self._books.identity
        code = office.invite(branch, "", _AUTHOR).code
        application = Application(
            code, identity.till, identity.place, identity.prefix, identity.cash_prefix, head,
            __version__,
        )  # fmt: skip
        now = self._system.now()
        with writing() as db:
            paired = pairing.pair(db, application, now)
        assert isinstance(paired, Paired), paired
        after = None
        for first in range(0, len(entries), BATCH_MAX):
            batch = tuple(entries[first : first + BATCH_MAX])
            with writing() as db:
                after = intake.push(db, identity.till, Push(after, batch, head), now).acked
        with writing() as db:
            said = Heartbeat(__version__, 0, now)
            tills.heard(db, identity.till, said, now)
        return paired.prefix, len(entries)

    def _entries(self) -> Iterator[Sent]:
        journal = self._books.journal
        parts = {
            position: Private(salt, part)
            for position, salt, part in journal.rows("SELECT position, salt, part FROM private")
        }
        contents = dict(journal.rows("SELECT hash, content FROM document"))
        positions = dict(journal.rows("SELECT hash, position FROM document"))
        for document in journal.documents_after(0):
            own = document.hash
            yield entry_of(document, contents[own], parts.get(positions[own]))
