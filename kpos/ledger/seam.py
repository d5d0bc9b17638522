"""What orders, the office and prices ask of open books, whoever keeps them.

`kpos.ledger.books.Books` are those of a till; a server keeps those of a house with many tills, and
books in a journal of its own through the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from kpos.clock import Clock
from kpos.domain.document import Document, Draft, Json, Ref
from kpos.domain.ids import Id
from kpos.domain.instant import Instant, Reading
from kpos.domain.member import PinStanding
from kpos.domain.money import Money
from kpos.domain.settings import Settings
from kpos.ledger.database import Database
from kpos.ledger.places import Places
from kpos.ledger.reading import Head, Identity
from kpos.ledger.sealed import Row


class Booking(Protocol):
    """What is written in one transaction of a journal."""

    @property
    def db(self) -> Database:
        """Where the tables beside the documents are."""
        ...

    @property
    def documents(self) -> list[Document]:
        """What was appended so far."""
        ...

    @property
    def head(self) -> Head:
        """The last document."""
        ...

    @property
    def identity(self) -> Identity:
        """Who books."""
        ...

    @property
    def held_cents(self) -> int:
        """What a WaWi holds back for this purchase."""
        ...

    @held_cents.setter
    def held_cents(self, cents: int) -> None: ...

    def ref_after(self, documents: int) -> Ref:
        """Where the document after the next `documents` ones will stand."""
        ...

    def append(self, draft: Draft) -> Document:
        """Write a draft as the next document."""
        ...

    def forget(self, positions: Iterable[int]) -> None:
        """Erase the private parts of documents."""
        ...


class Journal(Protocol):
    """The documents of who books, and the tables beside them."""

    @property
    def path(self) -> str:
        """What it is called in messages."""
        ...

    @property
    def db(self) -> Database:
        """A connection to look at documents and at the tables beside them."""
        ...

    @property
    def head(self) -> Head:
        """The last document."""
        ...

    @property
    def is_fed(self) -> bool:
        """Whether master data and balances ever came from a WaWi."""
        ...

    def transaction(self) -> AbstractContextManager[Booking]:
        """One transaction on the tables beside the documents."""
        ...

    def document(self, ref: Ref) -> Document | None:
        """One document, or None."""
        ...

    def private_part(self, position: int) -> dict[str, Json] | None:
        """The private part of a document, or None if it has none (any more)."""
        ...

    def parts_naming(self, member: Id, wallet: Id) -> list[int]:
        """Positions of documents whose private part is about a member or their money."""
        ...

    def find_receipt(self, number: str) -> Document | None:
        """The document with a receipt number, or None."""
        ...

    def rows(self, query: str, *values: object) -> list[Any]:
        """The answer to a query on the tables beside the documents."""
        ...

    def sealed(self, table: str, rest: str, *values: object) -> list[Row]:
        """Rows of a table with seals."""
        ...


class Standings(Protocol):
    """PINs, to look at."""

    def standing(self, subject: Id) -> PinStanding:
        """How a member or the holder of a guest card stands."""
        ...


class Books(Protocol):
    """Open books."""

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...

    @property
    def identity(self) -> Identity:
        """Who books, and where."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        ...

    @property
    def journal(self) -> Journal:
        """What was booked."""
        ...

    @property
    def places(self) -> Places:
        """Where documents stand."""
        ...

    @property
    def is_led(self) -> bool:
        """Whether master data are made at a WaWi."""
        ...

    @property
    def wawi_url(self) -> str | None:
        """Where that is; None if there is none (any more)."""
        ...

    @property
    def pins(self) -> Standings:
        """Who has a PIN."""
        ...

    def current(self) -> Database:
        """Master data and projections, in step with the documents."""
        ...

    def credit(self, wallet: Id) -> Money:
        """What a wallet may spend now."""
        ...

    def booking(self, reading: Reading | None = None) -> AbstractContextManager[Booking]:
        """One transaction; afterwards the projections have followed."""
        ...

    def looking(self) -> AbstractContextManager[None]:
        """Around whatever reads master data and projections."""
        ...

    def read_clock(self) -> Reading:
        """What the clock says now, and whether it is believed."""
        ...

    def trusted_now(self) -> Instant:
        """The time that rules depend on."""
        ...

    def believed_now(self) -> Instant:
        """The time that prices and limits go by."""
        ...

    def wipe(self) -> None:
        """Make erasing final."""
        ...
