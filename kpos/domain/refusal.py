"""Expected refusals: what cannot be booked, why, and what to do instead."""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.domain.money import ZERO, Money
from kpos.domain.values import dataclass

RefusalCode: TypeAlias = Literal[
    "credit",  # the wallet would go below zero
    "cash",  # the cash box would go below zero
    "changed",  # something was booked meanwhile that makes what was shown untrue
    "amount",  # not an amount that can be booked here
    "undone",  # nothing is left of it to take back
    "not_reversible",  # a kind that is never reversed
    "card_needed",  # the undo link is gone: a card must say who gets the credit
    "wrong_holder",  # the undo link is there and names another wallet
    "stock",  # not there, and the house does not sell what is not there
    "units",  # more empties than this wallet, or the house, sold
    "blocked",  # card or member is blocked or retired
    "taken",  # code or number belongs to somebody or something else
    "unknown",  # no such product, member, card, receipt
    "invalid",  # the request itself is wrong
    "paired",  # master data belong to the WaWi
    "offline",  # only the WaWi knows whether this credit is there
    "limit",  # more than a till spends of a credit without the WaWi
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was booked. `message` is one English line for the command line and the log.

    `missing` is what a purchase, a payout or the cash box lacks, where that is the reason.
    """

    code: RefusalCode
    message: str
    missing: Money = ZERO


class Refused(Exception):
    """Nothing was booked; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def refuse(code: RefusalCode, message: str, missing: Money = ZERO) -> Refused:
    """An exception to raise, made where the reason is known."""
    return Refused(Refusal(code, message, missing))
