"""Deposit back: as many as one bought, any number with a trusted person."""

import pytest

from tests.kiosk import MALT, MATE


@pytest.fixture
def thirsty(kiosk):
    """Ada has bought three Mate and a Malt."""
    kiosk.card("CARD-ADA")
    kiosk.type("3")
    kiosk.scan(MATE)
    kiosk.scan(MALT)
    kiosk.type("#")
    kiosk.opens_menu("Ada")
    kiosk.type("3")
    return kiosk


def test_empties_come_back_by_scan(thirsty):
    assert thirsty.shows == [
        "Pfand zurück für Ada",
        "Leergut scannen",
        "0 Leergut                           0,00",
        "# buchen  * zurück   3 + Scan = 3 Stück",
    ]
    thirsty.type("#")
    assert thirsty.sounds == ["refuse"]
    thirsty.type("77#")
    assert thirsty.shows[0] == "Nummer unbekannt: 77"
    thirsty.type("2")
    assert thirsty.shows[1] == "2x ..."
    thirsty.scan(MATE)
    assert thirsty.shows[1:3] == [
        "2x Club-Mate 0,5l                   0,30",
        "2 Leergut                           0,30",
    ]
    thirsty.scan(MALT)
    thirsty.scan(MALT)
    thirsty.type("*")
    assert thirsty.shows[2] == "3 Leergut                           0,38"
    thirsty.type("#")
    assert thirsty.sounds == ["paid"]
    assert thirsty.shows == [
        "Pfand gutgeschrieben für Ada",
        "Beleg K1-000012",
        "Guthaben                           12,60",
        "Weiter mit jeder Taste",
    ]
    assert "Mate" not in str(thirsty.documents[-1].body)
    thirsty.waits(6)
    assert thirsty.shows[2] == "Karte zeigen oder Artikel scannen"


def test_more_than_one_bought_needs_a_trusted_person(thirsty):
    thirsty.type("4")
    thirsty.scan(MATE)
    thirsty.type("#")
    assert thirsty.sounds == ["refuse"]
    assert thirsty.shows[:2] == [
        "Nicht gebucht: mehr als gekauft",
        "Eine Vertrauensperson kann helfen",
    ]
    thirsty.type("**")
    thirsty.opens_menu("Grace")
    thirsty.type("95")
    assert thirsty.shows[:2] == ["Pfand von Hand", "Karte des Empfängers zeigen"]
    thirsty.type("#")
    assert thirsty.sounds == ["refuse"]
    thirsty.type("4*42#")
    thirsty.type("50")
    thirsty.scan(MATE)
    thirsty.type("#")
    assert thirsty.shows[0] == "Pfand gutgeschrieben für Ada"
    assert thirsty.documents[-1].author.startswith("member:")


def test_by_hand_the_next_card_is_the_receivers(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("95")
    kiosk.scan("NOBODY")
    assert kiosk.shows[0] == "Keine Karte: NOBODY"
    kiosk.card("GUEST-1")
    assert kiosk.shows[0] == "Pfand zurück für Gast"
    kiosk.type("*")
    assert kiosk.shows[0].startswith("1 Aufladen")
    kiosk.type("95*")
    assert kiosk.shows[0].startswith("1 Aufladen")


def test_what_has_no_deposit_or_is_unknown_is_said(thirsty):
    thirsty.type("14#")
    assert thirsty.shows[:2] == ["Kein Pfand auf Erdnüsse", "Nicht angenommen"]
    thirsty.type("12*3#")
    assert thirsty.shows[1] == "Vitamalz                            0,08"
    thirsty.scan("4001234567891")
    assert thirsty.shows[:2] == ["Unbekannt: 4001234567891", "Notiert für den Admin"]
    thirsty.type("100")
    thirsty.scan(MATE)
    assert thirsty.shows[0] == "Nicht im Korb: nur 1 bis 99 Stück"
    for _ in range(100):
        thirsty.scan(MALT)
    assert thirsty.shows[0] == "Nicht im Korb: Korb ist voll"


def test_empties_that_nobody_books_are_not_booked(thirsty):
    thirsty.scan(MATE)
    thirsty.waits(61)
    assert thirsty.sounds == ["refuse"]
    assert thirsty.shows[0] == "Abgebrochen, nichts gebucht"
    thirsty.opens_menu("Ada")
    thirsty.type("3")
    thirsty.waits(61)
    assert thirsty.sounds == []
    assert thirsty.shows[2] == "Karte zeigen oder Artikel scannen"
    assert thirsty.kinds == ["sale"]


def test_after_it_the_next_scan_is_a_purchase(thirsty):
    thirsty.scan(MATE)
    thirsty.type("#")
    thirsty.scan(MATE)
    assert thirsty.shows[3] == "# kaufen  * zurück         Rest    10,72"
