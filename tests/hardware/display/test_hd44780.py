"""The emulated controller against its data sheet, and what the driver must do because of it."""

from __future__ import annotations

import pytest

from hardware.display.emulated.hd44780 import Hd44780, Pins
from hardware.display.emulated.simulated_time import SimulatedTime

LOW = Pins(rs=False, e=False, data=0)


class Bench:
    """A controller, spoken to by hand."""

    def __init__(self) -> None:
        self.time = SimulatedTime()
        self.chip = Hd44780(self.time)
        self.time.sleep(0.05)

    def nibble(self, value: int, *, rs: bool = False) -> None:
        self.chip.set_pins(Pins(rs=rs, e=False, data=value))
        self.chip.set_pins(Pins(rs=rs, e=True, data=value))
        self.chip.set_pins(Pins(rs=rs, e=False, data=value))

    def octet(self, value: int, *, rs: bool = False) -> None:
        self.nibble(value >> 4, rs=rs)
        self.nibble(value & 15, rs=rs)
        self.time.sleep(0.002 if value < 4 and not rs else 0.00005)

    def start(self) -> None:
        for value in (3, 3, 3, 2):
            self.nibble(value)
            self.time.sleep(0.005)
        for value in (0x28, 0x0C, 0x01, 0x06):
            self.octet(value)

    def text(self, text: bytes) -> None:
        for code in text:
            self.octet(code, rs=True)


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.start()
    return bench


def test_the_end_of_a_line_leads_to_the_other_one(bench):
    bench.octet(0x80 | 0x26)
    bench.text(b"abc")
    assert bench.chip.row(0, 38, 2) == b"ab"
    assert bench.chip.row(1, 0, 2) == b"c "
    bench.octet(0x80 | 0x67)
    bench.text(b"de")
    assert bench.chip.row(1, 39, 1) == b"d"
    assert bench.chip.row(0, 0, 1) == b"e"


def test_an_address_between_the_lines_is_a_fault(bench):
    bench.octet(0x80 | 0x28)
    assert bench.chip.faults == ["there is no display RAM at 28"]


def test_drawn_rows_go_into_character_memory_and_not_onto_the_glass(bench):
    bench.octet(0x40 | 2 << 3)
    bench.text(bytes(range(8)))
    assert bytes(bench.chip.cgram[16:24]) == bytes(range(8))
    assert bench.chip.row(0, 0, 40) == b" " * 40


def test_half_an_octet_puts_everything_after_it_out_of_step(bench):
    bench.text(b"a")
    bench.nibble(6, rs=True)
    bench.text(b"bc")
    assert bench.chip.row(0, 0, 3) != b"abc"


@pytest.mark.parametrize("lost", [0, 1])
def test_the_initialisation_of_the_data_sheet_helps_from_any_state(bench, lost):
    bench.text(b"a")
    for _ in range(lost):
        bench.nibble(6, rs=True)
    bench.start()
    bench.text(b"xyz")
    assert bench.chip.row(0, 0, 4) == b"xyz "


def test_what_comes_while_it_is_busy_is_lost_and_noted(bench):
    bench.nibble(0)
    bench.nibble(1)  # clearing takes 1.52 ms
    bench.time.sleep(0.001)
    bench.nibble(4, rs=True)
    assert bench.chip.faults == ["written while busy, data 4"]


def test_rs_must_be_there_before_e_rises(bench):
    bench.chip.set_pins(LOW)
    bench.chip.set_pins(Pins(rs=True, e=True, data=4))
    assert bench.chip.faults == ["RS or RW changed while E rose"]


def test_before_it_is_initialised_nothing_is_seen(bench):
    bench.text(b"abc")
    bench.chip.power_on()
    assert bench.chip.row(0, 0, 3) == b"   "


def test_the_other_direction_and_the_shift_of_the_glass(bench):
    bench.text(b"abcdef")
    bench.octet(0x18)  # the glass goes left
    assert bench.chip.row(0, 0, 5) == b"bcdef"
    bench.octet(0x1C)
    bench.octet(0x04)  # from right to left
    bench.octet(0x80 | 5)
    bench.text(b"zy")
    assert bench.chip.row(0, 0, 6) == b"abcdyz"
