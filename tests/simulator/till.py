"""A till of the simulator: its disk, its clock that may jump, its books and what talks for it."""

from __future__ import annotations

import shutil
from pathlib import Path

from kpos.clock import ScriptClock
from kpos.domain.document import Ref
from kpos.domain.ids import Id
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.joining import Assigned, pair
from kpos.ledger.pairing import Pairing
from kpos.sync.engine import Engine
from tests.simulator.ready import ADMIN, START, put_new_till
from tests.simulator.server import Server
from tests.sync.tills import application_of


class Till:
    """`disk` names the folder of now; whatever was in another one is gone for this till."""

    books: Books
    engine: Engine

    def __init__(self, path: Path, name: str, branch: Id, number: int) -> None:
        self.name = name
        self.branch = branch
        self.clock = ScriptClock(START)
        self._path = path
        self._disks = 0
        self.folder = Folder(path / f"{name}-0")
        put_new_till(self.folder, number)
        self.cut_off_until = 0
        self.is_destroyed = False
        # Never paired.
        self.is_alone = True
        # Paired again, and not told anything yet.
        self.is_stranger = False
        self.backup: Path | None = None
        self.old_disk: Path | None = None
        self.open()
        self.id = self.books.identity.till

    def open(self) -> None:
        self.books = Books(self.folder, self.clock)
        self.engine = Engine(self.books)
        self.is_waiting = False
        self.sales: list[Ref] = []
        # Up to where its documents were written down by `Truth`.
        self.noted = 0
        # Rows written to the journal by then; -1: never asked.
        self.noted_changes = -1
        # As it was when all that it says was found right; () before.
        self.found_right: tuple[object, ...] = ()
        # Where wallets were at home when what it thinks of that was found right, and how it was.
        self.homes_seen: tuple[object, ...] = ()

    def close(self) -> None:
        self.books.close()

    def pair(self, server: Server) -> None:
        paired = server.pair(self.branch, application_of(self.books, ""))
        assigned = Assigned(paired.till, paired.place, paired.prefix)
        pair(self.books, Pairing("https://wawi", paired.token, paired.branch), assigned, ADMIN)
        self.is_stranger = True
        self.is_alone = False

    @property
    def token(self) -> str:
        pairing = self.books.journal.pairing
        return pairing.token if pairing is not None else ""

    def hashes(self) -> set[str]:
        return {row[0] for row in self.books.journal.rows("SELECT hash FROM document")}

    def at_home(self) -> list[Id]:
        """The wallets that are at home here, as far as this till was told."""
        query = "SELECT wallet FROM fed_wallet WHERE home = ?"
        return [Id(wallet) for (wallet,) in self.books.db.execute(query, (self.id,))]

    def state(self) -> tuple[object, ...]:
        """Another one whenever anything was written."""
        books = self.books
        return books, books.db, books.journal.db.total_changes, books.db.total_changes

    # Disks

    def copied(self) -> Path:
        """The files as they are now, as after a power cut."""
        self._disks += 1
        to = self._path / f"{self.name}-{self._disks}"
        shutil.copytree(self.folder.path, to, ignore=shutil.ignore_patterns("lock", "*-shm"))
        return to

    def put_in(self, disk: Path) -> None:
        """Go on with another disk."""
        self.close()
        shutil.rmtree(self.folder.path)
        self.folder = Folder(disk)
        self.open()
