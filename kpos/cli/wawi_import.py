"""`kpos wawi import`: lists of a till or a spreadsheet, and members of a directory."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.cells import CONDITIONS, MEMBERS, PRODUCTS, Sheet
from kpos.cli.common import Row, author
from kpos.cli.sheets import import_options, import_rows, say_done
from kpos.cli.wawi import set_up, wawi_data_option


@click.group("import")
def import_() -> None:
    """Import products, members and conditions; members of an LDAP directory."""


@import_.command()
@wawi_data_option
@import_options
def product(data: Path, file: Path, *, dry_run: bool) -> None:
    """Add and change products by FILE, as `kpos product export` writes it."""
    _import(data, file, PRODUCTS, "product_import", dry_run=dry_run)


@import_.command()
@wawi_data_option
@import_options
def member(data: Path, file: Path, *, dry_run: bool) -> None:
    """Add and change members by FILE, as `kpos member export` writes it."""
    _import(data, file, MEMBERS, "member_import", dry_run=dry_run)


@import_.command()
@wawi_data_option
@import_options
def condition(data: Path, file: Path, *, dry_run: bool) -> None:
    """Add and change conditions by FILE, as `kpos condition export` writes it."""
    _import(data, file, CONDITIONS, "condition_import", dry_run=dry_run)


@import_.command()
@wawi_data_option
@click.argument("url")
@click.option("--base", required=True, help="Where the members are: ou=people,dc=example,dc=org.")
@click.option("--filter", "which", default="(objectClass=inetOrgPerson)", show_default=True)
@click.option("--name", default="cn", show_default=True, help="The attribute of the name.")
@click.option("--number", default="employeeNumber", show_default=True, help="That of the number.")
@click.option("--bind", default="", help="Log in as this entry; without it anonymously.")
@click.option("--password-file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Say what would change; book nothing.")
def ldap(
    data: Path,
    url: str,
    base: str,
    which: str,
    name: str,
    number: str,
    bind: str,
    password_file: Path | None,
    *,
    dry_run: bool,
) -> None:
    """Add and rename members by a directory at URL, ldaps://ldap.example.org.

    Whoever has a number that is known is that member; nobody is ever retired by this.
    """
    set_up(data)
    from kpos.wawi.directory import Directory, rows_of

    password = password_file.read_text("utf-8").strip() if password_file else ""
    rows = rows_of(Directory(url, base, which, name, number, bind, password))
    say_done(_ask("member_import", rows, dry_run=dry_run), MEMBERS.nouns, dry_run=dry_run)


def _import(data: Path, file: Path, sheet: Sheet, name: str, *, dry_run: bool) -> None:
    set_up(data)

    def ask(rows: list[Row], *, dry_run: bool) -> Row:
        return _ask(name, rows, dry_run=dry_run)

    import_rows(file, sheet, ask, dry_run=dry_run)


def _ask(name: str, rows: list[Row], *, dry_run: bool) -> Row:
    from kpos.wawi.office import perform

    return perform(name, {"rows": rows, "dry_run": dry_run}, author())
