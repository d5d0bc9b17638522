"""What can be wrong with the files, as the caller meets it.

Codes are shown on a locked till ("Kasse gesperrt, Code J-17") and looked up in the README:
J is the journal, S is stammdaten.db. They are permanent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

# Permanent: printed on displays and looked up by admins.
CODES: dict[str, str] = {
    "J-01": "journal.db cannot be read as a database",
    "J-02": "journal.db was written by a newer kpos",
    "J-03": "a hash does not follow from the document before it",
    "J-04": "a document is missing in the sequence",
    "J-05": "a receipt number is missing or given twice",
    "J-06": "a document does not add up",
    "J-07": "a document is not in the form it was hashed in",
    "J-08": "a private part does not belong to its document",
    "J-09": "the disk failed while a document was written",
    "J-10": "a purchase is torn: a sale without its debit, or the other way round",
    "J-11": "who the till or its WaWi is, is missing, or not that of its documents",
    "J-12": "the last documents are gone: stammdaten.db has followed them",
    "J-13": "a PIN, an undo link or a waiting count is not as it was written: it is not believed",
    "J-14": "the disk is full: there is no room to open the books",
    "S-01": "stammdaten.db cannot be read as a database",
    "S-03": "stammdaten.db does not agree with the journal",
}


class LedgerError(Exception):
    """The files or the disk are not as they must be; the message says what to do."""


class Damaged(LedgerError):
    """What was written is not what is there; `code` is one of `CODES`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {CODES[code]} ({detail})")
        self.code = code
        self.detail = detail


class DiskFull(LedgerError):
    """Nothing was written; when there is room again, the same can be tried again."""


class NotWritable(LedgerError):
    """The folder or its files may not be written or read by this user."""


class AlreadyOpen(LedgerError):
    """Another process holds the data folder."""


class NoTill(LedgerError):
    """There is no till in this folder."""


_NO_RIGHTS = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}
_PRIMARY = 0xFF  # the primary result code is the low byte of an extended one


@contextmanager
def sqlite_errors(code: str, path: str) -> Iterator[None]:
    """Turn what SQLite raises into what a caller can act on.

    Any other exception of a reader (a NULL where a number must be) is damage as well: corrupted
    pages come back as rows of wrong types, not only as SQLITE_CORRUPT.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, code, path) from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Damaged(code, f"{path}: {error!r}") from error


def translate(error: sqlite3.Error, code: str, path: str) -> LedgerError:
    """The typed error for one of SQLite's."""
    primary = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    # Without room for its index in memory (-shm) not even reading begins; nothing was written.
    no_room = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE
    if primary == sqlite3.SQLITE_FULL or no_room:
        return DiskFull(f"the disk is full: nothing was written to {path}; free some space")
    if primary in _NO_RIGHTS:
        return NotWritable(f"{path} cannot be opened or written: run as its owner or as root")
    if primary == sqlite3.SQLITE_BUSY:
        return AlreadyOpen(f"{path} is in use by another process")
    return Damaged(code, f"{path}: {error}")
