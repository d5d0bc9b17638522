"""What happens around a purchase while it is open, and what the till knows of it."""

from kpos.ledger.backup import back_up, restore
from tests.kiosk import MATE, PINS


def test_a_top_up_at_the_command_line_is_seen_in_the_open_purchase(kiosk):
    kiosk.scan("GUEST-1")
    kiosk.scan(MATE)
    kiosk.type("3")
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.office("top_up", card="GUEST-1", cents=5000)
    assert kiosk.shows[3].endswith("Rest    53,35")
    kiosk.type("3")
    kiosk.scan(MATE)
    assert kiosk.sounds == ["accept"]


def test_it_is_seen_as_well_while_something_else_is_asked(kiosk):
    kiosk.scan(MATE)
    kiosk.card("CARD-EDSGER")
    kiosk.office("top_up", member="Edsger", cents=1000)
    kiosk.type(PINS["Edsger"] + "#0#")
    assert kiosk.shows[0] == "Alles im Korb abbrechen?"
    kiosk.office("top_up", member="Edsger", cents=1000)
    kiosk.type("*")
    assert kiosk.shows[3].endswith("Rest   108,35")
    kiosk.waits(2)
    kiosk.card("CARD-LINUS")
    assert kiosk.shows[0] == "Korb von Edsger (1,65) ist offen"
    kiosk.office("top_up", member="Linus", cents=1000)
    kiosk.type("#")
    assert kiosk.shows[0].endswith("Guthaben    12,00")


def test_a_card_that_is_blocked_meanwhile_buys_nothing(kiosk):
    kiosk.scan("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.office("card_set", card="CARD-ADA", changes={"blocked": True})
    kiosk.type("#")
    assert kiosk.shows[0] == "Diese Karte ist gesperrt"
    assert "sale" not in kiosk.kinds


def test_the_attempts_that_are_left_are_those_of_now(kiosk):
    kiosk.type(f"77#{PINS['Mia']}#")
    kiosk.type("0#70000#")
    assert kiosk.shows[:2] == ["Falsche PIN", "noch 2 Versuche"]
    kiosk.type("*7")
    assert kiosk.shows[2] == "noch 2 Versuche"


def test_they_are_told_wherever_the_pin_is_asked_again(kiosk):
    kiosk.card("CARD-GRACE")
    kiosk.type("15##0000##")
    assert kiosk.shows[2] == "noch 2 Versuche"
    kiosk.type("*#")
    assert kiosk.shows[2] == "noch 2 Versuche"
    kiosk.type("161803#")
    assert kiosk.kinds == ["sale"]


def test_after_the_right_pin_all_of_them_are_left_again(kiosk):
    kiosk.type("77#0000#*")
    kiosk.type(f"77#{PINS['Mia']}#0#7")
    assert kiosk.shows[2] == "noch 3 Versuche"


def test_a_wait_that_is_over_is_over_in_an_open_purchase_too(kiosk):
    kiosk.type("8#" + "0000##" * 3 + "*")
    kiosk.card("CARD-GRACE")
    kiosk.type("15##")
    assert kiosk.sounds[-1] == "refuse"
    assert kiosk.shows[:2] == ["Gesperrt: zu viele Versuche", "Frei in 30 s"]
    kiosk.waits(10)
    kiosk.type("*#")
    assert kiosk.shows[1] == "Frei in 20 s"
    kiosk.type("*")
    kiosk.waits(20)
    kiosk.type("#161803#")
    assert kiosk.kinds == ["sale"]


def test_a_card_lies_beside_another_one_on_the_reader_and_both_are_read_once(kiosk):
    kiosk.scan("CARD-ADA")
    kiosk.clock.move(300)
    kiosk.till.scan("CARD-LINUS")
    assert kiosk.shows[0].startswith("Hallo Linus")
    kiosk.clock.move(300)
    kiosk.till.scan("CARD-ADA")
    assert kiosk.shows[0].startswith("Hallo Linus")


def test_a_lone_zero_is_the_menu_and_no_quantity(kiosk):
    kiosk.scan("CARD-LINUS")
    kiosk.type("0")
    assert kiosk.shows[2:] == ["0", "0# Menü   * zurück"]
    kiosk.type("*")
    kiosk.scan(MATE)
    kiosk.type("0")
    assert kiosk.shows[3] == "0# abbrechen   * zurück"


def test_every_commit_is_acknowledged_that_of_a_new_pin_and_of_a_command_too(kiosk):
    kiosk.logs_in("Edsger")
    kiosk.type("0#7" + PINS["Edsger"] + "#555555#555555#")
    assert kiosk.kinds[-1] == "master_change"
    kiosk.office("top_up", card="GUEST-1", cents=100)
    assert kiosk.kinds[-1] == "top_up"


def test_a_receipt_from_before_a_restore_is_taken_back_by_its_number(kiosk, tmp_path):
    kiosk.scan("CARD-LINUS")
    kiosk.scan(MATE)
    kiosk.type("#")
    sale = kiosk.documents[-1]
    kiosk.waits()
    kiosk.close()
    back_up(kiosk.folder, tmp_path / "backup")
    restore(tmp_path / "backup", kiosk.folder, kiosk.clock)
    kiosk.open()
    kiosk.opens_menu("Grace")
    kiosk.type(f"91{int(sale.receipt_number[3:])}#")
    assert kiosk.shows[0].startswith(f"Storno {sale.receipt_number}")
    kiosk.type("***")
    kiosk.waits(60)
    kiosk.opens_menu("Grace")
    kiosk.type("91999#")
    assert kiosk.shows[:2] == ["Nichts mehr zu stornieren", "Stimmt die Nummer?"]
