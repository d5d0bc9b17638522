"""Goods in: the crates are in the hall, the invoice in the hand, and the till is the next thing."""

import pytest

from kpos.domain.money import Money
from tests.kiosk import CHEESE_250_G, MALT, MATE, SPEZI

CRATE = "4029764001999"
MATES, SPEZIS, NUTS = "Club-Mate 0,5l", "Paulaner Spezi 0,5l", "Erdnüsse"


@pytest.fixture
def unpacking(kiosk):
    """Grace has put money into the cash box, and unpacks."""
    kiosk.opens_menu("Grace")
    kiosk.type("1")
    kiosk.card("CARD-ADA")
    kiosk.type("5000##*5")
    return kiosk


def balances(kiosk):
    return dict(kiosk.books.current().execute("SELECT account, cents FROM balance"))


def lots(kiosk, name):
    """(quantity, cost, best before) of each lot of a product."""
    return list(
        kiosk.books.current().execute(
            "SELECT quantity, cost_cents, best_before FROM lot WHERE product = ?",
            (kiosk.product(name),),
        )
    )


def test_each_line_has_its_cost_and_its_day(unpacking):
    assert unpacking.shows == [
        "Wareneingang",
        "Artikel scannen",
        "0 Stück                             0,00",
        "* zurück   3 + Scan = 3 Stück",
    ]
    unpacking.type("20")
    unpacking.scan(MATE)
    assert unpacking.shows == [
        "20x Club-Mate 0,5l",
        "Preis für alles davon, ohne Pfand",
        "In Cent (je Stück 0,00)             0,00",
        "# weiter   * zurück",
    ]
    unpacking.type("1599")
    assert unpacking.shows[2] == "In Cent (je Stück 0,80)            15,99"
    unpacking.type("#")
    assert unpacking.shows == [
        "20x Club-Mate 0,5l                 15,99",
        "Haltbar bis, als TTMMJJ; ohne: #",
        "",
        "# weiter   * zurück",
    ]
    unpacking.type("241")
    assert unpacking.shows[2] == "24.1"
    unpacking.type("226")
    assert unpacking.shows[2] == "Haltbar bis 24.12.26"
    unpacking.type("#")
    assert unpacking.shows == [
        "20x Club-Mate 0,5l                 15,99",
        "   + Pfand                          3,00",
        "20 Stück                           18,99",
        "# weiter  * zurück  3 + Scan = 3 Stück",
    ]


def test_a_crate_is_paid_from_the_cash_box(unpacking):
    unpacking.type("20")
    unpacking.scan(MATE)
    unpacking.type("1599#241226##")
    assert unpacking.shows == [
        "Wareneingang: wie bezahlt?         18,99",
        "1 Kasse             3 offen, bei wem",
        "2 Bank              4 ich habe ausgelegt",
        "* zurück",
    ]
    unpacking.type("1")
    assert unpacking.shows == [
        "Aus der Kasse bezahlt?             18,99",
        "Ware, 20 Stück                     15,99",
        "Pfand                               3,00",
        "# ja, buchen   * nein",
    ]
    unpacking.type("#")
    assert unpacking.sounds == ["paid"]
    assert unpacking.shows == [
        "Die Ware ist im Bestand",
        "Beleg K1-000012",
        "",
        "Weiter mit jeder Taste",
    ]
    assert unpacking.documents[-1].body["delivered_on"] == "2026-11-22"
    assert unpacking.documents[-1].author.startswith("member:")
    assert lots(unpacking, MATES) == [(20, 1599, "2026-12-24")]
    assert balances(unpacking)["cash:K1"] == 5000 - 1899
    assert balances(unpacking)["deposit"] == 300


def test_several_goods_by_bank(unpacking):
    """Nobody gets one bottle: whoever forgot to type how many is asked."""
    unpacking.scan(SPEZI)
    assert unpacking.shows[:2] == ["Paulaner Spezi 0,5l", "Wie viele Stück?"]
    unpacking.type("24#1200##")
    unpacking.type("14#10#550#311226#")
    assert unpacking.shows[:3] == [
        "10x Erdnüsse                        5,50",
        "",
        "34 Stück                           19,42",
    ]
    unpacking.type("2000")
    unpacking.scan(CHEESE_250_G)
    assert unpacking.shows[0] == "2,000 kg Gouda"
    unpacking.type("1500")
    assert unpacking.shows[2] == "In Cent (je kg 7,50)               15,00"
    unpacking.type("##")
    unpacking.scan(CHEESE_250_G)
    unpacking.type("0##")
    assert unpacking.shows[2] == "36 Stück                           34,42"
    unpacking.type("#2")
    assert unpacking.shows[:3] == [
        "Von der Bank bezahlt?              34,42",
        "Ware, 36 Stück                     32,50",
        "Pfand                               1,92",
    ]
    unpacking.type("#")
    assert balances(unpacking)["bank"] == -3442
    assert unpacking.stock("Gouda") == 2250
    assert lots(unpacking, NUTS) == [(10, 550, "2026-12-31")]


def test_crates_bring_their_own_deposit_and_are_owed_to_their_supplier(unpacking):
    unpacking.office("supplier_add", name="Getränke Hoffmann")
    unpacking.office("barcode_add", product=MATES, code=CRATE, pack=20, pack_deposit_cents=150)
    unpacking.type("2")
    unpacking.scan(CRATE)
    assert unpacking.shows[0] == "40x Club-Mate 0,5l"
    unpacking.type("3200##")
    assert unpacking.shows[:3] == [
        "40x Club-Mate 0,5l                 32,00",
        "   + Pfand                          9,00",
        "40 Stück                           41,00",
    ]
    unpacking.type("#3")
    assert unpacking.shows == ["1 Getränke Hoffmann", "", "", "* zurück"]
    unpacking.type("2")
    assert unpacking.sounds == ["refuse"]
    unpacking.type("1")
    assert unpacking.shows[0] == "Offen bei Getränke Hoffmann?       41,00"
    unpacking.type("#")
    assert unpacking.sounds == ["paid"]
    body = unpacking.documents[-1].body
    assert body["lines"][0]["pack_size"] == 20
    assert body["units"] == [
        {"cents_per_unit": 15, "quantity": 40},
        {"cents_per_unit": 150, "quantity": 2},
    ]
    assert balances(unpacking)[f"payable:{body['supplier']}"] == -4100


def test_suppliers_stand_three_to_a_page(unpacking):
    unpacking.type("6")
    unpacking.scan(MATE)
    unpacking.type("475###3")
    assert unpacking.shows[:2] == [
        "Es gibt noch keine Lieferanten",
        "Admin: kpos supplier add NAME",
    ]
    for name in ("Aldi", "Brauerei", "Celik"):
        unpacking.office("supplier_add", name=name)
    unpacking.type("#3")
    assert unpacking.shows == ["1 Aldi", "2 Brauerei", "3 Celik", "* zurück"]
    unpacking.type("4")
    assert unpacking.sounds == ["refuse"]
    for name in ("Dorfladen", "Edeka", "Fritz", "Getränke Hof"):
        unpacking.office("supplier_add", name=name)
    unpacking.type("*3")
    assert unpacking.shows == ["1 Aldi", "2 Brauerei", "3 Celik", "# blättern   * zurück"]
    unpacking.type("##")
    assert unpacking.shows[:2] == ["1 Getränke Hof", ""]
    unpacking.type("##1")
    assert unpacking.shows[0] == "Offen bei Dorfladen?                5,65"
    unpacking.type("*3*")
    assert unpacking.shows[0].startswith("Wareneingang: wie bezahlt?")


def test_a_member_who_laid_it_out_has_the_credit(unpacking):
    unpacking.type("6")
    unpacking.scan(MATE)
    unpacking.type("475###4")
    assert unpacking.shows[0] == "Ausgelegt von Grace?                5,65"
    unpacking.type("#")
    assert unpacking.credit("Grace") == Money(4565)
    unpacking.type("#*")
    assert unpacking.shows[0] == "Hallo Grace            Guthaben    45,65"


def test_what_is_missing_in_the_cash_box_is_said_and_nothing_is_lost(unpacking):
    unpacking.type("40")
    unpacking.scan(MATE)
    unpacking.type("5000###1#")
    assert unpacking.sounds[-1] == "refuse"
    assert unpacking.shows[:3] == [
        "Nicht gebucht: zu wenig Bargeld",
        "Es fehlen                           6,00",
        "40 Stück                           56,00",
    ]
    unpacking.type("#2#")
    assert unpacking.sounds[-1] == "paid"
    assert balances(unpacking)["bank"] == -5600


def test_what_cannot_be_is_refused(unpacking):
    unpacking.type("5")
    unpacking.scan(MATE)
    unpacking.type("#")
    assert unpacking.shows[0] == "Kein Betrag"
    unpacking.type("400#")
    for digits in ("310226", "2412", "001226"):
        unpacking.type(digits + "#")
        assert unpacking.shows[:2] == ["Das ist kein Tag", "24. Dezember 2026 ist 241226"]
    unpacking.waits(2)
    unpacking.card("CARD-ADA")
    assert unpacking.sounds == ["refuse"]
    unpacking.type("#")
    unpacking.type("#")
    assert unpacking.shows[0].startswith("Wareneingang: wie bezahlt?")
    unpacking.type("9")
    assert unpacking.sounds == ["refuse"]


def test_each_star_is_one_step_back_with_what_was_typed(unpacking):
    unpacking.type("5")
    unpacking.scan(MALT)
    unpacking.type("400#24*")
    assert unpacking.shows[2] == "2"
    unpacking.type("**")
    assert unpacking.shows[1:3] == [
        "Preis für alles davon, ohne Pfand",
        "In Cent (je Stück 0,80)             4,00",
    ]
    unpacking.type("***")
    assert unpacking.shows[2] == "In Cent (je Stück 0,00)             0,00"
    unpacking.type("*")
    assert unpacking.shows[0] == "Wareneingang"
    unpacking.type("5")
    unpacking.scan(MALT)
    unpacking.type("400###2")
    assert unpacking.shows[0].startswith("Von der Bank bezahlt?")
    unpacking.type("*")
    assert unpacking.shows[0].startswith("Wareneingang: wie bezahlt?")
    unpacking.type("*")
    assert unpacking.shows[2] == "5 Stück                             4,40"
    unpacking.type("*")
    assert unpacking.shows[:3] == [
        "Zurück: Vitamalz",
        "",
        "0 Stück                             0,00",
    ]
    unpacking.type("*")
    assert unpacking.shows[0].startswith("1 Aufladen")
    assert unpacking.kinds == ["top_up"]


@pytest.mark.parametrize("keys", ["", "400", "400#", "400##", "400###", "400###1", "400###3"])
def test_whoever_walks_away_is_told_that_nothing_was_booked(unpacking, keys):
    unpacking.type("5")
    unpacking.scan(MALT)
    unpacking.type(keys)
    unpacking.waits(301)
    assert unpacking.sounds == ["refuse"]
    assert unpacking.shows[0] == "Abgebrochen, nichts gebucht"
    assert unpacking.kinds == ["top_up"]


def test_a_delivery_by_mistake_comes_back_by_its_receipt(unpacking):
    unpacking.type("20")
    unpacking.scan(MATE)
    unpacking.type("1599###1##*")
    unpacking.card("CARD-ADA")
    unpacking.type("3")
    unpacking.scan(MATE)
    unpacking.type("#")
    unpacking.opens_menu("Grace")
    unpacking.type("9112#")
    assert unpacking.shows[0] == "Storno K1-000012                   18,99"
    unpacking.type("#")
    assert unpacking.shows == ["Storniert", "Beleg K1-000014", "", "Weiter mit jeder Taste"]
    assert unpacking.stock(MATES) == -3
    assert balances(unpacking)["cash:K1"] == 5000
