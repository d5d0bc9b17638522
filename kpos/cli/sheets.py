"""Lists as some other program or a spreadsheet wrote them, and as `export` writes them.

Tolerant in form (CSV with any separator, TSV, JSON; UTF-8 or the code page of old spreadsheets;
headers in English or German), strict in content: every line that is not understood is named. A
sheet says which columns a noun has; `read` gives rows for the books, `show` what they would do.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from kpos.cli.cells import Column, Fault, Sheet
from kpos.cli.common import Row, request, warn
from kpos.domain.money import Money
from kpos.domain.refusal import Refused, refuse

# As much as the control socket of a running till takes in one request.
_BYTES_MAX = 4 * 1024 * 1024
_OTHERS = "more columns than the header"


@dataclass(frozen=True, slots=True)
class Found:
    """Rows with their line, a fault per line that was not understood, columns not looked at."""

    rows: list[Row]
    faults: list[str]
    ignored: list[str]


def read(path: Path, sheet: Sheet) -> Found:
    """The rows of a file.

    Raises:
        Refused: if the file as a whole is no such list.
    """
    records = _records(path)
    if not records:
        msg = f"{path} has no {sheet.nouns}: a header and one line each are needed"
        raise refuse("invalid", msg)
    headers = list(dict.fromkeys(name for _line, record in records for name in record))
    columns = {name: _column(sheet, name) for name in headers}
    known = [column.name for column in columns.values() if column]
    for column in sheet.columns:
        if column.needed and column.name not in known:
            listed = ", ".join(str(name)[:20] for name in headers[:10])
            raise refuse("invalid", f"{path} has no column {column.name!r}; its columns: {listed}")
        if known.count(column.name) > 1:
            raise refuse("invalid", f"{path} has two columns for {column.name!r}: rename one")
    rows, faults = [], []
    for line, record in records:
        cells = {name: record[name] for name in columns if name in record}
        try:
            rows.append({"line": line} | _row(columns, cells, others=_OTHERS in record))
        except ValueError as error:
            faults.append(f"line {line}: {error}")
    ignored = [name for name in headers if not columns[name] and name != _OTHERS]
    return Found(rows, faults, ignored)


F = TypeVar("F", bound=Callable[..., Any])


def import_options(command: F) -> F:
    """The file to import, and ``--dry-run``."""
    dry_run = click.option("--dry-run", is_flag=True, help="Say what would change; book nothing.")
    path = click.Path(path_type=Path, dir_okay=False, exists=True)
    return dry_run(click.argument("file", type=path)(command))


def import_file(data: Path, path: Path, sheet: Sheet, name: str, *, dry_run: bool) -> None:
    """Have the books of a till take all rows of a file by request `name`, or none.

    Raises:
        Refused: naming every bad line, those that only the books know included.
    """

    def ask(**arguments: Any) -> Row:  # noqa: ANN401 - as the books take them
        return request(data, name, **arguments)

    import_rows(path, sheet, ask, dry_run=dry_run)


def import_rows(path: Path, sheet: Sheet, ask: Callable[..., Row], *, dry_run: bool) -> None:
    """Have `ask`, which takes `rows` and `dry_run`, take all rows of a file, or none.

    Raises:
        Refused: naming every bad line, those that only the books know included.
    """
    found = read(path, sheet)
    if found.ignored:
        warn(f"columns that are not looked at: {', '.join(found.ignored)}")
    faults = found.faults
    try:
        done = ask(rows=found.rows, dry_run=dry_run or bool(faults))
    except Refused as refused:
        more = refused.refusal.message.splitlines()[1:]
        if not more:
            raise
        faults = [*faults, *more]
    else:
        if not faults:
            say_done(done, sheet.nouns, dry_run=dry_run)
            return
    ordered = sorted(faults, key=lambda fault: int(fault.split(":")[0].removeprefix("line ")))
    raise refuse("invalid", "\n".join(["nothing was imported:", *ordered]))


def write(rows: Iterable[Mapping[str, Any]], sheet: Sheet) -> None:
    """Print rows as `read` reads them."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([column.name for column in sheet.columns])
    for row in rows:
        values = ((column, row.get(column.name)) for column in sheet.columns)
        writer.writerow(["" if value is None else each.write(value) for each, value in values])


def say_done(done: Row, nouns: str, *, dry_run: bool) -> None:
    """What was or would be added and changed: line by line in a dry run, counted always."""
    changes = done["changes"]
    if dry_run:
        for change in changes:
            if change["does"] != "same":
                click.echo(f"line {change['line']}: {change['does']} {change['what']}")
    counts = {does: sum(1 for each in changes if each["does"] == does) for does in _DONE}
    said = ", ".join(f"{count} {_DONE[does]}" for does, count in counts.items() if count)
    credit = f"; credit {Money(done['credit_cents'])}" if done.get("credit_cents") else ""
    click.echo(f"{nouns}: {said}{credit}{'; nothing was booked' if dry_run else ''}")


_DONE = {"add": "added", "change": "changed", "same": "as they were"}


def _row(columns: Mapping[str, Column | None], cells: Row, *, others: bool) -> Row:
    if others:
        raise Fault(_OTHERS)
    row: Row = {}
    for name, column in columns.items():
        if column is None or name not in cells:
            continue
        cell = _plain(cells[name])
        if not cell and column.needed:
            msg = f"a {column.name} is needed"
            raise Fault(msg)
        try:
            row[column.name] = column.read(cell) if cell else None
        except Fault as fault:
            msg = f"{column.name} {fault}"
            raise Fault(msg) from fault
    return row


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list | bool):
        msg = f"{json.dumps(value)[:40]} is neither text nor number"
        raise Fault(msg)
    return str(value).strip()


def _records(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """Lines of the file (or places in a JSON list) with their records."""
    from sqlite_utils.utils import Format, rows_from_file

    if path.stat().st_size > _BYTES_MAX:
        raise refuse("invalid", f"{path} has more than {_BYTES_MAX >> 20} MB: split it")
    content = _decoded(path.read_bytes())
    if content.lstrip().startswith(("[", "{")):
        return _json_records(path, content)
    lines = [(line, words) for line, words in enumerate(content.splitlines(), 1) if words.strip()]
    if not lines:
        return []
    source = io.BytesIO("\n".join(words for _line, words in lines).encode())
    rows, _format = rows_from_file(
        source, format=Format.CSV, dialect=_dialect(lines[0][1]), extras_key=_OTHERS
    )
    numbers = [line for line, _words in lines[1:]]
    # A name over two lines makes fewer rows than lines: it is refused, as it has a break.
    return [(numbers[index], row) for index, row in enumerate(rows)]


def _json_records(path: Path, content: str) -> list[tuple[int, Mapping[str, Any]]]:
    from sqlite_utils.utils import Format, rows_from_file

    first = content.lstrip().splitlines()[0].strip()
    one_a_line = first.startswith("{") and first.endswith("}")
    try:
        rows, _format = rows_from_file(
            io.BytesIO(content.encode()), format=Format.NL if one_a_line else Format.JSON
        )
        records = list(rows)
    except (ValueError, RecursionError) as error:
        raise refuse("invalid", f"{path} is no JSON: {error}") from error
    if not all(isinstance(record, dict) for record in records):
        raise refuse("invalid", f"{path}: a JSON list of objects is needed")
    return list(enumerate(records, 1))


def _decoded(content: bytes) -> str:
    """UTF-8, or what spreadsheets in Germany wrote before; a byte order mark is no character."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _dialect(header: str) -> Any:  # noqa: ANN401 - a class of csv's
    """By the header alone: names and amounts hold commas and blanks, which mislead a sniffer."""

    class Dialect(csv.excel):
        delimiter = max(";,\t|", key=header.count)

    return Dialect


def _column(sheet: Sheet, header: str) -> Column | None:
    """Which column a header means: letters only, without the currency."""
    letters = "".join(each for each in str(header).casefold() if each.isalpha())
    without = re.sub(r"(in)?(eur|euro|cents)$", "", letters)
    for column in sheet.columns:
        words = [column.name.replace("_", ""), *column.words.split()]
        if letters in words or without in words:
            return column
    return None
