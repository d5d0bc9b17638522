"""Evenings at a terminal, read off the screen."""

import pytest

from tests.terminal.tmux import KPOS

BUYING = {
    "de": ["Karte zeigen", "Hallo Ada", "3x Club-Mate", "Summe 4 Artikel", "Danke, Ada!"],
    "en": ["Show card", "Hello Ada", "3x Club-Mate", "Total 4 articles", "Thank you, Ada!"],
}
TOPPING_UP = {
    "de": ["PIN ******", "1 Aufladen", "Aufladen durch Grace", "Bar erhalten von Ada?"],
    "en": ["PIN ******", "1 Top up", "Top-up by Grace", "Cash received from Ada?"],
}
UNDOING = {
    "de": ["2 Übertragen", "Storno K1-000008", "Storniert", "40,00"],
    "en": ["2 Transfer", "Take back K1-000008", "Taken back", "40.00"],
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_evening_of_buying_topping_up_and_undoing(terminal, language):
    tty = terminal(f"{KPOS} demo --language {language}")
    idle, hello, mates, total, thanks = BUYING[language]
    tty.sees(idle)
    tty.types("a")
    tty.sees(hello)
    tty.types("3m")
    tty.sees(mates)
    tty.types("s")
    tty.sees("Paulaner Spezi", total)
    tty.presses("Enter")
    tty.sees(thanks, "K1-000008", "booked K1-000008 sale", "paid")

    pin, menu, receiver, confirm = TOPPING_UP[language]
    tty.types("g0#161803")
    assert "161803" not in tty.sees(pin).replace("PIN 161803", "")
    tty.types("#")
    tty.sees(menu)
    # Not by her card: held up twice within 1.5 s it is read once, and this is a quick evening.
    tty.types("142#2000#")
    tty.sees(confirm, receiver)
    tty.presses("Enter")
    tty.sees("K1-000009", "booked K1-000009 top_up")

    menu, which, done, credit = UNDOING[language]
    tty.presses("BSpace", "Escape")
    tty.types("-42#1234#")
    tty.sees(hello)
    tty.types("0#")
    tty.sees(menu)
    tty.types("1")
    tty.sees(which)
    tty.types("#")
    tty.sees(done, credit, "booked K1-000010 reversal")
    tty.types("q")
    assert "Club-Mate" not in tty.sees("ended with 0")


def test_any_code_can_be_typed_as_a_scan(terminal):
    tty = terminal(f"{KPOS} demo")
    tty.sees("Karte zeigen")
    tty.types("/4029764001807")
    tty.sees("Scan: 4029764001807_")
    tty.presses("BSpace")
    tty.types("8")
    tty.sees("Scan: 4029764001808_")
    tty.presses("Enter")
    tty.sees("refuse")
    tty.presses("F2")
    tty.types("40678092q")
    tty.sees("Scan: 40678092q_")
    tty.presses("BSpace", "Enter")
    tty.sees("║ Vitamalz")
    tty.presses("Tab")
    tty.sees("Scan: _")
    tty.presses("Escape")
    tty.types("q")
    tty.sees("ended with 0")


def test_the_window_may_change_its_size(terminal):
    tty = terminal(f"{KPOS} demo")
    tty.sees("Karte zeigen", "Stabilo-Stift")
    tty.resizes(50, 12)
    tty.sees("Karte zeigen", "mehr ab 80x24")
    tty.resizes(40, 6)
    tty.sees("kpos needs 44x8, this is 40x6")
    tty.resizes(100, 30)
    screen = tty.sees("Karte zeigen", "Stabilo-Stift")
    assert "needs" not in screen


@pytest.mark.parametrize(
    ("environment", "box", "umlaut"),
    [
        ("TERM=vt220", "╔═", "0# Menü"),  # no colours
        ("TERM=vt100 LC_ALL=C", "╔═", "0# Menü"),  # no locale: UTF-8 all the same
        ("TERM=xterm-256color LC_ALL=C.UTF-8", "╔═", "0# Menü"),
    ],
)
def test_terminals_of_all_kinds_show_box_and_umlauts(terminal, environment, box, umlaut):
    tty = terminal(f"env {environment} {KPOS} demo")
    tty.sees(box, umlaut)


def test_without_a_demo_s_begins_a_scan_and_no_code_stands_in_the_log(terminal, data):
    tty = terminal(f"{KPOS} run --io tty --data {data}")
    tty.sees("Karte zeigen")
    tty.types("sCARD-ADA")
    tty.presses("Enter")
    assert "CARD-ADA" not in tty.sees("Hallo Ada", "accept")
    tty.types("q")
    tty.sees("ended with 0")


def test_the_terminal_is_the_display_of_a_till_with_devices(terminal, data):
    tty = terminal(f"{KPOS} run --data {data}")
    tty.sees("Karte zeigen", "no scanner, keypad or card reader")
    tty.types("q42#")
    tty.sees("Nummer 42", "PIN")
    tty.presses("C-c")
    tty.sees("ended with 0")
