"""One's own account: history, bookings, language, short numbers."""

from tests.kiosk import MATE, SPEZI

MENU = [
    "1 Storno",
    "2 Übertragen        6 Verlauf an",
    "3 Pfand zurück      7 PIN ändern",
    "4 Kurznummern       8 English  * zurück",
]


def test_the_menu_of_a_member(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0#")
    assert kiosk.shows == MENU
    kiosk.type("5")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("9#0")
    assert kiosk.sounds == ["refuse"] * 3
    kiosk.type("*")
    assert kiosk.shows[2] == "Artikel scannen"


def test_who_keeps_a_history_reads_the_last_bookings(kiosk):
    kiosk.office("top_up", member="Linus", cents=1000)
    kiosk.card("CARD-LINUS")
    kiosk.type("2")
    kiosk.scan(MATE)
    kiosk.scan(SPEZI)
    kiosk.type("#")
    kiosk.opens_menu("Linus")
    assert kiosk.shows[:2] == [
        "1 Storno            5 Meine Buchungen",
        "2 Übertragen        6 Verlauf aus",
    ]
    for keys in ("5", "#"):  # three are one page
        kiosk.type(keys)
        assert kiosk.shows == [
            "22.11. 2x Club-Mate 0,5l,          -4,68",
            "22.11. Aufladung                   10,00",
            "22.11. Aufladung                    2,00",
            "# blättern   * zurück",
        ]
    kiosk.type("1")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*")
    assert kiosk.shows[0] == "Hallo Linus            Guthaben     7,32"


def test_more_bookings_are_on_the_next_page_and_a_scan_goes_on_buying(kiosk):
    for cents in (100, 200, 300):
        kiosk.office("top_up", member="Linus", cents=cents)
    kiosk.opens_menu("Linus")
    kiosk.type("5#")
    assert kiosk.shows[:2] == ["22.11. Aufladung                    2,00", ""]
    kiosk.type("#")
    assert kiosk.shows[0] == "22.11. Aufladung                    3,00"
    kiosk.scan(MATE)
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,65"


def test_history_is_switched_on_and_then_kept(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0#6")
    assert kiosk.shows == [
        "Verlauf deiner Käufe führen?",
        "Du kannst ihn lesen, Admins auch.",
        "",
        "# ja   * nein",
    ]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*6#")
    assert kiosk.shows == [
        "Dein Verlauf ist an",
        "Ab dem nächsten Kauf",
        "",
        "Weiter mit jeder Taste",
    ]
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.opens_menu("Ada")
    kiosk.type("5")
    assert kiosk.shows[0] == "22.11. Club-Mate 0,5l              -1,65"


def test_history_switched_off_is_forgotten(kiosk):
    kiosk.card("CARD-LINUS")
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.opens_menu("Linus")
    kiosk.type("6")
    assert kiosk.shows[:2] == ["Verlauf ausschalten?", "Bisherige Käufe werden vergessen."]
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Dein Verlauf ist aus", "Bisherige Käufe sind vergessen"]
    kiosk.waits(6)
    assert "Meine Buchungen" not in kiosk.says
    kiosk.type("6#")
    kiosk.type("*5")
    assert "Mate" not in kiosk.says


def test_a_member_reads_english_from_now_on(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0#8")
    assert kiosk.sounds[-1] == "accept"
    assert kiosk.shows[3] == "4 Short numbers     8 Deutsch  * back"
    kiosk.type("*")
    assert kiosk.shows[0] == "Hello Ada                Credit    18.35"
    kiosk.type("*")
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"
    kiosk.waits(2)
    kiosk.card("CARD-ADA")
    assert kiosk.shows[0] == "Hello Ada                Credit    18.35"
    kiosk.type("0#8")
    assert kiosk.shows == MENU


def test_a_guest_chooses_english_for_this_visit(kiosk):
    kiosk.type("0#")
    assert kiosk.shows == ["1 Kurznummern", "2 English", "", "* zurück"]
    kiosk.type("2")
    assert kiosk.shows == ["1 Short numbers", "2 Deutsch", "", "* back"]
    kiosk.type("*")
    assert kiosk.shows[2:] == ["Show card or scan goods", "Number+#   0# menu"]
    kiosk.scan(MATE)
    kiosk.waits(2)
    kiosk.card("GUEST-1")
    assert kiosk.shows == [
        "Club-Mate 0,5l                      1.50",
        "   + deposit                        0.15",
        "Total 1 article                     1.65",
        "# buy  * back              Left     3.35",
    ]
    kiosk.type("#")
    assert kiosk.shows[0] == "Thank you!"
    kiosk.waits(6)
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"


def test_a_language_chosen_and_left_is_that_of_the_house_after_a_while(kiosk):
    kiosk.type("0#2*")
    kiosk.waits(31)
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"


def test_a_guests_card_has_a_menu_without_what_needs_a_name(kiosk):
    kiosk.card("GUEST-1")
    kiosk.type("0#")
    assert kiosk.shows == [
        "1 Storno",
        "2 Übertragen",
        "3 Pfand zurück",
        "4 Kurznummern       8 English  * zurück",
    ]
    kiosk.type("8")
    assert kiosk.shows[3] == "4 Short numbers     8 Deutsch  * back"
    kiosk.type("67")
    assert kiosk.sounds == ["refuse", "refuse"]
    assert kiosk.kinds == []


def test_short_numbers_are_listed_and_typed_from_the_list(kiosk):
    kiosk.type("0#1")
    assert kiosk.shows == [
        "   12 Club-Mate 0,5l                1,50",
        "   13 Vitamalz                      1,10",
        "   14 Erdnüsse                      1,00",
        "# blättern   * zurück",
    ]
    kiosk.type("#")
    assert kiosk.shows[2] == "   31 Gouda                        12,90"
    kiosk.type("#14#")
    assert kiosk.shows[0] == "Erdnüsse                            1,00"
    kiosk.card("CARD-ADA")
    kiosk.type("#")
    assert kiosk.shows[1] == "Beleg K1-000011                     1,00"


def test_the_list_is_left_for_where_it_was_opened(kiosk):
    kiosk.type("0#1*")
    assert kiosk.shows[3] == "Nummer+#   0# Menü"
    kiosk.card("CARD-ADA")
    kiosk.type("0#4*")
    assert kiosk.shows[0].startswith("Hallo Ada")
    kiosk.type("0#414#")
    assert kiosk.shows[0] == "Erdnüsse                            1,00"


def test_a_shop_without_short_numbers_says_so(kiosk):
    for name in ("Club-Mate 0,5l", "Vitamalz", "Erdnüsse", "Kaffeemaschine"):
        kiosk.office("product_retire", product=name)
    for name in ("Leitungswasser", "Gouda"):
        kiosk.office("product_retire", product=name)
    kiosk.type("0#1")
    assert kiosk.shows[0] == "Es gibt keine Kurznummern"
    kiosk.type("#")
    assert kiosk.shows[0] == "Es gibt keine Kurznummern"


def test_scanning_leaves_any_menu_for_a_purchase(kiosk):
    kiosk.type("0#")
    kiosk.scan(MATE)
    assert kiosk.shows[3] == "Karte zeigen, dann # kaufen   * zurück"
    kiosk.card("CARD-ADA")
    kiosk.type("#")
    kiosk.opens_menu("Ada")
    kiosk.scan(SPEZI)
    assert kiosk.shows[3].startswith("# kaufen")
    kiosk.type("*")
    kiosk.type("0#")
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0].startswith("Hallo Linus")
