"""`kpos member`: who buys, and who may take cash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kpos.cli.cells import MEMBERS
from kpos.cli.common import Row, data_option, reading, request, warn
from kpos.cli.sheets import import_file, import_options, write
from kpos.cli.tables import print_row, print_rows, table_options
from kpos.cli.types import AMOUNT, pin_from
from kpos.domain.member import LANGUAGES, ROLES
from kpos.domain.money import Money

_COLUMNS = "number name group role language history credit_cents cards wallet id retired".split()


@click.group()
def member() -> None:
    """Add, list, show, set, retire and import members."""


@member.command()
@data_option
@click.option("--name", required=True)
@click.option("--number", type=int, help="To log in without a card.")
@click.option("--pin", help="-: the PIN is the first line of standard input.")
@click.option("--group", help="Price group (members).")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES))
@click.option("--credit", type=AMOUNT, default="0", help="Opening credit; may be negative.")
def add(
    data: Path,
    name: str,
    number: int | None,
    pin: str | None,
    group: str | None,
    role: str,
    language: str | None,
    credit: Money,
) -> None:
    """Add a member with a wallet of their own; prints the id."""
    done = request(
        data,
        "member_add",
        name=name,
        number=number,
        pin=pin_from(pin, role) if pin is not None else None,
        group=group,
        role=role,
        language=language,
        opening_cents=credit.cents,
    )
    click.echo(done["id"])


@member.command("list")
@data_option
@table_options
@click.option("--all", "everything", is_flag=True, help="Retired ones too.")
def list_(data: Path, *, as_json: bool, as_csv: bool, everything: bool) -> None:
    """List members by name, with their credit."""
    rows = [row for row in _rows(data) if everything or not row["retired"]]
    print_rows(rows, _COLUMNS, as_json=as_json, as_csv=as_csv)


@member.command()
@data_option
@table_options
@click.argument("member")
def show(data: Path, member: str, *, as_json: bool, as_csv: bool) -> None:
    """Show a MEMBER: by number, name, card or id."""
    print_row(_rows(data, member)[0], as_json=as_json, as_csv=as_csv)


@member.command("set")
@data_option
@click.argument("member")
@click.option("--name")
@click.option("--number", type=int, help="A new number to log in with.")
@click.option("--no-number", is_flag=True, help="Take the number away.")
@click.option("--group")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--language", type=click.Choice(LANGUAGES))
@click.option("--pin", help="-: a new PIN is the first line of standard input.")
@click.option("--no-pin", is_flag=True, help="Take the PIN away.")
def set_(
    data: Path,
    member: str,
    pin: str | None,
    *,
    no_number: bool,
    no_pin: bool,
    **texts: Any,  # noqa: ANN401
) -> None:
    """Change a MEMBER; a new PIN also ends a lock-out."""
    changes = {key: value for key, value in texts.items() if value is not None}
    if no_number:
        changes["number"] = None
    if not (changes or pin or no_pin):
        msg = "nothing to change: name an option"
        raise click.UsageError(msg)
    packed = None
    if pin is not None:
        packed = pin_from(pin, changes.get("role") or _rows(data, member)[0]["role"])
    if changes:
        done = request(data, "member_set", member=member, changes=changes)
        member = done["id"]
        if done["pin_removed"] and pin is None:
            warn("Who is trusted needs a PIN of 6 digits: set it with --pin -")
    if pin is not None or no_pin:
        request(data, "pin_set", member=member, pin=packed)


@member.command()
@data_option
@click.argument("member")
def retire(data: Path, member: str) -> None:
    """Let a MEMBER leave who has no credit, and block the cards."""
    request(data, "member_retire", member=member)


@member.command("import")
@data_option
@import_options
def import_(data: Path, file: Path, *, dry_run: bool) -> None:
    """Add and change all members of a CSV, TSV or JSON FILE, or none if a line is wrong.

    Columns, in English or German, in any order: name, number, group, role, language, cards,
    credit (what a new member brings along; may be negative), id (whom to change).
    """
    import_file(data, file, MEMBERS, "member_import", dry_run=dry_run)


@member.command()
@data_option
def export(data: Path) -> None:
    """Write all members as CSV, as `import` reads it."""
    rows = [row | {"credit": row["credit_cents"]} for row in _rows(data) if not row["retired"]]
    write(rows, MEMBERS)


def _rows(data: Path, only: str | None = None) -> list[Row]:
    from kpos.ledger import stammdaten
    from kpos.ledger.office import find

    with reading(data) as db:
        everybody = only is None
        members = stammdaten.members(db) if everybody else iter([find.member(db, only or "")])
        groups = {each.id: each.name for each in stammdaten.groups(db)}
        rows = []
        for each in members:
            cards = [card.code for card in stammdaten.cards(db, each.wallet) if card.code]
            credit = stammdaten.credit(db, each.wallet)
            rows.append(
                {
                    "number": each.number,
                    "name": each.name,
                    "group": groups.get(each.group, ""),
                    "role": each.role,
                    "language": each.language,
                    "history": each.history,
                    "credit_cents": credit.cents,
                    "cards": cards,
                    "wallet": each.wallet,
                    "id": each.id,
                    "retired": each.retired,
                }
            )
    return rows
