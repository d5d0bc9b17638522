"""Top up, pay out, transfer: cash between hands, credit between wallets."""

from tests.kiosk import MATE


def topped_up(kiosk, cents=2000, card="CARD-ADA"):
    kiosk.opens_menu("Grace")
    kiosk.type("1")
    kiosk.waits(2)
    kiosk.card(card)
    kiosk.type(f"{cents}##")


def test_a_trusted_person_tops_up(kiosk):
    kiosk.card("CARD-GRACE")
    kiosk.type("0#")
    assert kiosk.shows[:2] == ["Grace", "PIN"]
    kiosk.type("161803#")
    assert kiosk.shows == [
        "1 Aufladen          5 Wareneingang",
        "2 Auszahlen         6 Inventur",
        "3 Kasse zählen      7 Schwund",
        "4 Abschluss         8 Mein Menü  9 mehr",
    ]
    kiosk.type("1")
    assert kiosk.shows == [
        "Aufladen durch Grace",
        "Karte des Empfängers zeigen",
        "",
        "oder Nummer+#   * zurück",
    ]
    kiosk.card("CARD-ADA")
    kiosk.type("200")
    assert kiosk.shows[2] == "Betrag bar in Cent                  2,00"
    kiosk.type("0")
    assert kiosk.shows == [
        "Aufladen für Ada       Guthaben    18,35",
        "",
        "Betrag bar in Cent                 20,00",
        "# weiter   * zurück",
    ]
    kiosk.type("#")
    assert kiosk.shows == [
        "Bar erhalten von Ada?              20,00",
        "Guthaben danach                    38,35",
        "Aufladen durch Grace",
        "# ja, buchen   * nein",
    ]
    kiosk.type("#")
    assert kiosk.sounds == ["paid"]
    assert kiosk.shows == [
        "Aufgeladen für Ada                 20,00",
        "Beleg K1-000011        Guthaben    38,35",
        "",
        "Nächste Karte   * fertig",
    ]
    assert kiosk.documents[-1].author.startswith("member:")
    kiosk.type("**")
    assert kiosk.shows[0] == "Hallo Grace            Guthaben    40,00"


def test_the_next_card_or_number_goes_on(kiosk):
    topped_up(kiosk)
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0] == "Aufladen für Linus     Guthaben     2,00"
    kiosk.type("500##")
    kiosk.type("77")
    assert kiosk.shows[2] == "Nummer 77"
    kiosk.type("#")
    assert kiosk.shows[0] == "Aufladen für Mia       Guthaben    10,00"
    kiosk.type("100##")
    kiosk.type("#")
    assert kiosk.shows[0] == "Aufladen durch Grace"
    kiosk.type("*")
    assert kiosk.shows[0].startswith("1 Aufladen")
    kiosk.type("1")
    kiosk.card("GUEST-1")
    kiosk.type("100##*")
    assert kiosk.shows[0].startswith("1 Aufladen")
    assert kiosk.kinds == ["top_up"] * 4


def test_nothing_of_it_is_booked_before_the_last_key(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("1")
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("42**")
    assert kiosk.shows[2] == ""
    kiosk.card("CARD-ADA")
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Kein Betrag", "In Cent tippen: 2000 sind 20,00"]
    kiosk.type("1234567")
    assert kiosk.sounds[-1] == "refuse"
    kiosk.type("*#")
    assert kiosk.shows[0] == "Bar erhalten von Ada?             123,45"
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*")
    assert kiosk.shows[2] == "Betrag bar in Cent                  0,00"
    kiosk.scan(MATE)
    kiosk.type("***")
    assert kiosk.shows[2:] == ["Artikel scannen", "* zurück   0# Menü"]
    assert kiosk.kinds == []


def test_what_is_no_card_is_told_so(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("1")
    for code, first in (
        (MATE, "Keine Karte: Club-Mate 0,5l"),
        ("4001234567890", "Falsch gelesen"),
        ("NOBODY", "Keine Karte: NOBODY"),
    ):
        kiosk.scan(code)
        assert (kiosk.shows[0], kiosk.sounds) == (first, ["refuse"])
    kiosk.type("4711#")
    assert kiosk.shows[:2] == ["Nummer unbekannt: 4711", "Bitte prüfen und neu tippen"]
    kiosk.type("12#")
    assert kiosk.shows[0] == "Nummer unbekannt: 12"
    kiosk.office("card_set", card="CARD-LINUS", changes={"blocked": True})
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0] == "Diese Karte ist gesperrt"


def test_ones_own_top_up_can_be_spent_at_once(kiosk):
    topped_up(kiosk, card="CARD-GRACE", cents=500)
    kiosk.type("**")
    assert not kiosk.shows[0].startswith("1 Aufladen")
    kiosk.scan(MATE)
    assert kiosk.shows[3].endswith("43,35")


def test_cash_is_paid_out_as_far_as_there_is_any(kiosk):
    topped_up(kiosk, cents=1000, card="CARD-LINUS")
    kiosk.type("*2")
    assert kiosk.shows[0] == "Auszahlen durch Grace"
    kiosk.card("CARD-ADA")
    kiosk.type("1500##")
    assert kiosk.sounds[-1] == "refuse"
    assert kiosk.shows[:2] == [
        "Nicht gebucht: zu wenig Bargeld",
        "Es fehlen                           5,00",
    ]
    kiosk.type("2000#")
    assert kiosk.shows[:2] == [
        "Das Guthaben reicht nicht",
        "Es fehlen                           1,65",
    ]
    kiosk.type("1000#")
    assert kiosk.shows[:3] == [
        "Bar ausgezahlt an Ada?             10,00",
        "Guthaben danach                     8,35",
        "Auszahlen durch Grace",
    ]
    kiosk.type("#")
    assert kiosk.shows[0] == "Ausgezahlt an Ada                  10,00"
    assert kiosk.credit("Ada").cents == 835


def test_a_credit_spent_meanwhile_is_not_paid_out(kiosk):
    topped_up(kiosk, cents=5000, card="CARD-ADA")
    kiosk.type("*2")
    kiosk.card("CARD-LINUS")
    kiosk.type("200#")
    kiosk.office("transfer", cents=50, source={"member": "Linus"}, target={"member": "Ada"})
    kiosk.type("#")
    assert kiosk.shows[:2] == [
        "Das Guthaben reicht nicht",
        "Es fehlen                           0,50",
    ]


def test_a_member_transfers_credit_without_seeing_the_receivers(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0#2")
    assert kiosk.shows[0] == "Übertragen von Ada"
    kiosk.waits(2)
    kiosk.card("CARD-ADA")
    assert kiosk.shows[:2] == ["Das ist deine eigene Karte", "Karte des Empfängers zeigen"]
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0] == "Übertragen an Linus"
    kiosk.type("1900#")
    assert kiosk.shows[0] == "Das Guthaben reicht nicht"
    kiosk.type("500")
    assert kiosk.shows[2] == "Betrag in Cent                      5,00"
    kiosk.type("#")
    assert kiosk.shows == [
        "Übertragen an Linus?                5,00",
        "Dein Guthaben danach               13,35",
        "",
        "# ja, buchen   * nein",
    ]
    kiosk.type("#")
    assert kiosk.shows[:2] == [
        "Übertragen an Linus                 5,00",
        "Beleg K1-000011        Guthaben    13,35",
    ]
    kiosk.type("**")
    kiosk.scan(MATE)
    assert kiosk.shows[3].endswith("11,70")
    assert kiosk.credit("Linus").cents == 700


def test_a_transfer_above_the_free_limit_asks_the_pin(kiosk):
    kiosk.office("top_up", member="Ada", cents=5000)
    kiosk.card("CARD-ADA")
    kiosk.type("0#2")
    kiosk.card("CARD-LINUS")
    kiosk.type("2001##")
    assert kiosk.shows[:2] == ["Ada", "PIN"]
    kiosk.type("*")
    assert kiosk.shows[0] == "Übertragen an Linus?               20,01"
    kiosk.type("#7391#")
    assert kiosk.shows[0] == "Übertragen an Linus                20,01"


def test_the_largest_amount_of_all_still_fits(kiosk):
    topped_up(kiosk, cents=999_999, card="GUEST-1")
    kiosk.waits(2)
    kiosk.card("GUEST-1")
    kiosk.type("1234567")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*" * 7)
    for _ in range(3):
        kiosk.waits(2)
        kiosk.card("GUEST-1")
        kiosk.type("999999##")
    assert kiosk.shows[:2] == [
        "Aufgeladen für Gast              9999,99",
        "Beleg K1-000014        Guthaben 40004,96",
    ]
