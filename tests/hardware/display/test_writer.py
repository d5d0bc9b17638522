"""The writing thread: the latest picture wins, nobody waits, a display that is gone comes back."""

from __future__ import annotations

from collections.abc import Sequence
from queue import SimpleQueue
from threading import Event

import pytest

from hardware.display.bus import Geometry, Traits
from hardware.display.framebuffer import Changes
from hardware.display.glyphs import Glyph
from hardware.display.roms import ROMS
from hardware.display.writer import Writer
from tests.hardware.display.rigs import KINDS
from tests.hardware.display.test_every_display import GERMAN, NEXT, SEEN

PEER_S = 60
SOON_S = 0.01


class Slow:
    """A display whose every picture waits until the test lets it through."""

    traits = Traits(Geometry(1, 8), ROMS["a00"], slots=0, gap=1)

    def __init__(self) -> None:
        self.entered: SimpleQueue[bytes] = SimpleQueue()
        self.permits: SimpleQueue[OSError | None] = SimpleQueue()
        self.starts = 0
        self.closed = Event()

    def start(self) -> None:
        self.starts += 1

    def draw(self, glyphs: Sequence[Glyph], changes: Changes) -> None:
        self.entered.put(b"".join(run.codes for run in changes.runs))
        error = self.permits.get()
        if error is not None:
            raise error

    def light(self, *, lit: bool) -> None:
        pass

    def check(self) -> None:
        pass

    def close(self) -> None:
        self.closed.set()


def test_while_one_picture_is_written_only_the_latest_of_the_others_waits():
    bus = Slow()
    writer = Writer(bus, lambda text: None)
    writer.show(["0"])
    assert bus.entered.get() == b"0"
    for number in range(1, 100):
        writer.show([str(number)])  # returns, though nothing is written
    bus.permits.put(None)
    assert bus.entered.get() == b"99"
    bus.permits.put(None)
    assert writer.wait_until_shown(PEER_S)
    bus.permits.put(None)  # the blank one
    writer.close()
    assert bus.closed.is_set()
    assert bus.starts == 1


def is_shown(writer: Writer) -> bool:
    """By now: it is another thread that changes it."""
    return writer.is_shown


def test_a_picture_is_shown_once_the_display_has_taken_it_and_until_it_fails():
    bus, notes = Slow(), SimpleQueue[str]()
    writer = Writer(bus, notes.put, retry_s=SOON_S)
    assert not is_shown(writer)
    writer.show(["a"])
    bus.entered.get()
    assert not is_shown(writer)
    bus.permits.put(None)
    assert writer.wait_until_shown(PEER_S)
    assert is_shown(writer)
    assert notes.get() == "display: ready"
    writer.show(["b"])
    for _ in range(4):
        bus.entered.get()
        bus.permits.put(OSError("gone"))
    assert not is_shown(writer)
    bus.permits.put(None)
    bus.permits.put(None)
    assert writer.wait_until_shown(PEER_S)
    assert is_shown(writer)
    bus.permits.put(None)
    writer.close()


def test_an_error_in_the_middle_starts_the_display_anew_at_once_and_is_no_news():
    bus = Slow()
    notes: list[str] = []
    writer = Writer(bus, notes.append, retry_s=PEER_S)
    writer.show(["a"])
    for permit in (None, OSError("disturbed"), None):
        bus.permits.put(permit)
    assert writer.wait_until_shown(PEER_S)
    writer.show(["b"])
    assert writer.wait_until_shown(PEER_S)
    assert [bus.entered.get() for _ in range(3)] == [b"a", b"b", b"b"]
    assert bus.starts == 2
    assert notes == ["display: ready"]
    bus.permits.put(None)
    writer.close()


def test_a_display_that_stays_away_is_said_once_and_looked_for_until_it_is_back():
    bus = Slow()
    notes: list[str] = []
    writer = Writer(bus, notes.append, retry_s=SOON_S)
    for permit in (*[OSError("gone")] * 5, None):
        bus.permits.put(permit)
    writer.show(["a"])
    assert writer.wait_until_shown(PEER_S)
    assert notes == ["display: gone", "display: ready"]
    bus.permits.put(None)
    writer.close()


def test_a_stuck_display_does_not_keep_the_program_from_ending(monkeypatch):
    monkeypatch.setattr("hardware.display.writer.CLOSE_S", SOON_S)
    bus = Slow()
    writer = Writer(bus, lambda text: None)
    writer.show(["a"])
    bus.entered.get()
    writer.close()
    assert not bus.closed.is_set()
    for _ in range(2):
        bus.permits.put(None)
    assert bus.closed.wait(PEER_S)


def test_a_picture_that_is_too_large_is_shown_part_after_part():
    bus = Slow()
    writer = Writer(bus, lambda text: None, turn_s=SOON_S)
    writer.show(["Mate and Spezi"])
    for part in (b"Mate and", b"Spezi   ", b"Mate and", b"Spezi   "):
        assert bus.entered.get(timeout=PEER_S) == part
        bus.permits.put(None)
    for _ in range(3):  # the next one, which may be under way, what stays, and the blank one
        bus.permits.put(None)
    writer.show(["Malt"])
    while bus.entered.get(timeout=PEER_S).strip() != b"Malt":
        pass
    assert writer.wait_until_shown(PEER_S)
    writer.close()
    assert bus.closed.is_set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_display_shows_the_last_of_many_pictures(workshop, kind):
    rig = workshop.rig(kind)
    writer = Writer(rig.bus, lambda text: None)
    for number in range(50):
        writer.show([str(number), *GERMAN[1:]])
    writer.show(GERMAN)
    assert writer.wait_until_shown(PEER_S)
    assert rig.shows(GERMAN)
    writer.close()
    assert rig.shows([" " * 40] * 4)


@pytest.mark.parametrize("news", [NEXT, None], ids=["news", "no news"])
@pytest.mark.parametrize("kind", SEEN)
def test_every_display_that_comes_back_shows_what_there_is_to_show(workshop, kind, news):
    rig = workshop.rig(kind)
    notes: SimpleQueue[str] = SimpleQueue()
    writer = Writer(rig.bus, notes.put, retry_s=SOON_S, check_s=SOON_S)
    writer.show(GERMAN)
    assert notes.get(timeout=PEER_S) == "display: ready"
    rig.cut()
    assert notes.get(timeout=PEER_S) != "display: ready"
    if news:
        writer.show(news)
    rig.mend()
    while notes.get(timeout=PEER_S) != "display: ready":
        pass
    assert rig.shows(news or GERMAN), rig.reads
    writer.close()


def test_a_display_that_lost_its_power_for_a_moment_is_redrawn_unasked(workshop):
    rig = workshop.rig("packed-pcf8574")
    writer = Writer(rig.bus, lambda text: None, check_s=SOON_S)
    writer.show(GERMAN)
    assert writer.wait_until_shown(PEER_S)
    rig.parts["adapter"].interrupt_power()
    while rig.reads != GERMAN:
        Event().wait(SOON_S)
    writer.close()


def test_the_light_is_switched_by_the_thread_that_writes(workshop):
    rig = workshop.rig("packed-mcp23008")
    writer = Writer(rig.bus, lambda text: None)
    writer.show(GERMAN)
    writer.light(lit=False)
    assert writer.wait_until_shown(PEER_S)
    assert not rig.is_lit()
    assert rig.reads == GERMAN
    writer.light(lit=True)
    assert writer.wait_until_shown(PEER_S)
    assert rig.is_lit()
    writer.close()
