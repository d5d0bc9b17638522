"""`kpos condition`: who pays what for which product, from when to when, from how many on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpos.cli.cells import CONDITIONS
from kpos.cli.common import Row, data_option, reading, request, warn
from kpos.cli.sheets import import_file, import_options, write
from kpos.cli.tables import print_row, print_rows, table_options
from kpos.cli.types import AMOUNT, PERCENT, percent_text
from kpos.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpos.domain.condition import Condition
    from kpos.domain.instant import Instant
    from kpos.ledger.readonly import Connection

COLUMNS = (
    "id member group product min_quantity price_cents markup levy_cents levy_for start end comment"
).split()
_MINUTES = len("2026-11-22T21:04")


@click.group()
def condition() -> None:
    """Add, list, show, set and retire conditions: what somebody pays, and when.

    Exactly one applies to a line. What names more goes first: member and product, member, group
    and product, product (its own price last), group, everybody. Then the one for the highest
    quantity that is reached, the one that started last, the highest id.
    """


def _values(command: Callable[..., None]) -> Callable[..., None]:
    """What `add` and `set` have in common."""
    options = [
        click.option("--fixed", type=AMOUNT, help="The price, gross, per piece or kilogram."),
        click.option("--markup", type=PERCENT, help="Percent on what the next unit cost."),
        click.option("--from-quantity", type=int, help="From so many of the product on."),
        click.option("--levy", type=AMOUNT, help="On top of the price, per piece."),
        click.option("--levy-for", help="What it is for; the account is levy:NAME."),
        click.option("--start", help="2026-12-24, or 2026-12-24 18:00."),
        click.option("--end", help="The last day, or the minute it ends."),
        click.option("--comment", help="For admins; never printed or shown to buyers."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@condition.command()
@data_option
@click.option("--member", help="Only for this member: number, name or id.")
@click.option("--group", help="Only for this price group.")
@click.option("--product", help="Only this product: number, barcode, name or id.")
@_values
def add(
    data: Path,
    member: str | None,
    group: str | None,
    product: str | None,
    **values: Any,  # noqa: ANN401
) -> None:
    """Add a condition; prints its id, and on stderr what may not be meant."""
    more = _changes(values)
    if "kind" not in more:
        msg = "say what is paid: --fixed or --markup"
        raise click.UsageError(msg)
    kind, value = more.pop("kind"), more.pop("value")
    names = {"member": member, "group": group, "product": product}
    done = request(data, "condition_add", kind=kind, value=value, more=more, **names)
    click.echo(done["id"])
    _warn(done)


@condition.command("list")
@data_option
@table_options
@click.option("--all", "everything", is_flag=True, help="Those that are over or retired, too.")
def list_(data: Path, *, as_json: bool, as_csv: bool, everything: bool) -> None:
    """List conditions that apply, or will."""
    from kpos.clock import SystemClock
    from kpos.ledger import conditions

    now = SystemClock().now()
    with reading(data) as db:
        rows = [
            condition_row(db, each)
            for each in conditions.conditions(db)
            if everything or not (each.retired or (each.end is not None and each.end <= now))
        ]
    print_rows(rows, COLUMNS, as_json=as_json, as_csv=as_csv)


@condition.command()
@data_option
@table_options
@click.argument("condition")
def show(data: Path, condition: str, *, as_json: bool, as_csv: bool) -> None:
    """Show a CONDITION: its id, or the beginning of it."""
    from kpos.ledger.office import find

    with reading(data) as db:
        row = condition_row(db, find.condition(db, condition))
    print_row(row, as_json=as_json, as_csv=as_csv)


@condition.command("set")
@data_option
@click.argument("condition")
@_values
@click.option("--no-start", is_flag=True, help="It always has applied.")
@click.option("--no-end", is_flag=True, help="It applies for ever.")
@click.option("--no-levy", is_flag=True, help="Take the levy away.")
def set_(
    data: Path,
    condition: str,
    *,
    no_start: bool,
    no_end: bool,
    no_levy: bool,
    **values: Any,  # noqa: ANN401
) -> None:
    """Change a CONDITION from now on; what was sold stays as it was."""
    changes = _changes(values)
    changes |= {"start": None} if no_start else {}
    changes |= {"end": None} if no_end else {}
    changes |= {"levy_cents": 0, "levy_for": ""} if no_levy else {}
    if not changes:
        msg = "nothing to change: name an option"
        raise click.UsageError(msg)
    _warn(request(data, "condition_set", condition=condition, changes=changes))


@condition.command()
@data_option
@click.argument("condition")
def retire(data: Path, condition: str) -> None:
    """End a CONDITION for good."""
    request(data, "condition_retire", condition=condition)


@condition.command("import")
@data_option
@import_options
def import_(data: Path, file: Path, *, dry_run: bool) -> None:
    """Add and change all conditions of a CSV, TSV or JSON FILE, or none if a line is wrong.

    Columns, in English or German, in any order: member, group, product, from quantity, price or
    markup (percent), levy, levy for, start, end, comment, id (which one to change).
    """
    import_file(data, file, CONDITIONS, "condition_import", dry_run=dry_run)


@condition.command()
@data_option
def export(data: Path) -> None:
    """Write all conditions as CSV, as `import` reads it."""
    from kpos.ledger import conditions

    with reading(data) as db:
        rows = [_exported(db, each) for each in conditions.conditions(db) if not each.retired]
    write(rows, CONDITIONS)


def _exported(db: Connection, found: Condition) -> Row:
    """A condition by ids: names may be those of several."""
    return condition_row(db, found) | {
        "member": found.member,
        "group": found.group,
        "product": found.product,
        "from_quantity": found.min_quantity,
        "price": found.value if found.kind == "fixed" else None,
        "markup": found.value if found.kind == "markup" else None,
        "levy": found.levy.cents or None,
    }


def condition_row(db: Connection, found: Condition) -> Row:
    """A condition with the names of what it names, times in the zone of the till."""
    from kpos.ledger import stammdaten

    member = stammdaten.member(db, found.member) if found.member is not None else None
    group = stammdaten.group(db, found.group) if found.group is not None else None
    product = stammdaten.product(db, found.product) if found.product is not None else None
    zone = stammdaten.settings(db).zone
    fixed = found.kind == "fixed"
    return {
        "id": found.id,
        "member": member.name if member else None,
        "group": group.name if group else None,
        "product": product.name if product else None,
        "min_quantity": found.min_quantity,
        "price_cents": found.value if fixed else None,
        "markup": None if fixed else f"{percent_text(found.value)} %",
        "levy_cents": found.levy.cents,
        "levy_for": found.levy_for,
        "start": _local(found.start, zone),
        "end": _local(found.end, zone),
        "comment": found.comment,
        "scope": found.scope,
        "retired": found.retired,
    }


def _local(at: Instant | None, zone: str) -> str | None:
    from zoneinfo import ZoneInfo

    if at is None:
        return None
    return at.as_datetime().astimezone(ZoneInfo(zone)).isoformat(" ")[:_MINUTES]


def _changes(values: Row) -> Row:
    """The options that were given, as the office names them."""
    if values["fixed"] is not None and values["markup"] is not None:
        msg = "either --fixed or --markup"
        raise click.UsageError(msg)
    fixed, markup, levy = values.pop("fixed"), values.pop("markup"), values.pop("levy")
    changes = {name: value for name, value in values.items() if value is not None}
    if isinstance(fixed, Money):
        changes |= {"kind": "fixed", "value": fixed.cents}
    if markup is not None:
        changes |= {"kind": "markup", "value": markup}
    if isinstance(levy, Money):
        changes["levy_cents"] = levy.cents
    if "from_quantity" in changes:
        changes["min_quantity"] = changes.pop("from_quantity")
    return changes


def _warn(done: Row) -> None:
    warn(*(f"kpos: {warning}" for warning in done["warnings"]))
