"""Names and texts that beancount and hledger take."""

import re
from datetime import UTC

import pytest

from kpos.domain.document import FIRST_PREV_HASH, Document, Posting
from kpos.reports.plaintext import account_name, beancount, hledger

WALLET = "wallet:5ab0123456789abc"
# Beancount's own grammar: roots, then capital or digit first.
VALID = re.compile(r"(Assets|Equity|Liabilities|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")


def document(seq: int, at: str, *postings: Posting, number: str | None = None) -> Document:
    return Document(
        till="00a17592b394aeb3",
        epoch=1,
        seq=seq,
        receipt_number=number,
        kind="top_up",
        at=at,
        clock="ok" if at.startswith("2026") else "back",
        author=None,
        body={},
        postings=postings,
        movements=(),
        private_digest=None,
        prev_hash=FIRST_PREV_HASH,
        hash="",
    )


BOOKS = [
    document(1, "2026-11-22T20:00:00.000Z"),
    document(2, "2026-11-22T20:00:00.000Z", Posting("bank", 500), Posting(WALLET, -500)),
    document(
        3,
        "1970-01-01T00:00:00.000Z",
        Posting(WALLET, 5),
        Posting("cash:K1", -5),
        number="K1-000002",
    ),
]


@pytest.mark.parametrize(
    ("account", "name"),
    [
        ("cash:K1", "Assets:Cash:K1"),
        ("cash:K1-reader", "Assets:Cash:K1-reader"),
        ("cash:5ab0123456789abc", "Assets:Cash:5ab0123456789abc"),
        ("bank", "Assets:Bank"),
        ("inventory", "Assets:Inventory"),
        ("deposit", "Assets:Deposit"),
        ("deposit_tax", "Assets:Deposit-Tax"),
        ("input_tax:1", "Assets:Input-Tax:1"),
        ("clearing", "Assets:Clearing"),
        ("opening", "Equity:Opening"),
        (WALLET, "Liabilities:Wallet:5ab0123456789abc"),
        ("payable:5ab0123456789abc", "Liabilities:Payable:5ab0123456789abc"),
        ("tax:1", "Liabilities:Tax:1"),
        ("revenue:6", "Income:Revenue:6"),
        ("levy:donation", "Income:Levy:Donation"),
        ("income", "Income:Other"),
        ("cost", "Expenses:Cost"),
        ("expense", "Expenses:Other"),
        ("cash_difference", "Expenses:Cash-Difference"),
        ("writeoff:own_use", "Expenses:Writeoff:Own-Use"),
        ("sunshine:of_2030", "Equity:Unknown:Sunshine:Of-2030"),
        ("_odd", "Equity:Unknown:X-odd"),
    ],
)
def test_every_account_of_the_books_has_a_valid_name(account, name):
    assert account_name(account) == name
    assert VALID.fullmatch(name)


def test_an_account_is_opened_on_the_first_day_of_its_use_however_late_that_was_booked():
    lines = list(beancount(lambda: BOOKS, UTC, {}))
    assert "1970-01-01 open Liabilities:Wallet:5ab0123456789abc EUR" in lines
    assert "2026-11-22 open Assets:Bank EUR" in lines


def test_a_document_without_postings_says_nothing():
    assert len([line for line in beancount(lambda: BOOKS, UTC, {}) if " * " in line]) == 2
    assert len([line for line in hledger(lambda: BOOKS, UTC, {}) if " * " in line]) == 2


def test_a_wrong_clock_is_told():
    assert '  clock: "back"' in list(beancount(lambda: BOOKS, UTC, {}))
    [line] = [line for line in hledger(lambda: BOOKS, UTC, {}) if "K1-000002" in line]
    assert line == (
        "1970-01-01 * (K1-000002) top_up"
        "  ; kind: top_up, document: 1/3, receipt: K1-000002, clock: back"
    )


def test_a_name_is_quoted():
    names = {WALLET: 'Ada "the 1st", \\ L.'}
    assert '  holder: "Ada \\"the 1st\\", \\\\ L."' in list(beancount(lambda: BOOKS, UTC, names))
    [line] = [line for line in hledger(lambda: BOOKS, UTC, names) if "holder" in line]
    assert line.endswith('; holder: Ada "the 1st"  \\ L.')
