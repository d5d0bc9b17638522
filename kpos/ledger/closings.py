"""Finding closings, and adding up what came after the last one; through any connection.

The documents after a closing are found from the head backwards, and each closing from the first
document of the next one: nothing here goes through the whole journal, however old the till is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kpos.domain.closing import Closing, read_closing
from kpos.domain.document import Document, Ref
from kpos.domain.ids import Id
from kpos.domain.tally import Tally
from kpos.ledger import stammdaten
from kpos.ledger.database import Database
from kpos.ledger.errors import sqlite_errors
from kpos.ledger.reading import checked_document, position_of, read_document, read_documents


class Names:
    """What goods and price groups are called, as stammdaten.db says; each is asked for once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._groups: dict[str, str] = {}
        self._products: dict[str, tuple[str, str]] = {}

    def group(self, identifier: str) -> str:
        """The name of a price group; empty if nobody knows it."""
        if identifier not in self._groups:
            with sqlite_errors("S-01", "stammdaten.db"):
                found = stammdaten.group(self._db, Id(identifier))
            self._groups[identifier] = found.name if found is not None else ""
        return self._groups[identifier]

    def product(self, identifier: str) -> tuple[str, str]:
        """Name and unit of a product; an empty name if nobody knows it."""
        if identifier not in self._products:
            with sqlite_errors("S-01", "stammdaten.db"):
                found = stammdaten.product(self._db, Id(identifier))
            self._products[identifier] = (found.name, found.unit) if found else ("", "piece")
        return self._products[identifier]


def last_closing(journal: Database) -> Document | None:
    """The last closing that was booked."""
    row = journal.execute(
        "SELECT position, content, hash FROM document WHERE kind = 'closing'"
        " ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return checked_document(*row) if row else None


def closings(journal: Database) -> Iterator[tuple[Document, Closing]]:
    """All closings, the newest first."""
    document = last_closing(journal)
    while document is not None:
        closing = read_closing(document.body)
        yield document, closing
        document = _before(journal, closing)


def figures(journal: Database, names: Names) -> Closing | None:
    """What is in the documents after the last closing; None if there are none.

    Raises:
        Damaged: if the last closing is not as it was written.
    """
    # The end first: what a running till books meanwhile belongs to the next one.
    head = journal.execute("SELECT max(position) FROM document").fetchone()[0] or 0
    document = last_closing(journal)
    before = read_closing(document.body) if document is not None else None
    after = position_of(document) if document is not None else 0
    tally = Tally(before, partial(read_document, journal), names)
    for each in read_documents(journal, after, last=head):
        tally.add(each)
    return tally.closing()


def _before(journal: Database, closing: Closing) -> Document | None:
    """The closing before this one: the document before the first that this one covers."""
    if closing.z_number == 1:
        return None
    first = closing.from_document
    row = journal.execute(
        "SELECT position, content, hash FROM document WHERE position < ?"
        " ORDER BY position DESC LIMIT 1",
        (position_of(Ref(first.epoch, first.seq)),),
    ).fetchone()
    return checked_document(*row)
