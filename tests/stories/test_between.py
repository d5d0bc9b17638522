"""What the display says in between: hints while something is typed, and credit that has moved."""

from tests.kiosk import MATE


def test_the_own_card_once_more_with_nothing_to_buy_greets_again(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.waits(2)
    kiosk.office("top_up", member="Ada", cents=100)
    kiosk.card("CARD-ADA")
    assert kiosk.sounds == ["accept"]
    assert kiosk.shows[0] == "Hallo Ada              Guthaben    19,35"


def test_the_own_card_forgets_what_was_typed(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("5")
    kiosk.waits(2)
    kiosk.card("CARD-ADA")
    assert kiosk.shows[2] == "Artikel scannen"
    kiosk.scan(MATE)
    assert kiosk.shows[0] == "Club-Mate 0,5l                      1,50"


def test_a_nought_says_what_it_opens(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0")
    assert kiosk.shows[3] == "0# Menü   * zurück"
    kiosk.type("*")
    kiosk.scan(MATE)
    kiosk.type("0")
    assert kiosk.shows[0] == "0"
    assert kiosk.shows[3] == "0# abbrechen   * zurück"


def test_what_was_taken_back_can_be_spent_at_once(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.opens_menu("Ada")
    kiosk.type("11#")
    assert kiosk.shows[2] == ""
    kiosk.type("1")
    assert kiosk.shows[2] == "1x"
    kiosk.type("#")
    assert kiosk.shows[2] == "Guthaben                           18,35"
    kiosk.type("**")
    assert kiosk.shows[0] == "Hallo Ada              Guthaben    18,35"


def test_who_takes_back_for_others_gets_nothing(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.opens_menu("Grace")
    kiosk.type("9111##")
    assert kiosk.shows[0] == "Storniert"
    assert kiosk.credit("Ada").cents == 1835
    kiosk.type("**")
    assert kiosk.shows[0] == "Hallo Grace            Guthaben    40,00"


def test_credit_afterwards_is_more_or_less(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("2")
    kiosk.card("CARD-ADA")
    kiosk.type("100#")
    assert kiosk.shows[1] == "Guthaben danach                    17,35"
    kiosk.type("***1")
    kiosk.waits(2)
    kiosk.card("CARD-ADA")
    kiosk.type("100#")
    assert kiosk.shows[1] == "Guthaben danach                    19,35"
    kiosk.type("#")
    assert kiosk.shows[0] == "Aufgeladen für Ada                  1,00"


def test_an_amount_says_whether_it_is_cash(kiosk):
    kiosk.opens_menu("Ada")
    kiosk.type("2")
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[2] == "Betrag in Cent                      0,00"
    kiosk.waits(60)
    kiosk.opens_menu("Grace")
    kiosk.type("1")
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[2] == "Betrag bar in Cent                  0,00"


def test_somebody_elses_card_over_a_cart_names_both(kiosk):
    kiosk.card("GUEST-1")
    kiosk.scan(MATE)
    kiosk.type("4")
    kiosk.card("CARD-ADA")
    assert kiosk.shows[:2] == ["Korb von Gast (1,65) ist offen", "Abbrechen und weiter mit Ada?"]
    kiosk.type("*")
    assert kiosk.shows[0].startswith("Club-Mate 0,5l")
    kiosk.waits(2)
    kiosk.card("CARD-ADA")
    kiosk.type("#")
    assert kiosk.shows[0] == "Hallo Ada              Guthaben    18,35"


def test_a_cent_too_little_is_too_little(kiosk):
    kiosk.office("product_set", product="Erdnüsse", changes={"price_cents": 201})
    kiosk.type("14#")
    kiosk.card("CARD-LINUS")
    assert kiosk.sounds == ["refuse"]
    assert "0,01" in kiosk.says
    kiosk.waits(120)
    kiosk.office("product_set", product="Erdnüsse", changes={"price_cents": 200})
    kiosk.type("14#")
    kiosk.card("CARD-LINUS")
    assert kiosk.sounds == ["accept"]
    kiosk.type("#")
    assert kiosk.credit("Linus").cents == 0


def test_every_kind_of_booking_has_its_word(kiosk):
    kiosk.office("top_up", member="Linus", cents=500)
    kiosk.card("CARD-LINUS")
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.opens_menu("Linus")
    kiosk.type("3")
    kiosk.scan(MATE)
    kiosk.type("##")
    kiosk.waits(60)
    kiosk.opens_menu("Linus")
    kiosk.type("1#")
    kiosk.office("payout", member="Linus", cents=100)
    target = {"member": "Ada"}
    kiosk.office("transfer", cents=10, source={"member": "Linus"}, target=target)
    kiosk.waits(60)
    kiosk.opens_menu("Linus")
    kiosk.type("5")
    rows = kiosk.shows[:3]
    for _ in range(2):
        kiosk.type("#")
        rows += kiosk.shows[:3]
    shown = [row.removeprefix("22.11. ").rsplit(" ", 1)[0].rstrip() for row in rows]
    assert shown[:2] == ["Übertragen", "Auszahlung"]
    assert {"Club-Mate 0,5l", "Aufladung", "Pfand"} <= set(shown)


def test_a_purchase_of_three_lines_says_which_may_be_taken_back(kiosk):
    kiosk.card("CARD-ADA")
    for number in ("12", "13", "14"):
        kiosk.type(f"{number}#")
    kiosk.type("#")
    kiosk.opens_menu("Ada")
    kiosk.type("1")
    assert kiosk.shows[1] == "Alles, oder eine Zeile: 1# bis 3#"


def test_the_short_numbers_lead_back_to_where_they_were_looked_up(kiosk):
    kiosk.type("0#1")
    assert kiosk.shows[0] == "   12 Club-Mate 0,5l                1,50"
    kiosk.type("*")
    assert kiosk.sounds == []
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"
    kiosk.opens_menu("Ada")
    kiosk.type("4*")
    assert kiosk.shows[0] == "Hallo Ada              Guthaben    18,35"
