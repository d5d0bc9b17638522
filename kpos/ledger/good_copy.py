"""A last good copy of stammdaten.db beside it: what a till of a WaWi sells on with, offline."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress

from kpos.ledger.errors import Damaged, LedgerError, sqlite_errors
from kpos.ledger.files import Folder, connect_to_read

# A copy looks at each page once. SQLite would keep 2 MB for either file, beside a till that sells.
_COPY_CACHE_KIB = 100


def copy_stammdaten(folder: Folder) -> None:
    """Keep a last good copy of stammdaten.db beside it.

    Raises:
        LedgerError: if it is damaged or there is no room; the older copy stays.
    """
    part = folder.good_copy.with_suffix(".part")
    source = connect_to_read(folder.stammdaten, "S-01")
    try:
        with (
            sqlite_errors("S-01", str(part)),
            closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            for db in (source, copy):
                db.execute(f"PRAGMA cache_size=-{_COPY_CACHE_KIB}")
            source.backup(copy)
            answer = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise Damaged("S-01", str(answer))
        part.replace(folder.good_copy)
    finally:
        source.close()
        part.unlink(missing_ok=True)


def keep_stammdaten(folder: Folder) -> None:
    """The same, where one that cannot be made is no reason to stop."""
    with suppress(LedgerError, OSError):
        copy_stammdaten(folder)
