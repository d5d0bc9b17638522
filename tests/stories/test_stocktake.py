"""Stocktake: one counts, selling goes on, and somebody else approves what differs."""

import pytest

from kpos.domain.orders import Count, DiscardCount
from kpos.ledger import counting
from tests.kiosk import ADMIN, CHEESE_250_G, MALT, MATE, SPEZI

MATES, SPEZIS, NUTS = "Club-Mate 0,5l", "Paulaner Spezi 0,5l", "Erdnüsse"


@pytest.fixture
def stocked(kiosk):
    kiosk.gets(MATES, 22, 1760)
    kiosk.gets(SPEZIS, 10, 500)
    kiosk.gets("Gouda", 2000, 1000)
    return kiosk


@pytest.fixture
def waiting(stocked):
    """Grace has counted a Mate less, two Spezi more, and the Gouda."""
    stocked.opens_menu("Grace")
    stocked.type("621")
    stocked.scan(MATE)
    stocked.type("12")
    stocked.scan(SPEZI)
    stocked.type("1750")
    stocked.scan(CHEESE_250_G)
    stocked.type("###")
    stocked.waits(6)
    stocked.type("***")
    return stocked


def balances(kiosk):
    return dict(kiosk.books.current().execute("SELECT account, cents FROM balance"))


def test_who_counts_does_not_see_what_should_be_there(stocked):
    stocked.opens_menu("Grace")
    stocked.type("6")
    assert stocked.shows == [
        "Inventur",
        "Artikel scannen",
        "0 Artikel",
        "* zurück   3 + Scan = 3 Stück",
    ]
    stocked.type("6")
    stocked.scan(MATE)
    assert stocked.shows == [
        "6x Club-Mate 0,5l",
        "",
        "1 Artikel",
        "# weiter  * zurück  3 + Scan = 3 Stück",
    ]
    stocked.scan(MATE)
    assert stocked.shows[:2] == ["1x Club-Mate 0,5l", "   zusammen 7x Club-Mate 0,5l"]
    stocked.type("0")
    stocked.scan(MALT)
    assert stocked.shows[:3] == ["0x Vitamalz", "", "2 Artikel"]
    stocked.type("14#0#")
    assert stocked.shows[:3] == ["0x Erdnüsse", "", "3 Artikel"]
    stocked.scan(CHEESE_250_G)
    stocked.type("500")
    stocked.scan(CHEESE_250_G)
    assert stocked.shows[:2] == ["0,500 kg Gouda", "   zusammen 0,750 kg Gouda"]
    stocked.type("*")
    assert stocked.shows[:3] == ["Zurück: Gouda", "", "4 Artikel"]
    stocked.type("#")
    assert stocked.shows == [
        "Inventur: ist das alles?       4 Artikel",
        "Die Zählung wartet, bis jemand",
        "anders sie hier oder am PC freigibt",
        "# ja, ablegen   * nein",
    ]
    stocked.type("*")
    assert stocked.shows[2] == "4 Artikel"
    stocked.type("##")
    assert stocked.sounds == ["accept", "accept"]
    assert stocked.shows[:2] == ["Die Zählung ist abgelegt", "Sie wartet auf Freigabe"]
    assert stocked.kinds == ["delivery"] * 3


def test_who_counted_is_not_asked_to_approve(waiting):
    waiting.opens_menu("Grace")
    waiting.type("6")
    assert waiting.shows[0] == "Inventur"


def test_somebody_else_approves_and_selling_went_on(waiting):
    waiting.card("CARD-ADA")
    waiting.scan(MATE)
    waiting.type("#")
    waiting.opens_menu("Ken")
    waiting.type("6")
    assert waiting.shows == [
        "Zählung von Grace           22.11. 21:04",
        "3 gezählt, 3 weichen ab",
        "",
        "1 ansehen   2 neu zählen   * zurück",
    ]
    waiting.type("1")
    assert waiting.shows == [
        "Club-Mate 0,5l  soll 22, ist 21       -1",
        "Paulaner Spezi  soll 10, ist 12       +2",
        "Gouda                          -0,250 kg",
        "# freigeben  0# verwerfen  * zurück",
    ]
    waiting.type("#")
    assert waiting.shows == [
        "Diese Differenzen buchen?",
        "Zählung von Grace           22.11. 21:04",
        "3 gezählt, 3 weichen ab",
        "# ja, buchen   * nein",
    ]
    waiting.type("#")
    assert waiting.sounds == ["paid"]
    assert waiting.shows == [
        "Die Differenzen sind gebucht",
        "Beleg K1-000015",
        "",
        "Weiter mit jeder Taste",
    ]
    assert waiting.kinds[-1] == "stocktake"
    body = waiting.documents[-1].body
    assert body["counted_by"] != body["approved_by"]
    assert waiting.stock(MATES) == 20
    assert waiting.stock(SPEZIS) == 12
    assert waiting.stock("Gouda") == 1750
    waiting.type("#6")
    assert waiting.shows[0] == "Inventur"


def test_a_count_by_mistake_is_discarded_after_asking(waiting):
    waiting.opens_menu("Ken")
    waiting.type("610")
    assert waiting.shows[3] == "# verwerfen   * zurück"
    waiting.scan(MATE)
    assert waiting.sounds == ["refuse"]
    assert waiting.shows[3] == "# verwerfen   * zurück"
    waiting.type("*0#")
    assert waiting.shows[0] == "Diese Zählung verwerfen?"
    assert waiting.shows[3] == "# ja, verwerfen   * nein"
    waiting.type("*")
    assert waiting.shows[3] == "# freigeben  0# verwerfen  * zurück"
    waiting.type("0##")
    assert waiting.shows[:2] == ["Die Zählung ist verworfen", "Nichts gebucht"]
    assert waiting.kinds[-1] == "delivery"
    assert counting.counts(waiting.books) == []


def test_several_wait_and_one_may_count_anew(waiting):
    """The command line counted as well: nothing differs, or a dozen products and empties do."""
    books = waiting.books
    counting.count(books, Count(((waiting.product(SPEZIS), 10),), ADMIN))
    names = (MATES, SPEZIS, NUTS, "Vitamalz", "Kaffeemaschine")
    lines = tuple((waiting.product(name), 1 if name == names[-1] else 3) for name in names)
    counting.count(books, Count(lines, ADMIN, empties=((15, 2),)))
    waiting.opens_menu("Ken")
    waiting.type("6")
    assert waiting.shows[2] == "Zählung 1 von 3, die warten    # nächste"
    waiting.type("#")
    assert waiting.shows[:2] == [
        "Zählung von uid:0           22.11. 21:04",
        "1 gezählt, 0 weichen ab",
    ]
    waiting.type("1")
    assert waiting.shows[0] == "Keine Differenzen"
    waiting.type("*#1")
    assert waiting.shows[3] == "# nächste  0# verwerfen  * zurück"
    waiting.type("#")
    assert waiting.shows[:3] == [
        "Vitamalz  soll 0, ist 3               +3",
        "Kaffeemaschine  soll 0, ist 1         +1",
        "Leergut zu 0,15                      +24",
    ]
    waiting.type("*")
    assert waiting.shows[3] == "# nächste  0# verwerfen  * zurück"
    waiting.type("**")
    assert waiting.shows[0] == "1 Aufladen          5 Wareneingang"
    waiting.type("6##2")
    assert waiting.shows[0] == "Inventur"
    waiting.type("*62*")
    assert waiting.shows[0] == "1 Aufladen          5 Wareneingang"


def test_a_count_that_is_gone_is_not_booked(waiting):
    """Somebody discards it at the command line while it is on the display."""
    waiting.opens_menu("Ken")
    waiting.type("61#")
    counting.discard(waiting.books, DiscardCount(1))
    waiting.type("#")
    assert waiting.sounds == ["refuse"]
    assert waiting.shows[0] == "Nicht gebucht: wartet sie noch?"


def test_what_was_booked_by_mistake_comes_back_by_its_receipt(waiting):
    waiting.opens_menu("Ken")
    waiting.type("61###")
    assert waiting.stock(MATES) == 21
    waiting.type("#9114##")
    assert waiting.shows[0] == "Storniert"
    assert waiting.stock(MATES) == 22
    assert waiting.stock(SPEZIS) == 10


@pytest.mark.parametrize(
    ("who", "keys", "said"),
    [
        ("Grace", "6", "Karte zeigen oder Artikel scannen"),
        ("Grace", "614#5#", "Abgebrochen, nichts gebucht"),
        ("Grace", "614#5##", "Abgebrochen, nichts gebucht"),
        ("Ken", "6", "Karte zeigen oder Artikel scannen"),
        ("Ken", "61", "Karte zeigen oder Artikel scannen"),
        ("Ken", "61#", "Karte zeigen oder Artikel scannen"),
    ],
)
def test_whoever_walks_away_books_nothing(waiting, who, keys, said):
    waiting.opens_menu(who)
    waiting.type(keys)
    waiting.card("CARD-ADA" if said.startswith("Abge") else "4029764001806")
    waiting.waits(301)
    assert said in waiting.says
    assert len(counting.counts(waiting.books)) == 1
