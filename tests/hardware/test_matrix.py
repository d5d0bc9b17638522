"""A key matrix on an emulated MCP23017: what is pressed is what is typed."""

import os
import selectors
import time
from itertools import combinations, product

import pytest

from hardware.errors import DriverMissing
from hardware.matrix import IODIRB, LABELS, Matrix
from hardware.matrix_input import MatrixInput, open_matrix
from tests.hardware.mcp23017 import Mcp23017
from tests.hardware.test_opening import descriptors

PORT_B = {0x01, 0x03, 0x05, 0x07, 0x09, 0x0D, 0x13, 0x15}
KEYS = list(product(range(4), range(4)))


@pytest.fixture
def chip() -> Mcp23017:
    return Mcp23017()


@pytest.fixture
def matrix(chip) -> Matrix:
    matrix = Matrix(chip, chip.address, {"A": "00", "D": "#"})
    matrix.start()
    return matrix


def polls(matrix: Matrix, times: int = 3) -> str:
    return "".join(key for _ in range(times) for key in matrix.poll())


def presses(chip: Mcp23017, matrix: Matrix, *keys: tuple[int, int]) -> str:
    chip.held = set(keys)
    typed = polls(matrix)
    chip.held = set()
    return typed + polls(matrix)


def test_each_key_types_what_is_printed_on_it(chip, matrix):
    typed = [presses(chip, matrix, key) for key in KEYS]
    expected = dict(zip(LABELS, LABELS, strict=True)) | {"A": "00", "B": "", "C": "", "D": "#"}
    assert typed == [expected[label] for label in LABELS]


def test_a_key_held_down_types_once(chip, matrix):
    chip.held = {(0, 0)}
    assert polls(matrix, 200) == "1"


def test_contacts_that_bounce_type_once(chip, matrix):
    typed = ""
    for held in (1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0):
        chip.held = {(1, 1)} if held else set()
        typed += polls(matrix, 1)
    assert typed == "5"


def test_a_key_pressed_before_the_last_one_was_let_go_counts(chip, matrix):
    chip.held = {(0, 0)}
    typed = polls(matrix)
    chip.held = {(0, 0), (0, 1)}
    typed += polls(matrix)
    chip.held = {(0, 1)}
    assert typed + polls(matrix) == "12"


def test_the_fourth_corner_of_a_rectangle_is_never_typed(chip, matrix):
    for rows, columns in product(combinations(range(4), 2), combinations(range(4), 2)):
        corners = list(product(rows, columns))
        for missing in corners:
            assert presses(chip, matrix, *(set(corners) - {missing})) == ""


def test_no_two_outputs_ever_meet_whatever_is_pressed(chip, matrix):
    """The emulated chip raises if they do."""
    for number in range(1, 1 << 16, 331):
        chip.held = {key for bit, key in enumerate(KEYS) if number >> bit & 1}
        polls(matrix, 2)


def test_a_pad_at_rest_costs_one_transaction_a_poll_and_a_look_at_the_chip_once_a_second(
    chip, matrix
):
    chip.transactions = 0
    polls(matrix, 50)
    assert chip.transactions == 50 + 2


def test_the_display_on_port_a_is_never_touched(chip, matrix):
    for key in KEYS:
        presses(chip, matrix, key)
    assert {register for register, _ in chip.writes} <= PORT_B
    assert chip.registers[0x00] == 0xFF


def test_a_chip_that_lost_its_power_is_set_up_again_and_types_nothing_meanwhile(chip, matrix):
    chip.loses_power()
    assert polls(matrix, 60) == ""
    assert chip.registers[IODIRB] == 0xF0
    assert presses(chip, matrix, (0, 2)) == "3"


@pytest.mark.parametrize(
    ("keymap", "says"),
    [({"X": "1"}, "no key 'X'"), ({"A": "x"}, "may type"), ({"AB": "1"}, "no key 'AB'")],
)
def test_a_keymap_that_makes_no_sense_is_refused(chip, keymap, says):
    with pytest.raises(ValueError, match=says):
        Matrix(chip, 0x20, keymap)


class OpenedBus:
    """A way to the chip that holds a descriptor, as ``smbus2.SMBus`` does."""

    def __init__(self, chip: Mcp23017) -> None:
        self.read_byte_data = chip.read_byte_data
        self.write_byte_data = chip.write_byte_data
        self.descriptor = os.open(os.devnull, os.O_RDONLY)

    def close(self) -> None:
        os.close(self.descriptor)
        self.descriptor = -1


class TestInALoop:
    """The thread polls as fast as it can: nothing here waits for a time."""

    @pytest.fixture
    def pad(self, chip):
        pad = MatrixInput(
            "mcp23017:1:0x20",
            lambda: chip,
            lambda bus: Matrix(bus, 0x20),
            wait=lambda ends, seconds: ends.wait(0),
        )
        while len(chip.writes) < 4:  # until it is set up
            time.sleep(0)
        yield pad
        pad.close()

    def typed(self, pad, count: int) -> list[str]:
        keys: list[str] = []
        with selectors.DefaultSelector() as selector:
            selector.register(pad, selectors.EVENT_READ)
            while len(keys) < count and selector.select(20):
                keys += pad.read()
        return keys

    def test_a_selector_wakes_for_a_key(self, chip, pad):
        assert pad.read() == []
        chip.held = {(3, 2)}
        assert self.typed(pad, 1) == ["#"]
        assert pad.flush(0) == []
        assert pad.deadline_ms is None

    def test_a_spark_on_the_bus_is_no_news(self, chip, pad, caplog):
        chip.failing = 3
        chip.held = {(0, 0)}
        assert self.typed(pad, 1) == ["1"]
        assert caplog.messages == []

    def test_a_chip_that_is_gone_is_said_once_and_found_when_it_is_back(self, chip, pad, caplog):
        chip.is_absent = True
        chip.held = {(0, 0)}
        before = chip.transactions
        while chip.transactions < before + 1_000:
            time.sleep(0)
        assert caplog.messages == ["mcp23017:1:0x20: no answer (Remote I/O error)"]
        assert pad.read() == []
        chip.loses_power()
        chip.is_absent = False
        assert self.typed(pad, 1) == ["1"]
        assert caplog.messages[1:] == ["mcp23017:1:0x20: answers again"]

    def test_a_chip_that_comes_and_goes_all_day_leaves_no_bus_open(self, chip, size):
        opened: list[OpenedBus] = []

        def open_bus() -> OpenedBus:
            opened.append(OpenedBus(chip))
            return opened[-1]

        pad = MatrixInput(
            "pad", open_bus, lambda bus: Matrix(bus, 0x20), wait=lambda ends, seconds: ends.wait(0)
        )
        keys = []
        for _ in range(size(quick=100, ci=1_000, long=10_000)):
            chip.held = {(0, 0)}
            keys += self.typed(pad, 1)
            chip.held, chip.is_absent = set(), True
            count = len(opened)
            while len(opened) < count + 2:
                time.sleep(0)
            chip.loses_power()
            chip.is_absent = False
        pad.close()
        assert set(keys) == {"1"}
        assert [bus for bus in opened if bus.descriptor >= 0] == []

    def test_opening_and_closing_all_day_leaks_no_descriptor(self, chip, size):
        before = 0
        for _ in range(size(quick=1_000, ci=1_000, long=10_000)):
            pad = MatrixInput("pad", lambda: chip, lambda bus: Matrix(bus, 0x20))
            pad.close()
            pad.close()
            assert pad.fileno() == -1
            before = before or descriptors()
        assert descriptors() == before


def test_where_it_is_must_be_said_in_full():
    for where in ("mcp23017", "mcp23017:1", "mcp23017:1:0x40", "mcp23017:x:0x20"):
        with pytest.raises(ValueError, match="as in mcp23017:1:0x20"):
            open_matrix(where)


def test_a_bus_that_is_not_there_is_said_and_waited_for(caplog):
    pad = open_matrix("mcp23017:99:0x20")
    pad.close()
    assert caplog.messages in ([], ["mcp23017:99:0x20: no answer (No such file or directory)"])


def test_a_missing_library_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "smbus2", None)
    with pytest.raises(DriverMissing, match="apt install python3-smbus2"):
        open_matrix("mcp23017:1:0x20")
