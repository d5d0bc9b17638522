"""The PIN: asked with a number, by a card, above the free limit; wrong, locked, and set anew."""

import pytest

from tests.kiosk import MATE, PINS


def wrong(kiosk, times=1):
    """A stranger types what is not Mia's PIN."""
    for _ in range(times):
        kiosk.type("0000#")
        if kiosk.shows[0] == "Falsche PIN":
            kiosk.type("#")


def test_who_logs_in_by_number_types_the_pin(kiosk):
    kiosk.type("77#")
    assert kiosk.shows == [
        "Nummer 77",
        "PIN",
        "noch 3 Versuche",
        "# weiter   * löschen, dann abbrechen",
    ]
    kiosk.type("84*462")
    assert kiosk.shows[1] == "PIN ****"
    kiosk.type("*62#")
    assert kiosk.shows[0] == "Falsche PIN"
    kiosk.type("#8462#")
    assert kiosk.shows[0] == "Hallo Mia              Guthaben    10,00"
    kiosk.scan(MATE)
    kiosk.type("#")
    assert kiosk.shows[0] == "Danke, Mia!"


def test_a_number_without_pin_needs_the_card(kiosk):
    kiosk.type("78#")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[:2] == ["Diese Nummer hat keine PIN", "Bitte Karte zeigen"]


def test_a_typed_number_shows_no_name_before_the_pin(kiosk):
    kiosk.type("77#8462")
    assert not any("Mia" in "".join(frame) for frame in kiosk.frames)


def test_a_card_may_ask_the_pin_itself(kiosk):
    kiosk.card("CARD-EDSGER")
    assert kiosk.shows[:2] == ["Edsger", "PIN"]
    kiosk.scan(MATE)
    assert kiosk.sounds == ["refuse"]
    kiosk.type("957313#")
    assert kiosk.sounds == ["accept"]
    assert kiosk.shows[0].startswith("Hallo Edsger")


def test_goods_wait_while_the_card_asks_its_pin(kiosk):
    kiosk.scan(MATE)
    kiosk.card("CARD-EDSGER")
    kiosk.type("*")
    assert kiosk.shows[2:] == [
        "Summe 1 Artikel                     1,65",
        "Karte zeigen, dann # kaufen   * zurück",
    ]
    kiosk.waits(2)
    kiosk.card("CARD-EDSGER")
    kiosk.type("957313##")
    assert kiosk.shows[0] == "Danke, Edsger!"


def test_above_the_free_limit_the_pin_is_asked_once_at_the_key(kiosk):
    kiosk.office("top_up", member="Ada", cents=5000)
    kiosk.card("CARD-ADA")
    kiosk.type("15#")
    kiosk.type("#")
    assert kiosk.shows[:2] == ["Ada", "PIN"]
    kiosk.type("*")
    assert kiosk.shows[2] == "Summe 1 Artikel                    25,00"
    kiosk.type("#7391#")
    assert kiosk.sounds == ["accept", "paid"]
    assert kiosk.shows[0] == "Danke, Ada!"


def test_the_free_limit_itself_is_free(kiosk):
    kiosk.office("setting_set", key="free_limit_cents", value="1.65")
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("#")
    assert kiosk.shows[0] == "Danke, Ada!"
    kiosk.opens_menu("Ada")
    kiosk.type("2")
    kiosk.card("CARD-LINUS")
    kiosk.type("165##")
    assert kiosk.shows[0] == "Übertragen an Linus                 1,65"


def test_who_gave_the_pin_already_is_not_asked_again(kiosk):
    kiosk.logs_in("Edsger")
    kiosk.type("15##")
    assert kiosk.shows[0] == "Danke, Edsger!"


def test_without_a_pin_there_is_no_free_limit(kiosk):
    kiosk.office("top_up", member="Linus", cents=5000)
    kiosk.card("CARD-LINUS")
    kiosk.type("15##")
    assert kiosk.shows[0] == "Danke, Linus!"


def test_too_few_digits_cost_no_attempt(kiosk):
    kiosk.type("77#123#")
    assert kiosk.shows[:3] == ["Die PIN ist zu kurz", "PIN", "noch 3 Versuche"]


def test_more_than_eight_digits_are_not_taken(kiosk):
    kiosk.type("77#123456789")
    assert kiosk.shows[1] == "PIN ********"
    assert kiosk.sounds[-1] == "refuse"


def test_wrong_pins_count_down_and_lock(kiosk):
    kiosk.type("77#0000#")
    assert kiosk.sounds[-1] == "refuse"
    assert kiosk.shows == ["Falsche PIN", "noch 2 Versuche", "", "# nochmal   * abbrechen"]
    kiosk.type("5")
    assert kiosk.sounds == ["refuse"]
    kiosk.type("#")
    assert kiosk.shows[2] == "noch 2 Versuche"
    kiosk.type("0000##")
    assert kiosk.shows[2] == "noch 1 Versuch"
    kiosk.type("0000#")
    locked = [
        "Gesperrt: zu viele Versuche",
        "Frei in 30 s",
        "Vertrauensperson kann PIN neu setzen",
        "* zurück",
    ]
    assert kiosk.shows == locked
    kiosk.type("#")
    assert (kiosk.shows, kiosk.sounds) == (locked, ["refuse"])
    kiosk.type("*77#")
    assert kiosk.shows == locked
    kiosk.type("*")
    kiosk.waits(31)
    kiosk.type("77#8462#")
    assert kiosk.shows[0].startswith("Hallo Mia")


def test_each_wrong_pin_more_doubles_the_wait_until_only_a_new_pin_helps(kiosk):
    kiosk.type("77#")
    wrong(kiosk, 3)
    waits = []
    for seconds in (30, 60, 120, 240, 480, 960, 1920):
        waits.append(kiosk.shows[1])
        kiosk.waits(seconds + 1)
        kiosk.type("77#")
        wrong(kiosk)
    assert waits == [
        "Frei in 30 s",
        "Frei in 1 min",
        "Frei in 2 min",
        "Frei in 4 min",
        "Frei in 8 min",
        "Frei in 16 min",
        "Frei in 32 min",
    ]
    assert kiosk.shows[1] == "Bis eine neue PIN gesetzt ist"
    kiosk.waits(7 * 86_400)
    kiosk.type("77#")
    assert kiosk.shows[1] == "Bis eine neue PIN gesetzt ist"


def test_attempts_are_counted_across_a_power_cut(kiosk):
    kiosk.type("77#")
    wrong(kiosk, 2)
    kiosk.close()
    kiosk.open()
    kiosk.type("77#")
    assert kiosk.shows[2] == "noch 1 Versuch"


def test_the_right_pin_forgives_the_wrong_ones(kiosk):
    kiosk.type("77#")
    wrong(kiosk, 2)
    kiosk.type("8462#*77#")
    assert kiosk.shows[2] == "noch 3 Versuche"


def test_a_pin_that_an_admin_removed_meanwhile_opens_nothing(kiosk):
    kiosk.type("77#")
    kiosk.office("pin_set", member="Mia", pin=None)
    kiosk.type("8462#")
    assert kiosk.sounds[-1] == "refuse"
    kiosk.type("*")
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"


def test_a_locked_pin_loses_no_cart(kiosk):
    kiosk.scan(MATE)
    kiosk.card("CARD-EDSGER")
    wrong(kiosk, 3)
    assert kiosk.shows[0] == "Gesperrt: zu viele Versuche"
    kiosk.type("*")
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,65"


def test_a_trusted_person_resets_a_forgotten_pin(kiosk):
    kiosk.type("77#")
    wrong(kiosk, 3)
    kiosk.type("*")
    kiosk.opens_menu("Grace")
    kiosk.type("94")
    assert kiosk.shows[:2] == ["PIN zurücksetzen", "Karte zeigen oder Nummer tippen"]
    kiosk.type("77#")
    assert kiosk.shows == [
        "Neue PIN für Mia",
        "PIN",
        "4 bis 8 Ziffern",
        "# weiter   * zurück",
    ]
    kiosk.type("5555#")
    assert kiosk.shows[1] == "Nochmal"
    kiosk.type("5555#")
    assert kiosk.shows == [
        "Neue PIN für Mia",
        "Sie gilt ab jetzt",
        "",
        "Weiter mit jeder Taste",
    ]
    kiosk.type("1*")
    kiosk.type("**77#5555#")
    assert kiosk.shows[0].startswith("Hallo Mia")


@pytest.mark.parametrize("give_up", ["*", "0000#*"])
def test_who_does_not_know_the_old_pin_sets_no_new_one(kiosk, give_up):
    kiosk.card("CARD-ADA")
    kiosk.type("0#7" + give_up)
    assert kiosk.shows[0].startswith("1 Storno")
    kiosk.type("5555#5555#")
    assert "Neue PIN" not in kiosk.says


def test_a_member_changes_the_pin(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.type("0#7")
    assert kiosk.shows[0] == "Ada"
    kiosk.type("7391#")
    assert kiosk.shows[:2] == ["Neue PIN für Ada", "PIN"]
    kiosk.type("#")
    assert kiosk.shows[0] == "Die PIN ist zu kurz"
    kiosk.type("5555#5556#")
    assert kiosk.sounds[-1] == "refuse"
    assert kiosk.shows[:2] == ["Die beiden PINs sind verschieden", "PIN"]
    kiosk.type("5555#555*5555*5#")
    assert kiosk.shows[0] == "Die beiden PINs sind verschieden"
    kiosk.type("5555#5555#")
    assert kiosk.shows[1] == "Sie gilt ab jetzt"
    kiosk.waits(6)
    kiosk.type("75555#")
    assert kiosk.shows[:2] == ["Neue PIN für Ada", "PIN"]
    kiosk.type("*")
    assert kiosk.shows[0].startswith("1 Storno")


def test_a_member_without_pin_sets_the_first_one_and_has_it_at_once(kiosk):
    kiosk.card("CARD-LINUS")
    kiosk.type("0#7123456789")
    assert kiosk.sounds[-1] == "refuse"
    kiosk.type("#12345678#")
    assert kiosk.shows[0] == "Neue PIN für Linus"
    kiosk.type("#7")
    assert kiosk.shows[:2] == ["Linus", "PIN"]


def test_a_trusted_persons_pin_has_six_digits(kiosk):
    kiosk.opens_menu("Grace")
    kiosk.type("87161803#55555#")
    assert kiosk.shows[:3] == ["Die PIN ist zu kurz", "PIN", "6 bis 8 Ziffern"]


def test_whoever_finds_a_trusted_persons_card_cannot_give_it_a_pin(kiosk):
    kiosk.card("CARD-TONY")
    kiosk.type("0#")
    assert kiosk.shows[0].startswith("1 Storno")
    kiosk.type("7")
    assert kiosk.sounds == ["refuse"]


def test_no_pin_is_ever_shown(kiosk):
    for name in ("Ada", "Edsger", "Grace", "Ken"):
        kiosk.opens_menu(name)
        kiosk.type("**")
    shown = "".join("".join(frame) for frame in kiosk.frames)
    assert not [digits for digits in PINS.values() if digits in shown]
