"""`kpos top-up`, `payout`, `transfer`, `reverse`: what the trusted person's menu does.

Each prints the receipt number and nothing else, for scripts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kpos.cli.common import data_option, request
from kpos.cli.types import AMOUNT
from kpos.domain.money import Money

_KINDS = ("cash", "transfer", "reader", "opening")


def _whose(command: Any) -> Any:  # noqa: ANN401 - click's decorators know no types
    member = click.option("--member", help="Whose wallet, by number, name or id.")
    card = click.option("--card", help="Whose wallet, by a card.")
    return card(member(command))


_amount = click.option("--amount", type=AMOUNT, required=True, help="As 20, 20.00 or 20,00.")
_note = click.option("--note", help="Kept in the private part; it can be erased.")


@click.command()
@data_option
@_whose
@_amount
@click.option("--kind", type=click.Choice(_KINDS), default="cash", show_default=True)
@_note
def top_up(
    data: Path, card: str | None, member: str | None, amount: Money, kind: str, note: str | None
) -> None:
    """Turn money into credit; an opening credit may be negative. Prints the receipt number."""
    done = request(
        data, "top_up", card=card, member=member, cents=amount.cents, means=kind, note=note
    )
    click.echo(done["receipt_number"])


@click.command()
@data_option
@_whose
@_amount
@_note
def payout(
    data: Path, card: str | None, member: str | None, amount: Money, note: str | None
) -> None:
    """Pay credit out in cash. Prints the receipt number."""
    done = request(data, "payout", card=card, member=member, cents=amount.cents, note=note)
    click.echo(done["receipt_number"])


@click.command()
@data_option
@click.option("--from-card", help="Whose credit, by a card.")
@click.option("--from-member", help="Whose credit, by number, name or id.")
@click.option("--to-card", help="Who gets it, by a card.")
@click.option("--to-member", help="Who gets it, by number, name or id.")
@_amount
@_note
def transfer(
    data: Path,
    from_card: str | None,
    from_member: str | None,
    to_card: str | None,
    to_member: str | None,
    amount: Money,
    note: str | None,
) -> None:
    """Move credit from one wallet to another. Prints the receipt number."""
    done = request(
        data,
        "transfer",
        cents=amount.cents,
        source=_named(from_card, from_member),
        target=_named(to_card, to_member),
        note=note,
    )
    click.echo(done["receipt_number"])


class Part(click.ParamType[tuple[int, int | None]]):
    """``2`` or ``2:1``: a line of a receipt, and how much of it."""

    name = "line[:quantity]"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[int, int | None]:
        """Parse, or say what a part looks like."""
        if isinstance(value, tuple):
            return value
        line, mark, quantity = str(value).partition(":")
        digits = [line, quantity] if mark else [line]
        if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in digits):
            self.fail(f"{value!r} is no line: write 2, or 2:1 for one of line 2", param, ctx)
        return int(line), int(quantity) if mark else None


@click.command()
@data_option
@click.argument("receipt")
@click.option("--card", help="Who gets the credit, where the books no longer know.")
@click.option(
    "--line", "lines", type=Part(), multiple=True, help="Only this line of a sale, or N:QUANTITY."
)
def reverse(
    data: Path, receipt: str, card: str | None, lines: tuple[tuple[int, int | None], ...]
) -> None:
    """Reverse a RECEIPT like K1-000042, or lines of it. Prints the receipt number."""
    done = request(data, "reverse", receipt=receipt, card=card, parts=[list(p) for p in lines])
    click.echo(done["receipt_number"])


def _named(card: str | None, member: str | None) -> dict[str, str]:
    named = {"card": card, "member": member}
    return {key: value for key, value in named.items() if value is not None}
