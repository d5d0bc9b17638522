"""Which file is at fault, whoever reads it first: J for the journal, S for what follows from it."""

import sqlite3
from contextlib import closing

import pytest

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


@pytest.mark.parametrize("table", PROJECTIONS)
def test_verify_misses_every_table_of_stammdaten(kasse: Kasse, table):
    spend_an_evening(kasse)
    with closing(sqlite3.connect(kasse.folder.stammdaten, isolation_level=None)) as db:
        db.execute(f"DROP TABLE {table}")
    assert found(kasse.verify) == "S-01"
