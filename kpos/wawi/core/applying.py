"""Documents of all tills become balances, stock and master data, one after the other.

The same code as at a till; only master data of tills are merged first. What follows from the
documents alone is written here, so that all of it can be built anew; feed, alarms and the erasing
of private parts are for whoever takes a document in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from kpos.domain.document import Document, Json, Posting
from kpos.domain.postings import WALLET
from kpos.domain.values import dataclass, replace
from kpos.ledger import sealed, stammdaten
from kpos.ledger.database import Database
from kpos.ledger.feed import moves_of
from kpos.ledger.projection import Projector
from kpos.wawi.core import parts, silences
from kpos.wawi.core.feed import Key, everybody
from kpos.wawi.core.gathering import Gathering
from kpos.wawi.core.merging import CLOCK_TRUSTED, merge
from kpos.wawi.core.places import HousePlaces

# What a till brings along, what it may change when it is paired, what the office books.
OWN, PAIRED, OFFICE = "own", "paired", "office"


# Products, the places where some of them came or left, and whether some came back without a lot.
Moved: TypeAlias = set[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A document in its place among all. `rights`: those of its author when it came."""

    document: Document
    private: Mapping[str, Json] | None
    position: int
    rights: str


class Follower:
    """Projects documents, and gathers what somebody must be told of them."""

    def __init__(self, db: Database, documents: Database) -> None:
        self._gathering = Gathering(db)
        self._db: Database = self._gathering
        self._documents = documents
        self._places = HousePlaces(documents)
        self._projector = Projector(self._db, self._places)
        self._branches: dict[str, str] = {}
        rows = documents.execute("SELECT id, cash_said, cash_prefix FROM till").fetchall()
        self._cash = {till: _renamings(said, here) for till, said, here in rows if said != here}
        self.touched: dict[Key, None] = {}
        self.wallets: list[str] = []
        self.moved: Moved = set()
        self.lost: list[tuple[Document, str]] = []
        self.forgotten: list[int] = []
        # By wallet, of which members something was said, and whether their history went off by it.
        self.said: dict[str, bool] = {}
        # Wallets whose history their till takes for on, and is off here.
        self.in_vain: list[str] = []
        # Members whom a till erased that was its own master.
        self.nobodies: list[str] = []

    def follow(self, arrived: Arrived) -> None:
        """Project one document.

        Raises:
            Exception: of `kpos.ledger.database.MISFITS`, if it is not as its kind must be.
        """
        document, private = arrived.document, arrived.private
        self._places.remember(document, arrived.position)
        if self._names_silent(arrived):
            self.forgotten.append(arrived.position)
            private = None
        if document.till in self._cash:
            document = _renamed(document, self._cash[document.till])
        self.tell(document)
        for movement in document.movements:
            came_back = movement.lot is None and movement.quantity > 0
            self.moved.add((movement.product, movement.place, came_back))
        if document.kind == "master_change":
            self._change(document, private, arrived.rights)
        else:
            self._projector.project(document, private)

    def tell(self, document: Document) -> None:
        """Let tills be told of what a document moves, whether it counts here or not."""
        for posting in document.postings:
            if posting.account.startswith(WALLET):
                self._touch("balance", posting.account.removeprefix(WALLET))
        for movement in document.movements:
            self.touched["stock", movement.product, self._branch(movement.place)] = None

    def write(self) -> None:
        """Write what was added up and gathered."""
        self._projector.write()
        self._gathering.write()

    def _change(self, document: Document, private: Mapping[str, Json] | None, rights: str) -> None:
        """A row of master data: whatever of it is taken, its author is told what is here now."""
        entity, identifier, says = (document.body[name] for name in ("entity", "id", "fields"))
        if entity == "setting" and says["key"] == CLOCK_TRUSTED:
            return
        self._touch(entity, identifier)
        if rights != OFFICE:
            merged = merge(self._db, document, private, is_whole=rights == OWN)
            if merged is None:
                return
            document, private, lost = merged
            self.lost += [(document, what) for what in lost]
        if entity == "wallet":
            self.wallets.append(identifier)
            self._touch("balance", identifier)
        if entity == "member":
            self._touch("pin", identifier)
            self._member(identifier, document.body["fields"], is_on_there=bool(says["history"]))
            if rights == OWN and document.private_digest is None:
                self._erase(document.till, identifier, says["wallet"])
        self._projector.project(document, private)

    def _member(self, identifier: str, fields: Mapping[str, Json], *, is_on_there: bool) -> None:
        """What a member's row makes of their history, here and at the till that said it."""
        wallet, known = fields["wallet"], sealed.one(self._db, "member", "id", identifier)
        self.said.setdefault(wallet, False)
        if not fields["history"]:
            self.said[wallet] |= known is not None and bool(known[7])
            self.forgotten += stammdaten.named_purchases(self._db, wallet)
            if is_on_there:
                self.in_vain.append(wallet)

    def _erase(self, till: str, identifier: str, wallet: str) -> None:
        """Somebody was erased at a till that was its own master: what it forgot goes here, too."""
        known = sealed.one(self._db, "member", "id", identifier)
        if known is not None and known[1]:
            self.nobodies.append(identifier)
            self.forgotten += parts.naming(self._documents, identifier, wallet, till)

    def _names_silent(self, arrived: Arrived) -> bool:
        """Whether a till's private part names somebody erased, or without a history, by now.

        What came before it in one batch, or while it waited, counts; and what its till cannot have
        heard of yet.
        """
        document, private = arrived.document, arrived.private
        if private is None or arrived.rights == OFFICE:
            return False
        if "wallet" not in private:
            return names_nobody(self._db, document, private)
        member = _member(self._db, "wallet", private["wallet"])
        return member is not None and (
            not member[7]
            or member[4] in self.in_vain
            or silences.is_pending(self._documents, document.till, member[4])
        )

    def _touch(self, entity: str, identifier: str) -> None:
        self.touched[everybody(entity, identifier)] = None

    def _branch(self, place: str) -> str:
        """The branch of a place; of one that nobody knows, itself."""
        if place not in self._branches:
            row = self._documents.execute(
                "SELECT branch FROM branch_place WHERE place = ?", (place,)
            )
            found = row.fetchone()
            self._branches[place] = found[0] if found else place
        return self._branches[place]


def names_nobody(db: Database, document: Document, private: Mapping[str, Json]) -> bool:
    """Whether a private part names somebody who was erased.

    Notes and card codes name nobody themselves: the wallet in the open says whose they are.
    """
    if _is_nobody(_member(db, "id", private.get("member"))):
        return True
    wallets: list[Json] = [*moves_of(document), private.get("wallet")]
    fields = document.body.get("fields")
    if isinstance(fields, dict):
        wallets.append(fields.get("wallet"))
    return any(_is_nobody(_member(db, "wallet", wallet)) for wallet in wallets)


def _member(db: Database, column: str, value: Json) -> sealed.Row | None:
    """The member with an id or a wallet, unless that is none that could be stored."""
    if not isinstance(value, str) or not value.isalnum():
        return None
    return sealed.one(db, "member", column, value)


def _is_nobody(member: sealed.Row | None) -> bool:
    """Whether somebody was erased: who has no name else may get one from what follows of them."""
    if member is None:
        return False
    _, name, *_, history, is_retired = member
    return not name and is_retired and not history


def _renamings(said: str, here: str) -> dict[str, str]:
    """The cash accounts of a till as its documents have them, and as they are called here."""
    return {f"cash:{said}{end}": f"cash:{here}{end}" for end in ("", "-reader")}


def _renamed(document: Document, names: Mapping[str, str]) -> Document:
    """A document whose cash accounts have the names by which they are known here."""
    if not any(each.account in names for each in document.postings):
        return document
    postings = tuple(
        Posting(names.get(each.account, each.account), each.cents) for each in document.postings
    )
    return replace(document, postings=postings)
