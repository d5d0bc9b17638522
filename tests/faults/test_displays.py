"""Ten thousand pictures on displays of every kind, while their connection fails now and then.

A picture is shown until it went through without an error, as the writing thread does it. What is
read on the glass is then the picture, character by character, drawn ones included; and what the
chips were given had their times and their pins in order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.display.screen import Screen
from hardware.errors import DeviceError
from tests.hardware.display.rigs import EXPANDER_KINDS, KINDS, Rig, Workshop

# A picture has at most as many of the second as there are slots: all can be read again.
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.:#*+-/äöüß"
DRAWN = "ÄÖÜ€éèêáàâçñåøłŁčšžőűŠŽ\\~"
LATIN = PLAIN + "ÄÖÜéèêáàâçñåø\\~"

# One in so many bytes on the wire of an expander is lost: every tenth picture or so.
LOST_BYTES = 4000
# One in so many pictures the plug is pulled.
UNPLUGGED = 100


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    shop = Workshop(tmp_path, monkeypatch)
    yield shop
    shop.close()


class Pictures:
    """What a till might show next: a few cells, a line, another picture."""

    def __init__(self, rng: random.Random, rows: int, columns: int, *, draws: bool) -> None:
        self._rng = rng
        self._columns = columns
        self._alphabet = PLAIN + "".join(rng.sample(DRAWN, 8)) if draws else LATIN
        self._draws = draws
        self.lines = [" " * columns] * rows

    def next(self) -> list[str]:
        kind = self._rng.random()
        if kind < 0.05 and self._draws:
            self._alphabet = PLAIN + "".join(self._rng.sample(DRAWN, 8))
            self.lines = [self._line() for _ in self.lines]
        elif kind < 0.1:
            self.lines = [self._line() for _ in self.lines]
        elif kind < 0.3:
            self.lines[self._rng.randrange(len(self.lines))] = self._line()
        else:
            for _ in range(self._rng.randrange(5)):
                self._change()
        return list(self.lines)

    def _line(self) -> str:
        length = self._rng.randrange(self._columns + 1)
        return "".join(self._rng.choices(self._alphabet, k=length)).ljust(self._columns)

    def _change(self) -> None:
        row, column = self._rng.randrange(len(self.lines)), self._rng.randrange(self._columns)
        line = self.lines[row]
        self.lines[row] = line[:column] + self._rng.choice(self._alphabet) + line[column + 1 :]


def insist(screen: Screen, lines: list[str]) -> int:
    """Show it until it was shown; return how often it failed."""
    for failures in range(100):
        try:
            screen.show(lines)
            screen.check()
        except (OSError, DeviceError):
            continue
        return failures
    msg = "the display never came back"
    raise AssertionError(msg)


def trouble(rig: Rig, kind: str, rng: random.Random) -> Callable[[], None]:
    """What goes wrong before a picture, now and then."""
    if kind in EXPANDER_KINDS:
        rig.parts["adapter"].fails = lambda: rng.random() < 1 / LOST_BYTES

    def perhaps() -> None:
        if rng.randrange(UNPLUGGED) == 0:
            rig.cut()
            rig.mend()

    return perhaps


@pytest.mark.minutes(1)
@pytest.mark.parametrize("geometry", [(4, 40), (4, 20)], ids=["40x4", "20x4"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_is_what_was_shown_whatever_went_wrong(workshop, kind, geometry, size):
    rows, columns = geometry
    rig = workshop.rig(kind, rows, columns)
    rng = random.Random(f"{kind} {columns}")
    screen = Screen(rig.bus)
    pictures = Pictures(rng, rows, columns, draws=kind != "lcdd")
    before = trouble(rig, kind, rng)
    failures = 0
    # Of the two sizes one at length: ten kinds make ten thousand. LCDd takes 70 ms for each.
    count = size(quick=60, ci=1000 if columns == 40 else 100, long=50_000)
    for _ in range(count if kind != "lcdd" else min(count, 10_000)):
        before()
        lines = pictures.next()
        failures += insist(screen, lines)
        assert rig.shows(lines), (lines, rig.reads)
    # Half an octet and the first of a new start make any instruction, also one of these.
    assert [fault for fault in rig.faults() if "no display RAM" not in fault] == []
    assert failures or kind == "gpio" or count < 1000
