"""Displays on I2C expanders: what the bus carries, and what happens when it fails."""

from __future__ import annotations

import pytest

from hardware.display.i2c import find_adapter, open_bus, transfer_max
from hardware.display.screen import Screen
from hardware.errors import Ambiguous, DeviceError
from tests.hardware.display.rigs import EXPANDER_KINDS
from tests.hardware.display.test_every_display import GERMAN, NEXT

PACKED = [kind for kind in EXPANDER_KINDS if kind.startswith("packed")]


class Nth:
    """Fails once, at the n-th byte."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self) -> bool:
        self.left -= 1
        return self.left == 0


@pytest.mark.parametrize("kind", EXPANDER_KINDS)
def test_an_error_between_any_two_bytes_of_a_picture_is_mended_by_starting_anew(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    adapter = rig.parts["adapter"]
    sent = adapter.octets
    screen.show(NEXT)
    changed = adapter.octets - sent
    screen.show(GERMAN)
    for nth in range(1, changed + 1):
        adapter.fails = Nth(nth)
        with pytest.raises(OSError, match="Input/output error"):
            screen.show(NEXT)
        screen.show(GERMAN)
        assert rig.reads == GERMAN
    assert rig.faults() == []


@pytest.mark.parametrize("kind", EXPANDER_KINDS)
def test_an_enable_line_left_high_in_a_clear_gets_its_time_before_the_new_start(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    adapter = rig.parts["adapter"]
    screen.show(["x" * 40] * 4)
    before = adapter.octets
    screen.show([" " * 40] * 4)  # which is two of them
    sent = adapter.octets - before
    for nth in range(1, sent + 1):
        screen.show(["x" * 40] * 4)
        adapter.fails = Nth(nth)
        with pytest.raises(OSError, match="Input/output error"):
            screen.show([" " * 40] * 4)
        screen.show(GERMAN)
        assert rig.reads == GERMAN
    assert [fault for fault in rig.faults() if "no display RAM" not in fault] == []


@pytest.mark.parametrize("kind", PACKED)
def test_a_run_is_one_transfer(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(["a" * 40] * 4)
    adapter, module = rig.parts["adapter"], rig.parts["module"]
    transactions, octets = adapter.transactions, module.octets
    screen.show(["a" * 40, "a" * 10 + "b" * 30, "a" * 40, "a" * 40])
    # And one before it, to see that the display is still as it was left.
    assert adapter.transactions - transactions == 2
    assert module.octets - octets == 31


@pytest.mark.parametrize("kind", EXPANDER_KINDS)
def test_an_unchanged_picture_is_not_a_byte(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    before = rig.parts["adapter"].octets
    screen.show(list(GERMAN))
    assert rig.parts["adapter"].octets == before


@pytest.mark.parametrize("kind", EXPANDER_KINDS)
def test_a_power_cut_nobody_talked_through_is_seen_by_looking(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    screen.check()
    rig.parts["adapter"].interrupt_power()
    with pytest.raises(OSError, match="has lost its power"):
        screen.check()
    screen.show(GERMAN)
    assert rig.reads == GERMAN


@pytest.mark.parametrize("kind", EXPANDER_KINDS)
def test_no_descriptor_is_left_over(workshop, kind):
    rig = workshop.rig(kind)
    screen = Screen(rig.bus)
    adapter = rig.parts["adapter"]
    for _ in range(20):
        screen.show(GERMAN)
        adapter.unplug()
        with pytest.raises((OSError, DeviceError)):
            screen.show(NEXT)
        adapter.plug()
    screen.close()
    assert adapter.descriptors == 0


def test_the_other_port_of_an_expander_keeps_what_it_has(workshop):
    rig = workshop.rig("packed-mcp23017")
    adapter = rig.parts["adapter"]
    adapter.write_byte_data(0x20, 0x15, 0xA5)  # the latch of port B
    adapter.write_byte_data(0x20, 0x01, 0xF0)  # its direction
    Screen(rig.bus).show(GERMAN)
    assert rig.reads == GERMAN
    assert adapter.read_byte_data(0x20, 0x15) == 0xA5
    assert adapter.read_byte_data(0x20, 0x01) == 0xF0


def test_nothing_at_the_address_says_what_to_do(workshop):
    rig = workshop.rig("packed-pcf8574")
    rig.parts["adapter"].fails = Nth(1)
    with pytest.raises(DeviceError, match=r"1:0x27: the display does not answer .* i2cdetect"):
        Screen(rig.bus).show(GERMAN)


def adapters(tmp_path, **names):
    for number, name in names.items():
        folder = tmp_path / number.replace("_", "-")
        folder.mkdir()
        (folder / "name").write_text(name + "\n")
    return tmp_path


def test_an_adapter_is_found_by_its_name(tmp_path):
    devices = adapters(tmp_path, i2c_0="SMBus PIIX4", i2c_7="MCP2221 usb-i2c bridge on hidraw2")
    assert find_adapter("mcp2221", devices) == 7
    assert find_adapter("3", devices) == 3
    with pytest.raises(DeviceError, match="no I2C adapter has that name"):
        find_adapter("cp2112", devices)


def test_a_name_that_fits_two_adapters_is_refused(tmp_path):
    devices = adapters(tmp_path, i2c_1="i2c-tiny-usb at bus 1", i2c_2="i2c-tiny-usb at bus 2")
    with pytest.raises(Ambiguous, match="i2c-1, i2c-2"):
        find_adapter("tiny", devices)


def test_an_adapter_that_takes_little_at_once_gets_little_at_once(tmp_path):
    devices = adapters(tmp_path, i2c_5="CP2112 SMBus Bridge on hidraw3")
    assert transfer_max(5, devices) == 61
    assert transfer_max(6, devices) > 1000


def test_an_adapter_that_is_not_there_is_a_device_error():
    with pytest.raises(DeviceError, match="/dev/i2c-251: not there"):
        open_bus(251)


def test_where_the_cursor_stands_behind_the_end_of_a_line_is_known(workshop):
    rig = workshop.rig("packed-pcf8574")
    screen, module = Screen(rig.bus), rig.parts["module"]

    def octets(*rows: str) -> int:
        before = module.octets
        screen.show([row.ljust(40) for row in rows])
        assert rig.reads == [row.ljust(40) for row in rows]
        return int(module.octets - before)

    octets("a", "a", "a", "a")
    end = "a".ljust(39) + "z"
    assert octets(end, "a", "a", "a") == 2
    assert octets(end, "b", "a", "a") == 1, "it stands at the beginning of the second line"
    octets(end, "b".ljust(39) + "z", "a", "a")
    assert octets("c" + end[1:], "b".ljust(39) + "z", "a", "a") == 1, "and of the first one"
    octets("c".ljust(39) + "y", "b".ljust(39) + "z", "a", "a")
    assert octets("d".ljust(39) + "y", "b".ljust(39) + "z", "a", "a") == 2
