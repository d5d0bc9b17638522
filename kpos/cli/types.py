"""What people type: amounts, secrets, PINs."""

from __future__ import annotations

import sys
from typing import Any

import click

from kpos.domain.money import Money
from kpos.domain.refusal import refuse


class Amount(click.ParamType[Money]):
    """``20``, ``20.00`` or ``20,00``."""

    name = "amount"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> Money:
        """Parse.

        Raises:
            Refused: saying what an amount looks like; a wrong amount is no wrong usage.
        """
        if isinstance(value, Money):
            return value
        try:
            return Money.parse(str(value).strip())
        except ValueError as error:
            option = param.opts[0] if param is not None else "amount"
            raise refuse("amount", f"{option}: {error}") from error


AMOUNT = Amount()


def pin_from(value: str, role: str) -> dict[str, Any]:
    """The packed verifier of a PIN given as ``-``: the first line of standard input.

    Arguments show in `ps`, so nothing else than ``-`` is taken. Slow on purpose.

    Raises:
        click.UsageError: if it was given as an argument.
        Refused: if it cannot be the PIN of somebody with this role.
    """
    from kpos.domain.member import pin_fault
    from kpos.ledger.office.people import pack_verifier
    from kpos.ledger.pins import make_verifier

    if value != "-":
        msg = "a PIN is read from standard input, since arguments show in ps: write --pin -"
        raise click.UsageError(msg)
    if sys.stdin.isatty():
        pin = click.prompt("PIN", hide_input=True, confirmation_prompt=True, err=True)
    else:
        pin = sys.stdin.readline().rstrip("\r\n")
    fault = pin_fault(
        pin, "admin" if role == "admin" else "trusted" if role == "trusted" else "member"
    )
    if fault is not None:
        raise refuse("invalid", f"{fault}; this one is not set")
    return pack_verifier(make_verifier(pin))
