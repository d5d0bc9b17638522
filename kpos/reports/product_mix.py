"""Product mix: each product's share of the turnover, and of the profit."""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.reports.asked import Asked, Bucket, Connection
from kpos.reports.result import Chart, Report, Row, bars, keys_of, share_bp, stacked
from kpos.reports.sold import sold, sold_buckets, sold_by_group_and_product

Sort: TypeAlias = Literal["turnover", "profit"]

_COLUMNS = (
    "product", "quantity", "unit", "net_cents", "turnover_share_bp", "profit_cents",
    "profit_share_bp",
)  # fmt: skip
_DRAWN = {"turnover": "net_cents", "profit": "profit_cents"}


def product_mix(db: Connection, asked: Asked, sort: Sort = "turnover") -> Report:
    """Per period and group, as asked, the products with the most turnover or profit first.

    Both are net. Shares are of the group's (the period's, the house's) sum, in basis points,
    each rounded half up; None where that sum is nothing or a loss.

    Raises:
        ValueError: if too many periods are asked for.
    """
    buckets = sold_buckets(db, asked)
    rows = [row for bucket in buckets for row in _mix(db, asked, bucket, sort)]
    value = _DRAWN[sort]

    def draw() -> Chart:
        title = f"Product mix by {sort}"
        if asked.per is None:
            return bars(title, _largest(rows, value), "product", value)
        return stacked(title, rows, [each.label for each in buckets], "product", value)

    return Report((*keys_of(asked), *_COLUMNS), rows, draw)


def _mix(db: Connection, asked: Asked, bucket: Bucket, sort: Sort) -> list[Row]:
    if asked.by == "group":
        found = sold_by_group_and_product(db, bucket)
    else:
        found = sold(db, bucket, "product")
    nets: dict[str, int] = {}
    profits: dict[str, int] = {}
    for each in found:
        nets[each.of_group] = nets.get(each.of_group, 0) + each.net
        profits[each.of_group] = profits.get(each.of_group, 0) + each.profit
    rows = [
        {
            **({"period": bucket.label} if asked.per else {}),
            **({"group": each.of_group} if asked.by == "group" else {}),
            "product": each.name,
            "quantity": each.quantity,
            "unit": each.unit,
            "net_cents": each.net,
            "turnover_share_bp": share_bp(each.net, nets[each.of_group]),
            "profit_cents": each.profit,
            "profit_share_bp": share_bp(each.profit, profits[each.of_group]),
        }
        for each in found
    ]
    return sorted(rows, key=lambda row: (row.get("group", ""), -row[_DRAWN[sort]], row["product"]))


def _largest(rows: list[Row], value: str) -> list[Row]:
    """As one list; a product says of which group it is where there are groups."""
    named = [
        {**row, "product": f"{row['product']} ({row['group']})"} if "group" in row else row
        for row in rows
    ]
    return sorted(named, key=lambda row: -row[value])
