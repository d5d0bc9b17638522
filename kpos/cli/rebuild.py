"""`kpos rebuild`: what follows from the journal, made anew."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import alone, data_option
from kpos.cli.progress import end_progress, show_progress
from kpos.clock import SystemClock
from kpos.ledger.files import Folder

_KNOWN = "What came from the WaWi is as old as the copy of it"
_UNKNOWN = "What came from the WaWi is lost: nobody's credit is known"


@click.command()
@data_option
def rebuild(data: Path) -> None:
    """Build stammdaten.db anew from the journal; the till must not run.

    The list of barcodes nobody knew begins anew as well. At a till of a WaWi it begins with the
    copy of what that said; without one, nobody's credit is known until it is reached.
    """
    from kpos.ledger.books import Books
    from kpos.ledger.errors import sqlite_errors
    from kpos.ledger.feed import taken
    from kpos.ledger.opening import restart_stammdaten
    from kpos.ledger.readonly import check_journal

    with alone(data) as folder:
        # What is deleted must be there to be built from.
        check_journal(folder)
        is_fed = _is_fed(folder)
        if not is_fed:
            folder.good_copy.unlink(missing_ok=True)
        restart_stammdaten(folder).close()
        books = Books(folder, SystemClock(), progress=show_progress)
        ref = books.journal.head.ref
        with sqlite_errors("S-01", str(folder.stammdaten)):
            is_known = taken(books.current()) is not None
        books.close()
    end_progress()
    click.echo(f"stammdaten.db follows from the journal up to document {ref}.")
    if is_fed:
        click.echo(f"{_KNOWN if is_known else _UNKNOWN}: kpos sync")


def _is_fed(folder: Folder) -> bool:
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.schema import is_fed

    with reading_journal(folder) as journal:
        return is_fed(journal)
