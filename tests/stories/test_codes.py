"""What scanners really send: unknown, misread, hostile; and numbers that lead nowhere."""

import pytest

from kpos.ledger import stammdaten
from tests.kiosk import MATE

HOSTILE = [
    "\x00",
    "\x1b[2J",
    "CARD\nADA",
    "\u202eADA",
    "\ud800",
    "9" * 10_000,
    "]C1" * 40,
    "'; DROP TABLE card; --" + "\x7f",
]


def noted(kiosk):
    return [
        row[0] for row in kiosk.books.current().execute("SELECT code FROM unknown_code").fetchall()
    ]


def test_an_unknown_barcode_is_noted_and_the_cart_stays(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.scan("4001234567891")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows == [
        "Unbekannt: 4001234567891",
        "Notiert für den Admin",
        "Summe 1 Artikel                     1,65",
        "# kaufen  * zurück         Rest    16,70",
    ]
    assert noted(kiosk) == ["04001234567891"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [("01234565", "01234565"), ("012345678905", "012345678905"), ("0ABCDEFGHIJKLM", None)],
)
def test_an_unknown_code_is_shown_as_it_is_printed(kiosk, code, shown):
    kiosk.scan(code)
    assert kiosk.shows[0] == f"Unbekannt: {shown or code}"


def test_an_idle_till_says_the_same(kiosk):
    kiosk.scan("NOBODY")
    assert kiosk.shows == [
        "Unbekannt: NOBODY",
        "Notiert für den Admin",
        "",
        "Karte zeigen oder Artikel scannen",
    ]
    kiosk.waits(6)
    assert kiosk.shows[3] == "Nummer+#   0# Menü"


def test_a_misread_barcode_is_scanned_again_and_not_noted(kiosk):
    kiosk.scan("4029764001806")
    assert kiosk.shows[:2] == ["Falsch gelesen", "Bitte nochmal scannen"]
    assert noted(kiosk) == []


@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_scan_is_a_misread(kiosk, code):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.scan(code)
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[0] == "Falsch gelesen"
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,65"
    assert noted(kiosk) == []


@pytest.mark.parametrize("nothing", ["", "  ", "\r\n", "\x1d" * 10_000])
def test_a_scan_of_nothing_is_nothing(kiosk, nothing):
    kiosk.scan(nothing)
    assert (kiosk.sounds, len(kiosk.frames)) == ([], 1)


def test_a_long_unknown_code_is_cut_to_the_display(kiosk):
    kiosk.scan("X" * 128)
    assert kiosk.shows[0] == "Unbekannt: " + "X" * 28 + "."
    assert noted(kiosk) == ["X" * 128]


def test_a_list_nobody_can_write_is_no_reason_to_stop_selling(kiosk):
    kiosk.books.current().execute("DROP TABLE unknown_code")
    kiosk.scan("NOBODY")
    assert kiosk.shows[0] == "Unbekannt: NOBODY"
    kiosk.scan(MATE)
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,65"
    kiosk.waits(2)
    kiosk.scan("NOBODY")
    assert noted(kiosk) == ["NOBODY"]


def test_a_number_is_looked_up_as_card_then_product_then_member(kiosk):
    kiosk.type("12#")
    assert kiosk.shows[0] == "Club-Mate 0,5l                      1,50"
    kiosk.type("77#")
    assert kiosk.shows[:2] == ["Nummer unbekannt: 77", "Bitte prüfen und neu tippen"]
    kiosk.type(f"{MATE}#")
    assert kiosk.shows[0] == "2x Club-Mate 0,5l                   3,00"
    kiosk.type("**")
    kiosk.office("card_issue", code="990012", member="Ada")
    kiosk.type("990012#")
    assert kiosk.shows[0].startswith("Hallo Ada")


@pytest.mark.parametrize("number", ["0#", "00#"])
def test_only_a_single_zero_is_the_menu(kiosk, number):
    kiosk.card("CARD-ADA")
    kiosk.type(number)
    assert kiosk.shows[0].startswith("1 Storno" if number == "0#" else "Nummer unbekannt: 00")


def test_a_number_is_no_longer_than_twenty_digits(kiosk):
    kiosk.type("1" * 21)
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[2] == "Nummer " + "1" * 20
    kiosk.type("#")
    assert kiosk.shows[0] == "Nummer unbekannt: " + "1" * 20
    kiosk.card("CARD-ADA")
    kiosk.type("123456")
    assert kiosk.shows[3] == "# suchen   * löschen"


def test_a_key_without_a_number_means_nothing_at_an_idle_till(kiosk):
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("1*")
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"


def test_goods_that_are_no_longer_sold_are_unknown(kiosk):
    kiosk.office("product_retire", product="Club-Mate 0,5l")
    kiosk.scan(MATE)
    assert kiosk.shows[0] == f"Unbekannt: {MATE}"
    assert stammdaten.product_of_code(kiosk.books.current(), "0" + MATE) is None
