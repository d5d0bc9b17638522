"""An old list of members, as some other program or a spreadsheet wrote it.

Tolerant in form (CSV with any separator, TSV, JSON; UTF-8 or the code page of old spreadsheets;
headers in English or German), strict in content: a line that is not understood is named.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kpos.domain.money import Money
from kpos.domain.refusal import Refused, refuse

Row = dict[str, Any]

# As much as the control socket of a running till takes in one request.
_BYTES_MAX = 4 * 1024 * 1024
_HEADERS = {
    "name": "name mitglied member membername mitgliedsname vorname nickname nick",
    "number": "number no nr nummer membernumber mitgliedsnummer mitgliedsnr mitgliednummer",
    "group": "group gruppe pricegroup preisgruppe",
    "card": "card cardcode cardnumber karte kartennummer kartennr kartencode code uid rfid",
    "credit": "credit openingcredit guthaben startguthaben balance saldo kontostand stand",
}
_FIELDS = {word: field for field, words in _HEADERS.items() for word in words.split()}
_OTHERS = "more columns than the header"


class _Fault(Exception):
    """What is wrong with one line."""


def read_members(path: Path) -> tuple[list[Row], list[str], list[str]]:
    """Rows for the books, one fault per line that was not understood, and columns not looked at.

    Raises:
        Refused: if the file as a whole is no such list.
    """
    records = _records(path)
    if not records:
        raise refuse("invalid", f"{path} has no members: a header and one line each are needed")
    columns = list(dict.fromkeys(name for _line, record in records for name in record))
    fields = {name: _field(name) for name in columns}
    known = [field for field in fields.values() if field]
    if "name" not in known:
        raise refuse("invalid", f"{path} has no column 'name'; its columns: {_listed(columns)}")
    twice = sorted({field for field in known if known.count(field) > 1})
    if twice:
        raise refuse("invalid", f"{path} has two columns for {twice[0]!r}: rename one")
    rows, faults = [], []
    for line, record in records:
        values = {field: record[name] for name, field in fields.items() if field and name in record}
        try:
            rows.append(_row(line, values, others=_OTHERS in record))
        except _Fault as error:
            faults.append(f"line {line}: {error}")
    return rows, faults, [name for name in columns if not fields[name] and name != _OTHERS]


def refuse_faults(faults: list[str], ask: Callable[[], Row]) -> Row:
    """Import what was understood, or refuse with all faults, those of the books included.

    Raises:
        Refused: naming every bad line.
    """
    try:
        done = ask()
        if not faults:
            return done
    except Refused as refused:
        found = refused.refusal.message.splitlines()[1:]
        if not found:
            raise
        faults = [*faults, *found]
    ordered = sorted(faults, key=lambda fault: int(fault.split(":")[0].removeprefix("line ")))
    raise refuse("invalid", "\n".join(["nothing was imported:", *ordered]))


def _records(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """Lines of the file (or places in a JSON list) with their records."""
    from sqlite_utils.utils import Format, rows_from_file

    if path.stat().st_size > _BYTES_MAX:
        raise refuse("invalid", f"{path} has more than {_BYTES_MAX >> 20} MB: split it")
    text = _decoded(path.read_bytes())
    if text.lstrip().startswith(("[", "{")):
        return _json_records(path, text)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return []
    source = io.BytesIO("\n".join(line for _number, line in lines).encode())
    rows, _format = rows_from_file(
        source, format=Format.CSV, dialect=_dialect(lines[0][1]), extras_key=_OTHERS
    )
    numbers = [number for number, _line in lines[1:]]
    # A name over two lines makes fewer rows than lines: it is refused below, as it has a break.
    return [(numbers[index], row) for index, row in enumerate(rows)]


def _json_records(path: Path, text: str) -> list[tuple[int, Mapping[str, Any]]]:
    from sqlite_utils.utils import Format, rows_from_file

    first = text.lstrip().splitlines()[0].strip()
    one_a_line = first.startswith("{") and first.endswith("}")
    try:
        rows, _format = rows_from_file(
            io.BytesIO(text.encode()), format=Format.NL if one_a_line else Format.JSON
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
    import csv

    class Dialect(csv.excel):
        delimiter = max(";,\t|", key=header.count)

    return Dialect


def _field(header: str) -> str | None:
    """Which field a header means: letters only, without the currency."""
    letters = "".join(each for each in str(header).casefold() if each.isalpha())
    return _FIELDS.get(letters) or _FIELDS.get(re.sub(r"(in)?(eur|euro)$", "", letters))


def _row(line: int, values: Mapping[str, Any], *, others: bool) -> Row:
    if others:
        raise _Fault(_OTHERS)
    name = _text(values.get("name"))
    if not name:
        msg = "a name is needed"
        raise _Fault(msg)
    number = _text(values.get("number"))
    if number and not (number.isascii() and number.isdigit() and len(number) <= 9):
        msg = f"number {number[:20]!r} is no whole number"
        raise _Fault(msg)
    return {
        "line": line,
        "name": name,
        "number": int(number) if number else None,
        "group": _text(values.get("group")) or None,
        "card": _text(values.get("card")) or None,
        "opening_cents": _cents(_text(values.get("credit"))),
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list | bool):
        msg = f"{json.dumps(value)[:40]} is neither text nor number"
        raise _Fault(msg)
    return str(value).strip()


def _cents(text: str) -> int:
    """``20``, ``20.5``, ``-3,50 €``; nothing is 0."""
    plain = re.sub(r"\s*(€|eur|euro)$", "", text, flags=re.IGNORECASE)
    plain = re.sub(r"([.,]\d)$", r"\g<1>0", plain)
    try:
        return Money.parse(plain).cents if plain else 0
    except ValueError as error:
        raise _Fault(str(error)) from error


def _listed(columns: list[str]) -> str:
    return ", ".join(str(column)[:20] for column in columns[:10])
