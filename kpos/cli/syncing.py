"""Keeping step with the WaWi from the command line: by the running till, or by ourselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import Row, ask_till, existing, give_to_owner, warn
from kpos.clock import SystemClock
from kpos.domain.refusal import refuse
from kpos.ledger.errors import AlreadyOpen
from kpos.ledger.files import Folder

if TYPE_CHECKING:
    from kpos.domain.exchange import Entry, Point
    from kpos.ledger.books import Books
    from kpos.ledger.pairing import Pairing


def pairing_of(folder: Folder) -> Pairing:
    """With whom a till is paired.

    Raises:
        Refused: if with nobody.
    """
    from kpos.ledger.pairing import read_pairing
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.schema import PAIRED_SINCE, version_of

    with reading_journal(folder) as db:
        pairing = read_pairing(db) if version_of(db) >= PAIRED_SINCE else None
    if pairing is None:
        raise refuse("invalid", "this till is not paired: kpos pair URL CODE")
    return pairing


def sync_now(data: Path) -> None:
    """Say and hear all there is.

    Raises:
        Refused: if something is wrong with the WaWi, and what.
    """
    from kpos.ledger.books import Books

    folder = existing(data)
    try:
        books = Books(folder, SystemClock())
    except AlreadyOpen:
        done = ask_till(folder, "sync", {})
    else:
        try:
            done = _sync(books)
        finally:
            books.close()
            give_to_owner(folder)
    if done["wawi_trouble"]:
        unsent = f" ({done['wawi_unsent']} documents wait)" if done["wawi_unsent"] else ""
        raise refuse("invalid", f"the WaWi: {done['wawi_trouble']}{unsent}")
    click.echo(f"In step with {done['wawi']}: it holds all documents of this till.")


def _sync(books: Books) -> Row:
    """Up to the first failure: whoever asks by hand asks again by hand."""
    from kpos.ledger.feed import note_reached
    from kpos.ledger.good_copy import keep_stammdaten
    from kpos.ledger.status import wawi_status
    from kpos.sync.engine import Engine
    from kpos.sync.jobs import attempt
    from kpos.sync.lines import HttpLine

    engine, line, pairing = Engine(books), HttpLine(), books.journal.pairing
    assert pairing is not None, "it was looked at"
    try:
        while not engine.failures and (job := engine.next_job()) is not None:
            if engine.settle(job, attempt(job, lambda: line(pairing))):
                note_reached(books.current(), books.clock.now())
    finally:
        line.close()
    if engine.wants_copy:
        keep_stammdaten(books.folder)
    return wawi_status(books.journal.db, books.current()) | {"wawi_trouble": engine.says}


def tail_of(pairing: Pairing, after: Point | None) -> Iterator[Sequence[Entry]]:
    """What the WaWi holds of a till after a document: as much as it gives.

    Where it gives nothing, that is said; the till asks again when it runs.
    """
    from kpos.sync.backend import BackendError
    from kpos.sync.http import HttpBackend

    backend = HttpBackend(pairing.url, pairing.token, pairing.fingerprint)
    is_last = False
    try:
        while not is_last:
            tail = backend.tail(after)
            yield tail.entries
            is_last = tail.is_last or not tail.entries
            after = tail.entries[-1].point if tail.entries else after
    except BackendError as error:
        warn(
            f"The WaWi did not give back what this till booked after the backup ({error}).",
            "Until it is reached, nobody's credit is known: kpos sync.",
        )
    finally:
        backend.close()
