"""`kpos hardware test`: somebody tries every device, and reads what is wrong with which."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import termios
from collections.abc import Iterator

import pexpect
import pytest

from kpos.cli.trying.display import picture
from kpos.cli.trying.words import WORDS
from kpos.domain.values import fields
from tests.cli.daemon import KPOS, running_till
from tests.cli.room import Room
from tests.hardware import mocked
from tests.hardware.cash_devices import Noise
from tests.hardware.strokes import Strokes
from tests.terminal.test_ends import end
from tests.terminal.tmux import PATIENCE_S

MATE = "4029764001807"
EURO = 7
CARD = b"\x0262E3086CED08\x03"


@pytest.fixture
def room(tmp_path) -> Iterator[Room]:
    room = Room(tmp_path / "dev")
    yield room
    room.close()


def is_shown(room: Room, child: pexpect.spawn[str]) -> None:
    child.expect("1/6 Display")
    child.expect("into all four corners")
    room.waits_until(lambda: room.glass() == picture(4, 40))
    child.send("y")
    child.expect("light off")
    room.waits_until(lambda: not room.display.is_lit)
    child.send("y")
    child.expect(r"\s+ok\s")


def presses(room: Room, child: pexpect.spawn[str], keys: str) -> None:
    """One after the other, as a hand does."""
    child.expect("each of the twelve keys")
    for key in keys:
        room.sends("pad", key.encode())


def hears(child: pexpect.spawn[str], answers: str = "yyyy") -> None:
    for answer in answers:
        child.expect("was that heard")
        child.send(answer)


def test_a_till_whose_devices_all_work_is_told_so(room):
    child = room.tries()
    is_shown(room, child)
    presses(room, child, "*#0987654321")
    child.expect_exact("Left: ··· ··· ··· ···")
    child.expect("3/6 Scanner")
    child.expect("scan a bottle")
    room.sends("scanner", b"F" + MATE.encode() + b"\r\n")
    child.expect(f"Read: F{MATE}")
    child.expect(f"stood F, as in preambles; the code is {MATE}")
    child.expect("EAN-13, check digit 7 is right")
    child.expect("show a card")
    room.sends("rfid", CARD)
    child.expect_exact("Read: 62******ED (text of 10 characters")
    hears(child)
    child.expect("insert Coins")
    room.waits_until(lambda: room.coins.master)
    assert room.coins.insert(EURO)
    child.expect("100 cents seen")
    child.expect("Verdict")
    child.expect("Nothing failed")
    assert end(child) == 0
    assert child.before is not None
    room.waits_until(lambda: not room.coins.master)
    room.waits_until(lambda: not room.display.is_lit)
    assert not room.data.exists()


def test_what_does_not_work_is_told_with_what_to_do(room):
    child = room.tries("--limit", "2")
    child.expect("into all four corners")
    child.send("n")
    presses(room, child, "123456#")
    child.expect("did not arrive: \\* 0 7 8 9")
    child.expect("scan a bottle")
    for code, said in (
        (b"4029764001808", "EAN-13. The check digit is 8, it should be 7"),
        (b"A4029764001807", 'preambles = "A" in'),
    ):
        room.sends("scanner", code.replace(b"A", b"X") + b"\r")
        child.expect(said.replace("A", "X").replace("EXN", "EAN"))
        child.expect("please scan again")
    child.expect("nothing usable arrived")
    child.expect("show a card")
    child.expect("nothing usable arrived")
    hears(child, "yryny")
    room.coins.noise = Noise(share=1.0)
    child.expect("insert Coins")
    child.expect("Verdict")
    child.expect("FAILED +Display")
    child.expect("-> Contrast")
    child.expect(r"FAILED +Keys\s+\S+\s+did\s+not\s+arrive")
    child.expect("FAILED +Scanner")
    child.expect("FAILED +Card reader")
    child.expect(r"FAILED +Sound bell: not heard: Bought")
    child.expect("FAILED +Coins")
    child.expect("Do what stands behind the arrows")
    assert end(child) == 1


def test_whoever_only_presses_enter_skips_all_and_nothing_has_failed(room):
    child = room.tries()
    for prompt in ("four corners", "twelve keys", "scan a bottle", "a card", "heard", "insert"):
        child.expect(prompt)
        child.send("\r")
    child.expect("Nothing failed")
    assert end(child) == 0


def test_it_speaks_the_language_of_kpos_toml(tmp_path):
    room = Room(tmp_path / "dev", language="de")
    try:
        child = room.tries("--limit", "1")
        child.expect("Strg-C beendet")
        child.expect("bis in alle vier Ecken")
        child.send("j")
        child.expect("Licht jetzt aus")
        child.send("n")
        child.expect("FEHLER das Licht geht nicht aus")
        child.expect("Ergebnis")
        assert end(child) == 1
    finally:
        room.close()


def test_what_is_missing_or_taken_fails_with_what_to_do_and_the_next_is_tried(room):
    room.line.unplug()
    (room.dev / "scanner").unlink()
    taken = os.open(room.dev / "pad", os.O_RDWR | os.O_NOCTTY)

    fcntl.flock(taken, fcntl.LOCK_EX | fcntl.LOCK_NB)
    child = room.tries("--limit", "1")
    child.expect(r"1/6 Display\s+serial\s+\S+\s+FAILED\s+not\s+plugged in")
    child.expect(r"2/6 Keys\s+\S+\s+FAILED another program")
    child.expect(r"3/6 Scanner\s+\S+\s+FAILED not\s+plugged in")
    child.expect("show a card")
    child.expect("Verdict")
    child.expect("-> Plug it in")
    child.expect(r"systemctl\s+stop kpos")
    assert end(child) == 1
    os.close(taken)


def test_a_device_that_is_pulled_out_while_it_is_tried_fails(room):
    child = room.tries("--limit", "1")
    child.expect("four corners")
    child.send("\r")
    child.expect("twelve keys")
    room.ports["pad"].is_pulled()
    child.expect("FAILED was unplugged")
    child.sendintr()
    child.expect("interrupted")
    assert end(child) == 1


def test_ctrl_c_gives_the_terminal_back(room):
    child = room.tries()
    before = termios.tcgetattr(child.child_fd)
    child.expect("four corners")
    assert termios.tcgetattr(child.child_fd) != before
    child.sendintr()
    child.expect("interrupted")
    assert termios.tcgetattr(child.child_fd) == before
    assert end(child) == 1
    room.waits_until(lambda: not room.display.is_lit)


def test_keys_are_written_nowhere_in_their_order(room):
    """What is pressed might be a PIN, from habit."""
    child = room.tries("--limit", "1")
    child.expect("four corners")
    child.send("\r")
    presses(room, child, "4711")
    child.expect("did not arrive: # \\* 0 2 3 5 6 8 9")
    written = (child.before or "") + (child.after if isinstance(child.after, str) else "")
    assert "4711" not in re.sub(r"\s", "", written)
    child.close(force=True)


@pytest.mark.skipif(
    shutil.which("umockdev-run") is None, reason="umockdev-run is missing: apt install umockdev"
)
def test_a_scanner_that_types_is_tried_with_everything_real_but_the_kernel(room, tmp_path):
    pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
    events = Strokes(step_ms=2).scans(MATE).events
    room.config.write_text("[till]\nlanguage = 'en'\n[scanner]\ndevice = 'usb-PSC*'\n")
    program, *arguments = mocked.write(tmp_path, events)
    test = ["hardware", "test", "--config", str(room.config), "--data", str(room.data)]
    child = pexpect.spawn(
        program,
        [*arguments, sys.executable, "-m", "kpos", *test],
        encoding="utf-8",
        timeout=PATIENCE_S,
    )
    child.expect(f"Read: {MATE}")
    child.expect("EAN-13, check digit 7 is right")
    child.expect("was that heard")
    child.send("\r")
    child.expect("ok +Scanner usb-PSC")
    assert end(child) == 0


def test_a_running_till_keeps_its_devices(admin, tmp_path):
    room = Room(tmp_path / "dev")
    room.data = admin.data
    try:
        with running_till(admin.data):
            child = room.tries()
            child.expect("systemctl stop kpos")
            assert end(child) == 1
            assert room.display.octets == 0
    finally:
        room.close()


def test_without_a_terminal_it_says_that_it_needs_one(tmp_path):
    done = subprocess.run(
        [*KPOS, "hardware", "test", "--data", str(tmp_path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "ssh -t" in done.stderr


def test_an_option_that_makes_no_sense_is_named(room):
    room.config.write_text("[keypad]\ndevice = '/dev/ttyS9'\nkeymap = 'AB=1'\n")
    child = room.tries()
    child.expect("'AB' is not a character")
    assert end(child) == 1


def test_a_till_without_devices_says_where_to_find_some(room):
    room.config.write_text("[sound]\nplayer = 'none'\n[till]\nlanguage = 'en'\n")
    child = room.tries()
    child.expect("skipped +Display: not in kpos.toml")
    assert end(child) == 0


@pytest.mark.parametrize(("rows", "columns"), [(4, 40), (4, 20), (2, 16)])
def test_the_picture_fits_every_display_and_marks_each_corner(rows, columns):
    lines = picture(rows, columns)
    assert [len(line) for line in lines] == [columns] * rows
    for row, line in enumerate(lines):
        assert (line[0], line[-1]) == (str(row + 1), str(row + 1))


def test_both_languages_fill_in_the_same_names():
    def names(text: object) -> object:
        return sorted(re.findall(r"\{\w+\}", text)) if isinstance(text, str) else sorted(text)  # type: ignore[call-overload]

    german, english = WORDS["de"], WORDS["en"]
    for field in fields(type(german)):
        assert names(getattr(german, field.name)) == names(getattr(english, field.name)), field.name
