"""Expiring: what is past its best-before day, or soon will be, and what it cost."""

from __future__ import annotations

from datetime import date, timedelta

from kpos.domain.instant import Instant
from kpos.reports.asked import Asked, Connection
from kpos.reports.result import Chart, Report, Row, bars, total_of

WITHIN_DAYS = 30

_COLUMNS = ("product", "best_before", "days_left", "quantity", "unit", "cost_cents")
_LOTS = """
SELECT product.name, lot.best_before, lot.quantity_left, product.unit, lot.cost_left
FROM lot JOIN product ON product.id = lot.product
WHERE lot.quantity_left > 0 AND lot.best_before <= ?
"""


def expiring(db: Connection, asked: Asked, now: Instant, within_days: int = WITHIN_DAYS) -> Report:
    """Lots with something left that are best before `within_days` from now, the first one first.

    `days_left` is 0 on the best-before day and negative after it. `cost_cents` is what they cost.
    """
    today = asked.day_of(now.ms)
    until = (today + timedelta(days=within_days)).isoformat()
    rows: list[Row] = []
    for name, best_before, quantity, unit, cost in db.execute(_LOTS, (until,)).fetchall():
        left = (date.fromisoformat(best_before) - today).days
        rows.append(
            dict(zip(_COLUMNS, (name, best_before, left, quantity, unit, cost), strict=True))
        )
    rows.sort(key=lambda row: (row["best_before"], row["product"], row["quantity"]))

    def draw() -> Chart:
        named = [{**row, "product": f"{row['product']}, {row['best_before']}"} for row in rows]
        return bars("Expiring, at cost", named, "product", "cost_cents")

    return Report(_COLUMNS, rows, draw, total_of(rows, ("cost_cents",)))
