"""What holds for every display, whatever it hangs on: one contract, every rig."""

import random
import threading

import pytest

from hardware.display.screen import Screen
from hardware.errors import DeviceError
from tests.hardware.display.rigs import HD44780_KINDS, KINDS
from tests.hardware.test_opening import descriptors

# Nothing tells a program that a display on GPIO pins is away.
SEEN = [kind for kind in KINDS if kind != "gpio"]

GERMAN = [
    "Größe: 3 Äpfel, Öl, Übertrag".ljust(40),
    "a" * 40,
    "Summe 3 Artikel                     4,80",
    "# kaufen  * zurück         Rest    13,55",
]
NEXT = [
    "Größe: 3 Äpfel, Öl, Übertrag".ljust(40),
    "a" * 39 + "b",
    "Summe 4 Artikel                     6,45",
    "# kaufen  * zurück         Rest    11,90",
]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_is_read(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    for lines in (GERMAN, NEXT, [" " * 40] * 4, GERMAN):
        screen.show(lines)
        assert rig.shows(lines), rig.reads
    assert rig.faults() == []


def show_and_look(screen: Screen, lines: list[str]) -> None:
    """A connection that was closed may swallow one picture."""
    screen.show(lines)
    screen.check()


@pytest.mark.parametrize("kind", SEEN)
def test_a_display_that_was_away_comes_back_whole(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    rig.cut()
    with pytest.raises((OSError, DeviceError)):
        show_and_look(screen, NEXT)
    rig.mend()
    screen.show(NEXT)
    assert rig.shows(NEXT), rig.reads
    assert rig.faults() == []


@pytest.mark.parametrize("kind", SEEN)
def test_a_display_that_was_away_while_nothing_changed_is_noticed(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    screen.check()
    rig.cut()
    rig.mend()
    with pytest.raises((OSError, DeviceError)):
        screen.check()
    screen.show(GERMAN)
    assert rig.shows(GERMAN), rig.reads


@pytest.mark.parametrize("kind", [kind for kind in SEEN if kind != "lcdd"])
def test_pulling_and_plugging_all_day_leaves_no_descriptor_and_no_thread(workshop, kind, size):
    """LCDd's connection has a test of its own, the server takes too long to start."""
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    adapter = rig.parts.get("adapter")

    def held() -> tuple[int, int, int]:
        return descriptors(), threading.active_count(), adapter.descriptors if adapter else 0

    before = None
    one, other = [["a"], ["", "", "", "b"]]
    for _ in range(size(quick=30, ci=1_000, long=10_000)):
        screen.show(one)
        rig.cut()
        for lines in (other, one):  # in the middle, then it is not there at all
            with pytest.raises((OSError, DeviceError)):
                show_and_look(screen, lines)
        rig.mend()
        before = before or held()
    assert held() == before
    screen.show(NEXT)
    assert rig.shows(NEXT), rig.reads


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lcdd"])
def test_the_light_goes_out_and_stays_out_through_a_new_start(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    assert rig.wait(rig.is_lit)
    screen.light(lit=False)
    assert rig.wait(lambda: not rig.is_lit())
    screen.show(NEXT)
    assert rig.shows(NEXT)
    assert not rig.is_lit()
    if kind in SEEN:
        rig.cut()
        rig.mend()
        with pytest.raises((OSError, DeviceError)):
            screen.check()
        screen.show(NEXT)
        assert rig.shows(NEXT)
        assert not rig.is_lit()
    screen.light(lit=True)
    assert rig.wait(rig.is_lit)


@pytest.mark.parametrize("kind", KINDS)
def test_a_till_that_has_ended_leaves_a_blank_display(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    screen.close()
    assert rig.shows([" " * 40] * 4)


@pytest.mark.parametrize("rom", ["a00", "a02", "st0b"])
@pytest.mark.parametrize("kind", [*HD44780_KINDS, "serial"])
def test_euro_and_umlauts_are_read_in_every_rom_and_in_both_halves(workshop, kind, rom):
    rig = workshop.rig(kind, rom=rom)
    lines = ["ÄÖÜ äöü ß €".ljust(40)] * 4
    Screen(rig.bus).show(lines)
    assert rig.shows(lines), rig.reads


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_display_shows_the_total_at_once_and_all_of_it_in_turns(workshop, kind):
    rig = workshop.rig(kind, 2, 16)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    assert rig.shows(["Größe: 3 Äpfel, ", "Summe 3     4,80"]), rig.reads
    assert screen.takes_turns
    for second in ("Artikel     4,80", "# kaufen        ", "* zurück        ", "      Rest 13,55"):
        screen.turn()
        assert rig.wait(lambda second=second: rig.reads[1] == second), rig.reads
    screen.turn()
    assert rig.shows(["Größe: 3 Äpfel, ", "Summe 3     4,80"]), rig.reads
    assert rig.faults() == []


def test_a_countdown_does_not_begin_a_large_picture_anew(workshop):
    rig = workshop.rig("packed-pcf8574", 2, 16)
    screen = Screen(rig.bus)
    for seconds in (9, 8, 7):
        screen.show([*GERMAN[:3], f"# kaufen  * zurück        Abbruch in  {seconds}s"])
        screen.turn()
    assert rig.reads[1] == "* zurück      7s"
    screen.show(NEXT)
    assert rig.reads[1] == "Summe 4     6,45"


@pytest.mark.parametrize("kind", KINDS)
def test_a_display_of_20x4_leaves_in_place_what_fits(workshop, kind):
    rig = workshop.rig(kind, 4, 20)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    for keys in ("# kaufen * zurück   ", "          Rest 13,55"):
        wanted = ["Summe 3 Artikel 4,80", keys]
        assert rig.wait(lambda wanted=wanted: rig.reads[-2:] == wanted), rig.reads
        screen.turn()
    assert rig.faults() == []


@pytest.mark.parametrize("kind", HD44780_KINDS)
def test_every_cell_of_every_size_is_reached(workshop, kind):
    rng = random.Random(1)
    for rows, columns in ((4, 40), (4, 20), (2, 16), (2, 40)):
        rig = workshop.rig(kind, rows, columns)
        screen = Screen(rig.bus)
        for _ in range(3):
            lines = ["".join(rng.choices("abcdefgh", k=columns)) for _ in range(rows)]
            screen.show(lines)
            assert rig.reads == lines
        assert rig.faults() == []
