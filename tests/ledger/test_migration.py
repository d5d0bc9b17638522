"""A journal of an older kpos is brought to today's tables; one of a newer kpos is left alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kpos.clock import ScriptClock
from kpos.domain.instant import Instant
from kpos.ledger import schema, stammdaten
from kpos.ledger.backup import back_up, restore
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged
from kpos.ledger.files import Folder
from kpos.ledger.journal import Journal
from kpos.ledger.status import wawi_status
from kpos.ledger.verify import verify

SCHEMA_0 = (Path(__file__).parent / "fixtures/journal_0.sql").read_text(encoding="utf-8")
NEXT_DAY = ScriptClock(Instant.parse("2026-11-21T18:00:00Z"))


@pytest.fixture
def old(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "old")
    folder.make()
    with closing(sqlite3.connect(folder.journal, isolation_level=None)) as db:
        db.executescript(SCHEMA_0)
    return folder


def tables(folder: Folder) -> set[str]:
    with closing(sqlite3.connect(folder.journal)) as db:
        found = db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return {sql for (sql,) in found}


def test_an_old_journal_opens_with_todays_tables_and_its_documents(old, tmp_path):
    books = Books(old, NEXT_DAY)
    ada = stammdaten.member_of_number(books.current(), 42)
    assert ada is not None
    assert books.credit(ada.wallet).cents == 2000 - 165 + 15
    assert books.identity.prefix == "K1"
    books.close()
    assert verify(old).documents == 12

    new = Folder(tmp_path / "new")
    new.make()
    Journal(new).close()
    assert tables(old) == tables(new)


def test_an_old_journal_is_nobodys_but_its_own(old):
    with closing(sqlite3.connect(old.journal)) as db:
        assert not schema.is_fed(db)
        assert wawi_status(db, None) == {}
    with closing(Journal(old)) as journal:
        assert (journal.pairing, journal.is_fed) == (None, False)
        assert not schema.is_fed(journal.db)


def test_an_old_journal_is_as_append_only_as_a_new_one_afterwards(old):
    Journal(old).close()
    with (
        closing(sqlite3.connect(old.journal)) as db,
        pytest.raises(sqlite3.IntegrityError, match="right after"),
    ):
        db.execute("REPLACE INTO document SELECT position, number, kind, '', '' FROM document")


def test_an_old_journal_can_be_verified_backed_up_and_restored(old, tmp_path):
    assert verify(old).documents == 12
    assert back_up(old, tmp_path / "old.db") == 12
    identity, _ = restore(tmp_path / "old.db", Folder(tmp_path / "new"), NEXT_DAY)
    assert identity.prefix == "K1A"


@pytest.mark.parametrize("before_it_fails", ["SELECT 1", "ROLLBACK"])
def test_a_migration_that_fails_leaves_the_old_journal(old, monkeypatch, before_it_fails):
    """After some errors SQLite has rolled back by itself."""

    def fails(db: sqlite3.Connection) -> None:
        db.execute("DROP TRIGGER document_is_never_changed")
        db.execute(before_it_fails)
        db.execute("CREATE TABLE document (half)")

    monkeypatch.setitem(schema._JOURNAL_STEPS, 0, fails)
    before = tables(old)
    with pytest.raises(Damaged, match="J-01"):
        Journal(old)
    assert tables(old) == before
    monkeypatch.undo()
    Journal(old).close()


def test_a_newer_journal_is_left_alone(old):
    with closing(sqlite3.connect(old.journal)) as db:
        db.execute("PRAGMA user_version=99")
    before = old.journal.read_bytes()[28:]
    for look in (lambda: Books(old, NEXT_DAY), lambda: verify(old)):
        with pytest.raises(Damaged, match="J-02"):
            look()
    assert len(old.journal.read_bytes()[28:]) == len(before)
