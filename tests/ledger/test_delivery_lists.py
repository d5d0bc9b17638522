"""Invoices that come as a list: which lines are one delivery, and what each says of it."""

from collections.abc import Mapping

import pytest

from kpos.ledger.reading import position_of
from tests.ledger.kasse import Kasse, refusing
from tests.ledger.test_deliveries import CRATE, accounts
from tests.ledger.test_office_goods import refused

MATE = {"product": "Mate", "quantity": "20", "cost": "0.80"}
SNACK = {"product": "Snack", "quantity": "10", "cost": "0.55"}
BANK = {"paid": "bank"}


def numbered(rows):
    return [{"line": line, **row} for line, row in enumerate(rows, start=2)]


def imported(kasse: Kasse, *rows: Mapping[str, object], dry_run: bool = False):
    """The deliveries that a list made."""
    before = len(kasse.documents())
    done = kasse.office("delivery_import", rows=numbered(rows), dry_run=dry_run)
    made = [each for each in kasse.documents()[before:] if each.kind == "delivery"]
    assert dry_run or len(done["changes"]) == len(made)
    return made


def faults(kasse: Kasse, *rows: Mapping[str, object]) -> list[str]:
    code, message = refused(kasse, "delivery_import", rows=numbered(rows), dry_run=False)
    first, *named = message.splitlines()
    assert (code, first) == ("invalid", "nothing was imported:")
    return named


@pytest.fixture
def quelle(kasse: Kasse) -> Kasse:
    kasse.office("supplier_add", name="Quelle")
    kasse.office("supplier_add", name="Meier")
    return kasse


def test_every_column_of_a_list_is_in_the_delivery(quelle):
    head = {"supplier": "Quelle", "invoice": "R-1", "date": "2026-11-18", "paid": "member"}
    head |= {"member": "Ada", "note": "by bicycle"}
    days = {"best_before": "2027-03-01"}
    [document] = imported(quelle, {**head, **MATE, **days, "tax": 304}, {**head, **SNACK})
    body = document.body
    supplier = quelle.office("supplier_set", supplier="Quelle", name="Quelle")["id"]
    assert (body["supplier"], body["invoice"], body["delivered_on"]) == (
        supplier, "R-1", "2026-11-18",
    )  # fmt: skip
    assert (body["paid_by"], document.author) == ("member", "uid:0")
    assert [(line["quantity"], line["tax_cents"]) for line in body["lines"]] == [(20, 304), (10, 0)]
    assert [each.best_before for each in document.movements] == ["2027-03-01", None]
    assert quelle.books.journal.private_part(position_of(document.ref))["note"] == "by bicycle"
    assert accounts(document) == {
        "inventory": 2150,
        "deposit": 300,
        "input_tax:1": 304,
        f"wallet:{quelle.holder('Ada').wallet}": -2754,
    }


def test_a_list_of_goods_alone_came_today_and_was_paid_in_cash(kasse):
    [document] = imported(kasse, {**SNACK, "quantity": "2"}, {**SNACK, "quantity": "3"})
    assert accounts(document) == {"inventory": 275, "cash:K1": -275}
    body = document.body
    assert (body["paid_by"], body["delivered_on"]) == ("cash", "2026-11-20")
    assert (body["supplier"], body["invoice"], document.private_digest) == (None, "", None)


@pytest.mark.parametrize(
    "differs",
    [
        {"supplier": "Meier"},
        {"invoice": "R-2"},
        {"date": "2026-11-19"},
        {"paid": "opening"},
        {"paid": "member", "member": "Ada"},
        {"note": "late"},
    ],
)
def test_lines_that_say_otherwise_are_a_delivery_of_their_own(quelle, differs):
    head = {"supplier": "Quelle", "invoice": "R-1", **BANK}
    rows = ({**head, **MATE}, {**head, **SNACK, **differs}, {**head, **SNACK})
    assert [len(each.body["lines"]) for each in imported(quelle, *rows)] == [2, 1]


def test_crates_of_a_list_come_with_their_bottles_and_their_deposit(kasse):
    kasse.office("barcode_add", product="Mate", code=CRATE, pack=20, pack_deposit_cents=150)
    crates = {"product": CRATE, "quantity": "2", "cost": "=31.00", **BANK}
    [document] = imported(kasse, crates, {**MATE, **BANK})
    units = {each["cents_per_unit"]: each["quantity"] for each in document.body["units"]}
    assert units == {15: 60, 150: 2}
    assert accounts(document) == {"inventory": 4700, "deposit": 1200, "bank": -5900}


def test_an_invoice_is_booked_once_for_each_supplier(quelle):
    first = {"supplier": "Quelle", "invoice": "R-1", **BANK, **MATE}
    [document] = imported(quelle, first)
    # Neither what only begins like it, nor that number of another, nor none at all.
    imported(quelle, {**first, "invoice": "R-11"}, {**first, "supplier": "Meier"})
    imported(quelle, {**BANK, **MATE, "note": "R-1"}, {**BANK, **MATE, "invoice": "R-1"})
    for row in (first, {**first, "date": "2026-11-18", **SNACK}):
        number = document.receipt_number
        assert faults(quelle, row) == [f"line 2: invoice R-1 is booked already: {number}"]
    without_a_number = {**BANK, **MATE}
    assert imported(quelle, without_a_number)
    assert imported(quelle, without_a_number)


def test_a_list_is_tried_without_booking(quelle):
    before = len(quelle.documents())
    row = {"supplier": "Quelle", "paid": "owed", **MATE}
    assert imported(quelle, row, dry_run=True) == []
    assert len(quelle.documents()) == before
    wrong = {**row, "supplier": "Nobody"}
    refused(quelle, "delivery_import", rows=numbered([wrong]), dry_run=True)


def test_what_would_come_is_told_by_invoice(quelle):
    rows = numbered([{**SNACK, **BANK}, {**MATE, **BANK}, {**MATE, **BANK, "invoice": "R-1"}])
    done = quelle.office("delivery_import", rows=rows, dry_run=True)
    assert done["changes"] == [
        {"line": 2, "does": "add", "what": "a delivery of 2026-11-20, 2 lines, goods 21.50"},
        {"line": 4, "does": "add", "what": "invoice R-1 of 2026-11-20, 1 lines, goods 16.00"},
    ]
    with refusing("invalid", "'total' cannot be changed"):
        imported(quelle, {**MATE, "total": "16.00"})


def test_every_line_that_is_wrong_is_named_beside_what_is_wrong_with_its_invoice(quelle):
    head = {"invoice": "R-1", **BANK}
    named = faults(
        quelle,
        {**head, **MATE, "date": "soon"},
        {**head, **MATE},
        {**head, **MATE, "product": "Beer"},
        {**head, **MATE, "quantity": "some"},
        {"product": "Mate", "quantity": "1", **BANK},
        {**SNACK, "paid": "owed"},
        {**SNACK, "paid": "bank", "member": "Ada"},
    )
    assert sorted(fault.split(":")[0] for fault in named) == [
        f"line {line}" for line in (2, 4, 5, 6, 7, 8)
    ]


def test_what_one_box_cannot_pay_together_is_told_at_the_first_line(kasse):
    first = {**MATE, "quantity": "10", "date": "2026-11-19"}
    second = {**first, "date": "2026-11-20"}
    assert len(imported(kasse, first)) == 1
    [fault] = faults(kasse, second, {**second, "date": "2026-11-21"})
    assert fault.startswith("line 2: cash:K1 lacks 8.50")
    assert faults(kasse, {**second, "quantity": "13"})[0].startswith("line 2: cash:K1 lacks")
