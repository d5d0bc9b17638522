"""Credit: what the house owes to all wallets together, and how that came about."""

from __future__ import annotations

from kpos.reports.asked import Asked, Connection
from kpos.reports.flow import Flow, flow
from kpos.reports.result import Report

_CREDIT = Flow(
    "Prepaid credit",
    "wallet",
    -1,
    {
        "top_up": "topped_up_cents",
        "debit": "spent_cents",
        "deposit_return": "deposit_returned_cents",
        "payout": "paid_out_cents",
    },
)


def credit(db: Connection, asked: Asked) -> Report:
    """The liability of prepaid credit over time; what members laid out for goods is under other.

    Raises:
        ValueError: if too many periods are asked for.
    """
    return flow(db, asked, _CREDIT)
