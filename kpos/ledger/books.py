"""The books of one till: both files, kept in step.

The journal is written first and alone decides; stammdaten.db follows. If projecting fails after
the commit, the booking stands, and the next look at a balance catches up before it answers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TypeAlias

from kpos.clock import Clock
from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant, Reading, judge
from kpos.domain.money import Money
from kpos.domain.settings import Settings
from kpos.ledger import sealed, stammdaten, unknown
from kpos.ledger.errors import Damaged, DiskFull, LedgerError, sqlite_errors, translate
from kpos.ledger.files import Folder, Lock
from kpos.ledger.journal import Booking, Journal
from kpos.ledger.opening import open_stammdaten, restart_stammdaten
from kpos.ledger.pins import Pins
from kpos.ledger.places import OneJournal
from kpos.ledger.projection import Projector
from kpos.ledger.reading import Identity, is_cut_off, position_of, ref_of

_CATCH_UP_BATCH = 2000
Progress: TypeAlias = Callable[[int], None]
_Pairs: TypeAlias = list[tuple[Document, dict[str, object] | None]]


class Books:
    """Open books. One instance per data folder, one thread, one writer."""

    def __init__(self, folder: Folder, clock: Clock, *, progress: Progress | None = None) -> None:
        """Take the lock, open both files, catch up.

        `progress` is told the number of documents projected so far when that takes a while.

        Raises:
            NoTill: if there is none; nothing is created.
            LedgerError: of the kind that fits.
        """
        if not folder.has_till():
            raise folder.no_till()
        self.folder = folder
        self._path = str(folder.stammdaten)
        self.clock = clock
        self._progress = progress or (lambda _done: None)
        self._settings: Settings | None = None
        self._in_step = False
        # Who wants to know of each commit, by its first document; nobody, to begin with.
        self.committed: Callable[[Document], None] = lambda _document: None
        with ExitStack() as opened:
            lock = Lock(folder)
            opened.callback(lock.release)
            self.journal = Journal(folder)
            opened.callback(self.journal.close)
            if self.journal.identity is None:
                raise folder.no_till()  # `kpos init` was cut off before there was one
            self.db = open_stammdaten(folder)
            opened.callback(lambda: self.db.close())  # noqa: PLW0108 - it may be another one then
            self.pins = Pins(self.journal, clock)
            self.places = OneJournal(self.journal.document)
            self._trusted_from = (self.journal.head.trusted_at, clock.monotonic_ms())
            self.catch_up()
            self._opened = opened.pop_all()

    def warm_up(self) -> None:
        """Write a page of each file, so that the first booking costs what every booking costs.

        A log that begins anew syncs its header and its folder as well. A disk that is full says
        so at the booking, where somebody reads it.
        """
        with suppress(DiskFull, sqlite3.Error):
            with self.journal.transaction() as booking:
                booking.db.execute("UPDATE identity SET one = 1")
            self.db.execute("UPDATE applied SET one = 1")

    def close(self) -> None:
        """Close both files, then let the next process in."""
        self._opened.close()

    @property
    def identity(self) -> Identity:
        """Who this till is."""
        assert self.journal.identity is not None, "only the books of a till are opened"
        return self.journal.identity

    @property
    def is_led(self) -> bool:
        """Whether master data are a WaWi's: it gave some, whether the till is paired now or not."""
        return self.journal.is_fed or self.journal.pairing is not None

    @property
    def wawi_url(self) -> str | None:
        """With whom the till is paired."""
        return self.journal.pairing.url if self.journal.pairing is not None else None

    @property
    def settings(self) -> Settings:
        """The settings in force; a file that cannot say is replaced."""
        if self._settings is None:
            db = self.current()
            try:
                self._settings = stammdaten.settings(db)
            except (sqlite3.Error, Damaged):
                self._begin_anew()
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

    def believed_now(self) -> Instant:
        """The time that prices and limits go by: that of a booking made now, if it is believed."""
        reading = self.read_clock()
        return reading.at if reading.clock == "ok" else self.trusted_now()

    # Booking

    @contextmanager
    def booking(self, reading: Reading | None = None) -> Iterator[Booking]:
        """One transaction of the journal; afterwards the projections have followed."""
        with self.journal.transaction(reading or self.read_clock()) as booking:
            yield booking
        if booking.documents:
            self._follow(booking)
            self.committed(booking.documents[0])

    def _follow(self, booking: Booking) -> None:
        """Move the trusted time on and project what was booked.

        Whatever fails here must not reach the caller, who would take a booking that is done for
        one that was refused: the next look at a balance says what is wrong.
        """
        if booking.documents[-1].clock == "ok":
            self._trusted_from = (booking.head.trusted_at, self.clock.monotonic_ms())
        if any(document.kind == "master_change" for document in booking.documents):
            self._settings = None
        if not self._in_step:
            return
        self._in_step = False
        pairs = zip(booking.documents, booking.privates, strict=True)
        with suppress(LedgerError):
            self._project(list(pairs), booking.held_cents)
            self._in_step = True

    # Looking

    def current(self) -> sqlite3.Connection:
        """stammdaten.db, in step with the journal's head.

        Raises:
            LedgerError: if it cannot be brought there, even from the journal alone.
        """
        if not self._in_step:
            self.catch_up()
        return self.db

    def credit(self, wallet: Id) -> Money:
        """What a wallet may spend now."""
        return stammdaten.credit(self.current(), wallet)

    def journal_changed(self) -> None:
        """Others than `booking` changed the files: identity, pairing, documents, settings."""
        self.journal.reload()
        self.settings_changed()
        trusted_at = self.journal.head.trusted_at
        if trusted_at > self.trusted_now():
            self._trusted_from = (trusted_at, self.clock.monotonic_ms())
        self.catch_up()

    def settings_changed(self) -> None:
        """Others than `booking` may have changed the settings, and no document of the journal."""
        self._settings = None

    def catch_up(self) -> None:
        """Project what is missing; start over from a good copy or the journal if need be."""
        for start_over in (self._use_good_copy, self._begin_anew):
            try:
                self._catch_up()
            except Damaged as damage:
                if damage.code.startswith("J"):
                    raise
                start_over()
            else:
                return
        self._catch_up()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """What reading stammdaten.db may find: it is damaged, and replaced before the next look.

        Raises:
            LedgerError: for what SQLite says, or a row that is not as it was written.
        """
        try:
            yield
        except sqlite3.Error as error:
            failure = translate(error, "S-01", self._path)
            if isinstance(failure, Damaged):
                self._use_good_copy()
            raise failure from error
        except Damaged as damage:
            if damage.code.startswith("S"):
                self._use_good_copy()
            raise

    def wipe(self) -> None:
        """Make erasing final: empty both WALs, drop the copy that still has what was erased.

        Raises:
            LedgerError: if the disk does not let it; what was erased may then be found in a WAL.
        """
        self.folder.good_copy.unlink(missing_ok=True)
        with sqlite_errors("S-01", self._path):
            self.current().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.journal.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def note_unknown(self, code: str) -> None:
        """Remember a barcode nobody knew, for the admin's list.

        Raises:
            LedgerError: if it cannot be written; nobody needs to stop selling for that.
        """
        with self.looking():
            unknown.note_unknown(self.current(), code, str(self.clock.now()))

    def _catch_up(self) -> None:
        self._in_step = False
        position = self._applied_position()
        if position is None:
            raise Damaged("S-03", "it holds documents that the journal does not")
        pending = []
        for document in self.journal.documents_after(position):
            private = self.journal.private_part(position_of(document))
            pending.append((document, private))
            if len(pending) >= _CATCH_UP_BATCH:
                self._project(pending)
                self._progress(document.seq)
                pending = []
        self._project(pending)
        self._in_step = True

    def _applied_position(self) -> int | None:
        """Up to where stammdaten.db follows the journal; None if it follows another one."""
        with sqlite_errors("S-01", self._path):
            found = stammdaten.applied(self.db)
        if found is None:
            return 0
        position, claimed = found
        if is_cut_off(self.identity, self.journal.head, position):
            raise Damaged("J-12", f"up to document {ref_of(position)}")
        document = self.journal.document(ref_of(position))
        return position if document is not None and document.hash == claimed else None

    def _project(self, pairs: _Pairs, held_cents: int = 0) -> None:
        if not pairs:
            return
        projector = Projector(self.db, self.places)
        with sqlite_errors("S-01", self._path), self.db:
            self.db.execute("BEGIN IMMEDIATE")
            for document, private in pairs:
                projector.project(document, private)
                if self.is_led:
                    from kpos.ledger import feed  # a till of its own need not know how

                    feed.follow(self.db, self.identity, document, held_cents)
            projector.write()
            last = pairs[-1][0]
            sealed.put(self.db, "applied", 1, position_of(last), last.hash)

    def _use_good_copy(self) -> None:
        """Put the last good copy in place, or begin anew where there is none."""
        self._in_step = False
        self._settings = None
        self.db.close()
        self.db = restart_stammdaten(self.folder)

    def _begin_anew(self) -> None:
        """Begin with empty tables: the good copy is no better."""
        self.folder.good_copy.unlink(missing_ok=True)
        self._use_good_copy()
