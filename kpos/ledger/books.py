"""The books of one till: both files, kept in step.

The journal is written first and alone decides; stammdaten.db follows. If projecting fails after
the commit, the booking stands, and the next look at a balance catches up before it answers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kpos.clock import Clock
from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant, Reading, judge
from kpos.domain.money import Money
from kpos.domain.settings import Settings
from kpos.ledger import stammdaten
from kpos.ledger.errors import Damaged, NoTill
from kpos.ledger.files import Folder, Lock, connect
from kpos.ledger.journal import Booking, Identity, Journal, position_of, ref_of
from kpos.ledger.pins import Pins
from kpos.ledger.projection import Projector
from kpos.ledger.schema import prepare_stammdaten

_CATCH_UP_BATCH = 2000
Progress = Callable[[int], None]


class Books:
    """Open books. One instance per data folder, one thread, one writer."""

    def __init__(self, folder: Folder, clock: Clock, *, progress: Progress | None = None) -> None:
        """Take the lock, open both files, catch up.

        `progress` is told the number of documents projected so far when that takes a while.

        Raises:
            NoTill: if there is no journal; nothing is created.
            LedgerError: of the kind that fits.
        """
        if not folder.journal.exists():
            msg = (
                f"there is no till in {folder.path}: create it with kpos init --data {folder.path}"
            )
            raise NoTill(msg)
        self.folder = folder
        self.clock = clock
        self._lock = Lock(folder)
        self._progress = progress or (lambda _done: None)
        try:
            self.journal = Journal(folder)
            self.db = open_stammdaten(folder)
        except BaseException:
            self._lock.release()
            raise
        self.pins = Pins(self.journal, clock)
        self._trusted_from = (self.journal.head.trusted_at, clock.monotonic_ms())
        self._settings: Settings | None = None
        self._in_step = False
        self.catch_up()

    def close(self) -> None:
        """Close both files, then let the next process in."""
        self.db.close()
        self.journal.close()
        self._lock.release()

    @property
    def identity(self) -> Identity:
        """Who this till is."""
        if self.journal.identity is None:
            raise Damaged("J-11", self.journal.path)
        return self.journal.identity

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        if self._settings is None:
            self._settings = stammdaten.settings(self.current())
        return self._settings

    # Time

    def read_clock(self) -> Reading:
        """What the clock says now, and whether it is believed."""
        at = self.clock.now()
        head = self.journal.head
        trust = judge(at, head.at, head.trusted_at, self.trusted_now())
        if trust == "ahead" and self.clock.is_synchronised():
            trust = "ok"
        return Reading(at, trust)

    def trusted_now(self) -> Instant:
        """The time that rules depend on: the last trusted one, moved on by the monotonic clock."""
        trusted_at, since_ms = self._trusted_from
        return trusted_at.plus_ms(self.clock.monotonic_ms() - since_ms)

    # Booking

    @contextmanager
    def booking(self, reading: Reading | None = None) -> Iterator[Booking]:
        """One transaction of the journal; afterwards the projections have followed."""
        with self.journal.transaction(reading or self.read_clock()) as booking:
            yield booking
        if booking.documents:
            self._follow(booking)

    def _follow(self, booking: Booking) -> None:
        """Move the trusted time on and project what was booked; failing here loses nothing."""
        if booking.documents[-1].clock == "ok":
            self._trusted_from = (booking.head.trusted_at, self.clock.monotonic_ms())
        if any(document.kind == "master_change" for document in booking.documents):
            self._settings = None
        if not self._in_step:
            return
        self._in_step = False
        pairs = zip(booking.documents, booking.privates, strict=True)
        try:
            self._project(list(pairs))
            self._in_step = True
        except sqlite3.Error:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")

    # Looking

    def current(self) -> sqlite3.Connection:
        """stammdaten.db, in step with the journal's head.

        Raises:
            Damaged: if it cannot be brought there, even from the journal alone.
        """
        if not self._in_step:
            self.catch_up()
        return self.db

    def credit(self, wallet: Id) -> Money:
        """What a wallet may spend now."""
        return stammdaten.credit(self.current(), wallet)

    def catch_up(self) -> None:
        """Project what is missing; start over from a good copy or the journal if need be."""
        try:
            self._catch_up()
        except (sqlite3.Error, Damaged):
            self._replace_stammdaten()
            self._catch_up()

    def _catch_up(self) -> None:
        position = self._applied_position()
        if position is None:
            raise Damaged("S-03", "it holds documents that the journal does not")
        pending = []
        for document in self.journal.documents_after(position):
            private = self.journal.private_part(position_of(document.ref))
            pending.append((document, private))
            if len(pending) >= _CATCH_UP_BATCH:
                self._project(pending)
                self._progress(document.seq)
                pending = []
        self._project(pending)
        self._in_step = True

    def _applied_position(self) -> int | None:
        """Up to where stammdaten.db follows the journal; None if it follows another one."""
        found = stammdaten.applied(self.db)
        if found is None:
            return 0
        position, claimed = found
        document = self.journal.document(ref_of(position))
        return position if document is not None and document.hash == claimed else None

    def _project(self, pairs: list[tuple[Document, dict[str, object] | None]]) -> None:
        if not pairs:
            return
        projector = Projector(self.db, self.journal.document)
        self.db.execute("BEGIN IMMEDIATE")
        try:
            for document, private in pairs:
                projector.project(document, private)
            last = pairs[-1][0]
            self.db.execute(
                "REPLACE INTO applied VALUES (1, ?, ?)", (position_of(last.ref), last.hash)
            )
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def _replace_stammdaten(self) -> None:
        """Put the last good copy in place, or begin anew."""
        self.db.close()
        self.db = restart_stammdaten(self.folder)
        self._settings = None
        if self._applied_position() is None:
            self.db.close()
            self.folder.good_copy.unlink(missing_ok=True)
            self.db = restart_stammdaten(self.folder)


def open_stammdaten(folder: Folder) -> sqlite3.Connection:
    """stammdaten.db, created or replaced where it is missing, old or unreadable."""
    try:
        db = connect(folder.stammdaten, code="S-01", synchronous="NORMAL")
        if prepare_stammdaten(db):
            return db
        db.close()
    except (Damaged, sqlite3.DatabaseError):
        pass
    return restart_stammdaten(folder)


def restart_stammdaten(folder: Folder) -> sqlite3.Connection:
    """Remove stammdaten.db and begin with its last good copy, or with empty tables."""
    for suffix in ("", "-wal", "-shm"):
        folder.stammdaten.with_name(folder.stammdaten.name + suffix).unlink(missing_ok=True)
    if not folder.good_copy.exists():
        db = connect(folder.stammdaten, code="S-01", synchronous="NORMAL")
        prepare_stammdaten(db)
        return db
    folder.good_copy.replace(folder.stammdaten)
    return open_stammdaten(folder)
