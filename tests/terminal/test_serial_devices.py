"""A till whose scanner, card reader and keypad hang on serial ports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpos.config import CardReaderConfig, Config, KeypadConfig, ScannerConfig
from kpos.terminal.devices import RETRY_MS, DeviceInputs
from kpos.terminal.front import Unusable
from kpos.terminal.wiring import Wiring
from tests.hardware.ptys import PtyPlug
from tests.terminal.kiosk import Kiosk

MATE, SPEZI = "4029764001807", "4066600603405"
CARD = b"\x0262E3086CED08\x03"


class SerialKiosk(Kiosk):
    """Two scanners, a card reader and a keypad, each on a pty; the clock is moved by hand."""

    def __init__(self, data: Path, dev: Path) -> None:
        super().__init__(data, dev)
        self.inputs.close()
        self.ports = {name: PtyPlug(dev / name) for name in ("psc", "other", "rfid", "pad")}
        config = Config(
            scanner=ScannerConfig(device=f"{dev}/psc {dev}/other", preambles="F FF A"),
            card_reader=CardReaderConfig(device=f"{dev}/rfid"),
            keypad=KeypadConfig(device=f"{dev}/pad", keymap="A=# D=00"),
        )
        wiring = Wiring(self.loop, self.notes.append, self._open, lambda: self.now_ms)
        self.inputs = DeviceInputs(config, self.till, wiring)

    def sends(self, name: str, data: bytes) -> None:
        self.ports[name].sends(data)

    def close(self) -> None:
        for port in self.ports.values():
            port.is_pulled()
        super().close()


@pytest.fixture
def kiosk(data, tmp_path) -> Iterator[SerialKiosk]:
    pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
    kiosk = SerialKiosk(data, tmp_path / "dev")
    yield kiosk
    kiosk.close()


def buys_a_mate(kiosk: SerialKiosk) -> None:
    kiosk.sends("pad", b"77A")
    kiosk.sees("PIN")
    kiosk.sends("pad", b"4711A")
    kiosk.sees("Hallo Mona")
    kiosk.sends("psc", f"F{MATE}\r\n".encode())
    kiosk.sees("Club-Mate")
    kiosk.sends("pad", b"#")
    kiosk.sees("Danke, Mona!")


def test_a_purchase_on_serial_ports_alone(kiosk):
    assert kiosk.notes[-4:] == [
        "scanner 1: ready",
        "scanner 2: ready",
        "card reader: ready",
        "keypad: ready",
    ]
    buys_a_mate(kiosk)
    assert kiosk.shown.sounds[-1] == "paid"


def test_two_scans_in_one_read_are_both_sold_and_so_is_one_of_the_other_scanner(kiosk):
    kiosk.sends("psc", f"F{MATE}\rF{SPEZI}\r".encode())
    kiosk.sends("other", f"{MATE}\r".encode())
    kiosk.sees("Summe 3 Artikel")


def test_a_pin_is_never_taken_from_a_scanner_or_a_card_reader(kiosk):
    kiosk.sends("pad", b"77A")
    kiosk.sees("PIN")
    before = kiosk.screen
    kiosk.sends("psc", b"4711\r")
    kiosk.waits_until(lambda: kiosk.shown.sounds[-1] == "refuse")
    kiosk.sends("rfid", CARD)
    kiosk.sends("other", b"1234\r")
    kiosk.waits_until(lambda: kiosk.shown.sounds[-2:] == ["refuse", "refuse"])
    assert kiosk.screen == before


def test_a_card_that_stays_on_the_reader_is_one_card(kiosk):
    kiosk.sends("rfid", 10 * CARD)
    kiosk.waits_until(lambda: kiosk.shown.sounds)
    assert kiosk.shown.sounds == ["refuse"]  # nobody knows it


def test_what_is_pulled_out_is_found_again_and_the_till_sells(kiosk, tmp_path):
    for _ in range(3):
        kiosk.ports["psc"].is_pulled()
        kiosk.waits_until(lambda: "unplugged" in kiosk.notes[-1])
        kiosk.sends("other", f"{SPEZI}\r".encode())
        kiosk.sees("Paulaner Spezi")
        kiosk.ports["psc"] = PtyPlug(tmp_path / "dev/psc")
        kiosk.time_passes(RETRY_MS)
        assert kiosk.notes[-1] == "scanner 1: ready"
        kiosk.sends("psc", f"F{MATE}\r".encode())
        kiosk.sees("Club-Mate")


def test_a_code_without_an_ending_ends_by_its_pause(kiosk):
    kiosk.sends("psc", MATE.encode())
    kiosk.waits_until(lambda: kiosk.inputs.due_ms() is not None)
    assert "Club-Mate" not in kiosk.screen
    kiosk.time_passes(kiosk.inputs.due_ms() or 0)
    assert "Club-Mate" in kiosk.screen


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (Config(scanner=ScannerConfig(line="fast")), r"\[scanner\] line = 'fast' is no speed"),
        (Config(card_reader=CardReaderConfig(line="9600")), r"\[card_reader\] line = '9600'"),
        (Config(keypad=KeypadConfig(device="/dev/ttyS9", keymap="A")), r"\[keypad\] 'A' is no key"),
        (
            Config(keypad=KeypadConfig(device="/dev/ttyS9", keymap="AB=1")),
            "'AB' is not a character",
        ),
        (Config(keypad=KeypadConfig(device="/dev/ttyS9", keymap="A=x")), "may type up to 3"),
        (Config(keypad=KeypadConfig(device="mcp23017:1:0x20", keymap="E=1")), "has no key 'E'"),
        (Config(keypad=KeypadConfig(device="mcp23017:1")), "as in mcp23017:1:0x20"),
        (Config(keypad=KeypadConfig(device="usb-*", keymap="TAB=1")), "a key of Linux"),
    ],
)
def test_an_option_that_makes_no_sense_refuses_to_start_and_says_which(kiosk, config, says):
    with pytest.raises(Unusable, match=says):
        DeviceInputs(config, kiosk.till, Wiring(kiosk.loop, kiosk.notes.append))
