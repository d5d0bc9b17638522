"""Commands that only look: beside a running till, after a power cut, and without a till."""

import sqlite3
from contextlib import closing

import pytest

from kpos.ledger.errors import Damaged, NotWritable
from kpos.ledger.files import Folder
from kpos.ledger.reading import read_head
from kpos.ledger.readonly import reading_journal, reading_stammdaten
from kpos.ledger.stammdaten import credit
from tests.ledger.kasse import Kasse


def look(kasse: Kasse, wallet) -> int:
    with reading_stammdaten(kasse.folder, kasse.clock) as db:
        return credit(db, wallet).cents


def test_a_report_beside_a_running_till_sees_what_was_booked(kasse):
    wallet = kasse.holder("Ada").wallet
    kasse.buy("Ada", "Mate")
    assert look(kasse, wallet) == 1835
    with reading_journal(kasse.folder) as db:
        assert read_head(db) == kasse.books.journal.head
        assert read_head(db).position == (1 << 32) + len(kasse.documents())


def test_a_report_without_a_running_till_first_brings_stammdaten_in_step(kasse):
    wallet = kasse.holder("Ada").wallet
    kasse.books.db.execute("PRAGMA query_only=ON")
    kasse.buy("Ada", "Mate")
    assert look(kasse, wallet) == 2000
    kasse.close()
    assert look(kasse, wallet) == 1835
    kasse.lose_stammdaten()
    assert look(kasse, wallet) == 1835
    kasse.folder.stammdaten.write_bytes(b"no database" * 999)
    assert look(kasse, wallet) == 1835


def test_a_look_changes_nothing_and_says_what_is_wrong(kasse, tmp_path):
    def change_something() -> None:
        with reading_journal(kasse.folder) as db:
            db.execute("DELETE FROM undo")

    def ask_for_what_is_not_there() -> None:
        with reading_stammdaten(kasse.folder, kasse.clock) as db:
            db.execute("SELECT * FROM nothing")

    with pytest.raises(NotWritable):
        change_something()
    with pytest.raises(Damaged, match="S-01"):
        ask_for_what_is_not_there()
    with pytest.raises(NotWritable), reading_journal(Folder(tmp_path / "nowhere")) as db:
        db.execute("SELECT 1 FROM document")


def test_a_journal_that_is_damaged_is_no_ground_for_a_report(kasse):
    kasse.close()
    with closing(sqlite3.connect(kasse.folder.journal, isolation_level=None)) as db:
        db.execute("DROP TABLE document")
    with pytest.raises(Damaged, match="J-01"):
        look(kasse, "0" * 16)
