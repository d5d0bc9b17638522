"""Looking after the database: whether it is whole, a copy of it, and putting one back."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection

from kpos.clock import SystemClock
from kpos.config import ConfigError
from kpos.domain.refusal import refuse
from kpos.ledger.files import sync_folder
from kpos.wawi.config import DATABASE_FILE
from kpos.wawi.core import feed
from kpos.wawi.database import writing

LOCK_FILE = "lock"
_ASIDE = ".before-restore-"
_ELSEWHERE = "the database is PostgreSQL: pg_dump and pg_restore copy it and put it back"


def use(data: Path) -> None:
    """Say, until this process ends, that a server runs: nobody puts another database there.

    Raises:
        ConfigError: while somebody does.
    """
    _lock(data, fcntl.LOCK_SH, "a restore is under way: try again when it is done")


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """While no server runs.

    Raises:
        ConfigError: if one does.
    """
    descriptor = _lock(data, fcntl.LOCK_EX, "the server runs: stop it first")
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(data: Path, how: int, otherwise: str) -> int:
    descriptor = os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise ConfigError(otherwise) from error
    return descriptor


def back_up(target: Path) -> int:
    """Copy the database to a new file, while the server runs; how many documents it has.

    Raises:
        Refused: if there is something already, the copy is not whole, or it is PostgreSQL.
    """
    if connection.vendor != "sqlite":
        raise refuse("invalid", _ELSEWHERE)
    if target.exists():
        raise refuse("taken", f"{target} is there already")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    target.chmod(0o600)
    return _documents_in(target)


def restore(data: Path, file: Path) -> tuple[int, Path | None]:
    """Put a copy in the place of the database; how many documents it has, where the old one is.

    Tills begin anew with the feed: what they were told since the copy may not be in it.

    Raises:
        Refused: if the copy is not whole, or the database is PostgreSQL.
    """
    if connection.vendor != "sqlite":
        raise refuse("invalid", _ELSEWHERE)
    place, kept = data / DATABASE_FILE, None
    was_there = place.exists()
    documents = _documents_in(file)
    connection.close()
    fresh = place.with_name(f"{place.name}.new")
    _copy(file, fresh)
    if was_there:
        now = SystemClock().now().as_datetime()
        kept = place.with_name(f"{place.name}{_ASIDE}{now:%Y%m%dT%H%M%SZ}")
        _move(place, kept)
    fresh.rename(place)
    sync_folder(data)
    with writing() as db:
        feed.expire(db, SystemClock().now())
    return documents, kept


def _copy(file: Path, target: Path) -> None:
    """Down to the disk."""
    shutil.copyfile(file, target)
    target.chmod(0o600)
    with target.open("rb") as copy:
        os.fsync(copy.fileno())


def _move(place: Path, kept: Path) -> None:
    """With what belongs to it; the database itself last, so that it never stands alone."""
    for suffix in ("-shm", "-wal", ""):
        part = place.with_name(place.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))


def _counted(file: Path) -> int:
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS copy", [f"file:{file}?mode=ro"])
        try:
            cursor.execute("PRAGMA copy.integrity_check")
            if cursor.fetchone() != ("ok",):
                raise refuse("invalid", f"{file} is damaged")
            cursor.execute("SELECT count(*) FROM copy.document")
            return int(cursor.fetchone()[0])
        finally:
            cursor.execute("DETACH DATABASE copy")


def _documents_in(file: Path) -> int:
    """How many documents a copy has, if it is one and whole."""
    try:
        return _counted(file)
    except DatabaseError as error:
        raise refuse("invalid", f"{file} is no copy of a server, or damaged: {error}") from error
