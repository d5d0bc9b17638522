"""What trusted persons and admins do for the house: cards, and the machine itself."""

import pytest

from tests.kiosk import MATE


def test_the_menus_of_a_trusted_person(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("9")
    assert kiosk.shows == [
        "1 Storno mit Beleg  4 PIN zurücksetzen",
        "2 Karte verloren    5 Pfand von Hand",
        "3 Neue Gastkarte",
        "* zurück  7 Bargeld 9 erste Seite",
    ]
    kiosk.type("6")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("9")
    assert kiosk.shows[0].startswith("1 Aufladen")
    kiosk.type("8")
    assert kiosk.shows[0] == "1 Storno"


def test_the_pin_opens_the_menu_once_per_login(kiosk):
    kiosk.card("CARD-GRACE")
    kiosk.type("0#*")
    assert kiosk.shows[2] == "Artikel scannen"
    kiosk.type("0#161803#*0#")
    assert kiosk.shows[0].startswith("1 Aufladen")
    kiosk.type("**")
    kiosk.waits(2)
    kiosk.card("CARD-GRACE")
    kiosk.type("0#")
    assert kiosk.shows[1] == "PIN"


def test_a_lost_card_is_blocked_and_its_credit_moves_to_a_new_one(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("92")
    assert kiosk.shows == [
        "Karte verloren",
        "Karte zeigen oder Nummer tippen",
        "",
        "# suchen   * zurück",
    ]
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("4*42")
    assert kiosk.shows[2] == "Nummer 42"
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Neue Karte für Ada", "Neue Karte zeigen"]
    for taken in (MATE, "CARD-LINUS"):
        kiosk.scan(taken)
        assert kiosk.shows[:2] == ["Dieser Code ist vergeben", "Eine andere Karte zeigen"]
    kiosk.scan("4001234567890")
    assert kiosk.shows[0] == "Falsch gelesen"
    kiosk.scan("CARD-ADA-2")
    assert kiosk.shows == [
        "Neue Karte CARD-ADA-2",
        "Alte Karten werden gesperrt: Ada",
        "",
        "# ja   * nein",
    ]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*")
    kiosk.waits(2)
    kiosk.scan("CARD-ADA-2")
    kiosk.type("#")
    assert kiosk.shows == [
        "Neue Karte für Ada",
        "Sie gilt ab jetzt",
        "Guthaben                           18,35",
        "Weiter mit jeder Taste",
    ]
    kiosk.card("CARD-ADA-2")
    assert kiosk.sounds == [], "it still lies on the reader"
    kiosk.card("CARD-ADA")
    assert kiosk.shows[:2] == ["Diese Karte ist gesperrt", "Eine Vertrauensperson kann helfen"]
    kiosk.waits(2)
    kiosk.card("CARD-ADA-2")
    assert kiosk.shows[0].startswith("Hallo Ada")


def test_the_old_card_itself_can_be_shown_too(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("92")
    kiosk.card("CARD-ADA")
    assert kiosk.shows[0] == "Neue Karte für Ada"
    kiosk.type("*")
    assert kiosk.shows[0].startswith("1 Aufladen")
    kiosk.type("92*")
    assert kiosk.shows[0].startswith("1 Aufladen")


def test_a_blocked_card_is_no_new_card(kiosk):
    kiosk.office("card_set", card="CARD-LINUS", changes={"blocked": True})
    kiosk.opens_menu("Grace")
    kiosk.type("93")
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0] == "Dieser Code ist vergeben"


def test_a_new_guest_card_is_made_and_topped_up(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("93")
    assert kiosk.shows[:2] == ["Neue Gastkarte", "Neue Karte zeigen"]
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("123")
    assert kiosk.shows[2] == "Nummer 123"
    kiosk.type("***12#")
    assert kiosk.shows[0] == "Dieser Code ist vergeben"
    kiosk.type("990011#")
    assert kiosk.shows[:2] == ["Neue Karte 990011", "Eine neue, leere Gastkarte"]
    kiosk.type("**")
    assert kiosk.shows[0].startswith("1 Aufladen")
    kiosk.type("93990011##")
    assert kiosk.shows[:2] == ["Neue Gastkarte", "Aufladen und ausgeben"]
    kiosk.type("11")
    kiosk.card("990011")
    kiosk.type("1000##")
    assert kiosk.credit("990011").cents == 1000
    kiosk.type("**990011#")


def test_without_a_group_of_guests_there_is_no_guest_card(kiosk):
    kiosk.office("group_retire", group="guests")
    kiosk.opens_menu("Grace")
    kiosk.type("93")
    kiosk.scan("GUEST-2")
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Es gibt keine Gruppe für Gäste", "Admin: kpos group add guests"]


def test_a_code_that_was_given_out_meanwhile_is_taken(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("93")
    kiosk.scan("GUEST-2")
    kiosk.office("card_issue", code="GUEST-2", member="Ada")
    kiosk.type("#")
    assert kiosk.shows[0] == "Dieser Code ist vergeben"


def test_a_member_who_left_meanwhile_gets_no_card(kiosk):
    """Whatever else the books refuse is said, and an admin is to be asked."""
    kiosk.card("CARD-ADA")
    kiosk.type("0#6")
    kiosk.office("transfer", cents=1835, source={"member": "Ada"}, target={"member": "Mia"})
    kiosk.office("member_retire", member="Ada")
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Nicht gebucht", "Bitte Admin rufen"]


@pytest.mark.parametrize(
    ("key", "title", "mode"),
    [("1", "Kasse neu starten?", "reboot"), ("2", "Kasse ausschalten?", "poweroff")],
)
def test_an_admin_restarts_the_machine_or_powers_it_off(kiosk, key, title, mode):
    kiosk.opens_menu("Ken")
    kiosk.type("9")
    assert kiosk.shows[2] == "3 Neue Gastkarte    6 Neustart, Aus"
    kiosk.type("6")
    assert kiosk.shows == ["1 Neustart", "2 Ausschalten", "", "* zurück"]
    kiosk.type("*6" + key)
    assert kiosk.shows == [title, "", "", "# ja   * nein"]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*" + key)
    assert kiosk.went == []
    kiosk.type("#")
    assert kiosk.went == [mode]
    assert kiosk.shows == ["Die Kasse fährt herunter", "Alles ist gespeichert", "", ""]
    kiosk.type("#")
    kiosk.scan(MATE)
    assert kiosk.went == [mode]
    assert kiosk.shows[0] == "Die Kasse fährt herunter"


def test_nobody_but_an_admin_sets_the_pin_of_an_admin(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("94")
    kiosk.card("CARD-KEN")
    assert kiosk.shows[0] == "Nur Admins dürfen das"
    kiosk.type("**")
