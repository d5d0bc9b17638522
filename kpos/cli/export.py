"""`kpos export`: the complete books in formats of others."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpos.cli.common import data_option, existing, reading, zone_of

if TYPE_CHECKING:
    from kpos.domain.document import Document

    Documents = Callable[[], Iterable[Document]]


@click.group()
def export() -> None:
    """The complete books for beancount, hledger, or as CSV."""


def _options(command: Any) -> Any:  # noqa: ANN401 - click's decorators know no types
    names = click.option(
        "--names", is_flag=True, help="Say whose a wallet is; else wallets have only ids."
    )
    return data_option(names(command))


@export.command()
@_options
def beancount(data: Path, *, names: bool) -> None:
    """Write a beancount file, one transaction per document."""
    from kpos.reports.plaintext import beancount as lines_of

    with _books(data, names=names) as (documents, zone, holders):
        for line in lines_of(documents, zone, holders):
            click.echo(line)


@export.command()
@_options
def hledger(data: Path, *, names: bool) -> None:
    """Write an hledger journal, one transaction per document."""
    from kpos.reports.plaintext import hledger as lines_of

    with _books(data, names=names) as (documents, zone, holders):
        for line in lines_of(documents, zone, holders):
            click.echo(line)


@export.command("csv")
@_options
def csv_(data: Path, *, names: bool) -> None:
    """Write a CSV file, one line per posting."""
    with _books(data, names=names) as (documents, _zone, holders):
        writer = csv.writer(sys.stdout, lineterminator="\n")
        columns = "epoch seq receipt_number at clock kind account cents".split()
        writer.writerow([*columns, "holder"] if names else columns)
        for document in documents():
            for posting in document.postings:
                row = [
                    document.epoch,
                    document.seq,
                    document.receipt_number,
                    document.at,
                    document.clock,
                    document.kind,
                    posting.account,
                    posting.cents,
                ]
                writer.writerow([*row, holders.get(posting.account, "")] if names else row)


@contextmanager
def _books(data: Path, *, names: bool) -> Iterator[tuple[Documents, tzinfo, dict[str, str]]]:
    """All documents up to the head of now, as often as they are wanted; the zone; whose is what."""
    from kpos.ledger import stammdaten
    from kpos.ledger.reading import position_of, read_documents, read_head
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.suppliers import suppliers

    folder = existing(data)
    with reading(data) as db:
        zone = zone_of(db)
        members = list(stammdaten.members(db)) if names else []
        owed = list(suppliers(db)) if names else []
    holders = {f"wallet:{each.wallet}": each.name for each in members if each.name}
    holders |= {f"cash:{each.id}": each.name for each in members if each.name}
    holders |= {f"payable:{each.id}": each.name for each in owed}
    with reading_journal(folder) as journal:
        last = position_of(read_head(journal).ref)
        yield lambda: read_documents(journal, 0, last=last), zone, holders
