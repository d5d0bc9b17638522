"""Balances: every account that is not at zero, and whose it is."""

from __future__ import annotations

from typing import Any, Protocol

_BALANCES = """
SELECT balance.account, member.name, balance.cents
FROM balance
LEFT JOIN wallet ON balance.account = 'wallet:' || wallet.id
LEFT JOIN member ON member.id = wallet.member
WHERE balance.cents <> 0
ORDER BY balance.account
"""
COLUMNS = ["account", "holder", "balance_cents"]


class Connection(Protocol):
    """As much of a database connection as a report needs."""

    def execute(self, query: str, /) -> Any:  # noqa: ANN401 - a cursor of either driver
        """Run a query."""
        ...


def balances(db: Connection) -> list[dict[str, Any]]:
    """One row per account, debit positive; `holder` is a member's name, or None."""
    return [
        {"account": account, "holder": name or None, "balance_cents": cents}
        for account, name, cents in db.execute(_BALANCES).fetchall()
    ]
