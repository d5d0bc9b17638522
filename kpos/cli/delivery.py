"""`kpos delivery`: goods in, and the lots they made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.cells import DELIVERIES
from kpos.cli.common import Row, data_option, existing, reading, request
from kpos.cli.sheets import import_file, import_options, write
from kpos.cli.tables import print_row, print_rows, quantity_cell, table_options
from kpos.cli.types import AMOUNT
from kpos.domain.goods import PAID_BY
from kpos.domain.money import Money
from kpos.domain.refusal import refuse

if TYPE_CHECKING:
    from kpos.domain.document import Document
    from kpos.ledger.readonly import Connection
    from kpos.ledger.stock import LotRow

_LOT = (
    "receipt_number delivered_on product quantity left cost_cents cost_left_cents best_before"
).split()


@click.group()
def delivery() -> None:
    """Book goods in; list lots with what is left of them."""


@delivery.command()
@data_option
@click.option(
    "--line",
    "lines",
    nargs=3,
    multiple=True,
    metavar="PRODUCT QUANTITY COST",
    help="Cost of one, or =COST of all; a crate's barcode counts crates.",
)
@click.option("--supplier", help="By name or id.")
@click.option("--invoice", default="", help="Its number.")
@click.option("--date", "delivered_on", metavar="DAY", help="When it came, as 2026-11-22: today.")
@click.option("--paid", type=click.Choice(PAID_BY), default="cash", show_default=True)
@click.option("--member", help="Who laid it out, by number, name or id.")
@click.option("--card", help="Who laid it out, by a card.")
@click.option(
    "--best-before", type=(str, str), multiple=True, metavar="PRODUCT DAY", help="Of its line."
)
@click.option(
    "--tax",
    "taxes",
    type=(str, AMOUNT),
    multiple=True,
    metavar="PRODUCT AMOUNT",
    help="Input tax of its line, where it is deducted; the cost is net then.",
)
@click.option("--deposit-tax", type=AMOUNT, default="0", help="Input tax in the deposit.")
@click.option("--no-deposit", is_flag=True, help="None was paid for bottles and crates.")
@click.option(
    "--empties",
    type=(AMOUNT, int),
    multiple=True,
    metavar="VALUE QUANTITY",
    help="Given back to the supplier, by their deposit.",
)
@click.option("--note", help="Kept in the private part; it can be erased.")
def add(
    data: Path,
    lines: tuple[tuple[str, str, str], ...],
    supplier: str | None,
    invoice: str,
    delivered_on: str | None,
    paid: str,
    member: str | None,
    card: str | None,
    best_before: tuple[tuple[str, str], ...],
    taxes: tuple[tuple[str, Money], ...],
    deposit_tax: Money,
    empties: tuple[tuple[Money, int], ...],
    note: str | None,
    *,
    no_deposit: bool,
) -> None:
    """Book goods in. Prints the receipt number; a mistake is corrected with kpos reverse."""
    done = request(
        data,
        "delivery_add",
        lines=[dict(zip(("product", "quantity", "cost"), line, strict=True)) for line in lines],
        supplier=supplier,
        invoice=invoice,
        delivered_on=delivered_on,
        paid_by=paid,
        member=member,
        card=card,
        best_before=[list(each) for each in best_before],
        taxes=[[product, amount.cents] for product, amount in taxes],
        deposit=not no_deposit,
        deposit_tax_cents=deposit_tax.cents,
        empties=[[value.cents, quantity] for value, quantity in empties],
        note=note,
    )
    click.echo(done["receipt_number"])


@delivery.command("import")
@data_option
@import_options
def import_(data: Path, file: Path, *, dry_run: bool) -> None:
    """Book all deliveries of a CSV, TSV or JSON FILE, or none if a line is wrong.

    Columns, in English or German, in any order: product, quantity, cost (of one, or =COST of
    all), supplier, invoice, date, paid, member, best before, tax, note. Lines of one invoice are
    one delivery; an invoice of a supplier comes once.
    """
    import_file(data, file, DELIVERIES, "delivery_import", dry_run=dry_run)


@delivery.command()
@data_option
def export(data: Path) -> None:
    """Write all deliveries as CSV, as `import` reads it; those that were taken back are left out.

    Deposit and notes are not in it, nor who laid the money out.
    """
    with reading(data) as db:
        write(list(_exported(data, db)), DELIVERIES)


@delivery.command("list")
@data_option
@table_options
@click.option("--product", help="Only lots of this one.")
@click.option("--all", "everything", is_flag=True, help="Used up ones too.")
def list_(
    data: Path, product: str | None, *, as_json: bool, as_csv: bool, everything: bool
) -> None:
    """List lots, the oldest first, with what is left of them and how long it keeps."""
    from kpos.ledger.office import find

    with reading(data) as db:
        only = find.product(db, product).id if product is not None else None
        rows = list(_lots(data, db, everything=everything))
    rows = [row for row in rows if only in {None, row["product_id"]}]
    print_rows(rows, _LOT, as_json=as_json, as_csv=as_csv)


@delivery.command()
@data_option
@table_options
@click.argument("receipt")
def show(data: Path, receipt: str, *, as_json: bool, as_csv: bool) -> None:
    """Show the delivery with this RECEIPT number: who brought and was paid what, and its lots."""
    from kpos.ledger.reading import find_receipt
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.suppliers import supplier

    with reading_journal(existing(data)) as journal:
        document = find_receipt(journal, receipt)
    if document is None or document.kind != "delivery":
        raise refuse("unknown", f"there is no delivery {receipt[:40]!r}: see kpos delivery list")
    body = document.body
    with reading(data) as db:
        known = supplier(db, body["supplier"]) if body["supplier"] else None
        rows = [
            row
            for row in _lots(data, db, everything=True)
            if row["receipt_number"] == document.receipt_number
        ]
    head = {
        "receipt_number": document.receipt_number,
        "supplier": known.name if known else None,
        **{key: body[key] for key in ("invoice", "delivered_on", "paid_by", "total_cents")},
        "deposit_cents": sum(each["cents_per_unit"] * each["quantity"] for each in body["units"]),
    }
    if as_json:
        print_row(head | {"lots": rows}, as_json=True, as_csv=False)
        return
    if not as_csv:
        print_row(head, as_json=False, as_csv=False)
        click.echo()
    print_rows(rows, _LOT[2:], as_json=False, as_csv=as_csv)


def _exported(data: Path, db: Connection) -> Iterator[Row]:
    from kpos.ledger import stammdaten
    from kpos.ledger.reading import position_of, read_documents
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.suppliers import suppliers

    names = {each.id: each.name for each in suppliers(db)}
    products = {each.id: each for each in stammdaten.products(db)}
    with reading_journal(existing(data)) as journal:
        for document in read_documents(journal, 0, kind="delivery"):
            body = document.body
            if stammdaten.reversals_of(db, position_of(document)):
                continue
            for line, movement in zip(body["lines"], document.movements, strict=True):
                unit = products[line["product"]].unit
                yield {
                    "supplier": names.get(body["supplier"]),
                    "invoice": body["invoice"] or None,
                    "date": body["delivered_on"],
                    "paid": body["paid_by"],
                    "product": line["product"],
                    "quantity": quantity_cell(line["quantity"], unit),
                    "cost": f"={Money(line['cost_cents'])}",
                    "best_before": movement.best_before,
                    "tax": line["tax_cents"] or None,
                }


def _lots(data: Path, db: Connection, *, everything: bool) -> Iterator[Row]:
    """A row per lot; those that were taken back are no more."""
    from kpos.ledger import stammdaten
    from kpos.ledger.reading import read_document, ref_of
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.stock import lots

    products = {each.id: each for each in stammdaten.products(db)}
    made: dict[int, Document | None] = {}
    with reading_journal(existing(data)) as journal:
        for row in lots(db, everything=everything):
            position = row.lot.since[0]
            if position not in made:
                made[position] = read_document(journal, ref_of(position))
            product, document = products[row.product], made[position]
            yield _row(row, document) | {
                "product": product.name,
                "product_id": product.id,
                "quantity": quantity_cell(row.quantity, product.unit),
                "left": quantity_cell(row.lot.quantity_left, product.unit),
            }


def _row(row: LotRow, document: Document | None) -> Row:
    """What a lot cost, and which delivery or stocktake made it."""
    return {
        "receipt_number": document.receipt_number if document else None,
        "delivered_on": document.body.get("delivered_on") if document else None,
        "cost_cents": row.cost_cents,
        "cost_left_cents": row.lot.cost_left,
        "best_before": row.best_before,
    }
