"""A house to try: a server's database, tills beside it, people and goods by their names.

The tills are real books, without what keeps them in step by themselves: they are sent and told by
hand here, document by document if need be.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kpos.clock import ScriptClock
from kpos.domain.document import Json, Ref, canonical, read_content
from kpos.domain.ids import Id
from kpos.ledger import sealed
from kpos.ledger.database import Database
from kpos.ledger.places import OneJournal
from kpos.ledger.projection import Projector
from kpos.ledger.reading import position_of, ref_of
from kpos.sync.wire import Ack, Application, Change, Entry, Page, Point, Private, Push, prev_of
from kpos.wawi.core import checking, homes, house, pairing, tills
from kpos.wawi.core.desk import Desk, apply_to_pair
from kpos.wawi.core.schema import found
from kpos.wawi.core.transactions import transaction
from tests.ledger.kasse import FRIDAY_EVENING, Kasse

OFFICE = "user:ada"


class Haus:
    """A server with its branches."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.folder = folder
        self.clock = ScriptClock(FRIDAY_EVENING)
        self.tills: list[Filialkasse] = []
        with transaction(db):
            found(db)
        self.branches: dict[str, tills.Branch] = {}

    def add_branch(self, name: str) -> tills.Branch:
        with transaction(self.db):
            self.branches[name] = tills.add_branch(self.db, name, OFFICE, self.clock.now())
        return self.branches[name]

    def branch(self, name: str) -> tills.Branch:
        if name not in self.branches:
            self.add_branch(name)
        known = tills.branch(self.db, self.branches[name].id)
        assert known is not None
        return known

    def code(self, branch: str) -> str:
        of = self.branch(branch)
        with transaction(self.db):
            return pairing.make_code(self.db, of.id, OFFICE, self.clock.now()).code

    def add_till(self, branch: str = "Keller", kasse: Kasse | None = None) -> Filialkasse:
        """A till that is paired, and was told all there is."""
        name = f"till{len(self.tills) + 1}"
        made = Filialkasse(self, kasse or Kasse(self.folder / name, self.clock.now()))
        made.pair(self.code(branch))
        self.tills.append(made)
        made.sync()
        return made

    def office(self, request: str, branch: str = "Keller", **arguments: Any) -> dict[str, Json]:
        place = self.branch(branch).place
        with transaction(self.db):
            books = house.House(self.db, self.clock, place)
            return house.perform(books, request, arguments, OFFICE)

    def add_product(self, name: str, price_cents: int, **more: Any) -> Id:
        return Id(self.office("product_add", name=name, price_cents=price_cents, **more)["id"])

    def add_member(self, name: str, cents: int = 0, **more: Any) -> None:
        self.office("member_add", name=name, **more)
        self.office("card_issue", code=f"CARD-{name}", member=name)
        if cents:
            self.office("top_up", member=name, cents=cents, means="transfer")

    def wallet(self, name: str) -> Id:
        row = sealed.one(self.db, "member", "name", name)
        assert row is not None
        return Id(row[4])

    def credit(self, name: str) -> int:
        return -self.balance(f"wallet:{self.wallet(name)}")

    def balance(self, account: str) -> int:
        row = sealed.one(self.db, "balance", "account", account)
        return int(row[1]) if row else 0

    def balances(self) -> dict[str, int]:
        return {row[0]: row[1] for row in sealed.every(self.db, "balance", "") if row[1]}

    def stock(self, name: str, branch: str = "Keller") -> tuple[int, int, int]:
        """In lots, their cost, and what left before its delivery came."""
        product = sealed.one(self.db, "product", "name", name)
        assert product is not None
        sums = [0, 0, 0]
        places = self.db.execute(
            "SELECT place FROM branch_place WHERE branch = ?", (self.branch(branch).id,)
        ).fetchall()
        for (place,) in places:
            for row in sealed.every(
                self.db, "stock", "WHERE product = ? AND place = ?", product[0], place
            ):
                sums = [mine + its for mine, its in zip(sums, row[2:], strict=True)]
        return sums[0], sums[1], sums[2]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.execute(query, values).fetchall()]

    def flags(self) -> list[tuple[str, str]]:
        query = "SELECT kind, flags FROM document WHERE flags <> '' ORDER BY id"
        return [(kind, flags) for kind, flags in self.rows(query)]

    def alarms(self) -> list[str]:
        return [kind for (kind,) in self.rows("SELECT kind FROM alarm ORDER BY id")]

    def is_sound(self) -> None:
        """Chains, sums, and projections that a rebuild gives again."""
        assert checking.check(self.db) == []


class Filialkasse:
    """A till with its own books, and what it remembers of the server."""

    def __init__(self, haus: Haus, kasse: Kasse) -> None:
        self.haus = haus
        self.kasse = kasse
        self.acked: Point | None = None
        self.cursor: str | None = None
        self.rows: dict[tuple[str, str], Change] = {}
        self.desk = Desk(haus.db, haus.clock, "")

    def pair(self, code: str) -> None:
        own = self.kasse.books.identity
        asked = Application(code, own.till, own.place, own.prefix, own.cash_prefix, self.head, "1")
        self.paired = apply_to_pair(self.haus.db, self.haus.clock, asked)
        self.desk = Desk(self.haus.db, self.haus.clock, self.paired.token, page_max=50)
        prefix, place = self.paired.prefix, self.paired.place
        db = self.kasse.books.journal.db
        if prefix != own.prefix:
            db.execute("UPDATE identity SET prefix = ?, epoch = epoch + 1", (prefix,))
        if place != own.place:
            db.execute("UPDATE identity SET place = ?", (place,))
        self.kasse.books.journal.identity = type(own)(
            own.till, place, prefix, own.cash_prefix, own.epoch + (prefix != own.prefix)
        )

    @property
    def head(self) -> Point | None:
        ref = self.kasse.books.journal.head.ref
        return Point(ref.epoch, ref.seq, self.kasse.books.journal.head.hash) if ref.seq else None

    def entries(self, after: Point | None) -> list[Entry]:
        """Documents after a point."""
        rows = self.kasse.books.journal.rows(
            "SELECT document.position, content, hash, salt, part FROM document"
            " LEFT JOIN private USING (position) WHERE document.position > ?"
            " ORDER BY document.position",
            position_of(after.ref) if after else 0,
        )
        made: list[Entry] = []
        before = prev_of(after)
        for position, content, own_hash, salt, part in rows:
            ref: Ref = ref_of(position)
            private = Private(salt, part) if part is not None else None
            made.append(Entry(Point(ref.epoch, ref.seq, own_hash), before, content, private))
            before = own_hash
        return made

    def push(self, entries: list[Entry] | None = None, fork: Point | None = None) -> Ack:
        """Send what was not sent."""
        sent = self.entries(self.acked) if entries is None else entries
        ack = self.desk.push(Push(self.acked, tuple(sent), self.head, fork))
        self.acked = ack.acked
        return ack

    def pull(self) -> list[Page]:
        """Take all pages, and take them over."""
        pages = [self.desk.pull(self.cursor)]
        while not pages[-1].is_last:
            pages.append(self.desk.pull(pages[-1].cursor))
        self.cursor = pages[-1].cursor
        for change in (each for page in pages for each in page.changes):
            self.rows[change.entity, change.id] = change
            self._take_over(change)
        return pages

    def sync(self) -> list[Page]:
        """As a till does: the feed is read only when all is sent."""
        self.push()
        return self.pull()

    def _take_over(self, change: Change) -> None:
        books = self.kasse.books
        books._settings = None
        db = books.current()
        projector = Projector(db, OneJournal(books.journal.document))
        if change.entity == "balance":
            cents = -change.fields["cents"]
            sealed.put(db, "balance", f"wallet:{change.id}", cents)
        elif change.entity not in ("stock", "pin") and (
            change.fields or change.entity == "barcode"
        ):
            body = {
                "entity": change.entity,
                "id": change.id,
                "action": "retire" if change.action == "gone" else change.action,
                "fields": change.fields,
            }
            row = [
                "",
                1,
                1,
                None,
                "master_change",
                str(FRIDAY_EVENING),
                "ok",
                None,
                body,
                [],
                [],
                None,
                "",
            ]
            projector.project(read_content(canonical(row), ""), change.private or {})
            projector.write()

    def close(self) -> None:
        self.kasse.close()


def both_free(haus: Haus) -> tuple[Filialkasse, Filialkasse]:
    """Two tills of a house whose wallets are free, and both know."""
    first, second = haus.add_till(), haus.add_till()
    for _ in range(2):
        first.sync()
    return first, second


def set_home(haus: Haus, wallet: Id, till: Filialkasse | None) -> None:
    with transaction(haus.db):
        home = till.paired.till if till else None
        homes.set_home(haus.db, wallet, home, haus.clock.now())
