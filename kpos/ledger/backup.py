"""Backup and restore: one file, the journal, verified on both ways.

A backup is taken in one read transaction while the till goes on selling. A restore without a
server begins a new epoch under a new prefix, because numbers after the backup may have been
handed out, and keeps the higher count of wrong PINs, so that a restore frees nobody.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

from kpos.clock import Clock
from kpos.domain.refusal import refuse
from kpos.ledger.birth import write_identity
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, LedgerError, NoTill, sqlite_errors
from kpos.ledger.files import Folder, Lock, connect, sync_folder
from kpos.ledger.journal import Identity, Journal, read_identity
from kpos.ledger.verify import verify_journal

_OWNER_ONLY = 0o600  # it holds PIN verifiers


def back_up(folder: Folder, target: Path) -> int:
    """Write a verified copy of the journal to `target`; the number of documents in it.

    The copy appears under its name only when it is complete, verified and on the disk; an older
    file of that name is replaced by it.

    Raises:
        LedgerError: nothing was left behind.
    """
    if not folder.journal.exists():
        msg = f"there is no till in {folder.path}"
        raise NoTill(msg)
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
        documents = _copy(folder.journal, part)
        _make_durable(part)
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        msg = f"{target} cannot be written: {error.strerror}"
        raise LedgerError(msg) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return documents


def copy_stammdaten(folder: Folder) -> None:
    """Keep a last good copy of stammdaten.db beside it.

    Raises:
        LedgerError: if it is damaged or there is no room; the older copy stays.
    """
    part = folder.good_copy.with_suffix(".part")
    source = connect(folder.stammdaten, code="S-01", synchronous="NORMAL", readonly=True)
    try:
        with sqlite_errors("S-01", str(part)):
            copy = sqlite3.connect(part, isolation_level=None)
            source.backup(copy)
            answer = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            copy.close()
        if answer != "ok":
            raise Damaged("S-01", str(answer))
        part.replace(folder.good_copy)
    finally:
        source.close()
        part.unlink(missing_ok=True)


def restore(source: Path, folder: Folder, clock: Clock) -> tuple[Identity, Path | None]:
    """Put a backup in the place of a folder's journal; a journal that was there is kept aside.

    Returns the identity under the new prefix, and where the former journal is now.

    Raises:
        Refused: if the backup is no backup.
        LedgerError: nothing was changed.
    """
    folder.make()
    lock = Lock(folder)
    try:
        fresh = folder.journal.with_name("journal.db.restoring")
        _remove(fresh)
        restored = _checked_copy(source, fresh)
        former = _identity_of(folder.journal)
        aside = _put_in_place(folder, fresh)
        identity = _begin_epoch(folder, restored, former, aside)
    finally:
        lock.release()
    Books(folder, clock).close()
    return identity, aside


def next_prefix(prefix: str) -> str:
    """K1 -> K1A -> K1B … K1Z -> K1ZA: the prefix of the epoch after a restore."""
    last = prefix[-1]
    if not ("A" <= last <= "Z") or len(prefix) == 1:
        return f"{prefix}A"
    return f"{prefix}A" if last == "Z" else f"{prefix[:-1]}{chr(ord(last) + 1)}"


def _copy(journal: Path, part: Path) -> int:
    source = connect(journal, code="J-01", synchronous="FULL", readonly=True)
    try:
        with sqlite_errors("J-01", str(part)):
            copy = sqlite3.connect(part, isolation_level=None)
            copy.execute("PRAGMA journal_mode=DELETE")
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            documents = verify_journal(copy, str(part)).documents
            copy.close()
    finally:
        source.close()
    return documents


def _checked_copy(source: Path, fresh: Path) -> Identity:
    if not source.is_file():
        raise refuse("unknown", f"there is no backup {source}")
    try:
        _copy(source, fresh)
        _make_durable(fresh)
        with sqlite_errors("J-01", str(fresh)):
            db = sqlite3.connect(fresh)
            identity = read_identity(db)
            db.close()
    except Damaged as damage:
        _remove(fresh)
        raise refuse("invalid", f"{source} is no whole backup: {damage}") from damage
    assert identity is not None, "verified above"
    return identity


def _identity_of(journal: Path) -> Identity | None:
    """Who the till in the folder was, as far as its file can still say."""
    if not journal.exists():
        return None
    try:
        db = connect(journal, code="J-01", synchronous="FULL", readonly=True)
        identity = read_identity(db)
        db.close()
    except (LedgerError, sqlite3.Error):
        return None
    return identity


def _put_in_place(folder: Folder, fresh: Path) -> Path | None:
    """Swap the files; the former journal and its WAL keep a name of their own."""
    aside = None
    if folder.journal.exists():
        number = 1
        while folder.journal.with_name(f"journal.db.before-restore-{number}").exists():
            number += 1
        aside = folder.journal.with_name(f"journal.db.before-restore-{number}")
        for suffix in ("-wal", "-shm", ""):
            own = folder.journal.with_name(folder.journal.name + suffix)
            if own.exists():
                own.replace(aside.with_name(aside.name + suffix))
    fresh.replace(folder.journal)
    for path in (folder.stammdaten, folder.good_copy):
        _remove(path)
    sync_folder(folder.path)
    return aside


def _begin_epoch(
    folder: Folder, restored: Identity, former: Identity | None, aside: Path | None
) -> Identity:
    """A new epoch under a prefix that neither the backup nor the folder has used."""
    same_till = former is not None and former.till == restored.till
    newest = former if same_till and former and former.epoch > restored.epoch else restored
    identity = replace(restored, epoch=newest.epoch + 1, prefix=next_prefix(newest.prefix))
    journal = Journal(folder)
    try:
        with journal.transaction() as booking:
            write_identity(journal, identity)
            if aside is not None and same_till:
                for subject, attempts in _attempts_in(aside):
                    booking.db.execute(
                        "UPDATE pin SET attempts = max(attempts, ?) WHERE subject = ?",
                        (attempts, subject),
                    )
    finally:
        journal.close()
    return identity


def _attempts_in(aside: Path) -> list[tuple[str, int]]:
    try:
        db = connect(aside, code="J-01", synchronous="FULL", readonly=True)
        rows = db.execute("SELECT subject, attempts FROM pin").fetchall()
        db.close()
    except (LedgerError, sqlite3.Error):
        return []
    return rows


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
