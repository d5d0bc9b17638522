"""`kpos backup` and `kpos restore`: one file, the journal."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import alone, ask_till, data_option, existing, give_to_owner
from kpos.cli.syncing import tail_of
from kpos.clock import SystemClock
from kpos.ledger.errors import AlreadyOpen
from kpos.ledger.files import ASIDE, Folder, Lock


@click.command()
@data_option
@click.argument("target", type=click.Path(path_type=Path))
def backup(data: Path, target: Path) -> None:
    """Write a verified copy of the journal to TARGET, a file or a folder; prints its path.

    A running till makes it itself, as its own user, and sells on meanwhile. The copy holds PIN
    verifiers and names: keep it like a key.
    """
    from kpos.ledger.backup import back_up, check_target

    folder = existing(data)
    wanted = _file_in(target.absolute(), folder)
    check_target(folder, wanted)
    try:
        lock = Lock(folder)
    except AlreadyOpen:
        documents = ask_till(folder, "backup", {"target": str(wanted)})["documents"]
    else:
        try:
            documents = back_up(folder, wanted)
        finally:
            lock.release()
            give_to_owner(folder)
    click.echo(wanted)
    click.echo(f"{documents} documents, verified.", err=True)


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


def _file_in(target: Path, folder: Folder) -> Path:
    """A name of its own in a folder: the till's prefix and the time."""
    if not target.is_dir():
        return target
    from kpos.ledger.reading import read_identity
    from kpos.ledger.readonly import reading_journal

    with reading_journal(folder) as journal:
        identity = read_identity(journal)
    prefix = identity.prefix if identity else "till"
    now = SystemClock().now().as_datetime()
    return target / f"kpos-{prefix}-{now:%Y%m%dT%H%M%SZ}.db"
