"""A slot that was taken back meets files of a newer kpos: it sells on, or says that it cannot."""

import sqlite3
from contextlib import closing

import pytest

from kpos.ledger.schema import JOURNAL_VERSION, STAMMDATEN_VERSION
from tests.cli.daemon import buy, running_till


def by_a_newer_kpos(file, version: int) -> None:
    """Tables that this one does not know, in places that it uses."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE of_a_newer_one (x)")
        if file.name != "journal.db":
            db.execute("ALTER TABLE balance RENAME COLUMN cents TO thousandths")
            db.execute("UPDATE balance SET thousandths = thousandths * 10")
        db.execute(f"PRAGMA user_version={version}")
        db.commit()


@pytest.mark.parametrize("with_copy", [False, True])
def test_a_newer_stammdaten_is_made_anew_and_the_till_sells_on(admin, with_copy):
    file = admin.data / "stammdaten.db"
    by_a_newer_kpos(file, STAMMDATEN_VERSION + 1)
    if with_copy:
        (admin.data / "stammdaten.good.db").write_bytes(file.read_bytes())
    with running_till(admin.data) as till:
        assert buy(till)["receipt_number"] == "K1-000002"
    assert admin.credit("CARD-ADA") == 2000 - 165
    assert admin.reads("verify")["projections_compared"] is True
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (STAMMDATEN_VERSION,)
        assert not db.execute(
            "SELECT * FROM sqlite_schema WHERE name = 'of_a_newer_one'"
        ).fetchall()


def test_a_newer_journal_locks_the_till_and_a_backup_of_before_unlocks_it(admin, tmp_path):
    """What --no-way-back warns of, and what it makes a backup for."""
    admin.does("backup", tmp_path / "before.db")
    by_a_newer_kpos(admin.data / "journal.db", JOURNAL_VERSION + 1)
    before = (admin.data / "journal.db").read_bytes()
    with running_till(admin.data) as till:
        assert "J-02" in till.shows
        till.scan("CARD-ADA")
        assert "J-02" in till.shows
    assert (admin.data / "journal.db").read_bytes() == before
    admin.does("restore", tmp_path / "before.db")
    with running_till(admin.data) as till:
        assert buy(till)["receipt_number"].startswith("K1A-")
