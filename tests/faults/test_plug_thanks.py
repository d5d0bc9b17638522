"""After how much of the log of its disk a till has thanked, and what it then must have booked."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.display.bus import Geometry
from hardware.display.emulated.i2c import I2cAdapter
from hardware.display.emulated.simulated_time import SimulatedTime
from hardware.display.expanders import EXPANDERS
from hardware.display.hd44780 import Hd44780Bus
from hardware.display.i2c import Place
from hardware.display.packed import PackedWire
from hardware.display.roms import ROMS
from hardware.display.screen import Screen
from tests.appliance.acknowledged import Shown, read_shown
from tests.appliance.judge import Booking, Found, History
from tests.appliance.writelog import SECTOR, Entry, Unreadable
from vm.glass import ADDRESS


class Machine:
    """A till whose display and disk QEMU traces into one file."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.lines: list[str] = []
        time = SimulatedTime()
        adapter = I2cAdapter(time, {ADDRESS: self})
        place = Place("1", ADDRESS)
        wire = PackedWire(
            EXPANDERS["mcp23017"], place, 3, open_adapter=adapter.open, sleep=time.sleep
        )
        self._screen = Screen(Hd44780Bus(wire, Geometry(4, 40), ROMS["a00"]))

    # The chip on the bus, which says nothing

    def write(self, octet: int) -> None:
        self.lines.append(f"i2c_send send(addr:{ADDRESS:#x}) data:{octet:#04x}")

    def read(self) -> int:
        self.lines.append(f"i2c_recv recv(addr:{ADDRESS:#x}) data:0x00")
        return 0

    def stop(self) -> None:
        self.lines.append(f"i2c_event finish(addr:{ADDRESS:#x})")

    def power_on(self) -> None:
        self.lines.clear()

    # What the till does

    def shows(self, *rows: str) -> None:
        self._screen.show([row.ljust(40) for row in (*rows, *[""] * (4 - len(rows)))])

    def thanks(self, number: int) -> None:
        self.shows("Danke, Ada!", f"Beleg K1-{number:06}                       1,65")

    def writes(self, *, flushes: bool = False) -> None:
        number = len(self.entries)
        noted = SECTOR * (1 + 2 * number)
        self.entries.append(Entry(number, noted, 0, b"", is_flush=flushes, is_durable=False))
        # The disk's own file is written to as well, there and elsewhere.
        for node, offset in (("0x55d0", noted + 512 * (number % 2)), ("0x55d1", noted)):
            self.lines.append(f"bdrv_co_pwritev_part bs {node} offset {offset} bytes 512 flags 0x0")

    def flushes(self) -> None:
        self.writes(flushes=True)
        self.is_done()

    def is_done(self) -> None:
        self.lines.append("ahci_cmd_done ahci(0x55d2)[0]: cmd done")

    def read_by(self, folder: Path) -> list[tuple[str, int]]:
        trace = folder / "trace.log"
        trace.write_text("".join(f"{line}\n" for line in self.lines))
        return [(each.receipt_number, each.entries) for each in read_shown(trace, self.entries)]


def test_a_receipt_is_told_after_as_many_entries_as_were_done_before_it(tmp_path):
    machine = Machine()
    machine.shows("Karte zeigen")
    for number in (1, 2):
        machine.writes()
        machine.flushes()
        machine.thanks(number)
        machine.writes()
        machine.shows("Karte zeigen")
    assert machine.read_by(tmp_path) == [("K1-000001", 2), ("K1-000002", 5)]


def test_a_flush_that_is_under_way_does_not_count_for_what_is_shown_meanwhile(tmp_path):
    machine = Machine()
    machine.flushes()
    machine.writes()
    machine.writes(flushes=True)
    machine.thanks(1)
    machine.is_done()
    machine.shows("Karte zeigen")
    machine.thanks(2)
    assert machine.read_by(tmp_path) == [("K1-000001", 2), ("K1-000002", 3)]


def test_a_number_counts_from_when_its_last_digit_could_be_read(tmp_path):
    machine = Machine()
    machine.writes()
    machine.thanks(1)
    drawn = list(machine.lines)
    machine.writes()
    entry = machine.lines[len(drawn) :]
    told = []
    for place in range(2, len(drawn), len(drawn) // 40):
        machine.lines = [*drawn[:place], *entry, *drawn[place:]]
        told += [entries for _, entries in machine.read_by(tmp_path)]
    # Thanks and the number come first, the sum behind it: what is written then was not needed.
    assert told == sorted(told, reverse=True)
    assert set(told) == {1, 2}


def test_a_trace_of_another_log_is_refused(tmp_path):
    machine = Machine()
    machine.writes()
    machine.thanks(1)
    machine.entries.append(Entry(1, 77 * SECTOR, 0, b"", is_flush=False, is_durable=False))
    with pytest.raises(Unreadable, match="0 nodes"):
        machine.read_by(tmp_path)


HISTORY = History(
    hashes=tuple("abcdef"),
    bookings=(Booking("K1-000001", "sale", 165, 4), Booking("K1-000002", "top_up", 0, 5)),
    shown=(Shown("K1-000001", 10, ()), Shown("K1-000002", 20, ())),
    documents_before=2,
)


@pytest.mark.parametrize(
    ("cut", "documents", "verdict"),
    [
        (9, 2, "whole"), (9, 4, "whole"), (9, 5, "unasked"), (9, 1, "lost"),
        (10, 4, "whole"), (10, 5, "whole"), (10, 3, "lost"), (10, 2, "lost"),
        (20, 5, "whole"), (20, 4, "lost"), (99, 6, "unasked"),
    ],
)  # fmt: skip
def test_what_was_shown_must_be_there_and_at_most_what_comes_next(cut, documents, verdict):
    found = Found(hashes=HISTORY.hashes[:documents])
    assert HISTORY.verdict(cut, found).partition(":")[0] == verdict


def test_other_documents_than_those_that_were_booked_are_no_books():
    assert HISTORY.verdict(9, Found(hashes=("a", "x"))).startswith("other books")
    assert HISTORY.verdict(9, Found("damaged books: J-03")) == "damaged books: J-03"


def test_thanks_that_name_another_sum_are_none():
    sale = HISTORY.bookings[0]
    assert sale.is_told_by(("Danke, Ada!", "Beleg K1-000001                    1,65"))
    assert not sale.is_told_by(("Danke, Ada!", "Beleg K1-000001                    1,60"))
    assert not sale.is_told_by(("Aufgeladen für Ada", "Beleg K1-000001"))
    assert HISTORY.bookings[1].is_told_by(("Aufgeladen für Ada", "Beleg K1-000002"))
