"""Tax keys of DSFinV-K and how the tax inside gross prices is found and shared out.

A key stays for ever, its rate has dates; a line freezes the rate it was sold at. The keys are
those of DSFinV-K Anhang I (UST_SCHLUESSEL): 1 general, 2 reduced, 5 not taxable, 6 exempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from kpos.domain.money import portion
from kpos.domain.values import dataclass

TaxKey: TypeAlias = Literal["1", "2", "5", "6"]
TAX_KEYS: tuple[TaxKey, ...] = ("1", "2", "5", "6")

# Rates in basis points as of 2026 (UStG section 12; Kleinunternehmer section 19 is key 6).
RATES_BP: dict[str, int] = {"1": 1900, "2": 700, "5": 0, "6": 0}
DEFAULT_KEY: TaxKey = "6"

_WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Taxed:
    """A gross amount (cents, not negative) under one key, before its tax is known."""

    tax_key: str
    rate_bp: int
    gross_cents: int


def tax_inside(gross_cents: int, rate_bp: int) -> int:
    """Tax contained in a gross amount; the cent that rounding leaves falls into the net."""
    return portion(gross_cents, rate_bp, _WHOLE_BP + rate_bp)


def share_out(amounts: Sequence[Taxed]) -> tuple[int, ...]:
    """The tax of each amount, in order; per key they add up to the tax of the key's sum.

    Computed once per tax key and document, then each amount takes its `portion` of what is left.
    """
    gross_left: dict[str, int] = {}
    rates: dict[str, int] = {}
    for amount in amounts:
        gross_left[amount.tax_key] = gross_left.get(amount.tax_key, 0) + amount.gross_cents
        rates[amount.tax_key] = amount.rate_bp
    tax_left = {key: tax_inside(gross, rates[key]) for key, gross in gross_left.items()}
    shares = []
    for amount in amounts:
        key = amount.tax_key
        share = portion(tax_left[key], amount.gross_cents, gross_left[key])
        tax_left[key] -= share
        gross_left[key] -= amount.gross_cents
        shares.append(share)
    return tuple(shares)
