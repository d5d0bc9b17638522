"""Taking back: one's last purchase in time, later with a trusted person and the receipt."""

import pytest

from tests.kiosk import MATE, SPEZI


@pytest.fixture
def bought(kiosk):
    """Ada has bought two Mate and a Spezi: K1-000011, 4.68."""
    kiosk.card("CARD-ADA")
    kiosk.type("2")
    kiosk.scan(MATE)
    kiosk.scan(SPEZI)
    kiosk.type("#")
    return kiosk


def test_the_last_purchase_is_taken_back_whole(bought):
    bought.opens_menu("Ada")
    bought.type("1")
    assert bought.shows == [
        "Storno K1-000011                    4,68",
        "Alles, oder eine Zeile: 1# bis 2#",
        "",
        "# alles stornieren   * zurück",
    ]
    bought.type("#")
    assert bought.sounds == ["paid"]
    assert bought.shows == [
        "Storniert",
        "Beleg K1-000012",
        "Guthaben                           18,35",
        "Weiter mit jeder Taste",
    ]
    assert bought.documents[-1].author is None
    bought.type("01")
    assert bought.shows[:2] == [
        "Nichts mehr zu stornieren",
        "Vielleicht hilft eine Vertrauensperson",
    ]


def test_a_part_of_a_line_is_taken_back(bought):
    bought.opens_menu("Ada")
    bought.type("11")
    assert bought.shows[2:] == [
        "1: 2x Club-Mate 0,5l                3,30",
        "# diese Zeile   * löschen",
    ]
    bought.type("#")
    assert bought.shows == [
        "2x Club-Mate 0,5l                   3,30",
        "Wie viele? Leer = alle",
        "",
        "# stornieren   * zurück",
    ]
    bought.type("3#")
    assert bought.shows[1] == "Nicht storniert: so viele sind es nicht"
    bought.type("1#")
    assert bought.shows[2] == "Guthaben                           15,32"
    bought.type("*1")
    assert bought.shows[0] == "Storno K1-000011                    3,03"
    bought.type("2##")
    assert bought.shows[2] == "Guthaben                           16,70"
    bought.type("*1")
    assert bought.shows[1] == "Alles, oder die eine Zeile: 1#"


def test_a_line_and_how_many_of_it_are_typed_in_no_more_digits_than_they_can_have(bought):
    bought.opens_menu("Ada")
    bought.type("1")
    bought.type("1234")
    assert bought.sounds == ["refuse"]
    bought.type("***1#")
    bought.type("1234567")
    assert bought.sounds == ["refuse"]


def test_one_may_think_again_at_every_step(bought):
    bought.opens_menu("Ada")
    bought.type("17#")
    assert bought.shows[0] == "Nummer unbekannt: 7"
    bought.scan(MATE)
    assert bought.sounds == ["refuse"]
    bought.type("1#1")
    assert bought.shows[2] == "1x"
    bought.scan(MATE)
    bought.type("**")
    assert bought.shows[0] == "Storno K1-000011                    4,68"
    bought.type("7")
    assert bought.shows[2] == "Zeile 7"
    bought.type("**")
    assert bought.shows[0].startswith("1 Storno")
    assert bought.kinds == ["sale"]


def test_after_the_time_limit_there_is_nothing_to_undo(bought):
    bought.waits(301)
    bought.opens_menu("Ada")
    bought.type("1")
    assert bought.shows[0] == "Nichts mehr zu stornieren"


def test_a_time_limit_that_ends_on_the_display_has_ended(bought):
    bought.waits(290)
    bought.opens_menu("Ada")
    bought.type("1")
    bought.waits(10)
    bought.type("#")
    assert bought.sounds == ["refuse"]
    assert bought.shows[0] == "Nichts mehr zu stornieren"
    assert bought.kinds == ["sale"]


def test_a_trusted_person_takes_back_by_receipt_and_the_buyer_is_still_known(bought):
    bought.opens_menu("Grace")
    bought.type("91")
    assert bought.shows == [
        "Beleg stornieren",
        "Nummer tippen, ohne Nullen",
        "Beleg K1-",
        "# suchen   * zurück",
    ]
    bought.type("11")
    assert bought.shows[2] == "Beleg K1-11"
    bought.type("##")
    assert bought.shows[0] == "Storniert"
    assert bought.credit("Ada").cents == 1835


@pytest.mark.parametrize("who", ["card", "number"])
def test_later_the_buyer_shows_the_card_or_says_the_number(bought, who):
    bought.waits(301)
    bought.opens_menu("Grace")
    bought.type("9111##")
    assert bought.shows == [
        "Käufer ist nicht mehr bekannt",
        "Karte des Käufers zeigen",
        "Beleg K1-000011",
        "oder Nummer+#   * zurück",
    ]
    bought.scan("NOBODY")
    assert bought.shows[0] == "Keine Karte: NOBODY"
    bought.type("#")
    assert bought.sounds == ["refuse"]
    bought.type("*")
    assert bought.shows[0] == "Storno K1-000011                    4,68"
    bought.type("#")
    if who == "card":
        bought.card("CARD-ADA")
    else:
        bought.type("421*")
        assert bought.shows[2] == "Nummer 42"
        bought.type("#")
    assert bought.shows[2] == "Guthaben                           18,35"
    assert bought.documents[-1].author.startswith("member:")


def test_a_buyer_with_history_is_known_for_ever(kiosk):
    kiosk.card("CARD-LINUS")
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.waits(301)
    kiosk.opens_menu("Grace")
    kiosk.type("9111##")
    assert kiosk.shows[2] == "Guthaben                            2,00"


@pytest.mark.parametrize("number", ["0", "99", "999999999"])
def test_a_receipt_that_is_none_is_said(kiosk, number):
    kiosk.opens_menu("Grace")
    kiosk.type(f"91{number}#")
    assert kiosk.sounds[-1] == "refuse"
    assert kiosk.shows[0] == "Nichts mehr zu stornieren"


def test_a_receipt_number_is_no_longer_than_receipts_are(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("91")
    kiosk.type("#")
    assert kiosk.sounds == ["refuse"]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("1234567890")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*" * 9)
    assert kiosk.shows[2] == "Beleg K1-"
    kiosk.type("*")
    assert kiosk.shows[0].startswith("1 Aufladen")


def test_a_top_up_is_taken_back_whole_as_long_as_there_is_cash(kiosk):
    kiosk.office("top_up", member="Linus", cents=1000)
    kiosk.opens_menu("Grace")
    kiosk.type("9111#")
    assert kiosk.shows[:2] == ["Storno K1-000011                   10,00", "Der ganze Beleg"]
    kiosk.office("payout", member="Linus", cents=400)
    kiosk.type("#")
    assert kiosk.shows[0] == "Nicht gebucht: zu wenig Bargeld"
    kiosk.office("top_up", member="Ada", cents=400)
    kiosk.type("#")
    assert kiosk.shows[0] == "Storniert"
    assert kiosk.credit("Linus").cents == -200
    kiosk.type("*911" + "1#")
    assert kiosk.shows[0] == "Nichts mehr zu stornieren"


def test_what_somebody_took_back_meanwhile_is_not_taken_back_twice(bought):
    bought.opens_menu("Ada")
    bought.type("1")
    bought.office("reverse", receipt="K1-000011")
    bought.type("#")
    assert bought.shows[0] == "Nicht storniert: schon geschehen"
    assert bought.credit("Ada").cents == 1835


def test_once_nobody_knows_the_buyer_the_card_that_is_shown_gets_the_credit(bought):
    bought.waits(301)
    bought.opens_menu("Grace")
    bought.type("9111##")
    bought.card("CARD-LINUS")
    assert bought.shows[0] == "Storniert"
    assert bought.credit("Linus").cents == 200 + 468
