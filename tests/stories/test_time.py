"""Time-outs: whatever waits for somebody says so in its last seconds, and then gives up."""

from typing import Any

import pytest

from tests.kiosk import MATE, SPEZI

PURCHASE, MENU, PIN = 60, 30, 20

# What was done, and how long the till then waits: every dialogue that waits for somebody.
WAITING: dict[str, tuple[list[Any], int]] = {
    "a login": (["CARD-ADA"], PURCHASE),
    "a cart": (["CARD-ADA", MATE], PURCHASE),
    "goods first": ([MATE], PURCHASE),
    "a quantity": (["CARD-ADA", MATE, ("3",)], PURCHASE),
    "cancel all?": (["CARD-ADA", MATE, ("0#",)], PURCHASE),
    "switch?": (["CARD-ADA", MATE, "CARD-LINUS"], PURCHASE),
    "the PIN": (["CARD-EDSGER"], PIN),
    "the PIN with goods": ([MATE, "CARD-EDSGER"], PIN),
    "a wrong PIN": (["CARD-EDSGER", ("00000#",)], PIN),
    "a wrong PIN with goods": ([MATE, "CARD-EDSGER", ("00000#",)], PIN),
    "the menu before a card": ([("0#",)], MENU),
    "short numbers before a card": ([("0#1",)], MENU),
    "the menu": (["CARD-LINUS", ("0#",)], MENU),
    "short numbers": (["CARD-LINUS", ("0#4",)], MENU),
    "bookings": (["CARD-LINUS", ("0#5",)], MENU),
    "history?": (["CARD-LINUS", ("0#6",)], MENU),
    "a new PIN": (["CARD-LINUS", ("0#7",)], MENU),
    "empties": (["CARD-LINUS", ("0#3",)], PURCHASE),
    "empties scanned": (["CARD-LINUS", ("0#3",), MATE], PURCHASE),
    "a receiver": (["CARD-ADA", ("0#2",)], MENU),
    "an amount": (["CARD-ADA", ("0#2",), "CARD-LINUS"], MENU),
    "transfer?": (["CARD-ADA", ("0#2",), "CARD-LINUS", ("100#",)], MENU),
    "transferred": (["CARD-ADA", ("0#2",), "CARD-LINUS", ("100##",)], MENU),
    "the PIN of a transfer": (["CARD-EDSGER", ("957313#0#7",)], PIN),
    "undo": (["CARD-ADA", MATE, ("#",), 2, "CARD-ADA", ("0#1",)], MENU),
    "undo a line": (["CARD-ADA", MATE, ("#",), 2, "CARD-ADA", ("0#11",)], MENU),
    "undo a part": (["CARD-ADA", MATE, ("#",), 2, "CARD-ADA", ("0#11#",)], MENU),
    "the trusted menu": (["CARD-GRACE", ("0#161803#",)], MENU),
    "its second page": (["CARD-GRACE", ("0#161803#9",)], MENU),
    "a receipt": (["CARD-GRACE", ("0#161803#91",)], MENU),
    "a lost card": (["CARD-GRACE", ("0#161803#92",)], MENU),
    "a new card": (["CARD-GRACE", ("0#161803#93",)], MENU),
    "give it out?": (["CARD-GRACE", ("0#161803#93",), "NEW"], MENU),
    "deposit by hand": (["CARD-GRACE", ("0#161803#95",)], MENU),
    "whose undo": (["CARD-ADA", MATE, ("#",), 301, "CARD-GRACE", ("0#161803#9111##",)], MENU),
    "restart?": (["CARD-KEN", ("0#271828#961",)], MENU),
}
CARTS = ("a cart", "goods", "a quantity", "cancel", "switch", "a wrong PIN with", "the PIN with")


def does(kiosk, steps):
    for step in steps:
        if isinstance(step, tuple):
            kiosk.type(*step)
        elif isinstance(step, int):
            kiosk.waits(step)
        else:
            kiosk.scan(step)


@pytest.mark.parametrize("what", WAITING)
def test_the_last_ten_seconds_are_counted_down_and_then_nothing_was_booked(kiosk, what):
    steps, seconds = WAITING[what]
    does(kiosk, steps)
    before, booked = kiosk.shows, list(kiosk.kinds)
    kiosk.waits(seconds - 11)
    assert kiosk.shows == before
    kiosk.waits(1)
    assert kiosk.shows[:3] == before[:3]
    assert kiosk.shows[3].endswith("  Abbruch in 10s")
    kiosk.waits(9)
    assert kiosk.shows[3].endswith("  Abbruch in  1s")
    assert kiosk.shows[3][0] in "*#or1234567890KN"
    kiosk.waits(1)
    cancelled = what.startswith(CARTS) or what == "empties scanned"
    assert kiosk.sounds == (["refuse"] if cancelled else [])
    if cancelled:
        assert kiosk.shows == [
            "Abgebrochen, nichts gebucht",
            "",
            "",
            "Karte zeigen oder Artikel scannen",
        ]
        kiosk.waits(6)
    assert kiosk.shows[2:] == ["Karte zeigen oder Artikel scannen", "Nummer+#   0# Menü"]
    assert kiosk.kinds == booked


def test_a_cart_that_runs_out_of_time_says_it_like_this(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(SPEZI)
    kiosk.type("2")
    kiosk.scan(MATE)
    kiosk.waits(52)
    assert kiosk.shows == [
        "2x Club-Mate 0,5l                   3,00",
        "   + Pfand                          0,30",
        "Summe 3 Artikel                     4,68",
        "# kaufen  * zurück        Abbruch in  8s",
    ]


def test_any_input_begins_the_time_anew(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.waits(59)
    kiosk.scan("NOBODY")
    assert kiosk.shows[3].startswith("# kaufen  * zurück         Rest")
    kiosk.waits(59)
    kiosk.type("#")
    assert kiosk.shows[0] == "Danke, Ada!"


def test_half_a_number_is_forgotten(kiosk):
    kiosk.type("4")
    kiosk.waits(19)
    assert kiosk.shows[2:] == ["Nummer 4", "# suchen   * löschen      Abbruch in  1s"]
    kiosk.waits(1)
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"


def test_what_was_done_is_said_for_five_seconds_without_a_countdown(kiosk):
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("#")
    thanks = kiosk.shows
    kiosk.waits(4)
    assert kiosk.shows == thanks
    kiosk.waits(1)
    assert kiosk.shows[2] == "Karte zeigen oder Artikel scannen"


def test_an_idle_till_shows_the_time_of_day(kiosk):
    kiosk.waits(60)
    assert kiosk.shows[0] == "RaumZeitLabor  Kasse K1            21:05"
    assert len(kiosk.frames) == 2


def test_a_clock_that_is_wrong_is_said(kiosk):
    kiosk.close()
    kiosk.clock.start = kiosk.clock.start.plus_ms(-7 * 86_400_000)
    kiosk.open()
    assert kiosk.shows[1] == "Uhr unplausibel: bitte Admin rufen"
    kiosk.card("CARD-ADA")
    kiosk.scan(MATE)
    kiosk.type("#")
    assert kiosk.shows[0] == "Danke, Ada!"
    assert kiosk.documents[-1].clock == "back"
