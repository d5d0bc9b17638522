"""What a disk image is worth: opened by the till's own code, verified, read by the auditor."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from kpos.clock import ScriptClock
from kpos.domain.instant import Instant
from kpos.domain.refusal import Refused
from kpos.ledger.backup import restore
from kpos.ledger.birth import create_till
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, LedgerError, NoTill
from kpos.ledger.files import Folder
from kpos.ledger.verify import verify, verify_journal
from tests.faults.audit import Lost, read_books
from tests.faults.cuts_disk import Image, Key
from tests.faults.cuts_scene import BACKUP, TILL

_LATER = Instant.parse("2026-11-24T18:00:00Z")
# Of the identity what it still has: that of an older journal loses a column when it is opened.
_BESIDE = {
    "identity": "till, place, prefix, cash_prefix, epoch",
    "pin": "*",
    "undo": "*",
    "private": "*",
}
ASIDE = f"{TILL}/journal.db.before-restore-1"
AUTHOR = "uid:0"


@dataclass(frozen=True)
class Content:
    """What a journal says, down to every byte: its documents, and the tables beside them."""

    documents: int
    head: str
    beside: tuple[str, ...]  # a digest for each table of `_BESIDE`


@dataclass(frozen=True)
class Finding:
    """What was found in an image."""

    opened: str = "open"  # or "none", or the code of a locked till
    content: Content | None = None  # None where there is no finished till
    verified: str = ""  # the code of what `kpos verify` finds
    audited: str = ""  # what the auditor finds though `kpos verify` does not
    backup: str = ""  # "", "whole" or what is wrong with it
    aside: Content | None = None  # a journal that a restore kept
    again: str = ""  # what went wrong when an interrupted command was called again


def read_content(journal: Path) -> Content | None:
    """The content of a journal; None before `kpos init` is done.

    Raises:
        sqlite3.Error: as damage shows.
    """
    if not journal.exists():
        return None
    with closing(sqlite3.connect(journal)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
        if "identity" not in tables or not db.execute("SELECT 1 FROM identity").fetchone():
            return None
        heads = db.execute("SELECT hash FROM document ORDER BY position").fetchall()
        beside = tuple(
            _digest(db.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall())
            for table, columns in _BESIDE.items()
        )
    return Content(len(heads), heads[-1][0] if heads else "", beside)


def _digest(rows: list[tuple[object, ...]]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


class Judge:
    """Writes images into one folder and looks at them; equal images are looked at once."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._found: dict[Key, Finding] = {}
        self._books: dict[bytes, Finding] = {}
        self._contents: dict[bytes, bytes] = {}
        self._copies: dict[bytes, str] = {}

    def look(self, key: Key, image: Image) -> Finding:
        """What is in an image."""
        if key not in self._found:
            self._found[key] = self._look(image)
        return self._found[key]

    @property
    def different(self) -> int:
        """How many of the images differed."""
        return len(self._found)

    def _look(self, image: Image) -> Finding:
        self._write(image)
        folder = Folder(self._place / TILL)
        finding = self._open(folder)
        backup = self._backup(image)
        finding = replace(finding, backup=backup)
        if finding.content is None and not finding.opened.startswith("J"):
            finding = replace(finding, again=self._again(folder, ASIDE in image.files))
        if ASIDE in image.files:
            finding = replace(finding, aside=_content(self._place / ASIDE))
        return finding

    def _write(self, image: Image) -> None:
        shutil.rmtree(self._place, ignore_errors=True)
        self._place.mkdir(parents=True)
        for name in sorted(image.folders):
            (self._place / name).mkdir(parents=True, exist_ok=True)
        for name, content in image.files.items():
            (self._place / name).write_bytes(content)

    def _open(self, folder: Folder) -> Finding:
        """As the daemon does at its start, and closed again; then everything is checked."""
        try:
            books = Books(folder, ScriptClock(_LATER))
        except NoTill:
            return Finding("none")
        except Damaged as damage:
            return Finding(damage.code)
        except Exception as error:  # noqa: BLE001 - a till that crashes is what is looked for
            return Finding("crash", audited=f"it crashes: {error!r}")
        books.close()
        # Tills that end in the same books got there in many ways; these are checked once.
        state = self._all_of(folder.journal) + self._all_of(folder.stammdaten)
        if state not in self._books:
            self._books[state] = _check(folder)
        return self._books[state]

    def _all_of(self, file: Path) -> bytes:
        """A digest of the content of a file, by that of its bytes."""
        state = hashlib.sha256(file.read_bytes()).digest()
        if state not in self._contents:
            self._contents[state] = _all_of(file)
        return self._contents[state]

    def _backup(self, image: Image) -> str:
        if BACKUP not in image.files:
            return ""
        state = hashlib.sha256(image.files[BACKUP]).digest()
        if state not in self._copies:
            self._copies[state] = _whole(self._place / BACKUP)
        return self._copies[state]

    def _again(self, folder: Folder, restoring: bool) -> str:
        """Somebody comes back and repeats the command that the cut interrupted."""
        clock = ScriptClock(_LATER)
        try:
            if restoring:
                restore(self._place / BACKUP, folder, clock)
            else:
                create_till(folder, clock, AUTHOR)
            verify(folder)
        except (Refused, LedgerError) as error:
            return str(error)
        return ""


def _all_of(file: Path) -> bytes:
    """A digest of all that SQL finds in a file, and of what SQLite finds wrong with its pages."""
    try:
        with closing(sqlite3.connect(file)) as db:
            schema = db.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
            tables = [name for kind, name, _ in schema if kind == "table"]
            found = [
                schema,
                db.execute("PRAGMA integrity_check(1)").fetchall(),
                *(db.execute(f"SELECT * FROM {name}").fetchall() for name in tables),
            ]
    except sqlite3.Error:
        return hashlib.sha256(file.read_bytes()).digest()
    return hashlib.sha256(repr(found).encode()).digest()


def _check(folder: Folder) -> Finding:
    """A till that opened: what it holds, and whether it is right."""
    content = _content(folder.journal)
    if content is None:
        return Finding()
    try:
        verify(folder)
    except Damaged as damage:
        return Finding(content=content, verified=damage.code)
    try:
        found = read_books(folder.journal)
        _compare_credit(folder, found.credit)
    except Lost as lost:
        return Finding(content=content, audited=str(lost))
    return Finding(content=content)


def _compare_credit(folder: Folder, expected: dict[str, int]) -> None:
    """What members would read from the display is what the auditor added up."""
    with closing(sqlite3.connect(folder.stammdaten)) as db:
        rows = db.execute("SELECT account, -cents FROM balance WHERE account LIKE 'wallet:%'")
        shown = {account.partition(":")[2]: cents for account, cents in rows}
    if {each: cents for each, cents in expected.items() if cents} != {
        each: cents for each, cents in shown.items() if cents
    }:
        msg = f"wrong credit: {shown} instead of {expected}"
        raise Lost(msg)


def _content(journal: Path) -> Content | None:
    try:
        return read_content(journal)
    except sqlite3.Error:
        return None


def _whole(backup: Path) -> str:
    try:
        with closing(sqlite3.connect(backup)) as db:
            verify_journal(db, str(backup))
    except Damaged as damage:
        return damage.code
    return "whole"
