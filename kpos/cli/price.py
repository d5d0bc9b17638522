"""`kpos price`: what somebody pays for a product, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import Row, data_option, existing, reading
from kpos.cli.condition import COLUMNS, condition_row
from kpos.cli.tables import print_rows, table_options
from kpos.domain.refusal import refuse

if TYPE_CHECKING:
    from kpos.domain.pricing import Judged
    from kpos.ledger.prices import Prices
    from kpos.ledger.readonly import Connection

_COLUMNS = ["result", *COLUMNS]


@click.group()
def price() -> None:
    """Explain prices."""


@price.command()
@data_option
@table_options
@click.argument("product")
@click.option("--member", help="For this member: number, name or id.")
@click.option("--group", help="For this price group; members if neither is named.")
@click.option("--quantity", type=int, default=1, show_default=True, help="Of it in the cart.")
@click.option("--at", help="2026-12-24 18:00; now if it is not named.")
def explain(
    data: Path,
    product: str,
    member: str | None,
    group: str | None,
    quantity: int,
    at: str | None,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Say which condition prices a PRODUCT, and why the others do not."""
    from kpos.ledger import stammdaten
    from kpos.ledger.office import find

    if member is not None and group is not None:
        msg = "either --member or --group: a member has one"
        raise click.UsageError(msg)
    with reading(data) as db:
        wanted = find.product(db, product)
        buyer = find.member(db, member) if member is not None else None
        its_group = buyer.group if buyer else find.group(db, group or stammdaten.MEMBERS).id
        prices = _prices(data, db, at)
        judged = prices.explain(wanted, its_group, buyer.id if buyer else None, quantity)
        rows = [_row(db, each) for each in judged]
    print_rows(rows, _COLUMNS, as_json=as_json, as_csv=as_csv)


def _prices(data: Path, db: Connection, at: str | None) -> Prices:
    """Prices at the till's own place."""
    from kpos.clock import SystemClock
    from kpos.ledger import feed, stammdaten
    from kpos.ledger.localday import moment
    from kpos.ledger.prices import Prices
    from kpos.ledger.readonly import check_journal

    identity, _head = check_journal(existing(data))
    assert identity is not None, "who is read from has an identity"
    settings = stammdaten.settings(db)
    try:
        when = moment(settings.zone, at) if at is not None else SystemClock().now()
    except ValueError as error:
        raise refuse("invalid", f"--at: {error}") from error
    return Prices(db, settings, identity.place, when, feed.taken(db) is not None)


def _row(db: Connection, judged: Judged) -> Row:
    """The condition, at the price it would give."""
    row = condition_row(db, judged.condition)
    row["price_cents"] = judged.price.cents if judged.price is not None else None
    return {"result": judged.lost or "applies", **row, "id": row["id"] or "its own price"}
