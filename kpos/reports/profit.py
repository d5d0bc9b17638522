"""Profit: what is left of the net turnover when the goods that were sold are paid."""

from __future__ import annotations

from kpos.reports.asked import Asked, Bucket, Connection
from kpos.reports.posted import posted
from kpos.reports.result import Report, Row, draw, key_of, keys_of, share_bp, total_of
from kpos.reports.sold import Sold, sold, sold_buckets

_AMOUNTS = ("net_cents", "cost_cents", "profit_cents")
_LOST = ("writeoff_cents", "result_cents")


def profit(db: Connection, asked: Asked) -> Report:
    """Per period, and by group, product or member, as asked.

    Net turnover with levies, less the cost of the lots it came from; a later costing counts on
    the day of the sale. `uncosted`: how much of the quantity has no cost yet. Of the whole house
    write-offs stand apart, on the day they were booked, and the result is what they leave.

    Raises:
        ValueError: if too many periods are asked for.
    """
    buckets = sold_buckets(db, asked)
    rows = [_row(asked, bucket, each) for bucket in buckets for each in sold(db, bucket, asked.by)]
    amounts = (*_AMOUNTS, *(() if asked.by else _LOST))
    if asked.by is None:
        for row, bucket in zip(rows, buckets, strict=True):
            _less_written_off(db, row, bucket)
    return Report(
        (*keys_of(asked), *_AMOUNTS, "margin_bp", "uncosted", *amounts[len(_AMOUNTS) :]),
        rows,
        lambda: draw("Profit", rows, asked, buckets, "profit_cents"),
        _total(rows, amounts),
    )


def _row(asked: Asked, bucket: Bucket, each: Sold) -> Row:
    return {
        **key_of(asked, bucket, each.name),
        "net_cents": each.net,
        "cost_cents": each.cost,
        "profit_cents": each.profit,
        "margin_bp": share_bp(each.profit, each.net),
        "uncosted": each.uncosted,
    }


def _less_written_off(db: Connection, row: Row, bucket: Bucket) -> None:
    lost = sum(one.cents for one in posted(db, bucket) if one.account.startswith("writeoff:"))
    row["writeoff_cents"] = lost
    row["result_cents"] = row["profit_cents"] - lost


def _total(rows: list[Row], amounts: tuple[str, ...]) -> Row:
    total = total_of(rows, amounts)
    return {**total, "margin_bp": share_bp(total["profit_cents"], total["net_cents"])}
