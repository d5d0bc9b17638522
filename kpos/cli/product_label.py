"""`kpos product label`: what hangs at the shelf."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import data_option, existing, reading
from kpos.cli.paper import Paper, paper_options
from kpos.clock import SystemClock
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.reports.paper.sheets import LABEL_SHEETS

if TYPE_CHECKING:
    from kpos.domain.ids import Id
    from kpos.domain.instant import Instant
    from kpos.domain.member import Language
    from kpos.ledger.readonly import Connection
    from kpos.reports.paper.labels import Label
    from kpos.reports.paper.shop import Shop, Terms


@click.command()
@data_option
@paper_options(tuple(LABEL_SHEETS))
@click.option("--all", "everything", is_flag=True, help="Of all products on sale, by name.")
@click.option(
    "--changed-since",
    "since",
    metavar="DATE",
    help="Of those whose label says something else than at the beginning of that day"
    " (2026-11-22, or 2026-11-22 18:00), new products included; and of all that are priced by a"
    " markup, which may change with each lot.",
)
@click.argument("file")
@click.argument("products", nargs=-1)
def label(
    data: Path,
    file: str,
    products: tuple[str, ...],
    since: str | None,
    sheet: str,
    skip: int,
    language: Language,
    *,
    everything: bool,
) -> None:
    """Print shelf labels of PRODUCTS into FILE (.pdf or .svg; - is a PDF to stdout).

    A label has name, price (of members now, and of guests where it differs), deposit, short number
    and barcode (EAN as on the bottle). A product is its number, barcode, name or id. Nothing is
    booked. Print it at its real size (100 %).
    """
    if (bool(products), everything, since is not None).count(True) != 1:
        msg = "say which labels: name products, or --all, or --changed-since"
        raise click.UsageError(msg)
    paper = Paper(file, private=False)
    with reading(data) as db:
        labels = _labels(data, db, products, since)
    if not labels:
        raise refuse("unknown", "there is no label to print: nothing changed, or nothing is sold")
    _write(paper, labels, sheet, skip, language)


def _labels(data: Path, db: Connection, names: tuple[str, ...], since: str | None) -> list[Label]:
    """Labels as they are now: of the products named, or of all, or of all that changed."""
    from kpos.reports.paper.shop import labels_of

    shop, terms = _shop(db, names), _terms(data, db)
    labels = labels_of(shop, terms)
    if since is None:
        return list(labels.values())
    then = _moment(db, since)
    before = labels_of(_shop_before(data, then), replace(terms, at=then))
    return [
        each
        for product, each in labels.items()
        if each.prices.follows_cost or before.get(product) != each
    ]


def _shop(db: Connection, names: tuple[str, ...]) -> Shop:
    from kpos.ledger import conditions, stammdaten
    from kpos.ledger.office import find
    from kpos.reports.paper.shop import Shop

    codes: dict[Id, list[str]] = {}
    for code, _own, its_product in stammdaten.barcodes(db):
        codes.setdefault(its_product, []).append(code)
    if names:
        products = [find.product(db, name) for name in names]
    else:
        products = [each for each in stammdaten.products(db) if not each.retired]
    for each in products:
        if each.retired:
            raise refuse("unknown", f"{each.name} is no longer sold: see kpos product list")
    found = (each for each in conditions.conditions(db) if not each.retired)
    return Shop(products, codes, [each for each in found if each.member is None])


def _shop_before(data: Path, moment: Instant) -> Shop:
    from kpos.ledger.reading import read_documents
    from kpos.ledger.readonly import reading_journal
    from kpos.reports.paper.shop import shop_before

    with reading_journal(existing(data)) as journal:
        return shop_before(read_documents(journal, 0, kind="master_change"), moment)


def _terms(data: Path, db: Connection) -> Terms:
    """What is asked now, at the till's own place."""
    from kpos.ledger import feed, stammdaten
    from kpos.ledger.prices import Prices
    from kpos.ledger.readonly import check_journal
    from kpos.reports.paper.shop import Terms

    identity, _head = check_journal(existing(data))
    assert identity is not None, "who is read from has an identity"
    settings, now = stammdaten.settings(db), SystemClock().now()
    members = stammdaten.group_of_name(db, stammdaten.MEMBERS)
    assert members is not None, "everybody's first group stays"
    guests = stammdaten.group_of_name(db, settings.guest_group)
    return Terms(
        at=now,
        members=members.id,
        guests=guests.id if guests is not None and not guests.retired else None,
        step_cents=settings.price_step_cents,
        layouts=settings.layouts,
        cost=Prices(db, settings, identity.place, now, feed.taken(db) is not None).cost,
    )


def _moment(db: Connection, text: str) -> Instant:
    from kpos.ledger import stammdaten
    from kpos.ledger.localday import moment

    try:
        return moment(stammdaten.settings(db).zone, text)
    except ValueError as error:
        raise refuse("invalid", f"--changed-since: {error}") from error


def _write(paper: Paper, labels: list[Label], sheet: str, skip: int, language: Language) -> None:
    from kpos.reports.paper.labels import label as drawn
    from kpos.reports.paper.words import WORDS

    chosen = LABEL_SHEETS[sheet]
    drawings = [drawn(each, chosen, WORDS[language]) for each in labels]
    what = f"{len(labels)} label{'s' if len(labels) > 1 else ''}"
    paper.write(chosen.pages(drawings, skip % chosen.pieces), what)
