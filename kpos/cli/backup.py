"""`kpos backup` and `kpos restore`: one file, the journal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from kpos.cli.common import alone, ask_till, data_option, existing, give_to_owner
from kpos.cli.syncing import tail_of
from kpos.clock import SystemClock
from kpos.domain.refusal import Refused
from kpos.ledger.errors import AlreadyOpen, LedgerError, NotWritable
from kpos.ledger.files import ASIDE, Folder
from kpos.ledger.generations import name_of
from kpos.terminal.apart import note


@click.command()
@data_option
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Of those in a folder, so many newest.")
@click.option("--chime", is_flag=True, help="A running till makes a sound when it is done.")
def backup(data: Path, target: Path, *, keep: int | None, chime: bool) -> None:
    """Write a verified copy of the journal to TARGET, a file or a folder; prints its path.

    A running till sells on meanwhile. Who may not read the books has a running till make it, where
    that may write. The copy holds PIN verifiers and names: keep it like a key.
    """
    if keep is not None and not target.is_dir():
        msg = f"--keep goes with a folder, and {target} is none"
        raise click.UsageError(msg)
    folder = existing(data)
    with _ringing(folder, is_wanted=chime):
        _back_up(folder, target, keep)


def _back_up(folder: Folder, target: Path, keep: int | None) -> None:
    from kpos.ledger.backup import back_up, check_target
    from kpos.ledger.generations import thin_out

    if not target.is_dir():
        wanted, prefix = target.absolute(), ""
    else:
        now, prefix = SystemClock().now(), _prefix(folder)
        wanted = target.absolute() / name_of(prefix, now)
    check_target(folder, wanted)
    if not os.access(folder.journal, os.R_OK):
        documents = _made_by_till(folder, wanted)
    else:
        documents = back_up(folder, wanted)
        note(folder, wanted, documents, SystemClock())
        give_to_owner(folder)
    click.echo(wanted)
    click.echo(f"{documents} documents, verified.", err=True)
    if keep is not None:
        for path in thin_out(wanted, prefix, keep):
            click.echo(f"{path} is older than the {keep} newest: deleted.", err=True)


def _made_by_till(folder: Folder, wanted: Path) -> int:
    try:
        documents: int = ask_till(folder, "backup", {"target": str(wanted)})["documents"]
    except AlreadyOpen as error:
        msg = f"{folder.journal} cannot be read, and no till runs that could"
        raise NotWritable(msg) from error
    return documents


@contextmanager
def _ringing(folder: Folder, *, is_wanted: bool) -> Iterator[None]:
    """Whoever plugged a stick in hears how it went; where no till runs, nobody does."""
    sound = "error"
    try:
        yield
        sound = "paid"
    finally:
        if is_wanted:
            with suppress(LedgerError, Refused):
                ask_till(folder, "chime", {"sound": sound})


@click.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path))
def restore(data: Path, file: Path) -> None:
    """Put the backup FILE in the place of the journal; the till must not run.

    Receipts go on under a new prefix, because numbers after the backup may have been handed out.
    The files that were there are kept beside the new ones. A till of a WaWi first takes from there
    what it booked after the backup.
    """
    from kpos.ledger.backup import restore as put_back

    with alone(data, missing_ok=True) as folder:
        identity, kept = put_back(file, folder, SystemClock(), tail_of)
    click.echo(f"Restored. Receipts go on as {identity.prefix}-…, epoch {identity.epoch}.")
    for path in kept:
        click.echo(f"{path.name.partition(ASIDE)[0]} that was there is kept as {path}.")


def _prefix(folder: Folder) -> str:
    """What backups in a folder are told apart by."""
    from kpos.ledger.reading import read_identity
    from kpos.ledger.readonly import reading_journal

    with reading_journal(folder) as journal:
        identity = read_identity(journal)
    return identity.prefix if identity else "till"
