"""What a till keeps of its readers of coins and notes, beside the documents."""

from pathlib import Path

import pytest

from kpos.domain.money import Money
from kpos.domain.orders import ReaderMark, TopUp
from kpos.domain.refusal import Refused
from kpos.ledger import readers
from kpos.ledger.backup import back_up, restore
from tests.ledger.kasse import Kasse


def test_what_is_kept_of_a_reader_is_whole_or_nothing(kasse: Kasse) -> None:
    books = kasse.books
    assert readers.recall(books, "coins") is None
    readers.keep_soon(books, ReaderMark("coins", 17), None)
    assert readers.recall(books, "coins") == readers.Kept(17, None)
    assert readers.recall(books, "notes") is None
    books.journal.db.execute("UPDATE reader SET counter = 18")
    assert readers.recall(books, "coins") is None, "its seal is broken"


def test_a_credit_and_the_number_it_has_are_one_booking(kasse: Kasse) -> None:
    """A till that dies between two writes would book the coin again."""
    wallet = kasse.holder("Ada").wallet
    kasse.book(TopUp(wallet, Money(100), means="reader", mark=ReaderMark("coins", 5)))
    assert readers.recall(kasse.books, "coins") == readers.Kept(5, wallet)
    with pytest.raises(Refused):
        kasse.book(TopUp(wallet, Money(0), means="reader", mark=ReaderMark("coins", 6)))
    assert readers.recall(kasse.books, "coins") == readers.Kept(5, wallet)


def test_what_is_kept_is_known_until_a_restore(kasse: Kasse, tmp_path: Path) -> None:
    readers.keep_soon(kasse.books, ReaderMark("coins", 17), None)
    back_up(kasse.folder, tmp_path / "kpos.db")
    kasse.close()
    kasse.open()
    assert readers.recall(kasse.books, "coins") == readers.Kept(17, None)
    kasse.close()
    restore(tmp_path / "kpos.db", kasse.folder, kasse.clock)
    kasse.open()
    assert readers.recall(kasse.books, "coins") is None
