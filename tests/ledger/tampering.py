"""Somebody with the sqlite3 command and bad intentions, and what finds them out."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from kpos.ledger.errors import Damaged
from tests.ledger.kasse import Kasse

TRIGGERS = (
    "document_is_never_changed",
    "document_is_never_deleted",
    "document_is_the_next_one",
)


def spend_an_evening(kasse: Kasse) -> None:
    """Every kind that is built, history on and off; then the till is closed for the night."""
    kasse.add_member("Linus", 1000, history=True)
    sold = kasse.buy("Linus", ("Mate", 2), "Snack")
    kasse.undo(sold, (1, 1))
    kasse.buy("Ada", "Mate")
    kasse.bring_back("Ada", 1)
    kasse.office("payout", member="Ada", cents=100, note="for cake")
    kasse.close()
    kasse.verify()


@contextmanager
def tampering(kasse: Kasse) -> Iterator[sqlite3.Connection]:
    """The journal without the triggers that keep it append-only."""
    with closing(sqlite3.connect(kasse.folder.journal, isolation_level=None)) as db:
        for trigger in TRIGGERS:
            db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        yield db


def found(check: Callable[[], object]) -> str | None:
    """The code of the damage that a check finds."""
    try:
        check()
    except Damaged as damage:
        return damage.code
    return None


def opened(kasse: Kasse) -> str | None:
    """The code that locks the till when it is opened."""
    code = found(kasse.open)
    if code is None:
        kasse.close()
    return code
