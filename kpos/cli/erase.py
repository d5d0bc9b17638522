"""`kpos erase`: a member leaves the books, the money stays."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import data_option, existing, fail, reading, request


@click.command()
@data_option
@click.argument("member")
@click.option("--yes", is_flag=True, help="This cannot be undone, and is meant.")
def erase(data: Path, member: str, *, yes: bool) -> None:
    """Delete for good everything that names a MEMBER."""
    from kpos.ledger.office import find

    with reading(data) as db:
        found = find.member(db, member)
    if not yes:
        who = found.name or found.id
        fail(f"name, cards, PIN, history and notes of {who} would be gone for good: add --yes")
    request(data, "erase", member=found.id)
    kept = sorted(path.name for path in existing(data).path.glob("*.before-restore-*"))
    where = f" and in {', '.join(kept)}" if kept else ""
    click.echo(f"Erased. The name is still in backups made before{where}: destroy them too.")
