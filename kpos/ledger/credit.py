"""Whether a wallet may be spent, where several tills may debit it.

At its home, the only till that may, up to its credit. Elsewhere only what the WaWi holds back for
it. A free wallet at any till up to its credit there, and beyond what the WaWi knows of or holds by
at most the offline limit. So whatever tills do not know of each other, a wallet goes below zero by
at most that limit for each of them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.domain.money import ZERO, Money
from kpos.domain.refusal import Refusal
from kpos.domain.values import dataclass

# unknown: what is known of all wallets was lost, and the WaWi was not reached since.
Home: TypeAlias = Literal["here", "free", "elsewhere", "unknown"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A wallet at this till; `risk` is what was spent here and the WaWi may not know of."""

    home: Home
    risk: Money = ZERO


_UNKNOWN = Refusal("offline", "nobody knows this credit until the WaWi is reached: kpos sync")
_ELSEWHERE = Refusal(
    "offline", "this credit is kept for another till, and the WaWi did not release it"
)


def refusal(
    standing: Standing, credit: Money, amount: Money, held: Money, limit: Money
) -> Refusal | None:
    """Why `amount` may not be spent; None if it may. `held` is what the WaWi holds back for it."""
    if standing.home == "unknown":
        return _UNKNOWN
    if amount > credit:
        short = f"the credit of {credit} does not suffice"
        return Refusal("credit", short, amount - credit)
    if standing.home == "here" or held >= amount:
        return None
    if standing.home == "elsewhere":
        return _ELSEWHERE
    beyond = standing.risk + amount - held - limit
    if beyond > ZERO:
        msg = f"without the WaWi at most {limit} of a credit are spent at one till"
        return Refusal("limit", msg, beyond)
    return None
