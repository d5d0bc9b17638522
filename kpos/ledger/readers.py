"""How far the readers of coins and notes are booked, and who pays in now.

A row of journal.db beside the documents, outside chain and replication. It is written with the
booking of each credit, in one transaction: what a reader tells again after a crash is either in the
books or not, never twice. In between it is written without waiting for the disk, which outlives the
death of a process, and with the power the readers lose their counters anyway. The payer stands in
it only as long as a reader may take money. Only tills with readers have the table.
"""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.domain.orders import ReaderMark
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged
from kpos.ledger.seam import Booking

_TABLE = """
CREATE TABLE IF NOT EXISTS reader (
    name    TEXT PRIMARY KEY,
    epoch   INTEGER NOT NULL,  -- after a restore the counter is that of another time
    counter INTEGER NOT NULL,  -- of the last event that needs no booking any more
    payer   TEXT,              -- the wallet; null: nobody
    seal    INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was known of a reader when the till ended, however it did."""

    counter: int
    payer: Id | None


def keep(booking: Booking, mark: ReaderMark, payer: Id | None) -> None:
    """With what is booked there."""
    booking.db.execute(_TABLE)
    epoch = booking.identity.epoch
    sealed.put(booking.db, "reader", mark.reader, epoch, mark.counter, payer)


def keep_soon(books: Books, mark: ReaderMark, payer: Id | None) -> None:
    """By itself; nobody waits for the disk.

    Raises:
        LedgerError: it was not written.
    """
    with books.journal.unsynced() as booking:
        keep(booking, mark, payer)


def recall(books: Books, reader: str) -> Kept | None:
    """What is known; None where nothing is, or it is of before a restore.

    Raises:
        LedgerError: if the file does not answer.
    """
    table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'reader'"
    if not books.journal.rows(table):
        return None
    try:
        rows = books.journal.sealed("reader", "WHERE name = ?", reader)
    except Damaged:
        return None  # as with a reader that was never seen: what it took before is nobody's
    for _name, epoch, counter, payer in rows:
        if epoch == books.identity.epoch:
            return Kept(counter, payer)
    return None
