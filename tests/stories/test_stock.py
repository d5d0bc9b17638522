"""What the books say is there: "last three", "sold out", and what happens when it is not there."""

import pytest

from tests.kiosk import CHEESE_250_G, MATE, SPEZI

MATES, SPEZIS, NUTS = "Club-Mate 0,5l", "Paulaner Spezi 0,5l", "Erdnüsse"


def test_the_last_three_are_said(kiosk):
    kiosk.gets(MATES, 5)
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    assert kiosk.shows[1] == "   + Pfand                          0,15"
    kiosk.scan(MATE)
    assert kiosk.shows == [
        "2x Club-Mate 0,5l                   3,00",
        "   + Pfand   noch 3                 0,30",
        "Summe 2 Artikel                     3,30",
        "# kaufen  * zurück         Rest    15,05",
    ]
    kiosk.type("2")
    kiosk.scan(MATE)
    assert kiosk.shows[1] == "   + Pfand   noch 1                 0,60"
    kiosk.scan(MATE)
    assert kiosk.shows[1] == "   + Pfand   damit ausverkauft      0,75"
    kiosk.type("*")
    assert kiosk.shows[0] == "Zurück: Club-Mate 0,5l              1,65"
    kiosk.scan(MATE)
    assert kiosk.shows[1] == "   + Pfand   damit ausverkauft      0,75"
    kiosk.type("#")
    assert kiosk.sounds == ["paid"]
    assert kiosk.stock(MATES) == 0


def test_goods_first_keep_their_hint_when_the_card_comes(kiosk):
    kiosk.gets(NUTS, 3)
    kiosk.type("14#")
    assert kiosk.shows[:2] == ["Erdnüsse                            1,00", "   noch 2"]
    kiosk.card("CARD-BARBARA")
    assert kiosk.shows[:2] == ["Erdnüsse                            1.00", "   2 left"]


def test_whoever_keeps_no_stock_sees_no_hints_and_is_not_refused(kiosk):
    kiosk.office("setting_set", key="empty_stock", value="refuse")
    kiosk.card("CARD-ADA")
    for sold in (1, 2):
        kiosk.type("14#")
        assert kiosk.shows[:2] == ["Erdnüsse                            1,00", ""]
        kiosk.type("#")
        assert kiosk.sounds == ["paid"]
        assert kiosk.stock(NUTS) == -sold
        kiosk.waits(2)
        kiosk.card("CARD-ADA")


def test_what_the_books_do_not_have_is_sold_with_a_mark(kiosk):
    kiosk.gets(SPEZIS, 2)
    kiosk.card("CARD-ADA")
    kiosk.type("3")
    kiosk.scan(SPEZI)
    assert kiosk.shows[:2] == [
        "3x Paulaner Spezi 0,5l              3,90",
        "   + Pfand   laut Bestand 2         0,24",
    ]
    kiosk.type("#")
    assert kiosk.sounds == ["paid"]
    kiosk.waits(2)
    kiosk.card("CARD-ADA")
    kiosk.scan(SPEZI)
    assert kiosk.shows[:2] == [
        "Paulaner Spezi 0,5l                 1,30",
        "   + Pfand   laut Bestand keine     0,08",
    ]
    kiosk.type("#")
    assert kiosk.stock(SPEZIS) == -2
    kiosk.gets(SPEZIS, 20, 1000)
    assert kiosk.kinds[-1] == "delivery"
    assert kiosk.stock(SPEZIS) == 18


def test_a_house_may_refuse_what_is_not_there(kiosk):
    kiosk.gets(SPEZIS, 2)
    kiosk.office("setting_set", key="empty_stock", value="refuse")
    kiosk.scan(SPEZI)
    kiosk.type("2")
    kiosk.scan(SPEZI)
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows == [
        "Nicht im Korb: Paulaner Spezi 0,5l",
        "Davon ist nicht genug da",
        "Summe 1 Artikel                     1,38",
        "Karte zeigen, dann # kaufen   * zurück",
    ]
    kiosk.scan(SPEZI)
    assert kiosk.shows[1] == "   + Pfand   damit ausverkauft      0,16"
    kiosk.card("CARD-ADA")
    kiosk.type("#")
    assert kiosk.sounds == ["paid"]
    kiosk.scan(SPEZI)
    assert kiosk.shows[:2] == ["Nicht im Korb: Paulaner Spezi 0,5l", "Davon ist nicht genug da"]


def test_what_left_meanwhile_is_refused_when_it_is_booked(kiosk):
    """A command books the last one away while it lies in somebody's cart."""
    kiosk.gets(SPEZIS, 1)
    kiosk.card("CARD-ADA")
    kiosk.scan(SPEZI)
    kiosk.loses(SPEZIS, 1)
    kiosk.office("setting_set", key="empty_stock", value="refuse")
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows == [
        "Nicht gebucht: nicht genug da",
        "* nimmt den letzten Scan zurück",
        "Summe 1 Artikel                     1,38",
        "# kaufen  * zurück         Rest    16,97",
    ]
    assert "sale" not in kiosk.kinds


@pytest.mark.parametrize(
    ("grams", "hint"),
    [(5000, ""), (300, ""), (250, "   damit ausverkauft"), (100, "   laut Bestand keine")],
)
def test_of_weighed_goods_it_is_said_whether_there_are_any(kiosk, grams, hint):
    kiosk.gets("Gouda", grams, 500)
    kiosk.card("CARD-ADA")
    kiosk.scan(CHEESE_250_G)
    assert kiosk.shows[:2] == ["0,250 kg Gouda                      3,23", hint]
