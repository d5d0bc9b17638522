"""The command line: one module per noun, loaded when it is asked for.

`main` only knows the names, so that `kpos run` on a slow machine does not import the rest.
`common` has what all commands share: the data folder, requests to the books, errors as one line
and exit 1; `tables` prints listings as text, JSON or CSV; `types` reads amounts and secrets.
Start with `product`, the plainest noun.
"""

from __future__ import annotations

import click

# Command -> module and what it is, so that --help loads nothing; in the order people meet them.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "A till with demo data in this terminal: nothing is left behind."),
    "run": ("run", "Run the till."),
    "setup": ("setup", "Ask all that a new till needs, and make it; or take it from one file."),
    "init": ("init", "Create the files of a new till."),
    "status": ("status", "Show whether the till runs, and what it booked last."),
    "doctor": ("doctor", "Check devices, rights, clock, disk and files, each with a remedy."),
    "install-units": ("install_units", "Make the till, or the server, a service of systemd."),
    "out-of-order": ("out_of_order", "Show that the till is out of order, why, and what to do."),
    "metrics": ("metrics", "Figures of the till for Prometheus."),
    "hardware": ("hardware", "Find what is plugged in, with its lines for kpos.toml; try it."),
    "product": ("product", "Add, list, show, set, label and retire products."),
    "barcode": ("barcode", "Add, list, show, set and retire barcodes; those nobody knew."),
    "supplier": ("supplier", "Add, list, show, set and retire suppliers."),
    "group": ("group", "Add, list, show, set and retire price groups."),
    "condition": ("condition", "Add, list, show, set and retire conditions: who pays what, when."),
    "price": ("price", "Explain what somebody pays for a product, and why."),
    "tax": ("tax", "List and set tax rates, each from a day on."),
    "member": ("member", "Add, list, show, set, retire and import members."),
    "card": ("card", "Issue, print, list, show, set, block and unblock cards."),
    "top-up": ("money", "Turn money into credit; prints the receipt number."),
    "payout": ("money", "Pay credit out in cash; prints the receipt number."),
    "transfer": ("money", "Move credit to another card or member; prints the receipt number."),
    "reverse": ("money", "Reverse a receipt, or lines of it; prints the receipt number."),
    "cash": ("cash", "Count and move cash; the cash boxes and their book."),
    "closing": ("closing", "Close the day (Z), look at it before (X), or again."),
    "delivery": ("delivery", "Book goods in; list lots with what is left of them."),
    "write-off": ("stock", "Book goods off; prints the receipt number."),
    "stocktake": ("stocktake", "Count, approve, list and discard counts; a sheet to fill in."),
    "stock": ("stock", "What is there, what is little, what goes off next."),
    "sheet": ("sheet", "A page for the wall: how to buy, what the sounds mean, whom to ask."),
    "setting": ("setting", "List and set what affects bookings."),
    "journal": ("journal", "Read the documents."),
    "report": (
        "report",
        "Turnover, product mix, profit, balances, credit, deposit, cash book; with charts.",
    ),
    "export": ("export", "The complete books for beancount, hledger, or as CSV."),
    "verify": ("verify", "Check the chain, all sums, and what follows from them."),
    "rebuild": ("rebuild", "Build stammdaten.db anew from the journal."),
    "backup": ("backup", "Copy the journal to a file, verified, while the till sells on."),
    "restore": ("backup", "Put a backup in the place of the journal."),
    "update": ("update", "A new image for an appliance, into the slot that does not run."),
    "trial": ("trial", "Judge a new image on trial: what kpos-good.service runs."),
    "pair": ("pair", "Become a till of a WaWi."),
    "sync": ("pair", "Keep step with the WaWi now."),
    "unpair": ("pair", "Give the WaWi's token back."),
    "erase": ("erase", "Delete for good everything that names a member."),
    "wawi": ("wawi", "The companion server: all branches and tills of a house."),
    "clock": ("clock", "Tell the till that its clock is right."),
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
        import importlib

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
