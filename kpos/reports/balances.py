"""Balances: every account that is not at zero, and whose it is; or as it was on a day."""

from __future__ import annotations

from kpos.reports.asked import Asked, Connection
from kpos.reports.posted import posted
from kpos.reports.result import Report, Row, bars

_NOW = """
SELECT balance.account, COALESCE(member.name, keeper.name, supplier.name), balance.cents
FROM balance
LEFT JOIN wallet ON balance.account = 'wallet:' || wallet.id
LEFT JOIN member ON member.id = wallet.member
LEFT JOIN member AS keeper ON balance.account = 'cash:' || keeper.id
LEFT JOIN supplier ON balance.account = 'payable:' || supplier.id
WHERE balance.cents <> 0
"""
# A group with its members and its anonymous cards.
_GROUPS = """
SELECT member_group.name, SUM(balance.cents)
FROM wallet
JOIN balance ON balance.account = 'wallet:' || wallet.id
LEFT JOIN member ON member.id = wallet.member
JOIN member_group ON member_group.id = COALESCE(member.member_group, wallet.member_group)
GROUP BY member_group.id, member_group.name
"""


def balances(db: Connection, asked: Asked) -> Report:
    """One row per account, debit positive, so that credit of a wallet is negative.

    `holder` is the name of whose wallet or cash it is, or of who is owed it, or None. With a last
    day: as they were at its end, all wallets together. By group: what the wallets of each price
    group hold together.
    """
    if asked.last is not None:
        rows = _on(db, asked)
    elif asked.by == "group":
        rows = [
            {"group": group, "balance_cents": int(cents)}
            for group, cents in sorted(db.execute(_GROUPS).fetchall())
        ]
    else:
        rows = [
            {"account": account, "holder": name or None, "balance_cents": cents}
            for account, name, cents in sorted(db.execute(_NOW).fetchall())
        ]
    now = asked.last is None
    key = "group" if now and asked.by == "group" else "account"
    columns = (key, *(("holder",) if now and key == "account" else ()), "balance_cents")
    return Report(columns, rows, lambda: bars("Balances", _largest(rows), key, "balance_cents"))


def _on(db: Connection, asked: Asked) -> list[Row]:
    sums: dict[str, int] = {}
    for one in posted(db, Asked(asked.zone, last=asked.last).whole()):
        sums[one.account] = sums.get(one.account, 0) + one.cents
    return [
        {"account": account, "balance_cents": cents}
        for account, cents in sorted(sums.items())
        if cents
    ]


def _largest(rows: list[Row]) -> list[Row]:
    """By their amount; a wallet under its holder's name."""
    named = [{**row, "account": row["holder"]} if row.get("holder") else row for row in rows]
    return sorted(named, key=lambda row: -abs(row["balance_cents"]))
