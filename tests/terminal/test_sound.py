"""Sounds at the till: by whom, and that a scan never waits for one."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack

import pytest

from hardware.melodies import MELODIES, wave_of
from kpos.checkout.events import Sound
from kpos.config import SoundConfig
from kpos.terminal.sound import with_sound
from tests.terminal.kiosk import Kiosk, Shown

MATE, SPEZI = "4029764001807", "4066600603405"


class Ringing(Shown):
    """A terminal with a bell."""

    def __init__(self) -> None:
        super().__init__()
        self.rung = 0

    def play(self, sound: Sound) -> None:
        self.rung += 1
        self.heard(sound)

    def heard(self, sound: Sound) -> None:
        self.sounds.append(sound)


@pytest.mark.parametrize(("player", "rung"), [("bell", 1), ("none", 0)])
def test_the_bell_rings_unless_it_is_not_wanted(player, rung):
    shown = Ringing()
    with ExitStack() as closing:
        with_sound(shown, SoundConfig(player=player), closing).play("paid")
    assert (shown.sounds, shown.rung) == (["paid"], rung)


def test_aplay_is_given_the_waves_of_the_house(tmp_path, monkeypatch):
    fake = tmp_path / "aplay"
    fake.write_text(f"#!/bin/sh\ncat > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/heard\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    shown = Shown()
    with ExitStack() as closing:
        front = with_sound(shown, SoundConfig(player="aplay"), closing)
        front.play("paid")
        while not (tmp_path / "heard").exists():
            time.sleep(0)
    assert (tmp_path / "heard").read_bytes() == wave_of(MELODIES["paid"])
    assert shown.sounds == ["paid"]


def test_a_machine_without_a_pc_speaker_sells(kiosk: Kiosk):
    with ExitStack() as closing:
        kiosk.sounds_by(lambda shown: with_sound(shown, SoundConfig(player="pcspkr"), closing))
        kiosk.scans(MATE)
        kiosk.sees("Club-Mate")


def test_a_player_that_hangs_delays_no_scan(kiosk: Kiosk, tmp_path, monkeypatch):
    fake = tmp_path / "aplay"
    fake.write_text(f"#!/bin/sh\necho >> {tmp_path}/begun; exec sleep 1000\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with ExitStack() as closing:
        kiosk.sounds_by(lambda shown: with_sound(shown, SoundConfig(player="aplay"), closing))
        kiosk.scans(MATE)
        kiosk.sees("Club-Mate")
        while not (tmp_path / "begun").exists():
            time.sleep(0)
        for code, name in ((SPEZI, "Paulaner Spezi"), (MATE, "Club-Mate"), (SPEZI, "Paulaner")):
            kiosk.scans(code)
            kiosk.sees(name)
        kiosk.types("*")
        # One sound was begun, and it still hangs: nobody has waited for it.
        assert (tmp_path / "begun").read_text() == "\n"
        assert len(kiosk.shown.sounds) >= 4
