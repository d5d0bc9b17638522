"""`kpos journal`: the documents, as they stand."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import Row, data_option, existing
from kpos.domain.document import FIELDS, Document, Ref
from kpos.domain.money import Money
from kpos.domain.refusal import refuse

if TYPE_CHECKING:
    from kpos.ledger.readonly import Connection

# seq and receipt number with room for a million, a time to the second, the longest kind.
_LINE = "{:>9}  {:<12} {:<20} {:<14} {:>10}  {}"


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One document a line, all fields by name.")
@click.option("--csv", "as_csv", is_flag=True, help="One document a line; nested fields as JSON.")
@click.option("--from", "first", metavar="N", help="From this receipt number, seq, or epoch/seq.")
@click.option("--to", "last", metavar="N", help="Up to and with this one.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be given several times.")
@click.option(
    "--limit", type=click.IntRange(min=0), help="At most so many: the last, with --from the first."
)
def journal(
    data: Path,
    first: str | None,
    last: str | None,
    kinds: tuple[str, ...],
    limit: int | None,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Read the documents in order; names and notes, which can be erased, are not in them."""
    with _documents(data, first, last) as documents:
        found: Iterator[Document] = (each for each in documents if not kinds or each.kind in kinds)
        if limit is not None:
            found = islice(found, limit) if first else iter(deque(found, maxlen=limit))
        if as_json:
            for document in found:
                click.echo(json.dumps(document.as_json(), ensure_ascii=False))
        elif as_csv:
            _print_csv(found)
        else:
            _print_table(found)


@contextmanager
def _documents(data: Path, first: str | None, last: str | None) -> Iterator[Iterator[Document]]:
    from kpos.ledger.reading import LAST, position_of, read_documents
    from kpos.ledger.readonly import reading_journal

    with reading_journal(existing(data)) as db:
        after = position_of(_ref(db, first)) - 1 if first else 0
        until = position_of(_ref(db, last)) if last else LAST
        yield read_documents(db, after, last=until)


def _ref(db: Connection, text: str) -> Ref:
    """Where a receipt number, a seq of the running epoch, or epoch/seq stands."""
    from kpos.ledger.reading import find_receipt, read_head

    epoch, mark, seq = text.rpartition("/")
    digits = (epoch, seq) if mark else (seq,)
    if all(each.isascii() and each.isdigit() and len(each) < 10 for each in digits):
        return Ref(int(epoch) if mark else read_head(db).ref.epoch, int(seq))
    document = find_receipt(db, text)
    if document is None:
        raise refuse("unknown", f"there is no document {text[:40]!r}: K1-000042, 42 or 1/42")
    return document.ref


def _print_csv(documents: Iterable[Document]) -> None:
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(FIELDS)
    for document in documents:
        writer.writerow(_flat(value) for value in document.as_json().values())


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _print_table(documents: Iterable[Document]) -> None:
    for index, document in enumerate(documents):
        if index == 0:
            click.echo(_LINE.format("document", "receipt", "at (UTC)", "kind", "amount", "what"))
        where = str(document.ref)
        at = document.at[:19].replace("T", " ") + ("" if document.clock == "ok" else "?")
        number = document.receipt_number or ""
        row = (where, number, at, document.kind, _amount(document), _what(document))
        click.echo(_LINE.format(*row).rstrip())


def _amount(document: Document) -> str:
    """What went over: the sum of all debits, which is that of all credits."""
    cents = sum(posting.cents for posting in document.postings if posting.cents > 0)
    return str(Money(cents)) if document.postings else ""


def _what(document: Document) -> str:
    body: Row = dict(document.body)
    if document.kind == "sale":
        return ", ".join(_line(line) for line in body["lines"])
    if document.kind == "reversal":
        return f"of {body['original_receipt']}"
    if document.kind == "closing":
        return f"Z {body['z_number']}"
    if document.kind == "master_change":
        fields = body["fields"]
        name = fields.get("name") or fields.get("key") or fields.get("code") or body["id"]
        return f"{body['action']} {body['entity']} {name}"
    return ", ".join(posting.account for posting in document.postings)


def _line(line: Row) -> str:
    by_piece = line["unit"] == "piece"
    return f"{line['quantity']}x {line['name']}" if by_piece else str(line["name"])
