"""Deposit: which units are in the house and which are with those who bought them."""

from __future__ import annotations

from kpos.reports.asked import Asked, Connection
from kpos.reports.flow import Flow, flow
from kpos.reports.result import Chart, Report, Series, total_of

_UNITS = """
SELECT house_units.cents_per_unit, house_units.quantity, COALESCE(sold_units.quantity, 0)
FROM house_units
LEFT JOIN sold_units ON sold_units.cents_per_unit = house_units.cents_per_unit
ORDER BY house_units.cents_per_unit
"""
_COLUMNS = ("unit_cents", "in_house", "house_value_cents", "with_buyers", "buyers_value_cents")
_FLOW = Flow(
    "Deposit in the house",
    "deposit",
    1,
    {
        "delivery": "delivered_cents",
        "sale": "charged_cents",
        "deposit_return": "returned_cents",
        "write_off": "lost_cents",
        "stocktake": "lost_cents",
    },
)


def deposit(db: Connection, asked: Asked) -> Report:
    """Units by their value as they are now; the account's value over time where days are asked for.

    Units in the house are full or empty; below zero more went out than was booked in.

    Raises:
        ValueError: if too many periods are asked for.
    """
    if asked.per or asked.first or asked.last:
        return flow(db, asked, _FLOW)
    rows = [
        dict(zip(_COLUMNS, (value, house, value * house, sold, value * sold), strict=True))
        for value, house, sold in db.execute(_UNITS).fetchall()
    ]

    def draw() -> Chart:
        names = ("house_value_cents", "buyers_value_cents")
        series = tuple(
            Series(name.removesuffix("_cents").replace("_", " "), tuple(row[name] for row in rows))
            for name in names
        )
        labels = tuple(f"{row['unit_cents']} cents" for row in rows)
        return Chart("Deposit", "EUR", labels, series)

    return Report(_COLUMNS, rows, draw, total_of(rows, ("house_value_cents", "buyers_value_cents")))
