"""Documents come one after the other and then stay: SQLite itself refuses everything else."""

import sqlite3
from collections.abc import Iterator

import pytest

from kpos.domain.document import Draft, Posting
from tests.ledger.kasse import Kasse

FIRST = 1 << 32


@pytest.fixture
def raw(kasse: Kasse) -> Iterator[sqlite3.Connection]:
    """Somebody with the sqlite3 command, while the till is closed."""
    kasse.buy("Ada", ("Mate", 2))
    kasse.close()
    db = sqlite3.connect(kasse.folder.journal, isolation_level=None)
    yield db
    db.close()
    kasse.open()


ROW = "INTO document (position, number, kind, content, hash) VALUES"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE document SET content = content || ' '",
        "UPDATE document SET number = number + 100 WHERE number IS NOT NULL",
        "DELETE FROM document",
        "DELETE FROM document WHERE position = (SELECT max(position) FROM document)",
        f"REPLACE {ROW} ({FIRST + 1}, NULL, 'sale', '[]', '')",
        f"INSERT OR IGNORE {ROW} ({FIRST + 1}, NULL, 'sale', '[]', '')",
        f"INSERT {ROW} (1, NULL, 'sale', '[]', '')",
        f"INSERT {ROW} ({FIRST + 99}, NULL, 'sale', '[]', '')",
        f"INSERT {ROW} ({FIRST + FIRST + 2}, NULL, 'sale', '[]', '')",
        f"INSERT {ROW} ({FIRST}, NULL, 'sale', '[]', '')",
        f"INSERT {ROW} (NULL, NULL, 'sale', '[]', '')",
        f"UPDATE OR REPLACE document SET position = {FIRST + 1}",
    ],
)
def test_nothing_but_the_next_document_is_accepted(raw, change):
    before = raw.execute("SELECT * FROM document").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match=r"never (changed|deleted)|right after"):
        raw.execute(change)
    assert raw.execute("SELECT * FROM document").fetchall() == before


def test_a_receipt_number_cannot_be_given_twice(raw):
    last, number = raw.execute("SELECT max(position), max(number) FROM document").fetchone()
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute(f"INSERT {ROW} ({last + 1}, {number}, 'sale', '[]', '')")


def test_a_new_epoch_begins_with_its_first_document_and_only_once(raw):
    raw.execute("BEGIN")
    raw.execute(f"INSERT {ROW} ({2 * FIRST + 1}, 1, 'sale', '[]', '')")
    with pytest.raises(sqlite3.IntegrityError, match="right after"):
        raw.execute(f"INSERT {ROW} ({FIRST + 50}, 50, 'sale', '[]', '')")
    raw.execute("ROLLBACK")


def test_a_document_that_does_not_add_up_is_a_mistake_of_ours_and_not_booked(kasse):
    before = kasse.kinds()
    for draft in (
        Draft("payout", {"v": 1}, (Posting("cash:K1", 1),)),
        Draft("payout", {"v": 1}, (Posting("cash:K1", 0),)),
    ):
        with pytest.raises(AssertionError, match="payout"):
            kasse.post(Draft("cash_move", {"v": 1}), draft)
    assert kasse.kinds() == before
    assert kasse.buy("Ada", "Snack").receipt_number == "K1-000002"


def test_what_is_booked_together_is_there_together_or_not_at_all(kasse):
    def book_until_somebody_pulls_the_plug() -> None:
        with kasse.books.booking() as booking:
            booking.append(Draft("cash_move", {"v": 1}))
            raise KeyboardInterrupt

    before = kasse.kinds()
    with pytest.raises(KeyboardInterrupt):
        book_until_somebody_pulls_the_plug()
    assert kasse.kinds() == before
    kasse.reopen()
    assert kasse.kinds() == before


def test_a_booking_of_nothing_books_nothing(kasse):
    head = kasse.books.journal.head
    assert kasse.post() == ()
    assert kasse.books.journal.head == head


def test_documents_need_a_reading_of_the_clock(kasse):
    journal = kasse.books.journal
    with pytest.raises(AssertionError, match="clock"), journal.transaction() as booking:
        booking.append(Draft("cash_move", {"v": 1}))


def test_a_receipt_is_found_by_its_number_and_nothing_else_is(kasse):
    sold = kasse.buy("Ada", "Mate").documents[0]
    find = kasse.books.journal.find_receipt
    assert find("K1-000002") == sold
    for other in ("K2-000002", "K1-2", "000002", "", "K1-", "K1-000099", "K1-" + "9" * 20, "K1-²"):
        assert find(other) is None
    assert kasse.books.journal.document(sold.ref) == sold


def test_a_document_is_looked_up_in_a_journal_without_documents(tmp_path):
    from kpos.ledger.files import Folder
    from kpos.ledger.journal import Journal

    journal = Journal(Folder(tmp_path))
    assert journal.find_receipt("K1-000001") is None
    assert list(journal.documents_after(0)) == []
    assert journal.identity is None
    journal.close()
