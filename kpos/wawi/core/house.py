"""The books of a house: what `kpos.ledger` asks of a till's, over the server's database.

So a product is added, a price set, goods are booked in and credit is topped up by the till's own
functions; what they book stands in the office's journal. One for each transaction of the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kpos.clock import Clock
from kpos.domain.condition import Condition
from kpos.domain.document import Document, Json
from kpos.domain.ids import Id
from kpos.domain.instant import Instant, Reading
from kpos.domain.member import PinStanding
from kpos.domain.money import Money
from kpos.domain.refusal import refuse
from kpos.domain.settings import Settings
from kpos.ledger import master, office, sealed, stammdaten
from kpos.ledger.appending import Booking
from kpos.ledger.checks import new_id
from kpos.ledger.database import Database
from kpos.ledger.reading import Identity
from kpos.ledger.stammdaten import MEMBERS, Group
from kpos.wawi.core import audit, spending
from kpos.wawi.core.feed import lock
from kpos.wawi.core.office import OfficeJournal, book_costs
from kpos.wawi.core.pins import next_version
from kpos.wawi.core.places import HousePlaces
from kpos.wawi.core.rows import master_row

# What only a till can do: close its day, believe its clock, forget what was scanned at it.
_TILL_ONLY = frozenset({"closing", "clock_trust", "unknown_clear"})


class House:
    """Open books (`kpos.ledger.seam.Books`) in a transaction of the caller's."""

    is_led = False
    wawi_url = None

    def __init__(self, db: Database, clock: Clock, place: Id) -> None:
        """`place`: where goods come and leave that are booked, the place of a branch."""
        self.db = db
        self.clock = clock
        self.places = HousePlaces(db)
        self.journal = OfficeJournal(db, place, self._witness)
        self.pins = _Pins(db)
        self._settings: Settings | None = None
        # From which wallets the last booking took.
        self._spent: list[Id] = []

    @property
    def identity(self) -> Identity:
        """The office, at a place."""
        assert self.journal.identity is not None, "a house has an office"
        return self.journal.identity

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        if self._settings is None:
            self._settings = stammdaten.settings(self.db)
        return self._settings

    def current(self) -> Database:
        """Everything is in one database, and in step."""
        return self.db

    def credit(self, wallet: Id) -> Money:
        """What a wallet may spend, as far as tills have told."""
        return stammdaten.credit(self.db, wallet)

    # Time: a server's clock is set by somebody who knows it, but its documents never go back

    def read_clock(self) -> Reading:
        """What the clock says."""
        at, head = self.clock.now(), self.journal.head
        return Reading(at, "ok" if at >= max(head.at, head.trusted_at) else "back")

    def trusted_now(self) -> Instant:
        """The time that rules depend on."""
        return max(self.clock.now(), self.journal.head.trusted_at)

    def believed_now(self) -> Instant:
        """The time that prices go by."""
        return self.trusted_now()

    # Booking

    @contextmanager
    def booking(self, reading: Reading | None = None) -> Iterator[Booking]:
        """A part of the caller's transaction; afterwards projections and feed have followed."""
        reading = reading or self.read_clock()
        with self.journal.transaction(reading) as booking:
            yield booking
        documents = booking.documents
        if documents:
            self._settings = None
            book_costs(self.db, self.journal.moved, reading.at)
            spending.give_back(self.db, self._spent, reading.at)
            self.journal.reload()

    def _witness(self, documents: Sequence[Document]) -> None:
        """Write down who changed what, before it is changed; a PIN that was set is a new one.

        Raises:
            Refused: if it takes credit that a till may have spent.
        """
        self._spent = spending.check(self.db, documents)
        for document in documents:
            at = Instant.parse(document.at)
            if document.kind != "master_change":
                what = audit.Changed(document.kind, None, {"receipt": document.receipt_number})
            else:
                entity, identifier = document.body["entity"], document.body["id"]
                was = master_row(self.db, entity, identifier)
                before = None if was is None else {"action": was.action, **was.fields}
                after = {"action": document.body["action"], **document.body["fields"]}
                what = audit.Changed(f"{entity} {identifier}", before, after)
                if entity == "pin":
                    next_version(self.db, identifier, None, at)
            audit.note(self.db, document.author or "", what, at)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Nothing to be replaced here when it is damaged."""
        yield

    def wipe(self) -> None:
        """What was erased is gone with the caller's commit, as far as its database goes."""


class _Pins:
    """Who has a PIN; wrong ones are counted at tills."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def standing(self, subject: Id) -> PinStanding:
        """Whether there is one."""
        row = sealed.one(self._db, "pin", "subject", subject)
        return PinStanding(row is not None and row[2] is not None, 1, None)


def perform(house: House, name: str, arguments: Mapping[str, Any], author: str) -> dict[str, Json]:
    """Perform a request of the office, as `kpos.ledger.office.perform` does at a till.

    Raises:
        Refused: nothing was changed.
    """
    if name in _TILL_ONLY:
        raise refuse("invalid", f"{name}: that is done at a till")
    lock(house.db)
    # Whoever had the lock may have booked since the house was opened.
    house.journal.reload()
    begin(house, author)
    return office.perform(house, name, arguments, author)


def begin(house: House, author: str) -> None:
    """Book the group that everybody begins in, and its default condition, if there is none yet."""
    if stammdaten.group_of_name(house.db, MEMBERS) is None:
        group = Group(new_id(), MEMBERS)
        with house.booking() as booking:
            booking.append(master.group_row(group, author))
            default = Condition(new_id(), "markup", 0, group=group.id)
            booking.append(master.condition_row(default, author))
