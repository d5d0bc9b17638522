"""Reading and keeping the books: journal, report, verify, rebuild, erase, backup, restore."""

import csv
import io
import json

import pytest

from tests.cli.daemon import buy, running_till


@pytest.fixture
def sold(admin):
    """A till that sold Ada a bottle, as K1-000002."""
    with running_till(admin.data) as till:
        buy(till)
    return admin


def test_the_journal_is_read_in_parts(sold):
    everything = sold.journal()
    seqs = [document["seq"] for document in everything]
    assert seqs == list(range(1, len(everything) + 1))
    assert sold.journal("--from", "K1-000001") == everything[-3:]
    assert sold.journal("--from", 3, "--to", 5) == everything[2:5]
    assert sold.journal("--from", "1/3", "--to", "K1-000001") == everything[2:-2]
    assert sold.journal("--limit", 2) == everything[-2:]
    assert sold.journal("--from", 1, "--limit", 2) == everything[:2]
    assert sold.journal("--limit", 0) == []
    assert [each["kind"] for each in sold.journal("--kind", "sale", "--kind", "debit")] == [
        "sale", "debit",
    ]  # fmt: skip
    assert sold.journal("--kind", "top_up", "--limit", 1)[0]["receipt_number"] == "K1-000001"


@pytest.mark.parametrize("where", ["K1-000099", "K9-000001", "x", "1/2/3", "-1"])
def test_a_place_that_is_none_is_refused(sold, where):
    assert "there is no document" in sold.refused("journal", "--from", where)


def test_the_journal_is_a_table_for_people(sold):
    first, *rows = sold.does("journal").splitlines()
    assert first.split() == ["document", "receipt", "at", "(UTC)", "kind", "amount", "what"]
    assert any("sale" in row and "1.65  1x Club-Mate 0,5l" in row for row in rows)
    sold.does("reverse", "K1-000002")
    assert "of K1-000002" in sold.does("journal", "--kind", "reversal")


def test_the_journal_is_csv_too(sold):
    rows = list(csv.DictReader(io.StringIO(sold.does("journal", "--csv"))))
    assert [row["hash"] for row in rows] == [each["hash"] for each in sold.journal()]
    assert json.loads(rows[-1]["postings"]) == sold.journal()[-1]["postings"]


def test_the_journal_names_nobody(sold):
    for form in ([], ["--json"], ["--csv"]):
        said = sold.does("journal", *form)
        assert "Ada" not in said
        assert "CARD" not in said


def test_balances_add_up_to_nothing(sold):
    rows = {row["account"]: row for row in sold.reads("report", "balances")}
    wallet = sold.reads("card", "show", "CARD-ADA")["wallet"]
    assert rows[f"wallet:{wallet}"] == {
        "account": f"wallet:{wallet}", "holder": "Ada", "balance_cents": -1835,
    }  # fmt: skip
    assert sum(row["balance_cents"] for row in rows.values()) == 0
    assert "Ada" in sold.does("report", "balances")
    assert sold.does("report", "balances", "--csv").startswith("account,holder,balance_cents\n")


def test_books_that_are_right_are_verified(sold):
    found = sold.reads("verify")
    assert (found["documents"], found["receipts"]) == (len(sold.journal()), 2)
    assert found["projections_compared"] is True
    assert "all right" in sold.does("verify")


def test_a_bit_that_flipped_in_the_journal_is_found(sold):
    flip(sold.data / "journal.db", b"Club-Mate 0,5l", b"Club-Mate 0,6l")
    ran = sold.types("verify", "--json")
    damage = json.loads(ran.out)
    assert (ran.status, ran.err, damage["damage"]) == (1, "", "J-03")
    said = sold.refused("verify")
    assert said.startswith("J-03: ")
    assert said.endswith("kpos restore BACKUP")


def test_a_projection_that_drifted_is_found_and_rebuilt(sold):
    import sqlite3

    db = sqlite3.connect(sold.data / "stammdaten.db")
    db.execute("UPDATE balance SET cents = cents + 1 WHERE account = 'cash:K1'")
    db.commit()
    db.close()
    assert sold.types("verify", "--json").status == 1
    assert "kpos rebuild" in sold.refused("verify")
    assert "follows from the journal" in sold.does("rebuild")
    sold.does("verify")


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_stammdaten_file_that_is_none_is_replaced(sold, rubbish):
    (sold.data / "stammdaten.db").write_bytes(rubbish)
    assert sold.credit("CARD-ADA") == 1835
    sold.does("verify")


@pytest.mark.parametrize("rubbish", [b"rubbish" * 999, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_journal_that_is_none_is_said_to_be_damaged(sold, rubbish):
    for suffix in ("", "-wal", "-shm"):
        (sold.data / f"journal.db{suffix}").unlink(missing_ok=True)
    (sold.data / "journal.db").write_bytes(rubbish)
    for command in (
        ["verify"], ["status"], ["journal"], ["product", "list"], ["rebuild"], ["backup", "x.db"],
        ["top-up", "--card", "CARD-ADA", "--amount", "1"], ["export", "csv"],
    ):  # fmt: skip
        said = sold.refused(*command)
        assert said.startswith("J-01: "), command
        assert "kpos restore BACKUP" in said


def test_an_erased_member_is_nowhere_but_the_money_stays(sold):
    sold.does("payout", "--card", "CARD-ADA", "--amount", "18.35")
    before = sold.reads("report", "balances")
    assert "add --yes" in sold.refused("erase", "Ada")
    assert "backups made before" in sold.does("erase", "Ada", "--yes")
    said = "".join(
        sold.does(*command)
        for command in (
            ["member", "list", "--all"], ["card", "list"], ["journal", "--json"],
            ["export", "beancount", "--names"], ["export", "csv", "--names"],
        )
    )  # fmt: skip
    assert "Ada" not in said
    assert "CARD-ADA" not in said
    assert sold.reads("report", "balances") == before
    assert "there is no card" in sold.refused("card", "show", "CARD-ADA")
    sold.does("verify")


def test_a_backup_is_restored_under_a_new_prefix(sold, tmp_path):
    target = tmp_path / "k1.db"
    assert sold.does("backup", target) == str(target)
    sold.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    said = sold.does("restore", target)
    assert "Receipts go on as K1A-…, epoch 2." in said
    assert "journal.db.before-restore-1" in said
    assert sold.credit("CARD-ADA") == 1835
    assert sold.does("top-up", "--card", "CARD-ADA", "--amount", "5") == "K1A-000001"
    sold.does("verify")
    assert sold.reads("status")["epoch"] == 2


def test_a_till_is_restored_where_there_is_none(sold, tmp_path):
    sold.does("backup", tmp_path / "k1.db")
    elsewhere = tmp_path / "elsewhere"
    sold.does("restore", tmp_path / "k1.db", "--data", elsewhere)
    assert sold.does("card", "show", "CARD-ADA", "--json", "--data", elsewhere)


def test_a_backup_in_a_folder_gets_a_name_of_its_own(sold, tmp_path):
    written = sold.does("backup", tmp_path)
    assert written.startswith(f"{tmp_path}/kpos-K1-2")
    assert written.endswith("Z.db")


@pytest.mark.parametrize("content", [None, b"", b"rubbish", b"SQLite format 3\0" + b"\0" * 9999])
def test_what_is_no_backup_is_not_restored(sold, tmp_path, content):
    file = tmp_path / "k1.db"
    if content is not None:
        file.write_bytes(content)
    before = sold.journal()
    assert "backup" in sold.refused("restore", file)
    assert sold.journal() == before


def test_a_backup_that_cannot_be_written_leaves_nothing(sold, tmp_path):
    said = sold.refused("backup", tmp_path / "no" / "k1.db")
    assert "cannot be written: No such file or directory" in said
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_over_what_cannot_be_looked_at_is_refused(sold, tmp_path):
    folder = tmp_path / "k1.db"
    folder.write_text("a file, not a folder")
    assert "Not a directory" in sold.refused("backup", folder / "k1.db")
    assert "is no backup" in sold.refused("backup", folder)


def test_an_older_backup_is_replaced(sold, tmp_path):
    target = tmp_path / "k1.db"
    sold.does("backup", target)
    older = target.read_bytes()
    sold.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    sold.does("backup", target)
    assert target.read_bytes() != older


def flip(path, old: bytes, new: bytes) -> None:
    """Change bytes in a file behind SQLite's back."""
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
