"""The books as others read them; their own programs have the last word."""

import csv
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kpos.domain.money import Money
from tests.cli.daemon import buy, running_till


@pytest.fixture
def sold(admin):
    """A till with every kind of document; Ada's name would break what is not quoted."""
    admin.does("member", "set", "Ada", "--name", 'Ada "the 1st", \\ Lovelace')
    admin.does("setting", "set", "default_tax_key", "1")
    admin.does("product", "set", 12, "--tax-key", "1")
    with running_till(admin.data) as till:
        buy(till)
        till.scan("CARD-ADA", "4029764001807", "4029764001807")
        till.keys("#")
    admin.does("reverse", "K1-000002")
    admin.does("payout", "--card", "CARD-ADA", "--amount", "1")
    admin.does("transfer", "--from-card", "CARD-ADA", "--to-card", "GUEST-1", "--amount", "1")
    admin.does("top-up", "--card", "GUEST-1", "--amount", "3", "--kind", "reader")
    admin.does("top-up", "--card", "GUEST-1", "--amount", "-1", "--kind", "opening")
    return admin


def tool(name: str) -> str:
    """A program beside this interpreter or of the system; the test skips without it."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def balances(admin) -> dict[str, int]:
    """What the till itself says, by the last part of the account's name."""
    return {row["account"]: row["balance_cents"] for row in admin.reads("report", "balances")}


def test_beancount_finds_no_fault(sold, tmp_path):
    for options in ([], ["--names"]):
        file = tmp_path / "books.beancount"
        file.write_text(sold.does("export", "beancount", *options) + "\n")
        checked = subprocess.run(
            [tool("bean-check"), file], capture_output=True, text=True, check=False
        )
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_hledger_finds_no_fault_and_the_same_balances(sold, tmp_path):
    file = tmp_path / "books.journal"
    file.write_text(sold.does("export", "hledger", "--names") + "\n")
    hledger = tool("hledger")
    subprocess.run([hledger, "-f", file, "check", "--strict"], check=True)
    listed = subprocess.run(
        [hledger, "-f", file, "balance", "--flat", "-N", "-O", "csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    from kpos.reports.plaintext import account_name

    found = {
        row["account"]: Money.parse(row["balance"].removesuffix(" EUR")).cents
        for row in csv.DictReader(io.StringIO(listed.stdout))
    }
    assert found == {account_name(account): cents for account, cents in balances(sold).items()}


def test_there_is_one_transaction_for_each_document_with_postings(sold):
    text = sold.does("export", "beancount")
    documents = [each for each in sold.journal() if each["postings"]]
    found = re.findall(r'^  document: "(\d+)/(\d+)"$', text, re.MULTILINE)
    assert found == [(str(each["epoch"]), str(each["seq"])) for each in documents]
    assert '* "K1-000002 sale" ^K1-000002\n  kind: "sale"' in text


def test_a_wallet_has_a_name_only_where_that_is_asked_for(sold):
    for form in ("beancount", "hledger", "csv"):
        assert "Ada" not in sold.does("export", form)
        assert "Ada" in sold.does("export", form, "--names")


def test_csv_has_a_line_for_each_posting(sold):
    rows = list(csv.DictReader(io.StringIO(sold.does("export", "csv"))))
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["account"]] = sums.get(row["account"], 0) + int(row["cents"])
    assert {account: cents for account, cents in sums.items() if cents} == balances(sold)


def test_a_day_is_one_of_the_tills_zone(admin):
    admin.does("setting", "set", "zone", "Pacific/Kiritimati")  # fourteen hours ahead
    with running_till(admin.data, "--at", "2036-05-01T12:00:00Z") as till:
        buy(till)
    assert '2036-05-02 * "K1-000002 sale"' in admin.does("export", "beancount")


def test_a_till_without_bookings_has_books_too(shell):
    shell.does("init")
    assert "open" not in shell.does("export", "beancount")
    assert "commodity" in shell.does("export", "hledger")
    assert shell.does("export", "csv").startswith("epoch,seq,receipt_number")
