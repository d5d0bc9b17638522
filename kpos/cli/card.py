"""`kpos card`: what opens a wallet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.card_print import print_
from kpos.cli.common import Row, data_option, reading, request
from kpos.cli.tables import print_row, print_rows, table_options

if TYPE_CHECKING:
    from kpos.domain.member import Card
    from kpos.ledger.readonly import Connection

_COLUMNS = "code member number group role credit_cents blocked asks_pin wallet".split()


@click.group()
def card() -> None:
    """Issue, print, list, show, set, block and unblock cards."""


card.add_command(print_)


@card.command()
@data_option
@click.option("--code", required=True, help="What the reader or scanner sends.")
@click.option("--member", help="Whose card it is: number, name or id.")
@click.option("--group", help="Anonymous, of this price group, with a wallet of its own.")
@click.option("--asks-pin", is_flag=True, help="The card alone is not enough.")
def issue(data: Path, code: str, member: str | None, group: str | None, *, asks_pin: bool) -> None:
    """Issue a card to a member or, anonymous, to a group; prints its code as it is stored."""
    done = request(data, "card_issue", code=code, member=member, group=group, asks_pin=asks_pin)
    click.echo(done["code"])


@card.command("list")
@data_option
@table_options
@click.option("--member", help="Only those of this member.")
def list_(data: Path, member: str | None, *, as_json: bool, as_csv: bool) -> None:
    """List cards by code, with whose they are and their credit."""
    from kpos.ledger import stammdaten
    from kpos.ledger.office import find

    with reading(data) as db:
        wallet = find.member(db, member).wallet if member is not None else None
        rows = [_row(db, each) for each in stammdaten.cards(db, wallet) if each.code]
    print_rows(rows, _COLUMNS, as_json=as_json, as_csv=as_csv)


@card.command()
@data_option
@table_options
@click.argument("code")
def show(data: Path, code: str, *, as_json: bool, as_csv: bool) -> None:
    """Show whose the card CODE is, and its credit."""
    from kpos.ledger.office import find

    with reading(data) as db:
        row = _row(db, find.card(db, code))
    print_row(row, as_json=as_json, as_csv=as_csv)


@card.command()
@data_option
@click.argument("code")
def block(data: Path, code: str) -> None:
    """Block a lost card CODE; its credit stays."""
    request(data, "card_set", card=code, changes={"blocked": True})


@card.command()
@data_option
@click.argument("code")
def unblock(data: Path, code: str) -> None:
    """Let a card CODE that was found again buy again."""
    request(data, "card_set", card=code, changes={"blocked": False})


@card.command("set")
@data_option
@click.argument("code")
@click.option("--asks-pin/--no-asks-pin", default=None, help="Whether the card asks the PIN.")
@click.option("--blocked/--no-blocked", default=None, help="Whether the card is blocked.")
def set_(data: Path, code: str, *, asks_pin: bool | None, blocked: bool | None) -> None:
    """Change a card CODE."""
    wanted = {"asks_pin": asks_pin, "blocked": blocked}
    changes = {key: value for key, value in wanted.items() if value is not None}
    if not changes:
        msg = "nothing to change: name an option"
        raise click.UsageError(msg)
    request(data, "card_set", card=code, changes=changes)


def _row(db: Connection, found: Card) -> Row:
    from kpos.ledger import stammdaten

    holder = stammdaten.member(db, found.member) if found.member is not None else None
    wallet = stammdaten.wallet(db, found.wallet)
    group_id = holder.group if holder else wallet.group if wallet else None
    group = stammdaten.group(db, group_id) if group_id is not None else None
    return {
        "code": found.code,
        "member": holder.name if holder else None,
        "number": holder.number if holder else None,
        "group": group.name if group else None,
        "role": holder.role if holder else None,
        "credit_cents": stammdaten.credit(db, found.wallet).cents,
        "blocked": found.blocked,
        "asks_pin": found.asks_pin,
        "wallet": found.wallet,
    }
