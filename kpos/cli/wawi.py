"""`kpos wawi`: the companion server. Everything it needs is imported when it is used."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import click

from kpos.cli.common import fail
from kpos.config import ConfigError

F = TypeVar("F", bound=Callable[..., Any])
_DEFAULT_DATA = "/var/lib/kpos-wawi"

# Command -> module of it beside this one, in the order people meet them.
_ELSEWHERE = {
    "user": "wawi_user",
    "branch": "wawi_till",
    "till": "wawi_till",
    "import": "wawi_import",
    "erase": "wawi_erase",
    "check": "wawi_keep",
    "backup": "wawi_keep",
    "restore": "wawi_keep",
    "update": "wawi_update",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_ELSEWHERE]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _ELSEWHERE:
            return super().get_command(ctx, name)
        import importlib

        module = importlib.import_module(f"kpos.cli.{_ELSEWHERE[name]}")
        command: click.Command = getattr(module, f"{name}_")
        return command


@click.group(cls=_Commands)
def wawi() -> None:
    """The companion server: one house, its branches, its tills."""


def wawi_data_option(command: F) -> F:
    """``--data DIR`` or KPOS_WAWI_DATA: where the server keeps its files."""
    return click.option(
        "--data",
        envvar="KPOS_WAWI_DATA",
        type=click.Path(path_type=Path, file_okay=False),
        default=_DEFAULT_DATA,
        show_default=True,
        help="The data folder of the server (or KPOS_WAWI_DATA).",
    )(command)


def set_up(data: Path, *, is_new: bool = False) -> Any:  # noqa: ANN401 - its type needs the extra
    """Django, set up for a data folder; returns `kpos.wawi.site`'s options.

    Raises:
        ConfigError: if there is no server, or its options cannot be used.
    """
    try:
        from kpos.wawi import site
    except ModuleNotFoundError as error:
        if str(error.name).startswith("kpos"):
            raise
        fail("the companion server is not installed: pip install 'kpos[wawi]'")
    if not is_new and not (data / "secret-key").exists():
        msg = f"there is no companion server in {data}: kpos wawi serve --data {data} begins one"
        raise ConfigError(msg)
    return site.set_up(data)


@wawi.command()
@wawi_data_option
@click.option("--listen", help="Address and port instead of wawi.toml's, 127.0.0.1:8020.")
@click.option("--demo", is_flag=True, help="Begin with a lively year of a house that is made up.")
def serve(data: Path, listen: str | None, *, demo: bool) -> None:
    """Answer tills and browsers; the first time, all files are made."""
    config = set_up(data, is_new=True)
    from kpos.wawi import site, users

    signal.signal(signal.SIGTERM, _end)
    site.migrate()
    password = users.first_user()
    if demo:
        _fill()
    if password is not None:
        click.echo(f"The first user is {users.FIRST_USER}, with the password {password}")
        click.echo("It is not shown again: kpos wawi user passwd sets another.")
    try:
        site.serve(config, listen, _say)
    except OSError as error:
        fail(f"cannot listen at {listen or config.listen}: {error.strerror or error}")


@wawi.command()
@wawi_data_option
def migrate(data: Path) -> None:
    """Bring the database to what this version expects; `serve` does it, too."""
    set_up(data, is_new=True)
    from kpos.wawi import site

    site.migrate()


def _fill() -> None:
    from kpos.wawi.demo import fill

    for line in fill():
        click.echo(line)


def _say(address: str) -> None:
    click.echo(f"Listening at {address} (the pages are at {address}/admin/)")


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leave by way of everything that cleans up."""
    raise SystemExit(0)
