"""Whose cart it is, and whether the credit suffices for it."""

from tests.kiosk import CHEESE_250_G, MATE, SPEZI

IDLE = "Karte zeigen oder Artikel scannen"


def test_somebody_elses_card_asks_before_it_switches(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.card("CARD-LINUS")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows == [
        "Korb von Ada (1,65) ist offen",
        "Abbrechen und weiter mit Linus?",
        "",
        "# ja   * nein, weiter mit Ada",
    ]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*")
    assert kiosk.shows[0] == "Club-Mate 0,5l                      1,50"
    kiosk.waits(2)
    kiosk.card("CARD-LINUS")
    kiosk.type("#")
    assert kiosk.shows[0] == "Hallo Linus            Guthaben     2,00"
    assert kiosk.kinds == []


def test_with_an_empty_cart_the_next_card_is_simply_next(kiosk):
    kiosk.card("CARD-BARBARA")
    assert kiosk.shows[0] == "Hello Barbara            Credit     5.00"
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0] == "Hallo Linus            Guthaben     2,00"
    kiosk.type("*")
    assert kiosk.shows[2] == IDLE


def test_ones_own_card_again_greets_again(kiosk):
    kiosk.logs_in("Edsger")
    kiosk.waits(2)
    kiosk.card("CARD-EDSGER")
    assert kiosk.shows[0] == "Hallo Edsger           Guthaben    90,00"


def test_a_scan_beyond_the_credit_never_enters_the_cart(kiosk):
    kiosk.card("CARD-LINUS")
    kiosk.scan(MATE)
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows == [
        "Nicht im Korb: Club-Mate 0,5l       1,65",
        "Es fehlen                           1,30",
        "Summe 1 Artikel                     1,65",
        "# kaufen  * zurück         Rest     0,35",
    ]
    kiosk.type("#")
    assert kiosk.credit("Linus").cents == 35


def test_goods_first_beyond_the_credit_are_said_with_the_card_and_at_the_key(kiosk):
    kiosk.type("2")
    kiosk.scan(MATE)
    kiosk.card("CARD-LINUS")
    assert kiosk.sounds == ["refuse"]
    short = [
        "Das Guthaben reicht nicht",
        "Es fehlen                           1,30",
        "Summe 2 Artikel                     3,30",
        "* zurück   0# abbrechen",
    ]
    assert kiosk.shows == short
    kiosk.type("#")
    assert (kiosk.shows, kiosk.sounds, kiosk.kinds) == (short, ["refuse"], [])
    kiosk.type("*")
    assert kiosk.shows[2] == "Artikel scannen"


def test_a_credit_spent_elsewhere_meanwhile_is_noticed_by_the_books(kiosk):
    kiosk.card("CARD-LINUS")
    kiosk.scan(MATE)
    kiosk.office("transfer", cents=100, source={"member": "Linus"}, target={"member": "Ada"})
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[:2] == [
        "Das Guthaben reicht nicht",
        "Es fehlen                           0,65",
    ]
    assert kiosk.kinds == ["transfer"]


def test_a_credit_topped_up_elsewhere_meanwhile_counts_with_the_next_card(kiosk):
    kiosk.scan(SPEZI)
    kiosk.scan(MATE)
    kiosk.card("CARD-LINUS")
    kiosk.office("top_up", cents=500, member="Linus")
    kiosk.waits(2)
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0] == "Danke, Linus!"


def test_after_thanks_the_next_scan_counts_at_once_and_a_bouncing_key_does_not(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("##")
    assert kiosk.shows[0] == "Danke, Ada!"
    assert kiosk.sounds == ["paid"]
    kiosk.scan(SPEZI)
    assert kiosk.shows[0] == "Paulaner Spezi 0,5l                 1,30"
    kiosk.type("*")
    kiosk.card("CARD-LINUS")
    kiosk.scan(MATE)
    kiosk.type("#*")
    assert kiosk.shows[2] == IDLE
    assert len(kiosk.documents) == 2


def test_a_guest_pays_from_an_anonymous_card(kiosk):
    kiosk.card("GUEST-1")
    assert kiosk.shows[0] == "Hallo Gast             Guthaben     5,00"
    kiosk.scan(MATE)
    kiosk.type("#")
    assert kiosk.shows[0] == "Danke!"
    assert kiosk.credit("GUEST-1").cents == 335
    assert kiosk.documents[-1].private_digest is None, "nothing of it names anybody"


def test_what_costs_nothing_is_booked_like_anything_else(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("16##")
    assert kiosk.shows[:2] == ["Danke, Ada!", "Beleg K1-000011                     0,00"]


def test_weighed_goods_are_scanned_from_the_label_of_the_scale(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("31#")
    assert kiosk.shows[:2] == ["Nicht im Korb: Gouda", "Etikett der Waage scannen"]
    kiosk.scan(CHEESE_250_G)
    assert kiosk.shows[0] == "0,250 kg Gouda                      3,23"
    kiosk.type("2")
    kiosk.scan(CHEESE_250_G)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("#")
    assert kiosk.credit("Ada").cents == 1835 - 323


def test_a_full_cart_is_bought_first(kiosk):
    kiosk.card("CARD-ADA")
    for _ in range(100):
        kiosk.type("16#")
    kiosk.type("16#")
    assert kiosk.shows[:2] == ["Nicht im Korb: Korb ist voll", "Bitte zuerst mit # kaufen"]
    assert kiosk.shows[2] == "Summe 100 Artikel                   0,00"
