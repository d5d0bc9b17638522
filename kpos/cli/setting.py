"""`kpos setting`: what affects bookings and therefore lives in the books."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import data_option, reading, request
from kpos.cli.tables import print_rows, table_options
from kpos.domain.money import Money
from kpos.domain.settings import SETTING_KEYS, Settings

_MEANINGS = {
    "default_tax_key": "tax key of new products, as in DSFinV-K",
    "rate_1_bp": "rate of tax key 1 before any that kpos tax set, in hundredths of a percent",
    "rate_2_bp": "rate of tax key 2 before any that kpos tax set, in hundredths of a percent",
    "free_limit_cents": "purchases above it ask the PIN",
    "undo_minutes": "how long buyers may undo a purchase",
    "deposit_return": "empties: what this wallet holds, what the house sold, or off (any number)",
    "cost_flow": "which goods leave first, at what cost: fifo, lifo or average",
    "empty_stock": "what is not in stock: allow (sold with a mark) or refuse",
    "cash_per": "cash is the till's, or each trusted person's own (till, person)",
    "guest_group": "price group of new guest cards",
    "in_store_layouts": "labels of a scale, e.g. 28IIIIcWWWWWC",
    "zone": "time zone of days and displays",
    "price_step_cents": "prices by markup are rounded up to a multiple of it",
    "offline_limit_cents": "what a credit for several tills can lose at one without the WaWi",
    "tax_rates": "rates that change on a day, e.g. 1:2027-01-01:2000 (see kpos tax)",
}


@click.group()
def setting() -> None:
    """List and set what affects bookings."""


@setting.command("list")
@data_option
@table_options
def list_(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List the settings in force, with what they mean."""
    from kpos.ledger import stammdaten

    with reading(data) as db:
        settings = stammdaten.settings(db)
    default = Settings()
    rows = [
        {
            "key": key,
            "value": _shown(key, getattr(settings, key)),
            "default": _shown(key, getattr(default, key)),
            "meaning": _MEANINGS.get(key, ""),
        }
        for key in SETTING_KEYS
    ]
    print_rows(rows, ["key", "value", "default", "meaning"], as_json=as_json, as_csv=as_csv)


@setting.command("set")
@data_option
@click.argument("key")
@click.argument("value")
def set_(data: Path, key: str, value: str) -> None:
    """Set KEY to VALUE from now on."""
    request(data, "setting_set", key=key, value=value)


def _shown(key: str, value: str | int | tuple[str, ...]) -> str:
    """As `set` takes it."""
    if key.endswith("_cents") and isinstance(value, int):
        return str(Money(value))
    return " ".join(value) if isinstance(value, tuple) else str(value)
