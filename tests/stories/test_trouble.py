"""When the machine fails: full disk, damaged books, a projection that lags behind."""

from typing import Any

import pytest

from kpos.ledger.errors import Damaged
from tests.kiosk import MATE, SPEZI


def locked(code, what="Kein Guthaben ist verloren."):
    return [
        f"Kasse gesperrt                 Code {code}",
        what,
        "Bitte Admin rufen: kpos verify",
        "",
    ]


# Whatever is written needs more room than there is.
WRITES = {"counted": "INSERT ON pin", "recounted": "UPDATE ON pin", "sold": "INSERT ON document"}


def fills_disk(kiosk, when="true"):
    """SQLite answers a file that may not grow as it answers a full disk."""
    journal = kiosk.books.journal
    journal.rows("CREATE TABLE ballast (stuff BLOB)")
    for name, write in WRITES.items():
        grow = "INSERT INTO ballast VALUES (zeroblob(65536));"
        journal.rows(f"CREATE TEMP TRIGGER {name} AFTER {write} WHEN {when} BEGIN {grow} END")
    [(pages,)] = journal.rows("PRAGMA page_count")
    journal.rows(f"PRAGMA max_page_count = {pages + 8}")  # half of the ballast


def frees_disk(kiosk):
    journal = kiosk.books.journal
    journal.rows("PRAGMA max_page_count = 1000000")
    for name in WRITES:
        journal.rows(f"DROP TRIGGER {name}")
    journal.rows("DROP TABLE ballast")


@pytest.fixture
def full(kiosk):
    """Ada has a cart, and the disk is full."""
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.scan(SPEZI)
    fills_disk(kiosk)
    return kiosk


def test_a_full_disk_books_nothing_and_keeps_the_cart(full):
    full.type("#")
    assert full.sounds == ["error"]
    assert full.shows == [
        "Nicht gebucht: Speicher voll",
        "Der Korb bleibt. Bitte Admin rufen.",
        "Summe 2 Artikel                     3,03",
        "# nochmal   * abbrechen",
    ]
    full.scan(MATE)
    assert full.sounds == ["refuse"]
    full.type("#")
    assert full.sounds == ["error"]
    assert full.kinds == []
    frees_disk(full)
    full.type("#")
    assert full.sounds == ["paid"]
    assert full.shows[1] == "Beleg K1-000011                     3,03"
    assert full.kinds == ["sale"]


def test_a_disk_that_is_full_between_a_sale_and_its_debit_has_neither(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    fills_disk(kiosk, when="NEW.kind = 'debit'")
    kiosk.type("#")
    assert kiosk.sounds == ["error"]
    assert kiosk.kinds == []
    frees_disk(kiosk)
    kiosk.type("#")
    assert kiosk.shows[1] == "Beleg K1-000011                     1,65"
    assert [document.kind for document in booked(kiosk)][-2:] == ["sale", "debit"]


def booked(kiosk):
    return [*kiosk.books.journal.documents_after(0)]


def test_a_cart_that_could_not_be_booked_can_be_cancelled(full):
    full.type("#*")
    assert full.shows[0] == "Abgebrochen, nichts gebucht"
    frees_disk(full)


def test_a_cart_that_could_not_be_booked_is_not_booked_later(full):
    full.type("#")
    full.waits(61)
    assert full.shows[0] == "Abgebrochen, nichts gebucht"
    frees_disk(full)
    assert full.kinds == []


def test_a_pin_that_cannot_be_counted_is_not_checked(kiosk):
    kiosk.scan(MATE)
    fills_disk(kiosk)
    kiosk.card("CARD-EDSGER")
    kiosk.type("957313#")
    assert kiosk.sounds[-1] == "error"
    assert kiosk.shows[0] == "Nicht gebucht: Speicher voll"
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,65"
    frees_disk(kiosk)
    kiosk.waits(2)
    kiosk.card("CARD-EDSGER")
    kiosk.type("957313##")
    assert kiosk.shows[0] == "Danke, Edsger!"


def test_on_a_full_disk_nobody_gets_at_a_new_pin_either(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0#7")
    fills_disk(kiosk)
    kiosk.type("7391#")
    assert kiosk.sounds[-1] == "error"
    assert kiosk.shows[0].startswith("1 Storno")
    frees_disk(kiosk)


# Steps to an order, and what a full disk leaves on the display; `#` then gives the order again.
ORDERS: dict[str, tuple[list[Any], str | None, str]] = {
    "top up": (["CARD-GRACE", ("0#161803#1",), "CARD-ADA", ("500#",)], "500##", "Aufgeladen"),
    "transfer": (["CARD-ADA", ("0#2",), "CARD-LINUS", ("500#",)], "500##", "Übertragen an Linus "),
    "undo": (["CARD-ADA", SPEZI, ("#",), 2, "CARD-ADA", ("0#1",)], "#", "Storniert"),
    "empties": (["CARD-ADA", SPEZI, ("#",), 2, "CARD-ADA", ("0#3",), SPEZI], "#", "Pfand gutg"),
    "history": (["CARD-ADA", ("0#6",)], "0#6#", "Dein Verlauf ist an"),
    "new card": (["CARD-GRACE", ("0#161803#93",), "N-1"], None, "Neue Gastkarte"),
}


@pytest.mark.parametrize("what", ORDERS)
def test_every_order_can_be_given_again_when_there_is_room(kiosk, what):
    steps, again, done = ORDERS[what]
    for step in steps:
        if isinstance(step, tuple):
            kiosk.type(*step)
        elif isinstance(step, int):
            kiosk.waits(step)
        else:
            kiosk.scan(step)
    before = list(kiosk.kinds)
    fills_disk(kiosk)
    kiosk.type("#")
    assert kiosk.sounds == ["error"]
    assert kiosk.shows[0] == "Nicht gebucht: Speicher voll"
    assert kiosk.kinds == before
    frees_disk(kiosk)
    if again is None:
        kiosk.waits(2)
        kiosk.scan("N-1")
        kiosk.type("#")
    else:
        kiosk.type(again)
    assert kiosk.shows[0].startswith(done)


def test_a_new_pin_that_cannot_be_kept_is_not_valid(kiosk):
    kiosk.card("CARD-LINUS")
    kiosk.type("0#75555#5555")
    fills_disk(kiosk)
    kiosk.type("#")
    assert kiosk.sounds == ["error"]
    assert kiosk.shows[0] == "Nicht gebucht: Speicher voll"
    frees_disk(kiosk)
    kiosk.type("0#75555#5555#")
    assert kiosk.shows[:2] == ["Neue PIN für Linus", "Sie gilt ab jetzt"]


def test_while_a_new_pin_is_made_the_keys_wait(kiosk):
    kiosk.card("CARD-LINUS")
    kiosk.type("0#75555#5555#")
    assert any(frame[3].startswith("Bitte warten") for frame in kiosk.frames)


def test_a_language_that_cannot_be_kept_is_spoken_all_the_same(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0#")
    fills_disk(kiosk)
    kiosk.type("8")
    assert kiosk.shows[3] == "4 Short numbers     8 Deutsch  * back"
    frees_disk(kiosk)


def test_books_that_cannot_be_opened_lock_the_till(kiosk):
    kiosk.close()
    path = kiosk.folder.journal
    path.write_bytes(b"not a database, but long enough to be one" * 1000)
    with pytest.raises(Damaged) as damage:
        kiosk.open()
    kiosk.open(locked=damage.value.code)
    assert kiosk.shows == locked("J-01")
    kiosk.scan(MATE)
    kiosk.type("12#0#*")
    kiosk.waits(600)
    assert (kiosk.shows, kiosk.kinds) == (locked("J-01"), [])


def test_a_journal_that_lost_its_end_is_not_said_to_have_lost_nothing(kiosk):
    kiosk.close()
    older = kiosk.folder.journal.read_bytes()
    kiosk.open()
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.close()
    kiosk.folder.journal.write_bytes(older)
    with pytest.raises(Damaged) as damage:
        kiosk.open()
    kiosk.open(locked=damage.value.code)
    assert kiosk.shows == locked("J-12", "Die letzten Buchungen fehlen.")


def test_a_journal_that_fails_in_the_middle_of_a_sale_locks_the_till(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.books.journal.rows("DROP TABLE undo")
    kiosk.type("#")
    assert kiosk.shows == locked("J-09")
    assert kiosk.sounds == ["error"]
    kiosk.card("CARD-ADA")
    kiosk.type("#")
    assert (kiosk.shows, kiosk.kinds) == (locked("J-09"), [])
    kiosk.close()
    kiosk.books = None


def test_a_journal_that_cannot_be_tidied_locks_an_idle_till(kiosk):
    kiosk.books.journal.rows("DROP TABLE undo")
    kiosk.waits(61)
    assert kiosk.shows == locked("J-01")
    kiosk.close()
    kiosk.books = None


@pytest.mark.parametrize("table", ["balance", "card", "product", "wallet"])
def test_stammdaten_that_are_damaged_while_selling_are_made_anew(kiosk, table):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.books.db.execute(f"DROP TABLE {table}")
    kiosk.scan(MATE)
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Danke, Ada!", "Beleg K1-000011                     3,30"]
    kiosk.waits(6)
    kiosk.card("CARD-ADA")
    assert kiosk.shows[0].endswith("15,05")


def test_a_sale_whose_projection_failed_stands_and_is_caught_up_with_the_next_scan(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.books.db.execute("ALTER TABLE stock RENAME TO stock_elsewhere")
    kiosk.type("#")
    assert kiosk.sounds == ["paid"]
    assert kiosk.shows[2] == "Guthaben                           16,70"
    kiosk.waits(6)
    kiosk.card("CARD-ADA")
    assert kiosk.shows[0] == "Hallo Ada              Guthaben    16,70"
