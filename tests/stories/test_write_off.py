"""Goods that are gone: broken, expired, used by the house, given away."""

import pytest

from tests.kiosk import CHEESE_250_G, MALT, MATE, SPEZI

MATES, NUTS = "Club-Mate 0,5l", "Erdnüsse"


@pytest.fixture
def clumsy(kiosk):
    """Ten Mate are there for 8.00, and Grace has something to write off."""
    kiosk.gets(MATES, 10, 800)
    kiosk.opens_menu("Grace")
    kiosk.type("7")
    return kiosk


def balances(kiosk):
    return dict(
        kiosk.books.current().execute("SELECT account, cents FROM balance WHERE cents <> 0")
    )


def test_two_bottles_broke(clumsy):
    assert clumsy.shows == [
        "Schwund: warum ist die Ware weg?",
        "1 Bruch             3 Eigenbedarf",
        "2 abgelaufen        4 verschenkt",
        "* zurück",
    ]
    clumsy.type("1")
    assert clumsy.shows == [
        "Schwund: Bruch",
        "Artikel scannen",
        "0 Stück",
        "* zurück   3 + Scan = 3 Stück",
    ]
    clumsy.type("2")
    assert clumsy.shows == [
        "2x ...",
        "Jetzt Artikel scannen",
        "0 Stück",
        "# Nummer suchen   * löschen",
    ]
    clumsy.scan(MATE)
    assert clumsy.shows == [
        "Schwund: Bruch",
        "2x Club-Mate 0,5l",
        "2 Stück",
        "# weiter  * zurück  3 + Scan = 3 Stück",
    ]
    clumsy.type("#")
    assert clumsy.shows == [
        "Schwund: Bruch                   2 Stück",
        "Diese Ware geht aus dem Bestand",
        "",
        "# ja, buchen   * nein",
    ]
    clumsy.type("#")
    assert clumsy.sounds == ["paid"]
    assert clumsy.shows == [
        "Die Ware ist ausgebucht",
        "Beleg K1-000012",
        "",
        "Weiter mit jeder Taste",
    ]
    assert clumsy.documents[-1].author.startswith("member:")
    assert clumsy.stock(MATES) == 8
    # 2 of 10 cost 1.60, and their deposit of 0.30 is broken as well.
    assert balances(clumsy)["writeoff:breakage"] == 190
    clumsy.type("#")
    assert clumsy.shows[0].startswith("1 Aufladen")


@pytest.mark.parametrize(
    ("key", "reason", "account", "cents"),
    [
        ("1", "Bruch", "breakage", 95),
        ("2", "abgelaufen", "expiry", 80),
        ("3", "Eigenbedarf", "own_use", 80),
        ("4", "verschenkt", "gift", 95),
    ],
)
def test_each_reason_has_its_account(clumsy, key, reason, account, cents):
    clumsy.type(key)
    clumsy.scan(MATE)
    assert clumsy.shows[0] == f"Schwund: {reason}"
    clumsy.type("##")
    assert balances(clumsy)[f"writeoff:{account}"] == cents


def test_the_same_twice_and_what_was_taken_back(clumsy):
    clumsy.type("2")
    clumsy.scan(MATE)
    clumsy.scan(MALT)
    clumsy.scan(MATE)
    assert clumsy.shows[2] == "3 Stück"
    clumsy.scan(SPEZI)
    clumsy.type("*")
    assert clumsy.shows[:3] == ["Zurück: Paulaner Spezi 0,5l", "", "3 Stück"]
    clumsy.type("#*")
    assert clumsy.shows[2] == "3 Stück"
    clumsy.type("##")
    lines = clumsy.documents[-1].body["lines"]
    assert [line["quantity"] for line in lines] == [2, 1]


def test_a_short_number_is_asked_how_many(clumsy):
    clumsy.type("2314#")
    assert clumsy.shows[0] == "Nummer unbekannt: 314"
    clumsy.type("14#")
    assert clumsy.shows == ["Erdnüsse", "Wie viele Stück?", "", "# weiter   * zurück"]
    clumsy.type("#")
    assert clumsy.shows[:2] == ["Nicht angenommen: wie viel?", "1 bis 9999 Stück, bis 999999 Gramm"]
    clumsy.type("0#10000#")
    assert clumsy.sounds[-1] == "refuse"
    clumsy.type("*14#12#")
    assert clumsy.shows[1:3] == ["12x Erdnüsse", "12 Stück"]
    clumsy.type("##")
    assert clumsy.stock(NUTS) == -12


def test_what_is_weighed_is_typed_in_grams_or_has_a_label(clumsy):
    clumsy.type("2")
    clumsy.scan(CHEESE_250_G)
    assert clumsy.shows[1] == "0,250 kg Gouda"
    clumsy.type("31#")
    assert clumsy.shows[1] == "Wie viel Gramm?"
    clumsy.type("15000#")
    assert clumsy.shows[1:3] == ["15,000 kg Gouda", "2 Stück"]
    clumsy.type("50")
    clumsy.scan(CHEESE_250_G)
    clumsy.type("##")
    assert clumsy.stock("Gouda") == -15_300


def test_whatever_is_no_goods_is_said(clumsy):
    clumsy.type("2")
    clumsy.scan("4001234567891")
    assert clumsy.shows[:2] == ["Unbekannt: 4001234567891", "Notiert für den Admin"]
    clumsy.scan("4029764001806")
    assert clumsy.shows[0] == "Falsch gelesen"
    clumsy.card("CARD-ADA")
    assert clumsy.sounds == ["refuse"]
    clumsy.type("99999")
    clumsy.scan(MATE)
    assert clumsy.shows[0] == "Nicht angenommen: wie viel?"
    clumsy.type("#")
    assert clumsy.sounds == ["refuse"]
    clumsy.type("5")
    assert clumsy.sounds == []
    assert clumsy.shows[0] == "5x ..."


def test_a_list_has_an_end(clumsy):
    clumsy.type("2")
    for _ in range(500):
        clumsy.scan(MATE)
    assert clumsy.shows[2] == "500 Stück"
    clumsy.scan(MATE)
    assert clumsy.shows[:2] == ["Nicht angenommen: Liste ist voll", "Bitte mit # weiter"]


def test_one_step_back_each_time(clumsy):
    clumsy.type("2")
    clumsy.scan(MATE)
    clumsy.type("5*")
    assert clumsy.shows[2] == "1 Stück"
    clumsy.type("14#")
    clumsy.type("5**")
    assert clumsy.shows[2] == "1 Stück"
    clumsy.type("*")
    assert clumsy.shows[2] == "0 Stück"
    clumsy.type("*")
    assert clumsy.shows[0] == "Schwund: warum ist die Ware weg?"
    clumsy.type("5")
    assert clumsy.sounds == ["refuse"]
    clumsy.type("*")
    assert clumsy.shows[0].startswith("1 Aufladen")
    assert clumsy.kinds == ["delivery"]


@pytest.mark.parametrize("keys", ["", "#", "14#", "5"])
def test_whoever_walks_away_is_told_that_nothing_was_booked(clumsy, keys):
    clumsy.type("2")
    clumsy.scan(MATE)
    clumsy.type(keys)
    clumsy.waits(291)
    assert clumsy.shows[3].endswith(" 9s")
    clumsy.waits(10)
    assert clumsy.sounds == ["refuse"]
    assert clumsy.shows[0] == "Abgebrochen, nichts gebucht"
    assert clumsy.kinds == ["delivery"]


@pytest.mark.parametrize("keys", ["", "2"])
def test_nothing_listed_is_nothing_lost(clumsy, keys):
    clumsy.type(keys)
    clumsy.waits(301)
    assert clumsy.sounds == []
    assert clumsy.shows[2] == "Karte zeigen oder Artikel scannen"


def test_what_was_written_off_by_mistake_comes_back_by_its_receipt(clumsy):
    clumsy.type("1")
    clumsy.scan(MATE)
    clumsy.type("###")
    clumsy.type("9112#")
    assert clumsy.shows == [
        "Storno K1-000012                    0,95",
        "Der ganze Beleg",
        "",
        "# alles stornieren   * zurück",
    ]
    clumsy.type("#")
    assert clumsy.sounds == ["paid"]
    assert clumsy.shows == ["Storniert", "Beleg K1-000013", "", "Weiter mit jeder Taste"]
    assert clumsy.stock(MATES) == 10
    assert "writeoff:breakage" not in balances(clumsy)


def test_goods_without_any_cost_leave_and_come_back(clumsy):
    """No posting at all: they were never delivered, and have no deposit."""
    clumsy.type("2")
    clumsy.type("14#3###")
    assert clumsy.documents[-1].postings == ()
    clumsy.type("#9112##")
    assert clumsy.shows[0] == "Storniert"
    assert clumsy.stock(NUTS) == 0


def test_a_delivery_comes_back_by_its_receipt(clumsy):
    clumsy.type("*9111#")
    assert clumsy.shows[0] == "Storno K1-000011                    8,00"
    clumsy.type("#")
    assert clumsy.shows[:2] == ["Storniert", "Beleg K1-000012"]
    assert clumsy.stock(MATES) == 0
    clumsy.type("#9111#")
    assert clumsy.shows[0] == "Nichts mehr zu stornieren"


def test_members_have_no_such_menu(kiosk):
    kiosk.opens_menu("Ada")
    kiosk.type("7")
    assert "PIN" in kiosk.says
    kiosk.type("****")
    kiosk.opens_menu("Tony")
    kiosk.type("7")
    assert kiosk.sounds == ["refuse"]
