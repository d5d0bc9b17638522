"""A display from two words of a configuration."""

from __future__ import annotations

import sys

import pytest

from hardware.display.gpio_pins import GpioPins, parse_pins
from hardware.display.hd44780 import Hd44780Bus
from hardware.display.i2c import find_adapter
from hardware.display.lcdd import Lcdd
from hardware.display.matrix_orbital import MatrixOrbital
from hardware.display.opening import KINDS, SIZES, Description, open_display
from hardware.errors import DeviceError, DriverMissing


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_size_is_made_without_touching_anything(kind, size):
    where = "/dev/nowhere" if kind == "serial" else ""
    bus = open_display(Description(kind, where, size))
    wanted = {"serial": MatrixOrbital, "lcdd": Lcdd}.get(kind, Hd44780Bus)
    assert isinstance(bus, wanted)
    assert bus.traits.geometry == SIZES[size]
    bus.close()


@pytest.mark.parametrize(
    ("kind", "where", "says"),
    [
        ("pcf8574", "27", "Write adapter and address: 1:0x27"),
        ("pcf8574", "1:0x80", "Write adapter and address"),
        ("mcp23017", "0x20", "Write adapter and address"),
        ("serial", "", "no port is named"),
        ("lcdd", "a b", "no host and port"),
        ("lcdd", "a..b", "no host and port"),
        ("lcdd", "x" * 64, "no host and port"),
        ("lcdd", "localhost:65536", "no host and port"),
        ("pigpio", "raspi..local", "no host and port"),
        ("gpio", "rs=99", "no pin of a display"),
        ("gpio", "rx=5", "names rs, e1, e2, d4"),
        ("gpio", "rs=19", "one pin for two things"),
        ("pigpio", "raspi rs=x", "no pin of a display"),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_would_be(kind, where, says):
    with pytest.raises(DeviceError, match=says):
        open_display(Description(kind, where))


@pytest.mark.parametrize("packed", [False, True])
def test_an_adapter_that_is_not_there_is_looked_for_when_started(packed):
    bus = open_display(Description("pcf8574", "no such adapter:0x27", packed=packed))
    with pytest.raises(DeviceError, match="no I2C adapter has that name"):
        bus.start()
    bus.close()


def test_what_hangs_on_an_adapter_is_no_adapter(tmp_path):
    """Touchpads of laptops and thin clients stand beside them as i2c-ELAN0001:00."""
    for name, text in (("i2c-3", "MCP2221 usb-i2c bridge"), ("i2c-MCP2221:00", "MCP2221:00")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(text)
    assert find_adapter("mcp2221", tmp_path) == 3


def test_a_name_that_is_no_text_is_no_trouble(tmp_path):
    for number, name in ((1, b"\xff\xfe"), (2, b"CP2112 SMBus Bridge on \xe9")):
        (tmp_path / f"i2c-{number}").mkdir()
        (tmp_path / f"i2c-{number}" / "name").write_bytes(name)
    assert find_adapter("CP2112", tmp_path) == 2


def test_pins_that_are_not_named_keep_their_default():
    assert parse_pins("rs=4  light=5") == GpioPins(rs=4, light=5)
    assert parse_pins("") == GpioPins()


def test_a_library_that_is_missing_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "RPi", None)
    with pytest.raises(DriverMissing, match="apt install python3-rpi-lgpio"):
        open_display(Description("gpio")).start()
    monkeypatch.setitem(sys.modules, "pigpio", None)
    with pytest.raises(DriverMissing, match="pip install pigpio"):
        open_display(Description("pigpio")).start()


def test_a_display_without_rplcd_is_made_without_rplcd(monkeypatch):
    monkeypatch.setitem(sys.modules, "RPLCD", None)
    open_display(Description("pcf8574", packed=True)).close()
    monkeypatch.delitem(sys.modules, "hardware.display.rplcd_i2c", raising=False)
    with pytest.raises(DriverMissing, match="pip install RPLCD"):
        open_display(Description("pcf8574"))
