"""What people type: amounts, secrets, PINs."""

from __future__ import annotations

import re
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


class Percent(click.ParamType[int]):
    """``25``, ``12.5``, ``12,5 %`` or ``-10``: basis points."""

    name = "percent"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> int:
        """Parse.

        Raises:
            Refused: saying what a percentage looks like.
        """
        if isinstance(value, int):
            return value
        found = _PERCENT.fullmatch(value.strip())
        if found is None:
            option = param.opts[0] if param is not None else "percent"
            raise refuse("invalid", f"{option}: {value[:20]!r} is no percentage (write 25 or 12.5)")
        sign, whole, part = found.groups()
        basis_points = int(whole) * 100 + int((part or "").ljust(2, "0"))
        return -basis_points if sign else basis_points


_PERCENT = re.compile(r"(-?)([0-9]{1,4})(?:[.,]([0-9]{1,2}))?\s*%?")
PERCENT = Percent()


def percent_text(basis_points: int) -> str:
    """``25``, ``12.5``: as `Percent` takes it."""
    sign = "-" if basis_points < 0 else ""
    whole, part = divmod(abs(basis_points), 100)
    return f"{sign}{whole}.{part:02}".removesuffix("0").removesuffix(".0").removesuffix(".")


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
