"""Low stock: what will be sold out soon, at the pace of the last weeks."""

from __future__ import annotations

from datetime import timedelta

from kpos.domain.instant import DAY_MS, Instant
from kpos.reports.asked import Asked, Connection
from kpos.reports.result import Report, Row, bars

# Four whole weeks: as many weekends as working days of each kind.
PACE_DAYS = 28
WITHIN_DAYS = 14

_COLUMNS = ("product", "stock", "low_stock", "unit", "sold", "in_days", "days_left", "empty_on")
_STOCK = """
SELECT product.id, product.name, product.unit, product.low_stock,
    SUM(stock.quantity + stock.open_quantity)
FROM stock JOIN product ON product.id = stock.product
WHERE product.retired = 0 AND EXISTS (SELECT 1 FROM lot WHERE lot.product = product.id)
GROUP BY product.id, product.name, product.unit, product.low_stock
"""
_SOLD = (
    "SELECT product, SUM(quantity) FROM sale_line WHERE at_ms >= ? AND at_ms < ? GROUP BY product"
)
_FIRST = "SELECT MIN(at_ms) FROM sale_line"


def low_stock(db: Connection, asked: Asked, now: Instant, within_days: int = WITHIN_DAYS) -> Report:
    """Products that last at most `within_days`, or of which no more is left than their `low_stock`.

    The first one to be sold out stands first; what has no such threshold is low when it is gone.
    The pace is what was sold in the last 28 days, less what came back; of a till that is younger,
    since its first sale. `days_left` are whole days, None where nothing is left and nothing sold.
    A stock below zero was sold before its delivery was booked; goods that were never booked in have
    none that could be low.
    """
    first_ms = db.execute(_FIRST).fetchone()[0]
    age_days = PACE_DAYS if first_ms is None else -(-(now.ms - first_ms) // DAY_MS)
    days = min(max(age_days, 1), PACE_DAYS)
    sums = db.execute(_SOLD, (now.ms - days * DAY_MS, now.ms + 1)).fetchall()
    sold = {product: int(quantity) for product, quantity in sums}
    rows: list[Row] = []
    for product, name, unit, threshold, quantity in db.execute(_STOCK).fetchall():
        stock, pace = int(quantity), sold.get(product, 0)
        left = max(stock, 0) * days // pace if pace > 0 else None
        if stock <= (threshold or 0) or (left is not None and left <= within_days):
            numbers = (name, stock, threshold, unit, pace, days, left, _day_after(asked, now, left))
            rows.append(dict(zip(_COLUMNS, numbers, strict=True)))
    rows.sort(key=lambda row: (row["days_left"] is None, row["days_left"] or 0, row["product"]))
    known = [row for row in rows if row["days_left"] is not None]
    return Report(_COLUMNS, rows, lambda: bars("Low stock", known, "product", "days_left", "days"))


def _day_after(asked: Asked, now: Instant, days: int | None) -> str | None:
    if days is None:
        return None
    return (asked.day_of(now.ms) + timedelta(days=days)).isoformat()
