"""`kpos wawi user`: who may log in to the pages of the companion server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kpos.cli.tables import print_rows, table_options
from kpos.cli.wawi import set_up, wawi_data_option

F = TypeVar("F", bound=Callable[..., Any])


@click.group("user")
def user_() -> None:
    """Add and list people who may log in; set passwords."""


def _password_option(command: F) -> F:
    return click.option("--password", required=True, help="-: read it from standard input.")(
        command
    )


@user_.command()
@wawi_data_option
@click.argument("name")
@_password_option
def add(data: Path, name: str, password: str) -> None:
    """Let NAME log in and do everything."""
    set_up(data)
    from kpos.wawi.users import add_user

    add_user(name, _typed(password))


@user_.command("list")
@wawi_data_option
@table_options
def list_(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List who may log in."""
    set_up(data)
    from kpos.wawi.users import users

    print_rows(users(), ["name", "active", "last_login"], as_json=as_json, as_csv=as_csv)


@user_.command()
@wawi_data_option
@click.argument("name")
@_password_option
def passwd(data: Path, name: str, password: str) -> None:
    """Set the password of NAME."""
    set_up(data)
    from kpos.wawi.users import set_password

    set_password(name, _typed(password))


def _typed(given: str) -> str:
    """Arguments show in `ps`, so that nothing else than ``-`` is taken."""
    if given != "-":
        msg = "a password is read from standard input, since arguments show in ps: --password -"
        raise click.UsageError(msg)
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")
