"""Backup and restore: one file, the journal, verified on both ways.

A backup is taken in one read transaction while the till goes on selling. A restore without a
server begins a new epoch under a new prefix, because numbers after the backup may have been
handed out, and keeps the higher count of wrong PINs, so that a restore frees nobody.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from kpos.clock import Clock
from kpos.domain.exchange import Entry, Point
from kpos.domain.ids import Id
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, LedgerError, sqlite_errors
from kpos.ledger.files import Folder, Lock, aside_of, connect_to_read, sync_folder
from kpos.ledger.journal import Journal
from kpos.ledger.pairing import Pairing, later_prefix
from kpos.ledger.pins import Pins
from kpos.ledger.reading import Identity, read_identity, ref_of
from kpos.ledger.replica import NotOwn, append, head_of
from kpos.ledger.stammdaten import applied
from kpos.ledger.verify import verify_journal

Tail: TypeAlias = Callable[[Pairing, Point | None], Iterable[Sequence[Entry]]]

_OWNER_ONLY = 0o600  # it holds PIN verifiers
_MAGIC = b"SQLite format 3\0"


def check_target(folder: Folder, target: Path) -> None:
    """Refuse to write a backup over the till's own files, or over something that is no backup.

    Whoever may ask a running till for a backup must not be able to destroy its books with it.

    Raises:
        Refused: saying why.
    """
    try:
        if target.parent.resolve() == folder.path.resolve():
            msg = f"{target} lies in the till's own folder, and is lost with it: name another place"
            raise refuse("invalid", msg)
        if target.exists() and not _is_database(target):
            raise refuse("taken", f"{target} is there, and is no backup: name another file")
    except OSError as error:
        raise refuse("invalid", f"{target} cannot be looked at: {error.strerror}") from error


def back_up(folder: Folder, target: Path) -> int:
    """Write a verified copy of the journal to `target`; the number of documents in it.

    The copy appears under its name only when it is complete, verified and on the disk; an older
    file of that name is replaced by it.

    Raises:
        LedgerError: nothing was left behind.
    """
    if not folder.has_till():
        raise folder.no_till()
    part = target.with_name(target.name + ".part")
    try:
        with _claimed(part):
            documents = _copy(folder.journal, part)
            _make_durable(part)
            part.replace(target)
            sync_folder(target.parent)
    except OSError as error:
        busy = isinstance(error, BlockingIOError)
        why = "another backup is being written there" if busy else error.strerror
        msg = f"{target} cannot be written: {why}"
        raise LedgerError(msg) from error
    return documents


@contextmanager
def _claimed(part: Path) -> Iterator[None]:
    """An empty file of this name, which nobody else writes; gone again if that fails.

    A backup goes on when the till that asked for it is killed. The next one must not put what
    that has begun under the final name; what a dead process has left is removed.

    Raises:
        OSError: also where another backup of this name is being written.
    """
    with suppress(FileNotFoundError):
        left = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
        finally:
            os.close(left)
    own = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    finally:
        os.close(own)


def restore(
    source: Path, folder: Folder, clock: Clock, tail: Tail | None = None
) -> tuple[Identity, list[Path]]:
    """Put a backup in the place of a folder's journal; what was there is kept aside.

    `tail` gives what a WaWi holds of the till after a document. What even that did not hold may
    have been handed out as well: the epoch is a new one all the same.

    Returns the identity under the new prefix, and where the former journal is now, and the
    former stammdaten.db: where the journal has lost its end, that alone knows the credits.

    Raises:
        Refused: if the backup is no backup.
        LedgerError: nothing was changed.
    """
    if not source.is_file():
        raise refuse("unknown", f"there is no backup {source}")
    folder.make()
    lock = Lock(folder)
    fresh = Folder(folder.path / "restoring")
    try:
        shutil.rmtree(fresh.path, ignore_errors=True)
        fresh.make()
        restored = _checked_copy(source, fresh.journal)
        if tail is not None:
            restored = _with_tail(fresh, tail)
        identity = _begin_epoch(fresh, restored, folder, clock)
        aside = _put_in_place(folder, fresh.journal)
    except Damaged as damage:
        raise refuse("invalid", f"{source} is no whole backup: {damage}") from damage
    finally:
        shutil.rmtree(fresh.path, ignore_errors=True)
        lock.release()
    Books(folder, clock).close()
    return identity, aside


def _with_tail(fresh: Folder, tail: Tail) -> Identity:
    """Go on with what a WaWi holds, as far as it is how this journal goes on."""
    journal = Journal(fresh)
    try:
        if journal.pairing is not None:
            with suppress(NotOwn):
                for entries in tail(journal.pairing, head_of(journal)):
                    append(journal, entries)
        assert journal.identity is not None, "verified before"
        return journal.identity
    finally:
        journal.close()


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _copy(journal: Path, part: Path) -> int:
    source = connect_to_read(journal, "J-01")
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        with sqlite_errors("J-01", str(part)):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            return verify_journal(copy, str(part)).documents
    finally:
        copy.close()
        source.close()


def _checked_copy(source: Path, fresh: Path) -> Identity:
    _copy(source, fresh)
    identity = _identity_of(fresh)
    assert identity is not None, "verified above"
    return identity


def _identity_of(journal: Path) -> Identity | None:
    """Whose journal it is, as far as the file can still say."""
    with suppress(LedgerError, sqlite3.Error), closing(_readable(journal)) as db:
        return read_identity(db)
    return None


def _attempts_in(journal: Path) -> list[tuple[Id, int]]:
    with suppress(LedgerError, sqlite3.Error), closing(_readable(journal)) as db:
        return db.execute("SELECT subject, attempts FROM pin").fetchall()
    return []


def _epoch_followed(stammdaten: Path) -> int:
    """The epoch that a stammdaten.db has seen: it still knows where a journal is beyond repair."""
    with suppress(LedgerError, sqlite3.Error), closing(_readable(stammdaten)) as db:
        found = applied(db)
        return ref_of(found[0]).epoch if found else 0
    return 0


def _readable(path: Path) -> sqlite3.Connection:
    return connect_to_read(path, "J-01")


def _begin_epoch(fresh: Folder, restored: Identity, folder: Folder, clock: Clock) -> Identity:
    """A new epoch under a prefix that neither the backup nor the folder has used."""
    newest = restored
    for path in folder.ever(folder.journal):
        found = _identity_of(path)
        if found is not None and found.till == restored.till and found.epoch > newest.epoch:
            newest = found
    followed = map(_epoch_followed, folder.ever(folder.stammdaten))
    epoch = max(newest.epoch, *followed, 0) + 1
    prefix = later_prefix(newest.prefix, epoch - newest.epoch)
    identity = replace(restored, epoch=epoch, prefix=prefix)
    former = next(iter(folder.ever(folder.journal)), None)
    journal = Journal(fresh)
    try:
        with journal.transaction() as booking:
            booking.become(identity)
            pins = Pins(journal, clock)
            for subject, attempts in _attempts_in(former) if former else ():
                if attempts > pins.attempts(subject):
                    pins.count(booking, subject, attempts)
    finally:
        journal.close()
    return identity


def _put_in_place(folder: Folder, fresh: Path) -> list[Path]:
    """Swap the files; the former ones and their WALs keep a name of their own.

    The journal moves for good before its WAL does: a power cut in between leaves no till, not one
    that has lost what was only in the WAL. What is left behind like that follows with the next
    restore. All have moved for good before another journal takes the name, or it could replace
    the former one, or meet the former one's WAL.
    """
    there = folder.journal.exists()
    number = folder.restores() + 1 if there else max(folder.restores(), 1)
    kept = []
    for path in (folder.journal, folder.stammdaten):
        aside = aside_of(path, number)
        if path.exists():
            kept.append(aside)
        for suffix in ("", "-wal", "-shm"):
            own = path.with_name(path.name + suffix)
            if own.exists():
                own.replace(aside.with_name(aside.name + suffix))
                sync_folder(folder.path)
    fresh.replace(folder.journal)
    _remove(folder.good_copy)
    sync_folder(folder.path)
    return kept


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
