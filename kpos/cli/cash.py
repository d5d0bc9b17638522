"""`kpos cash`: what is in which cash box, moved, counted, and its book.

A box is `till`, `reader`, or the member who holds it. What books prints the receipt number.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kpos.cli.cash_reading import account_of, boxes, print_cash_book
from kpos.cli.common import data_option, reading, request
from kpos.cli.tables import print_rows, table_options
from kpos.cli.types import AMOUNT
from kpos.domain.money import ZERO, Money
from kpos.domain.tax import TAX_KEYS

_amount = click.option("--amount", type=AMOUNT, required=True, help="As 20, 20.00 or 20,00.")
_all_or = click.option("--amount", type=AMOUNT, help="As 20, 20.00 or 20,00; else all of it.")
_note = click.option("--note", help="Kept in the private part; it can be erased.")
_reason = click.option("--reason", required=True, help="What for; a paper receipt's number.")
_box = click.option(
    "--box", default="till", show_default=True, help="till, reader, or the member who holds it."
)
_day = click.DateTime(["%Y-%m-%d"])


@click.group()
def cash() -> None:
    """Cash boxes: list, count, move cash, and the cash book."""


@cash.command("list")
@data_option
@table_options
def list_(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List the cash boxes and what must be in them."""
    with reading(data) as db:
        rows = boxes(db)
    print_rows(rows, ["box", "account", "expected_cents"], as_json=as_json, as_csv=as_csv)


@cash.command("float")
@data_option
@_amount
@click.option("--from", "source", type=click.Choice(["opening", "bank"]), default="opening")
@_box
@_note
def float_(data: Path, amount: Money, source: str, box: str, note: str | None) -> None:
    """Put change into a box: what was there at the opening, or comes from the bank."""
    _move(data, "float", amount, box=box, other=source, note=note)


@cash.command()
@data_option
@_amount
@_box
@_note
def skim(data: Path, amount: Money, box: str, note: str | None) -> None:
    """Bring cash to the bank."""
    _move(data, "skim", amount, box=box, note=note)


@cash.command("pay-in")
@data_option
@_amount
@_reason
@_box
def pay_in(data: Path, amount: Money, reason: str, box: str) -> None:
    """Take other income in cash: a donation, a sold chair."""
    _move(data, "pay_in", amount, box=box, note=reason)


@cash.command("pay-out")
@data_option
@_amount
@_reason
@click.option("--tax-key", type=click.Choice(TAX_KEYS), help="Of the input tax inside.")
@click.option("--tax", type=AMOUNT, default=ZERO, help="Input tax, where it is deducted.")
@_box
def pay_out(
    data: Path, amount: Money, reason: str, tax_key: str | None, tax: Money, box: str
) -> None:
    """Pay an expense in cash: stamps, a light bulb."""
    taxed = {"tax_key": tax_key, "tax_cents": tax.cents}
    _move(data, "pay_out", amount, box=box, note=reason, **taxed)


@cash.command()
@data_option
@_all_or
@click.option("--from", "source", default="reader", show_default=True, help="reader, or a member.")
@_box
@_note
def collect(data: Path, amount: Money | None, source: str, box: str, note: str | None) -> None:
    """Take what the reader took, or a trusted person holds, into the box of the till."""
    _move(data, "collect", amount, box=box, other=source, note=note)


@cash.command()
@data_option
@_all_or
@click.option("--from", "box", required=True, help="till, reader, or the member who holds it.")
@click.option("--to", "other", required=True, help="Likewise.")
@_note
def handover(data: Path, amount: Money | None, box: str, other: str, note: str | None) -> None:
    """Hand cash over from one box to another."""
    _move(data, "handover", amount, box=box, other=other, note=note)


@cash.command()
@data_option
@click.argument("supplier")
@_amount
@click.option("--box", default="bank", show_default=True, help="bank, till, or a member.")
@_note
def settle(data: Path, supplier: str, amount: Money, box: str, note: str | None) -> None:
    """Pay a SUPPLIER what is owed."""
    _move(data, "settle", amount, box=box, other=supplier, note=note)


class Counted(click.ParamType[tuple[int, int]]):
    """``2.00x7``: so many notes or coins of a value."""

    name = "valuexpieces"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[int, int]:
        """Parse, or say what it looks like."""
        if isinstance(value, tuple):
            return value
        worth, _, pieces = str(value).rpartition("x")
        if not (pieces.isascii() and pieces.isdigit() and len(pieces) < 10):
            self.fail(f"{value!r} is no count: write 2.00x7 for seven coins of 2.00", param, ctx)
        return AMOUNT.convert(worth, param, ctx).cents, int(pieces)


@cash.command()
@data_option
@click.argument("pieces", nargs=-1, type=Counted())
@click.option("--total", type=AMOUNT, help="The sum alone, where there are no pieces to count.")
@_box
@_note
def count(
    data: Path,
    pieces: tuple[tuple[int, int], ...],
    total: Money | None,
    box: str,
    note: str | None,
) -> None:
    """Count a box: PIECES as 2.00x7 for seven coins of 2.00. A difference is booked."""
    if bool(pieces) == (total is not None):
        msg = "say what was counted: pieces as 2.00x7, or --total"
        raise click.UsageError(msg)
    done = request(
        data,
        "cash_count",
        pieces=[list(each) for each in pieces],
        cents=(total or ZERO).cents,
        box=box,
        note=note,
    )
    expected, counted = Money(done["expected_cents"]), Money(done["counted_cents"])
    click.echo(done["receipt_number"])
    click.echo(f"expected {expected}, counted {counted}, difference {counted - expected}", err=True)


@cash.command()
@data_option
@_box
@click.option("--from", "first", type=_day, help="From this day on: 2026-11-01.")
@click.option("--to", "last", type=_day, help="Up to and with this day.")
@table_options
def book(
    data: Path,
    box: str,
    first: datetime | None,
    last: datetime | None,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the cash book of a box: every entry with the balance after it."""
    account = account_of(data, box)
    print_cash_book(data, account, (first, last), as_json=as_json, as_csv=as_csv)


def _move(data: Path, purpose: str, amount: Money | None, **more: Any) -> None:  # noqa: ANN401
    cents = amount.cents if amount is not None else None
    done = request(data, "cash_move", purpose=purpose, cents=cents, **more)
    click.echo(done["receipt_number"])
