"""A new till: its identity, and document 1."""

from __future__ import annotations

from contextlib import closing

from kpos.clock import Clock
from kpos.domain.condition import Condition
from kpos.domain.instant import EARLIEST, Reading, judge
from kpos.domain.refusal import refuse
from kpos.ledger import master
from kpos.ledger.books import Books
from kpos.ledger.checks import new_id
from kpos.ledger.files import Folder, Lock, sync_folder
from kpos.ledger.journal import Journal
from kpos.ledger.reading import Identity
from kpos.ledger.stammdaten import MEMBERS, Group

FIRST_PREFIX = "K1"


def create_till(folder: Folder, clock: Clock, author: str) -> Identity:
    """Make the files of a new till: identity, prefix K1, and document 1, the group `members`.

    Document 2 is the default condition of that group.

    Raises:
        Refused: if there is a till already; nothing is touched.
        LedgerError: if the folder cannot be written.
    """
    folder.make()
    lock = Lock(folder)
    try:
        if not folder.has_till() and folder.keeps_journals():
            raise refuse("taken", str(folder.no_till()))
        with closing(Journal(folder)) as journal:
            if journal.identity is not None:
                msg = f"there is a till in {folder.path} already: it stays as it is"
                raise refuse("taken", msg)
            identity = _begin(journal, clock, author)
        sync_folder(folder.path)
    finally:
        lock.release()
    Books(folder, clock).close()
    return identity


def _begin(journal: Journal, clock: Clock, author: str) -> Identity:
    identity = Identity(new_id(), new_id(), FIRST_PREFIX, FIRST_PREFIX, 1)
    at = clock.now()
    reading = Reading(at, judge(at, EARLIEST, EARLIEST, at))
    with journal.transaction(reading) as booking:
        booking.become(identity)
        group = Group(new_id(), MEMBERS)
        booking.append(master.group_row(group, author))
        default = Condition(new_id(), "markup", 0, group=group.id)
        booking.append(master.condition_row(default, author))
    return identity
