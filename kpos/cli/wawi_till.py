"""`kpos wawi branch|till`: where tills stand, and how one gets to know the server."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import author, fail
from kpos.cli.tables import print_rows, table_options
from kpos.cli.wawi import set_up, wawi_data_option


@click.group("branch")
def branch_() -> None:
    """Add and list branches."""


@branch_.command("add")
@wawi_data_option
@click.argument("name")
def add_branch(data: Path, name: str) -> None:
    """Add a branch NAME; prints its id."""
    set_up(data)
    from kpos.wawi import office

    click.echo(office.add_branch(name, author()))


@branch_.command("list")
@wawi_data_option
@table_options
def list_branches(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List branches with their tills."""
    set_up(data)
    from kpos.wawi import office

    print_rows(office.branches(), ["name", "tills", "id"], as_json=as_json, as_csv=as_csv)


@click.group("till")
def till_() -> None:
    """Add and list tills; declare one lost; go on with one that stopped."""


@till_.command("add")
@wawi_data_option
@click.argument("branch")
def add_till(data: Path, branch: str) -> None:
    """Print an authorisation code, once, for one more till in BRANCH; a name or id."""
    config = set_up(data)
    from kpos.wawi import office

    made = office.invite(branch, config.url or f"http://{config.listen}", author())
    click.echo(f"At the new till, within 15 minutes: {made.command}")
    click.echo(made.terminal())


@till_.command("list")
@wawi_data_option
@table_options
def list_tills(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List tills, as they were last heard of."""
    set_up(data)
    from kpos.wawi import office

    columns = ["prefix", "branch", "state", "last_seen", "queue", "version", "id"]
    print_rows(office.tills(), columns, as_json=as_json, as_csv=as_csv)


@till_.command()
@wawi_data_option
@click.argument("prefix")
def lost(data: Path, prefix: str) -> None:
    """Declare the till PREFIX lost: its token is void, and so are all PINs it knew."""
    set_up(data)
    from kpos.wawi import office

    office.declare_lost(prefix, author())
    click.echo(f"{prefix} is declared lost. Members who used a PIN there need a new one.")


@till_.command()
@wawi_data_option
@click.argument("prefix")
@click.option("--skip", is_flag=True, help="Without that document: it is kept, and never counts.")
def resolve(data: Path, prefix: str, *, skip: bool) -> None:
    """Go on with the documents of the till PREFIX, which stopped at one that cannot be read.

    It is tried again, as after an update of the server that knows better.
    """
    set_up(data)
    from kpos.wawi import office

    stopped = office.resolve(prefix, author(), skip=skip)
    if stopped is not None:
        fail(f"{prefix} stops: {stopped}. What it sends is kept; --skip goes on without that one.")
    click.echo(f"{prefix} goes on.")
