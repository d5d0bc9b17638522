"""Scanner and keypad at a till: what is pressed there, and what happens to a plug."""

import errno
from pathlib import Path

import pytest

from hardware.scanner import SCAN_LENGTH_MAX
from kpos.config import Config, KeypadConfig
from kpos.terminal.devices import RETRY_MS, check_drivers
from kpos.terminal.front import Unusable
from tests.terminal.kiosk import SCANNER, Kiosk

MATE, SPEZI, MALT = "4029764001807", "4066600603405", "40678092"


def test_two_bottles_in_one_batch_are_both_sold(kiosk):
    kiosk.types("77#")
    kiosk.sees("PIN")
    kiosk.types("4711#")
    kiosk.sees("Hallo Mona")
    kiosk.scans(MATE, SPEZI)
    kiosk.sees("Paulaner Spezi")
    assert "Summe 2 Artikel" in kiosk.screen

    kiosk.types("#")
    kiosk.sees("Danke, Mona!")
    assert kiosk.shown.receipts[-1] in kiosk.screen
    assert kiosk.shown.sounds[-1] == "paid"


def test_a_pin_is_never_taken_from_the_scanner(kiosk):
    kiosk.types("77#")
    kiosk.sees("PIN")
    before = kiosk.screen
    kiosk.scans("4711")
    kiosk.waits_until(lambda: kiosk.shown.sounds[-1] == "refuse")
    assert kiosk.screen == before
    assert "PIN *" not in kiosk.screen


def test_a_scan_that_is_too_long_sounds_like_a_misread_one(kiosk):
    too_long = kiosk.strokes().types("1" * (SCAN_LENGTH_MAX + 1))
    kiosk.scanner.sends(too_long.events)
    kiosk.waits_until(lambda: kiosk.shown.sounds == ["refuse"])
    kiosk.now_ms = too_long.now_ms + 500
    kiosk.scans(MATE)
    kiosk.sees("Club-Mate")


def test_a_scan_without_an_ending_ends_by_its_pause(data, tmp_path):
    pytest.importorskip("evdev")
    kiosk = Kiosk(data, tmp_path / "dev", stamps_monotonic=True)
    strokes = kiosk.strokes().types(MALT)
    kiosk.scanner.sends(strokes.events)
    kiosk.waits_until(lambda: kiosk.inputs.due_ms() is not None)
    kiosk.now_ms = strokes.now_ms
    assert "Vitamalz" not in kiosk.screen

    kiosk.time_passes(kiosk.inputs.due_ms() or 0)
    assert "Vitamalz" in kiosk.screen
    assert kiosk.inputs.due_ms() is None
    kiosk.close()


def test_a_scanner_that_was_unplugged_is_found_again_and_the_log_says_each_once(kiosk):
    assert kiosk.inputs.due_ms() is None, "nothing is looked for while all are there"
    kiosk.pulls_out(SCANNER)
    kiosk.waits_until(lambda: any("unplugged" in note for note in kiosk.notes))
    notes = list(kiosk.notes)
    for _ in range(5):
        kiosk.time_passes(RETRY_MS)
        assert kiosk.inputs.due_ms() == RETRY_MS
    assert kiosk.notes == notes

    kiosk.scanner = kiosk.plugs_in(SCANNER)
    kiosk.time_passes(RETRY_MS)
    assert kiosk.notes == [*notes, "scanner: ready"]
    kiosk.scans(MATE)
    kiosk.sees("Club-Mate")


def test_a_device_that_somebody_else_holds_is_said_once_and_had_when_it_is_free(kiosk):
    kiosk.pulls_out(SCANNER)
    kiosk.waits_until(lambda: any("unplugged" in note for note in kiosk.notes))
    kiosk.scanner = kiosk.plugs_in(SCANNER)
    kiosk.scanner.device.refuses_grab = errno.EBUSY
    for _ in range(5):
        kiosk.time_passes(RETRY_MS)
    assert len([note for note in kiosk.notes if "grabbed" in note]) == 1

    kiosk.scanner = kiosk.unplugs_and_plugs_in(SCANNER)
    kiosk.time_passes(RETRY_MS)
    assert kiosk.notes[-1] == "scanner: ready"


def test_half_a_scan_before_the_plug_came_out_is_forgotten(kiosk):
    kiosk.scanner.sends(kiosk.strokes().types("4029").events)
    kiosk.waits_until(lambda: True)
    kiosk.pulls_out(SCANNER)
    kiosk.waits_until(lambda: any("unplugged" in note for note in kiosk.notes))
    kiosk.scanner = kiosk.plugs_in(SCANNER)
    kiosk.time_passes(RETRY_MS)
    kiosk.scans(MATE)
    kiosk.sees("Club-Mate")


def test_a_plug_that_comes_and_goes_leaves_no_descriptor_behind(kiosk):
    def replug() -> int:
        kiosk.pulls_out(SCANNER)
        ready = kiosk.notes.count("scanner: ready")
        kiosk.waits_until(lambda: kiosk.inputs.due_ms() is not None)
        kiosk.scanner = kiosk.plugs_in(SCANNER)
        kiosk.time_passes(RETRY_MS)
        assert kiosk.notes.count("scanner: ready") == ready + 1
        return len(list(Path("/proc/self/fd").iterdir()))

    first = replug()
    assert [replug() for _ in range(20)] == [first] * 20


def test_no_note_names_a_code_or_a_key(kiosk, tmp_path):
    kiosk.types("77#")
    kiosk.sees("PIN")
    kiosk.scans(MATE, "4711")
    kiosk.pulls_out(SCANNER)
    kiosk.waits_until(lambda: any("unplugged" in note for note in kiosk.notes))
    said = "\n".join(kiosk.notes).replace(str(tmp_path), "")
    assert not [secret for secret in (MATE, "4711", "77") if secret in said]


def test_without_evdev_devices_are_refused_in_one_line_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr("kpos.terminal.devices.find_spec", lambda name: None)
    with pytest.raises(Unusable, match="apt install python3-evdev"):
        check_drivers(Config(keypad=KeypadConfig(device="usb-*")))
    for device in ("", "/dev/ttyS0", "mcp23017:1:0x20"):
        check_drivers(Config(keypad=KeypadConfig(device=device)))  # these need none
