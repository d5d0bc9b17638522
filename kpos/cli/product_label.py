"""`kpos product label`: what hangs at the shelf."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import data_option, existing, reading, zone_of
from kpos.cli.paper import Paper, paper_options
from kpos.domain.instant import Instant
from kpos.domain.refusal import refuse
from kpos.reports.paper.sheets import LABEL_SHEETS

if TYPE_CHECKING:
    from kpos.domain.ids import Id
    from kpos.domain.member import Language
    from kpos.ledger.readonly import Connection
    from kpos.reports.paper.labels import Label

_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


@click.command()
@data_option
@paper_options(tuple(LABEL_SHEETS))
@click.option("--all", "everything", is_flag=True, help="Of all products on sale, by name.")
@click.option(
    "--changed-since",
    "since",
    type=click.DateTime(_MOMENTS),
    metavar="DATE",
    help="Of those whose label says something else than at the beginning of that day"
    " (2026-11-22, or 2026-11-22T18:00), new products included.",
)
@click.argument("file")
@click.argument("products", nargs=-1)  # fmt: skip
def label(
    data: Path,
    file: str,
    products: tuple[str, ...],
    since: datetime | None,
    sheet: str,
    skip: int,
    language: Language,
    *,
    everything: bool,
) -> None:
    """Print shelf labels of PRODUCTS into FILE (.pdf or .svg; - is a PDF to stdout).

    A label has name, price, deposit, short number and barcode (EAN as on the bottle). A product is
    its number, barcode, name or id. Nothing is booked. Print it at its real size (100 %).
    """
    if (bool(products), everything, since is not None).count(True) != 1:
        msg = "say which labels: name products, or --all, or --changed-since"
        raise click.UsageError(msg)
    paper = Paper(file, private=False)
    with reading(data) as db:
        wanted = _labels(db, products)
        zone = zone_of(db)
    if since is not None:
        before = _labels_before(data, Instant.parse(since.replace(tzinfo=zone).isoformat()))
        wanted = [each for each in wanted if before.get(each[0]) != each[1]]
    if not wanted:
        raise refuse("unknown", "there is no label to print: nothing changed, or nothing is sold")
    _write(paper, [each for _id, each in wanted], sheet, skip, language)


def _labels(db: Connection, names: tuple[str, ...]) -> list[tuple[Id, Label]]:
    """Labels as they are now, with the ids of their products; of all products if none is named."""
    from kpos.ledger import stammdaten
    from kpos.ledger.office import find
    from kpos.reports.paper.labels import label_of

    layouts = stammdaten.settings(db).layouts
    codes: dict[Id, list[str]] = {}
    for code, _own, its_product in stammdaten.barcodes(db):
        codes.setdefault(its_product, []).append(code)
    if names:
        found = [find.product(db, name) for name in names]
    else:
        found = [each for each in stammdaten.products(db) if not each.retired]
    for each in found:
        if each.retired:
            raise refuse("unknown", f"{each.name} is no longer sold: see kpos product list")
    return [(each.id, label_of(each, codes.get(each.id, ()), layouts)) for each in found]


def _labels_before(data: Path, moment: Instant) -> dict[Id, Label]:
    from kpos.ledger import stammdaten
    from kpos.ledger.reading import read_documents
    from kpos.ledger.readonly import reading_journal
    from kpos.reports.paper.changed import labels_before

    with reading(data) as db:
        layouts = stammdaten.settings(db).layouts
    with reading_journal(existing(data)) as journal:
        changes = read_documents(journal, 0, kind="master_change")
        return labels_before(changes, moment, layouts)


def _write(paper: Paper, labels: list[Label], sheet: str, skip: int, language: Language) -> None:
    from kpos.reports.paper.labels import label as drawn
    from kpos.reports.paper.words import WORDS

    chosen = LABEL_SHEETS[sheet]
    drawings = [drawn(each, chosen, WORDS[language]) for each in labels]
    what = f"{len(labels)} label{'s' if len(labels) > 1 else ''}"
    paper.write(chosen.pages(drawings, skip % chosen.pieces), what)
