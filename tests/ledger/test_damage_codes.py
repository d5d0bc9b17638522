"""Which file is at fault, whoever reads it first: J for the journal, S for what follows from it."""

import sqlite3
from contextlib import closing

import pytest

from kpos.ledger.errors import AlreadyOpen, Damaged, DiskFull, NotWritable, translate
from tests.ledger.kasse import PROJECTIONS, Kasse
from tests.ledger.tampering import found, spend_an_evening, tampering

READERS = {
    "one document": lambda books: books.journal.document(books.journal.head.ref),
    "documents": lambda books: list(books.journal.documents_after(0)),
    "rows": lambda books: books.journal.rows("SELECT content FROM document"),
    "private parts": lambda books: books.journal.private_part(1),
    "a number": lambda books: books.journal.find_number(1),
    "a receipt": lambda books: books.journal.find_receipt("K1-000001"),
}


@pytest.mark.parametrize("reader", READERS)
def test_a_journal_without_its_tables_is_damage_of_the_journal(kasse: Kasse, reader):
    with tampering(kasse) as db:
        db.execute("ALTER TABLE document RENAME TO gone")
        db.execute("ALTER TABLE private RENAME TO gone_too")
    assert found(lambda: READERS[reader](kasse.books)) == "J-01"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull),
        (sqlite3.SQLITE_READONLY, NotWritable),
        (sqlite3.SQLITE_READONLY_DIRECTORY, NotWritable),
        (sqlite3.SQLITE_PERM, NotWritable),
        (sqlite3.SQLITE_CANTOPEN, NotWritable),
        (sqlite3.SQLITE_BUSY, AlreadyOpen),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, AlreadyOpen),
        (sqlite3.SQLITE_IOERR, Damaged),
        (sqlite3.SQLITE_IOERR_FSYNC, Damaged),
        (sqlite3.SQLITE_CORRUPT, Damaged),
        (sqlite3.SQLITE_NOTADB, Damaged),
    ],
)
def test_what_sqlite_says_is_told_as_what_can_be_done_about_it(code, kind):
    error = sqlite3.OperationalError("whatever")
    error.sqlite_errorcode = code
    assert type(translate(error, "J-01", "journal.db")) is kind


def test_an_error_that_python_makes_of_a_file_is_damage_of_it():
    """A text that is no UTF-8 has no code of SQLite."""
    assert isinstance(translate(sqlite3.OperationalError("no text"), "S-01", "f"), Damaged)


def test_verify_finds_pages_of_stammdaten_that_do_not_hold_together(kasse: Kasse):
    spend_an_evening(kasse)
    with closing(sqlite3.connect(kasse.folder.stammdaten, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema=ON")
        texts_as_bytes = "sql = replace(sql, 'code    TEXT', 'code    BLOB')"
        db.execute(f"UPDATE sqlite_schema SET {texts_as_bytes} WHERE name = 'barcode'")
    assert found(kasse.verify) == "S-01"


@pytest.mark.parametrize("table", PROJECTIONS)
def test_verify_misses_every_table_of_stammdaten(kasse: Kasse, table):
    spend_an_evening(kasse)
    with closing(sqlite3.connect(kasse.folder.stammdaten, isolation_level=None)) as db:
        db.execute(f"DROP TABLE {table}")
    assert found(kasse.verify) == "S-01"
