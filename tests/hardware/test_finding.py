"""What is plugged in: its lasting name, what it may be, who may use it."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from hardware.display.emulated.i2c import I2cAdapter
from hardware.errors import DeviceError
from hardware.finding.i2c import NEVER_ASKED, NOT_ASKED, find_i2c
from hardware.finding.others import find_lcdd
from hardware.inputs import find_input
from tests.hardware.desk import PAD_KEYS, Desk, Listened, with_displays
from tests.hardware.display.lcdd_server import LcddServer
from tests.hardware.strokes import KEYBOARD


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


def roles(desk: Desk) -> dict[str, str]:
    return {each.what: each.role for each in desk.found()}


def test_what_types_is_told_apart_by_maker_name_and_keys_and_that_is_called_a_guess(desk):
    for number, (name, keys, ids) in enumerate(
        (
            ("PSC QS6000 Plus", KEYBOARD, "05f9:1205"),
            ("Sycreader USB Reader", KEYBOARD, "1234:0001"),
            ("HID 08ff:0009", KEYBOARD, "08ff:0009"),
            ("USB Numeric Keypad", KEYBOARD, "0000:0001"),
            ("Some Pad", PAD_KEYS, "0000:0002"),
            ("AT Translated Set 2 keyboard", KEYBOARD, "0001:0001"),
        )
    ):
        desk.inputs.plug_in(number, name, keys, ids=ids)
    assert list(roles(desk).values()) == [
        "scanner",
        "card_reader",
        "card_reader",
        "keypad",
        "keypad",
        "keyboard",
    ]
    assert all(found.guess for found in desk.found())


def test_each_name_leads_back_to_its_device_whatever_links_there_are(desk):
    """Two equal scanners share the link by id; a pad on PS/2 has only one by path."""
    plug_in = desk.inputs.plug_in
    twin = "usb-PSC_QS6000-event-kbd"
    plug_in(0, "PSC QS6000", KEYBOARD, by_id=twin, by_path="usb-0:1-event-kbd")
    plug_in(1, "PSC QS6000", KEYBOARD, by_id=twin, by_path="usb-0:2-event-kbd")
    plug_in(2, "Pad", PAD_KEYS, ids="0001:0001", by_path="platform-i8042-event-kbd")
    plug_in(3, "Reader", KEYBOARD, ids="ffff:0035", by_id="usb-ffff_0035-event-kbd")
    plug_in(4, "Bare", KEYBOARD, ids="0001:0002")
    names = [found.name.rsplit("/", 2)[-2:] for found in desk.found()]
    assert names[:4] == [
        ["by-path", "usb-0:1-event-kbd"],
        ["by-path", "usb-0:2-event-kbd"],
        ["by-path", "platform-i8042-event-kbd"],
        ["by-id", "usb-ffff_0035-event-kbd"],
    ]
    for found in desk.found():
        assert find_input(found.name, desk.inputs.places) == found.path
    rules = [found.rule for found in desk.found()]
    assert 'ATTRS{idVendor}=="ffff", ATTRS{idProduct}=="0035"' in rules[3]
    assert rules[2] == "", "PS/2 has no numbers of its own"


def test_serial_ports_are_those_there_are_and_only_some_say_what_they_are(desk):
    desk.has_port("ttyS0", 4)
    desk.has_port("ttyS1", 0)
    desk.plug_in_port("ttyUSB0", "Prolific", "USB-Serial", "067b:2303", by_id="usb-Prolific-if00")
    desk.plug_in_port("ttyUSB1", "Matrix Orbital", "LK204", "0403:fa03")
    desk.plug_in_port("ttyACM0", "Datalogic", "QD2100", "05f9:4204", by_id="usb-PSC-if00")
    desk.plug_in_port("ttyACM1", "Innovative Technology LTD", "NV9", "191c:4104")
    desk.plug_in_port("ttyUSB2", "FTDI", "ccTalk adapter", "0403:6001")
    found = {each.path.rsplit("/", 1)[-1]: each for each in desk.found()}
    assert {node: each.role for node, each in found.items()} == {
        "ttyS0": "serial",
        "ttyUSB0": "serial",
        "ttyUSB1": "serial_display",
        "ttyUSB2": "coins",
        "ttyACM0": "scanner",
        "ttyACM1": "notes",
    }
    assert found["ttyUSB0"].name.endswith("/serial/by-id/usb-Prolific-if00")
    assert found["ttyUSB1"].name == found["ttyUSB1"].path
    assert "cannot be seen" in found["ttyUSB0"].note
    assert 'ATTRS{idProduct}=="2303"' in found["ttyUSB0"].rule


def test_a_device_this_user_may_not_use_is_listed_with_what_to_do(desk):
    """Root may use everything, so the nodes are not there."""
    desk.inputs.plug_in(0, "PSC", KEYBOARD)
    desk.has_port("ttyS0", 4)
    desk.has_sound_card(0, "PCH")
    desk.has_speaker(1)
    assert [each.trouble for each in desk.found()] == [None] * 4
    for node in ("input/event0", "ttyS0", "snd/pcmC0D0p", "input/event1"):
        (desk.machine.dev / node).unlink(missing_ok=True)
    remedies = [each.trouble.remedy if each.trouble else "" for each in desk.found()]
    groups = ["-aG input", "-aG dialout", "-aG input"]
    assert all(group in remedy for group, remedy in zip(groups, remedies, strict=True))


def test_boards_speakers_and_cards_are_found(desk):
    desk.is_a("Raspberry Pi 4 Model B Rev 1.4")
    desk.has_speaker(3)
    desk.has_sound_card(1, "Headphones")
    kinds = [(each.role, each.what) for each in desk.found()]
    assert kinds[0] == ("gpio_display", "the pins of a Raspberry Pi 4 Model B Rev 1.4")
    assert kinds[1][0] == "gpio"
    assert kinds[2:] == [("speaker", "PC Speaker"), ("sound_card", "sound card 1 (Headphones)")]


@pytest.fixture
def bus() -> Listened:
    return with_displays()


def test_expanders_are_found_behind_what_may_be_asked_and_nothing_is_written(desk, bus):
    desk.has_i2c(0, "SMBus I801 adapter at f040")
    desk.has_i2c(1, "bcm2835 (i2c@7e804000)")
    desk.has_i2c(3, "AMDGPU DM i2c hw bus 0")
    desk.has_i2c(4, "MCP2221 usb-i2c bridge")
    desk.has_i2c(5, "CP2112 SMBus Bridge on hidraw2")
    desk.has_i2c(6, "Synopsys DesignWare I2C adapter")
    found = list(find_i2c(desk.machine, opener=bus.open))
    assert bus.opened == [1, 4, 5]
    assert bus.descriptors == 0
    assert [(each.role, each.name, each.is_usb) for each in found if each.role != "i2c"] == [
        ("mcp23017", "1:0x20", False),
        ("pcf8574", "1:0x27", False),
        ("mcp23017", "MCP2221:0x20", True),
        ("pcf8574", "MCP2221:0x27", True),
        ("mcp23017", "CP2112:0x20", True),
        ("pcf8574", "CP2112:0x27", True),
    ]
    notes = {each.name: each.note for each in found if each.role == "i2c"}
    assert notes["0"] == notes["3"] == NEVER_ASKED
    assert notes["6"] == NOT_ASKED
    # 16 addresses on three buses; behind two of them somebody answers, with one byte.
    assert (bus.transactions, bus.octets) == (3 * 16, 3 * 2 * 2)


def test_a_bus_that_nobody_knows_is_asked_when_somebody_says_so_but_never_the_mainboards(desk, bus):
    desk.has_i2c(0, "SMBus PIIX4 adapter port 0 at 0b00")
    desk.has_i2c(6, "Synopsys DesignWare I2C adapter")
    found = list(find_i2c(desk.machine, (0, 6), opener=bus.open))
    assert bus.opened == [6]
    assert [each.name for each in found] == ["0", "6", "6:0x20", "6:0x27"]


def test_an_address_that_a_driver_of_the_kernel_has_ends_the_asking(desk, bus):
    desk.has_i2c(1, "bcm2835 (i2c@7e804000)")
    bus.busy = {0x21}
    adapter, expander = find_i2c(desk.machine, opener=bus.open)
    assert expander.name == "1:0x20"
    assert "0x21 is in use by a driver" in adapter.note


def test_a_bus_that_cannot_be_opened_is_listed_with_the_reason(desk):
    desk.has_i2c(1, "bcm2835 (i2c@7e804000)")

    def refuse(number: int) -> I2cAdapter:
        path = f"/dev/i2c-{number}"
        raise DeviceError(path, "this user may not use it", "usermod -aG i2c USER")

    [adapter] = find_i2c(desk.machine, opener=refuse)
    assert "usermod -aG i2c" in adapter.note
    (desk.machine.dev / "i2c-1").unlink()
    [adapter] = find_i2c(desk.machine, opener=refuse)
    assert adapter.trouble is not None
    assert "modprobe i2c-dev" in adapter.trouble.remedy


def test_lcdd_is_found_with_the_size_of_its_display(tmp_path):
    server = LcddServer(tmp_path, 4, 20)
    try:
        [found] = find_lcdd("127.0.0.1", server.port)
    finally:
        server.stop()
    assert found.what == "LCDd with a display of 20x4"


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b""])
def test_another_server_on_that_port_is_not_lcdd(answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(answer)

        serving = Thread(target=serve)
        serving.start()
        assert list(find_lcdd("127.0.0.1", listener.getsockname()[1])) == []
        serving.join()
    assert list(find_lcdd("127.0.0.1", 1)) == []
