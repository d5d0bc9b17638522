"""Buying: card first or goods first, more of it, less of it, not at all."""

import pytest

from tests.kiosk import MALT, MATE, SPEZI, SUNDAY_EVENING

IDLE = [
    "RaumZeitLabor  Kasse K1            21:04",
    "",
    "Karte zeigen oder Artikel scannen",
    "Nummer+#   0# Menü",
]


def test_an_idle_till_says_what_it_is_and_what_to_do(kiosk):
    assert kiosk.shows == IDLE


def test_a_bottle_is_paid_with_the_card(kiosk):
    kiosk.card("CARD-ADA")
    assert kiosk.sounds == ["accept"]
    assert kiosk.shows == [
        "Hallo Ada              Guthaben    18,35",
        "",
        "Artikel scannen",
        "* zurück   0# Menü",
    ]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["accept"]
    assert kiosk.shows == [
        "Club-Mate 0,5l                      1,50",
        "   + Pfand                          0,15",
        "Summe 1 Artikel                     1,65",
        "# kaufen  * zurück         Rest    16,70",
    ]
    kiosk.type("#")
    assert kiosk.sounds == ["paid"]
    assert kiosk.shows == [
        "Danke, Ada!",
        "Beleg K1-000011                     1,65",
        "Guthaben                           16,70",
        "Storno bis 21:09 im Menü",
    ]
    assert kiosk.kinds == ["sale"]
    kiosk.waits(6)
    assert kiosk.shows == IDLE
    assert kiosk.credit("Ada").cents == 1835 - 165


def test_goods_may_come_before_the_card(kiosk):
    kiosk.scan(MATE)
    assert kiosk.shows == [
        "Club-Mate 0,5l                      1,50",
        "   + Pfand                          0,15",
        "Summe 1 Artikel                     1,65",
        "Karte zeigen, dann # kaufen   * zurück",
    ]
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[:2] == ["Noch weiß niemand, wer bezahlt", "Karte zeigen, dann # kaufen"]
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[3] == "# kaufen  * zurück         Rest     0,35"
    assert kiosk.kinds == []
    kiosk.type("#")
    assert kiosk.shows[0] == "Danke, Linus!"
    assert kiosk.credit("Linus").cents == 35


def test_the_same_card_again_buys_but_not_by_lying_on_the_reader(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.card("CARD-ADA")
    assert kiosk.kinds == []
    kiosk.clock.move(1499)
    kiosk.card("CARD-ADA")
    assert kiosk.kinds == []
    kiosk.clock.move(1500)
    kiosk.card("CARD-ADA")
    assert kiosk.kinds == ["sale"]
    assert kiosk.shows[0] == "Danke, Ada!"


def test_a_purchase_began_with_its_first_scan(kiosk):
    kiosk.card("CARD-ADA")
    for _ in range(2):
        kiosk.waits(20)
        kiosk.scan(MATE)
    kiosk.type("#")
    assert kiosk.documents[-1].body["began_at"] == str(SUNDAY_EVENING.plus_ms(20_000))


def test_a_number_before_a_scan_is_a_quantity_and_scans_add_up(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(SPEZI)
    kiosk.type("3")
    assert kiosk.shows == [
        "3x ...",
        "Jetzt Artikel scannen",
        "Summe 1 Artikel                     1,38",
        "3# = Nummer 3  * zurück",
    ]
    kiosk.scan(MATE)
    kiosk.scan(MATE)
    assert kiosk.shows == [
        "4x Club-Mate 0,5l                   6,00",
        "   + Pfand                          0,60",
        "Summe 5 Artikel                     7,98",
        "# kaufen  * zurück         Rest    10,37",
    ]


@pytest.mark.parametrize("quantity", ["0", "100", "00000000000000000000"])
def test_a_quantity_that_cannot_be_meant_is_refused(kiosk, quantity):
    kiosk.card("CARD-EDSGER")
    kiosk.type("957313#" + quantity)
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[:2] == ["Nicht im Korb: nur 1 bis 99 Stück", "Anzahl tippen, dann scannen"]
    kiosk.scan(MATE)
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,65"


def test_a_quantity_is_forgotten_when_a_card_is_read(kiosk):
    kiosk.type("5")
    assert kiosk.shows[2:] == ["Nummer 5", "# suchen  * löschen  oder scannen"]
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("5")
    kiosk.card("CARD-LINUS")
    kiosk.type("*")
    kiosk.scan(MATE)
    assert kiosk.shows[2] == "Summe 2 Artikel                     3,30"


def test_a_digit_is_deleted_before_a_scan_is_taken_back(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("2")
    kiosk.scan(MATE)
    kiosk.scan(MALT)
    kiosk.type("12*")
    assert kiosk.shows[0] == "1x ..."
    kiosk.type("**")
    assert kiosk.shows == [
        "Zurück: Vitamalz                    1,18",
        "",
        "Summe 2 Artikel                     3,30",
        "# kaufen  * zurück         Rest    15,05",
    ]
    kiosk.type("*")
    assert kiosk.shows[2:] == ["Artikel scannen", "* zurück   0# Menü"]
    kiosk.type("*")
    assert kiosk.shows == IDLE


def test_the_last_of_the_goods_taken_back_leaves_an_idle_till(kiosk):
    kiosk.scan(MATE)
    kiosk.type("*")
    assert kiosk.shows == [
        "Zurück: Club-Mate 0,5l              1,65",
        "",
        "",
        "Karte zeigen oder Artikel scannen",
    ]


def test_zero_and_hash_ask_whether_to_cancel_everything(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("0#")
    assert kiosk.shows == [
        "Alles im Korb abbrechen?",
        "",
        "Summe 1 Artikel                     1,65",
        "# ja   * nein, weiter",
    ]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*")
    assert kiosk.shows[3] == "# kaufen  * zurück         Rest    16,70"
    kiosk.type("0##")
    assert kiosk.shows[0] == "Abgebrochen, nichts gebucht"
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.kinds == []


def test_goods_without_a_buyer_are_cancelled_the_same_way(kiosk):
    kiosk.scan(MATE)
    kiosk.type("0##")
    assert kiosk.shows == [
        "Abgebrochen, nichts gebucht",
        "",
        "",
        "Karte zeigen oder Artikel scannen",
    ]
