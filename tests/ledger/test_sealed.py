"""A row of stammdaten.db that is not as it was written is never believed: it is made anew."""

import sqlite3
from contextlib import closing

import pytest

from kpos.checkout.events import CardPresented, ProductScanned
from kpos.domain.ids import Id
from kpos.domain.member import LOCKED_FOR_GOOD
from kpos.domain.money import Money
from kpos.ledger import sealed, stammdaten, undo
from kpos.ledger.errors import Damaged
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.pins import Verifier, store_verifier
from kpos.terminal import resolve
from kpos.terminal.perform import look
from tests.ledger.kasse import refusing

MATE = "4029764001807"
CHANGES = [
    "UPDATE balance SET cents = cents - 8192",
    "UPDATE balance SET account = account || '0'",
    "UPDATE balance SET seal = seal + 1",
    "DELETE FROM balance",
    "UPDATE card SET wallet = (SELECT id FROM wallet WHERE id <> card.wallet)",
    "UPDATE card SET blocked = 1",
    "DELETE FROM wallet",
    "UPDATE wallet SET member = member || '0'",
    "UPDATE member SET retired = 1",
    "DELETE FROM member",
    "UPDATE product SET price_cents = 22",
    "DELETE FROM product",
    "UPDATE barcode SET product = product || '0'",
    "UPDATE setting SET value = '[]'",
    "UPDATE applied SET position = position + 1",
]


def change(kasse, statement):
    with closing(sqlite3.connect(kasse.folder.stammdaten, isolation_level=None)) as db:
        db.execute(statement)


def seen(kasse):
    """What a till would show of Ada's card, and of a bottle."""
    ada = look(kasse.books, lambda books: resolve.scanned(books, "CARD-Ada"))
    mate = look(kasse.books, lambda books: resolve.scanned(books, MATE))
    assert isinstance(ada, CardPresented)
    assert isinstance(mate, ProductScanned)
    return ada.holder.credit, mate.offer.price


@pytest.fixture
def told(kasse):
    """A till for people who come to see what became of it."""
    kasse.add_guest("Guest", 300)
    kasse.office("setting_set", key="undo_minutes", value="3")
    kasse.buy("Ada", "Mate")
    kasse.close()
    return kasse


@pytest.mark.parametrize("statement", CHANGES)
def test_what_somebody_changed_is_not_shown(told, statement):
    change(told, statement)
    told.open()
    assert seen(told) == (Money(1835), Money(150))
    assert told.books.settings.undo_minutes == 3
    told.verify()


@pytest.mark.parametrize("statement", CHANGES)
def test_a_good_copy_that_is_no_better_is_made_anew_too(told, statement):
    change(told, statement)
    copy_stammdaten(told.folder)
    told.open()
    assert seen(told) == (Money(1835), Money(150))
    told.verify()


def test_what_is_added_to_is_looked_at_first(told):
    """Else the next booking would put its seal under the wrong sum."""
    told.open()
    told.books.db.execute("UPDATE balance SET cents = 0 WHERE account = 'cash:K1'")
    told.office("top_up", member="Ada", cents=100)
    assert told.balance("cash:K1") == 2000 + 300 + 100
    assert seen(told) == (Money(1935), Money(150))
    told.verify()


def test_an_index_that_leads_to_another_row_is_damage():
    """A collation finds what was not asked for, as a damaged index does."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE card (code TEXT COLLATE NOCASE, wallet TEXT, seal INTEGER)")
        sealed.put(db, "card", "A", "ada")
        assert sealed.one(db, "card", "code", "A") == ("A", "ada")
        with pytest.raises(Damaged, match="another row"):
            sealed.one(db, "card", "code", "a")


def test_a_wallet_that_nobody_has_holds_nothing(kasse):
    assert stammdaten.credit(kasse.books.current(), Id("0" * 16)) == Money(0)


def test_a_counter_of_wrong_pins_that_changed_by_itself_locks_until_a_new_pin_is_set(kasse):
    """Three wrong PINs that a fallen bit makes none would be guesses given away."""
    verifier = Verifier(b"salt", b"\0" * 32, n=2, r=1, p=1)
    ada = kasse.holder("Ada").member
    with kasse.books.journal.transaction() as booking:
        store_verifier(booking, ada, verifier)
    kasse.books.pins.begin(ada)
    kasse.books.journal.db.execute("UPDATE pin SET attempts = 0")
    assert kasse.books.pins.standing(ada).locked_ms == LOCKED_FOR_GOOD
    assert kasse.books.pins.begin(ada) is None
    with pytest.raises(Damaged, match="J-13"):
        kasse.verify()
    with kasse.books.journal.transaction() as booking:
        store_verifier(booking, ada, verifier)
    kasse.wait(60_000)
    assert kasse.books.pins.begin(ada) == verifier
    kasse.verify()


def test_an_undo_link_that_changed_by_itself_gives_nobody_the_credit(kasse):
    sold = kasse.buy("Ada", "Mate")
    kasse.books.journal.db.execute("UPDATE undo SET wallet = '0000000000000000'")
    assert undo.known_wallet(kasse.books, sold.documents[0]) is None
    with refusing("card_needed", "--card"):
        kasse.undo(sold)
    with pytest.raises(Damaged, match="J-13"):
        kasse.verify()


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ("pin", lambda books, ada: books.pins.standing(ada.member)),
        ("undo", lambda books, ada: undo.last_purchase(books, ada.wallet)),
    ],
)
def test_a_journal_that_does_not_answer_is_damaged(kasse, table, read):
    ada = kasse.holder("Ada")
    kasse.books.journal.db.execute(f"DROP TABLE {table}")
    with pytest.raises(Damaged, match="J-01"):
        read(kasse.books, ada)
