"""`kpos rebuild`: what follows from the journal, made anew."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import alone, data_option
from kpos.cli.progress import end_progress, show_progress
from kpos.clock import SystemClock


@click.command()
@data_option
def rebuild(data: Path) -> None:
    """Build stammdaten.db anew from the journal; the till must not run.

    The list of barcodes nobody knew begins anew as well.
    """
    from kpos.ledger.books import Books
    from kpos.ledger.opening import restart_stammdaten
    from kpos.ledger.readonly import check_journal

    with alone(data) as folder:
        # What is deleted must be there to be built from.
        check_journal(folder)
        folder.good_copy.unlink(missing_ok=True)
        restart_stammdaten(folder).close()
        books = Books(folder, SystemClock(), progress=show_progress)
        ref = books.journal.head.ref
        books.close()
    end_progress()
    click.echo(f"stammdaten.db follows from the journal up to document {ref}.")
