"""The data folder: its files, its lock, and how a connection to them must be set up."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path

from kpos.domain.values import dataclass
from kpos.ledger.errors import AlreadyOpen, NoTill, NotWritable, sqlite_errors

# A checkpoint every 500 pages of 4 KiB keeps the WAL near 2 MB and each checkpoint short.
_AUTOCHECKPOINT_PAGES = 500
# A reader's transaction ends within a second; a writer waits somewhat longer than that.
_BUSY_MS = 3000
_FOLDER_MODE = 0o750
# What a restore calls the files that were there, with its number behind it.
ASIDE = ".before-restore-"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a till keeps its files."""

    path: Path

    @property
    def journal(self) -> Path:
        """The precious file."""
        return self.path / "journal.db"

    @property
    def stammdaten(self) -> Path:
        """The file that can be deleted."""
        return self.path / "stammdaten.db"

    @property
    def good_copy(self) -> Path:
        """The last copy of stammdaten.db that was known to be good."""
        return self.path / "stammdaten.good.db"

    @property
    def lock(self) -> Path:
        """Held by whoever may write."""
        return self.path / "lock"

    @property
    def control_socket(self) -> Path:
        """Where a running till takes orders from the command line."""
        return self.path / "control.sock"

    def has_till(self) -> bool:
        """Whether there is a journal.

        Raises:
            NotWritable: if this user may not even look.
        """
        try:
            return self.journal.exists()
        except OSError as error:
            msg = f"{self.path} cannot be read: {error.strerror} (run as its owner or as root)"
            raise NotWritable(msg) from error

    def keeps_journals(self) -> bool:
        """Whether restores have kept former journals."""
        return any(self.path.glob(f"{self.journal.name}{ASIDE}*"))

    def restores(self) -> int:
        """How many restores have kept something, as far as nobody has taken it away."""
        numbers = [path.name.rpartition(ASIDE)[2] for path in self.path.glob(f"*{ASIDE}*")]
        return max((int(number) for number in numbers if number.isdigit()), default=0)

    def ever(self, path: Path) -> list[Path]:
        """A file of the folder, and those that restores kept in its place, the newest first."""
        kept = (aside_of(path, number) for number in range(self.restores(), 0, -1))
        return [each for each in (path, *kept) if each.exists()]

    def no_till(self) -> NoTill:
        """What to do where `has_till` says no: begin, or go on with a restore that was cut off."""
        if self.keeps_journals():
            return NoTill(
                f"a restore into {self.path} was cut off: run it again (kpos restore --data"
                f" {self.path} BACKUP); the journal that was there is kept beside it"
            )
        return NoTill(
            f"there is no till in {self.path}: create it with kpos init --data {self.path}"
        )

    def make(self) -> None:
        """Create the folder, for good: its name, and those above it, survive a power cut.

        Raises:
            NotWritable: if that is not allowed, or something else is there.
        """
        missing = [each for each in (self.path, *self.path.parents) if not each.exists()]
        try:
            self.path.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            for made in missing:
                sync_folder(made.parent)
        except OSError as error:
            msg = f"{self.path} cannot be created: {error.strerror}"
            raise NotWritable(msg) from error


def aside_of(path: Path, number: int) -> Path:
    """Where the restore of this number keeps a file."""
    return path.with_name(f"{path.name}{ASIDE}{number}")


class Lock:
    """The one writer's lock on a data folder; released when the process dies."""

    def __init__(self, folder: Folder) -> None:
        """Take the lock.

        Raises:
            AlreadyOpen: if another process holds it.
            NotWritable: if the lock file cannot be opened.
        """
        try:
            self._fd = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            msg = f"{folder.path} cannot be written: {error.strerror} (run as its owner or as root)"
            raise NotWritable(msg) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._fd)
            msg = f"another kpos is using {folder.path}"
            raise AlreadyOpen(msg) from error

    def release(self) -> None:
        """Let the next one in."""
        os.close(self._fd)


def connect(path: Path, *, code: str, synchronous: str) -> sqlite3.Connection:
    """A connection without implicit transactions, set up as the two files need it.

    `code` is the damage code to report when the file is no database.
    """
    with sqlite_errors(code, str(path)):
        db = _opened(path, "rwc")
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(f"PRAGMA synchronous={synchronous}")
            db.execute(f"PRAGMA wal_autocheckpoint={_AUTOCHECKPOINT_PAGES}")
            db.execute("PRAGMA secure_delete=ON")
        except sqlite3.Error:
            db.close()
            raise
    return db


def connect_to_read(path: Path, code: str) -> sqlite3.Connection:
    """A connection that cannot write. Nothing is read yet: damage is found by who reads first.

    Raises:
        LedgerError: if there is no such file, or none that this user may read.
    """
    with sqlite_errors(code, str(path)):
        return _opened(path, "ro")


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{_quoted(path)}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=_BUSY_MS / 1000,
        cached_statements=256,
        check_same_thread=False,
    )
    db.execute("PRAGMA cell_size_check=ON")
    db.execute("PRAGMA trusted_schema=OFF")
    return db


def sync_folder(path: Path) -> None:
    """Make new names in a folder durable.

    Without it a power cut can bring the creation journal of SQLite back and roll the whole
    ledger back to empty.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.absolute()))
