"""`kpos report`: what the books say."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from kpos.cli.cash import book
from kpos.cli.reporting import Option, Wanted, report_options, within_option
from kpos.clock import SystemClock

if TYPE_CHECKING:
    from kpos.reports.product_mix import Sort

_BY = ("group", "product", "member")
_DAYS: tuple[Option, ...] = ("from", "to", "per")


@click.group()
def report() -> None:
    """Reports, as a table, --csv, --json, a --chart here, or an --svg picture."""


@report.command()
@report_options(*_DAYS, by=_BY)
def turnover(wanted: Wanted) -> None:
    """What was sold, less what was undone: gross with levies, tax, net; deposit beside it.

    Members are named who keep a history; all others are one row.
    """
    from kpos.reports.turnover import turnover as report_of

    wanted.show(report_of)


@report.command("product-mix")
@report_options(*_DAYS, by=("group",))
@click.option(
    "--sort", type=click.Choice(["turnover", "profit"]), default="turnover", show_default=True
)
def product_mix(wanted: Wanted, sort: Sort) -> None:
    """Each product's share of the turnover and of the profit, both net."""
    from kpos.reports.product_mix import product_mix as report_of

    wanted.show(partial(report_of, sort=sort))


@report.command()
@report_options(*_DAYS, by=_BY)
def profit(wanted: Wanted) -> None:
    """Net turnover less the cost of what was sold; of the whole house less write-offs.

    A cost that becomes known later counts on the day of the sale; until then its quantity is
    uncosted.
    """
    from kpos.reports.profit import profit as report_of

    wanted.show(report_of)


@report.command()
@report_options("to", by=("group",))
def balances(wanted: Wanted) -> None:
    """List what every account holds: debit positive, so credit of a wallet is negative.

    With --to as it was at the end of that day, all wallets together.
    """
    from kpos.reports.balances import balances as report_of

    wanted.show(report_of)


@report.command()
@report_options(*_DAYS)
def credit(wanted: Wanted) -> None:
    """What the house owes for prepaid credit, and how that came about."""
    from kpos.reports.credit import credit as report_of

    wanted.show(report_of)


@report.command()
@report_options(*_DAYS)
def deposit(wanted: Wanted) -> None:
    """Deposit units in the house and with buyers; with days asked for, their value over time."""
    from kpos.reports.deposit import deposit as report_of

    wanted.show(report_of)


@report.command("low-stock")
@report_options()
@within_option("Products that last at most so many days.", default=14)
def low_stock(wanted: Wanted, days: int) -> None:
    """What is sold out, or will be soon at the pace of the last four weeks."""
    from kpos.reports.low_stock import low_stock as report_of

    wanted.show(partial(report_of, now=SystemClock().now(), within_days=days))


@report.command()
@report_options()
@within_option("Lots that are best before so many days from now.", default=30)
def expiring(wanted: Wanted, days: int) -> None:
    """What is past its best-before day or soon will be, and what it cost."""
    from kpos.reports.expiring import expiring as report_of

    wanted.show(partial(report_of, now=SystemClock().now(), within_days=days))


report.add_command(book, "cash-book")
