"""`kpos wawi check|backup|restore`: looking after the books of the house."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import fail
from kpos.cli.wawi import set_up, wawi_data_option


@click.command("check")
@wawi_data_option
def check_(data: Path) -> None:
    """Check all chains, all sums, and what follows from them."""
    set_up(data)
    from kpos.wawi.office import check

    checked = check()
    if checked.faults:
        fail(*checked.faults)
    click.echo(f"{checked.documents} documents of {checked.tills} tills are whole.")


@click.command("backup")
@wawi_data_option
@click.argument("target", type=click.Path(path_type=Path))
def backup_(data: Path, target: Path) -> None:
    """Write a copy of the database to TARGET, a new file, while the server runs.

    The copy holds PIN verifiers and names: keep it like a key. PostgreSQL has pg_dump.
    """
    set_up(data)
    from kpos.wawi.keeping import back_up

    documents = back_up(target.absolute())
    click.echo(target)
    click.echo(f"{documents} documents, verified.", err=True)


@click.command("restore")
@wawi_data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore_(data: Path, file: Path) -> None:
    """Put the backup FILE in the place of the database; the server must not run.

    Tills send again what is missing, and take all master data anew.
    """
    set_up(data, is_new=True)
    from kpos.wawi import keeping, site

    with keeping.alone(data):
        documents, kept = keeping.restore(data, file.absolute())
        site.migrate()
    click.echo(f"Restored: {documents} documents.")
    if kept is not None:
        click.echo(f"The database that was there is kept as {kept}.")
