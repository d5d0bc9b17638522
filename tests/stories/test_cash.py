"""A trusted person counts the cash, brings it to the bank, and closes the day."""

import pytest

from tests.kiosk import MATE

# Nothing of 500, 200 and 100; the rest of the notes and coins follows.
NOTHING = "#" * 3


def tops_up(kiosk, name="Ada", cents="2000"):
    kiosk.opens_menu("Grace")
    kiosk.type("1")
    kiosk.card(f"CARD-{name.upper()}")
    kiosk.type(f"{cents}##**")
    kiosk.waits(40)


def in_the_box(kiosk, account="cash:K1"):
    rows = kiosk.books.current().execute("SELECT cents FROM balance WHERE account = ?", (account,))
    return next(rows, (0,))[0]


def test_counting_is_blind_until_all_is_counted(kiosk):
    tops_up(kiosk)
    kiosk.opens_menu("Grace")
    assert kiosk.shows[2].startswith("3 Kasse zählen")
    assert kiosk.shows[3].startswith("4 Abschluss")
    kiosk.type("3")
    assert kiosk.shows == [
        "Kasse zählen: wie viele zu        500,00",
        "Nichts getippt = keine",
        "Summe                               0,00",
        "# weiter   * zurück",
    ]
    kiosk.type(NOTHING + "##" + "1")
    assert kiosk.shows[:3] == [
        "Kasse zählen: wie viele zu         10,00",
        "1x                                 10,00",
        "Summe                              10,00",
    ]
    kiosk.type("#1#2#")
    assert kiosk.sounds == ["accept"] * 3
    assert kiosk.shows[2] == "Summe                              19,00"
    kiosk.type("#" * 7)
    assert kiosk.shows == [
        "Gezählt                            19,00",
        "Soll                               20,00",
        "Es fehlen                           1,00",
        "# buchen   * neu zählen",
    ]
    kiosk.type("#")
    assert kiosk.shows == [
        "Die Kasse ist gezählt",
        "Beleg K1-000012",
        "Differenz                          -1,00",
        "Weiter mit jeder Taste",
    ]
    assert kiosk.sounds == ["paid"]
    assert in_the_box(kiosk) == 1900
    kiosk.type("#")
    assert kiosk.shows[0].startswith("1 Aufladen")


def test_a_slip_is_taken_back_with_star_as_far_as_the_menu(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("312#5*")
    assert kiosk.shows[0] == "Kasse zählen: wie viele zu        200,00"
    kiosk.type("*")
    assert kiosk.shows[:2] == [
        "Kasse zählen: wie viele zu        500,00",
        "12x                              6000,00",
    ]
    kiosk.type("***")
    assert kiosk.shows[0].startswith("1 Aufladen")
    kiosk.type("3" + "#" * 15)
    assert kiosk.shows[2] == "Es stimmt"
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("*5#")
    assert kiosk.shows[2] == "Zu viel                             0,05"
    kiosk.waits(70)
    assert kiosk.kinds == []


def test_what_was_booked_meanwhile_makes_the_count_void(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("3" + "#" * 15)
    kiosk.office("top_up", member="Ada", cents=100)
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Nicht gebucht: die Kasse ist anders", "Bitte neu zählen"]


@pytest.mark.parametrize(
    ("keys", "title", "change"),
    [
        ("1", "Aus der Kasse zur Bank", {"cash:K1": -500, "bank": 500}),
        ("2", "Wechselgeld von der Bank", {"cash:K1": 500, "bank": -500}),
        ("5", "Vom Leser in die Kasse", {"cash:K1": 500, "cash:K1-reader": -500}),
    ],
)
def test_cash_is_moved(kiosk, keys, title, change):
    tops_up(kiosk)
    kiosk.office("top_up", member="Ada", cents=700, means="reader")
    kiosk.opens_menu("Grace")
    kiosk.type("9")
    assert kiosk.shows[3] == "* zurück  7 Bargeld 9 erste Seite"
    kiosk.type("7")
    assert kiosk.shows == [
        "1 Zur Bank          4 Ausgabe",
        "2 Wechselgeld       5 Leser leeren",
        "3 Einzahlung        6 Übergabe",
        "* zurück",
    ]
    kiosk.type(keys)
    assert kiosk.shows[0] == title
    kiosk.type("#")
    assert kiosk.shows[0] == "Kein Betrag"
    kiosk.type("57*00")
    assert kiosk.shows[2] == "Betrag bar in Cent                  5,00"
    kiosk.type("#")
    assert kiosk.shows == [title.ljust(32) + "    5,00", "", "", "# ja, buchen   * nein"]
    kiosk.type("#")
    assert kiosk.shows[:1] == ["Das Bargeld ist umgebucht"]
    posted = {each.account: each.cents for each in kiosk.documents[-1].postings}
    assert posted == change


@pytest.mark.parametrize(("key", "account"), [("3", "income"), ("4", "expense")])
def test_what_comes_in_or_goes_out_has_a_paper_with_a_number(kiosk, key, account):
    tops_up(kiosk)
    kiosk.opens_menu("Grace")
    kiosk.type(f"97{key}199#")
    assert kiosk.shows[1:] == [
        "Wofür: auf einen Zettel mit Nummer",
        "Nummer",
        "# weiter   * zurück",
    ]
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Keine Nummer", "Ohne Beleg wird nichts gebucht"]
    kiosk.type("17*7#")
    assert kiosk.shows[1] == "Zettel Nummer 17"
    kiosk.type("#")
    document = kiosk.documents[-1]
    assert account in {each.account for each in document.postings}
    position = document.epoch << 32 | document.seq
    assert kiosk.books.journal.private_part(position) == {"note": "voucher 17"}


def test_no_more_digits_are_taken_than_a_box_or_a_pad_of_papers_has(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("312345")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[1] == "1234x                          617000,00"
    kiosk.type("*****973199#1234567890")
    assert kiosk.sounds[-1] == "refuse"
    assert kiosk.shows[2] == "Nummer 123456789"


def test_more_than_there_is_does_not_leave_the_box(kiosk):
    tops_up(kiosk)
    kiosk.opens_menu("Grace")
    kiosk.type("9712001##")
    assert kiosk.shows[:2] == [
        "Nicht gebucht: zu wenig Bargeld",
        "Es fehlen                           0,01",
    ]
    kiosk.type("**")
    assert kiosk.shows[0] == "1 Storno mit Beleg  4 PIN zurücksetzen"
    assert kiosk.kinds == ["top_up"]


def test_cash_is_handed_over_to_another_trusted_person_or_to_the_till(kiosk):
    kiosk.office("setting_set", key="cash_per", value="person")
    tops_up(kiosk)
    assert in_the_box(kiosk) == 0
    kiosk.opens_menu("Grace")
    kiosk.type("976500#")
    assert kiosk.shows == [
        "Bargeld übergeben                   5,00",
        "Karte des Empfängers zeigen",
        "# allein: in die Kasse selbst",
        "oder Nummer+#   * zurück",
    ]
    kiosk.card("CARD-ADA")
    assert kiosk.shows[0] == "Nur Vertrauenspersonen führen Bargeld"
    kiosk.card("CARD-TONY")
    assert kiosk.shows[:2] == ["Bargeld übergeben                   5,00", "An Tony"]
    kiosk.type("##")
    kiosk.type("976300##")
    assert kiosk.shows[1] == "In die Kasse selbst"
    kiosk.type("#")
    assert in_the_box(kiosk) == 300
    kiosk.type("#976100#9#")
    assert kiosk.shows[1] == "An Ken"
    kiosk.type("*100#8##")
    assert kiosk.shows[0] == "Nicht gebucht: dieselbe Kasse"
    kiosk.type("**93" + "#" * 15)
    assert kiosk.shows[1] == "Soll                               12,00"


def test_the_day_is_closed_after_its_figures_were_seen(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("#")
    tops_up(kiosk)
    kiosk.opens_menu("Grace")
    kiosk.type("4")
    assert kiosk.shows == [
        "Käufe abzüglich Storno              1,65",
        "Pfand berechnet                     0,15",
        "Pfand zurückgegeben                 0,00",
        "# blättern   * zurück",
    ]
    kiosk.type("#")
    assert kiosk.shows[:2] == [
        "Aufladungen bar                    20,00",
        "Anfangsguthaben                   195,35",
    ]
    kiosk.type("*")
    assert kiosk.shows[0].startswith("Käufe")
    kiosk.type("##")
    assert kiosk.shows[:3] == [
        "Bar ein                            20,00",
        "Bar aus                             0,00",
        "Soll in der Kasse                  20,00",
    ]
    kiosk.type("#")
    assert kiosk.shows[:2] == [
        "Brutto, Schlüssel 6                 1,65",
        "Guthaben aller                    213,70",
    ]
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Tag abschließen mit Z 1?", "Ist die Kasse schon gezählt?"]
    kiosk.scan(MATE)
    kiosk.type("*#")
    assert kiosk.kinds == ["sale", "top_up"]
    kiosk.type("#")
    assert kiosk.shows[0] == "Abgeschlossen: Z 1"
    assert kiosk.kinds[-1] == "closing"
    kiosk.type("#4")
    assert kiosk.shows[0] == "Nichts gebucht seit dem letzten Z"


def test_what_is_closed_meanwhile_is_not_closed_again(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("4")
    while "abschließen" not in kiosk.says:
        kiosk.type("#")
    kiosk.office("closing")
    kiosk.type("#")
    assert kiosk.shows[0] == "Nichts gebucht seit dem letzten Z"
    kiosk.type("*" * 9)


def test_whoever_walks_away_from_the_figures_has_closed_nothing(kiosk):
    for keys in ("3", "4", "971", "973500#", "976500#", "976500##"):
        kiosk.opens_menu("Grace")
        kiosk.type(keys)
        kiosk.waits(90)
        assert kiosk.shows[2].startswith("Karte zeigen")
    assert kiosk.kinds == []


def test_damage_found_while_the_figures_are_added_up_locks_the_till(kiosk):
    kiosk.opens_menu("Grace")
    journal = kiosk.books.journal.db
    journal.execute("DROP TRIGGER document_is_never_changed")
    [(content,)] = journal.execute("SELECT content FROM document WHERE position & 4294967295 = 1")
    journal.execute("UPDATE document SET content = '[' WHERE position & 4294967295 = 1")
    kiosk.type("4")
    assert "Code J-07" in kiosk.shows[0]
    journal.execute("UPDATE document SET content = ? WHERE position & 4294967295 = 1", (content,))
