"""Listings and single things: columns for people, JSON, or CSV."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from kpos.domain.money import Money
from kpos.domain.product import Unit, quantity_text

F = TypeVar("F", bound=Callable[..., Any])
Row = dict[str, Any]


def table_options(command: F) -> F:
    """``--json`` and ``--csv`` of every listing."""
    as_csv = click.option("--csv", "as_csv", is_flag=True, help="As CSV with a header line.")
    as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
    return as_json(as_csv(command))


def print_rows(
    rows: Sequence[Row],
    columns: Sequence[str],
    *,
    as_json: bool,
    as_csv: bool,
    total: Row | None = None,
) -> None:
    """A listing; `columns` names what the rows have, for the header of an empty one.

    `total` is a last line for people; programs add up for themselves.
    """
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
    elif as_csv:
        _print_csv(rows, columns)
    else:
        _print_table(rows, columns, total)


def print_row(row: Row, *, as_json: bool, as_csv: bool) -> None:
    """One thing: a JSON object, a CSV of one line, or one line per field."""
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
    elif as_csv:
        _print_csv([row], list(row))
    else:
        width = max(len(_title(name)) for name in row)
        for name, value in row.items():
            click.echo(f"{_title(name).ljust(width)}  {_cell(name, value)}".rstrip())


def quantity_cell(quantity: int, unit: Unit) -> int | str:
    """Pieces as a number; kilograms as a person writes them."""
    return quantity if unit == "piece" else quantity_text(quantity, unit)


def _print_csv(rows: Sequence[Row], columns: Sequence[str]) -> None:
    import csv

    writer = csv.DictWriter(sys.stdout, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _plain(row[name]) for name in columns})


def _print_table(rows: Sequence[Row], names: Sequence[str], total: Row | None) -> None:
    """Amounts (``…_cents``) as money at the right, everything else as text at the left."""
    if not rows:
        click.echo("(none)")
        return
    if total is not None:
        rows = [*rows, {**dict.fromkeys(names), names[0]: "total", **total}]
    columns = {name: [_cell(name, row[name]) for row in rows] for name in names}
    widths = {name: max(len(_title(name)), *map(len, cells)) for name, cells in columns.items()}
    lines = [{name: _title(name) for name in names}]
    lines += [{name: columns[name][index] for name in names} for index in range(len(rows))]
    right = {name for name in names if any(_is_number(row[name]) for row in rows)}
    for line in lines:
        cells = (
            cell.rjust(widths[name]) if name in right else cell.ljust(widths[name])
            for name, cell in line.items()
        )
        click.echo("  ".join(cells).rstrip())


def _title(name: str) -> str:
    return name.removesuffix("_cents").removesuffix("_bp").replace("_", " ")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _cell(name: str, value: object) -> str:
    if name.endswith("_cents") and isinstance(value, int):
        return str(Money(value))
    if name.endswith("_bp") and isinstance(value, int):
        return f"{Money(value)} %"  # hundredths of a percent, as cents of a euro
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_plain(value))


def _plain(value: object) -> object:
    """What fits into one cell."""
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value
