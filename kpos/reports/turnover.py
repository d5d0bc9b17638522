"""Turnover: what was sold, gross, net and its tax; deposit beside it."""

from __future__ import annotations

from kpos.reports.asked import Asked, Bucket, Connection
from kpos.reports.result import Report, Row, draw, key_of, keys_of, total_of
from kpos.reports.sold import Sold, sold, sold_buckets

_AMOUNTS = ("turnover_cents", "levy_cents", "tax_cents", "net_cents", "deposit_cents")


def turnover(db: Connection, asked: Asked) -> Report:
    """Per period, and by group, product or member, as asked.

    `turnover_cents` is gross with the levies, which stand beside it again; deposit is no part of
    it. Sales are purchases, undone ones too; a product has a quantity instead.

    Raises:
        ValueError: if too many periods are asked for.
    """
    buckets = sold_buckets(db, asked)
    rows = [_row(asked, bucket, each) for bucket in buckets for each in sold(db, bucket, asked.by)]
    counted = ("quantity", "unit") if asked.by == "product" else ("sales",)
    summed = _AMOUNTS if asked.by == "product" else ("sales", *_AMOUNTS)
    return Report(
        (*keys_of(asked), *counted, *_AMOUNTS),
        rows,
        lambda: draw("Turnover", rows, asked, buckets, _AMOUNTS[0]),
        total_of(rows, summed),
    )


def _row(asked: Asked, bucket: Bucket, each: Sold) -> Row:
    if asked.by == "product":
        counted: Row = {"quantity": each.quantity, "unit": each.unit}
    else:
        counted = {"sales": each.sales}
    amounts = (each.turnover, each.levy, each.all_tax, each.net, each.deposit)
    return {
        **key_of(asked, bucket, each.name),
        **counted,
        **dict(zip(_AMOUNTS, amounts, strict=True)),
    }
