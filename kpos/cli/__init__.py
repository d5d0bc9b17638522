"""The command line: one module per noun, loaded when it is asked for.

`main` only knows the names, so that `kpos run` on a slow machine does not import the rest.
`common` has what all commands share: the data folder, errors as one line and exit 1, tables as
text, JSON or CSV. Start with `product`, the plainest noun.
"""

from __future__ import annotations

import importlib

import click

# Command -> module and what it is, so that --help loads nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "A till with demo data in this terminal: nothing is left behind."),
    "run": ("run", "Run the till."),
    "init": ("init", "Create the files of a new till."),
}


class Commands(click.Group):
    """A group whose commands live in modules that are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All commands, in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"kpos.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of --help, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_module, help_) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kpos")
def cli() -> None:
    """kpos: the till for places that trust their members."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; expected errors are one line on stderr and exit 1, wrong usage exit 2."""
    from kpos.cli.common import run_command

    run_command(cli, arguments)
