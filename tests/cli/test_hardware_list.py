"""`kpos hardware list`: what is plugged in, as lines that can be pasted into kpos.toml."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hardware.finding.found import Found
from kpos.cli.hardware_lines import lines_of, options_of, row_of
from kpos.config import parse_config
from tests.hardware import mocked
from tests.hardware.desk import PAD_KEYS, Desk, with_displays
from tests.hardware.strokes import KEYBOARD

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


def pasted(found: list[Found]):
    """The whole listing as a configuration."""
    return parse_config(tomllib.loads("\n".join(lines_of(found))))


def test_the_listing_is_a_configuration_that_names_what_is_plugged_in(desk):
    desk.inputs.plug_in(0, "PSC QS6000", KEYBOARD, by_id="usb-PSC_QS6000-event-kbd")
    desk.inputs.plug_in(1, "Keypad", PAD_KEYS, ids="1a2c:0021", by_path="usb-0:2-event-kbd")
    desk.inputs.plug_in(2, "AT keyboard", KEYBOARD, ids="0001:0001")
    desk.plug_in_port("ttyACM0", "Datalogic", "QD2100", "05f9:4204", by_id="usb-QD2100-if00")
    desk.plug_in_port("ttyUSB0", "Prolific", "Serial", "067b:2303", by_id="usb-Prolific-if00")
    desk.plug_in_port("ttyUSB1", "", "ccTalk", "0403:6001", by_id="usb-ccTalk-if00")
    desk.has_i2c(4, "MCP2221 usb-i2c bridge")
    desk.has_sound_card(0, "PCH")
    desk.has_speaker(3)
    found = desk.found(with_displays().open)
    config = pasted(found)
    dev = desk.machine.dev
    by_id = f"{dev}/input/by-id/usb-PSC_QS6000-event-kbd"
    assert config.scanner.device == f"{by_id} {dev}/serial/by-id/usb-QD2100-if00"
    assert config.keypad.device == f"{dev}/input/by-path/usb-0:2-event-kbd"
    assert config.cash.coins == f"{dev}/serial/by-id/usb-ccTalk-if00"
    assert (config.display.kind, config.display.where) == ("mcp23017", "MCP2221:0x20")
    assert config.display.driver == "packed"
    assert config.sound.player == "pcspkr"
    text = "\n".join(lines_of(found))
    assert '[cash]: coins = "' in text, "an adapter may be anything"
    assert "If it is a scanner or card reader" in text


def test_a_keyboard_is_the_keypad_where_there_is_no_other(desk):
    desk.inputs.plug_in(2, "AT keyboard", KEYBOARD, ids="0001:0001")
    assert pasted(desk.found()).keypad.device.endswith("/dev/input/event2")


def test_nothing_found_says_what_was_looked_for_and_what_to_do(desk):
    text = "\n".join(lines_of(desk.found()))
    assert pasted([]) == parse_config({})
    for word in ("scanner", "serial port", "I2C", "LCDd", "GPIO", "PC speaker", "sound card"):
        assert word in text
    assert "modprobe i2c-dev" in text


def test_buses_that_are_not_asked_say_why_and_how(desk):
    desk.has_i2c(0, "SMBus I801 adapter at f040")
    desk.has_i2c(6, "Synopsys DesignWare I2C adapter")
    lines = list(lines_of(desk.found()))
    [mainboard] = [line for line in lines if "I801" in line]
    assert "never for a display" in mainboard
    assert "#   If a display hangs on it: kpos hardware list --i2c 6" in lines
    (desk.machine.dev / "i2c-6").unlink()
    assert not any("udev" in line or "rule" in line for line in lines_of(desk.found()))


def test_whatever_a_device_calls_itself_stays_a_comment(desk):
    desk.inputs.plug_in(0, "evil\x1b[2J\r[till]\rname='x'", KEYBOARD)
    assert pasted(desk.found()).till.name == "kpos"
    assert "\x1b" not in "\n".join(lines_of(desk.found()))


def test_each_device_has_its_lines_and_its_rule_for_programs_too(desk):
    desk.inputs.plug_in(0, "PSC", KEYBOARD, by_id="usb-PSC-event-kbd")
    (desk.machine.dev / "input/event0").unlink()
    [row] = map(row_of, desk.found())
    assert parse_config(tomllib.loads(row["toml"])).scanner.device.endswith("usb-PSC-event-kbd")
    assert not row["usable"]
    assert "usermod" in row["remedy"]
    assert 'ATTRS{idVendor}=="05f9"' in row["udev_rule"]
    assert 'GROUP="kpos"' in row["udev_rule"]
    assert "Not usable" in "\n".join(lines_of(desk.found()))


def test_a_gpio_display_needs_no_place(desk):
    desk.is_a("Raspberry Pi 4 Model B")
    assert pasted(desk.found()).display.kind == "gpio"
    [serial] = [each for each in desk.found() if each.role == "gpio"]
    assert options_of(serial) == {}


@pytest.mark.skipif(
    shutil.which("umockdev-run") is None, reason="umockdev-run is missing: apt install umockdev"
)
def test_a_scanner_that_is_plugged_in_is_listed_by_the_command(tmp_path):
    """With everything real but the kernel."""
    command = [*mocked.write(tmp_path, []), sys.executable, "-m", "kpos", "hardware", "list"]
    said = [
        subprocess.run(
            [*command, *more], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
        ).stdout
        for more in ([], ["--json"], ["--csv"])
    ]
    name = "/dev/input/by-id/usb-PSC_QS6000_Plus-event-kbd"
    assert parse_config(tomllib.loads(said[0])).scanner.device == name
    [scanner] = [row for row in json.loads(said[1]) if row["role"] == "scanner"]
    assert (scanner["path"], scanner["usable"]) == (mocked.NODE, True)
    assert "PSC QS6000 Plus" in said[2]
