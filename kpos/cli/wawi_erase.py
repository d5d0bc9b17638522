"""`kpos wawi erase`: a member leaves all books of the house, the money stays."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import author, fail
from kpos.cli.wawi import set_up, wawi_data_option


@click.command("erase")
@wawi_data_option
@click.argument("member")
@click.option("--yes", is_flag=True, help="This cannot be undone, and is meant.")
def erase_(data: Path, member: str, *, yes: bool) -> None:
    """Delete for good everything that names a MEMBER, here and at all tills."""
    set_up(data)
    from kpos.wawi import office

    if not yes:
        who = office.name_of(member)
        fail(f"name, cards, PIN, history and notes of {who} would be gone for good: add --yes")
    office.erase(member, author())
    click.echo(
        "Erased. A till erases them too when it next reaches the server. The name is still in"
        " backups made before, of the server and of tills: destroy them too."
    )
