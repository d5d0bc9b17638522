"""Sounds: what the speaker is told, byte by byte, and that nobody ever waits for one."""

import logging
import os
import shlex
import struct
import subprocess
import sys
import time
import wave
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest

from hardware.melodies import MELODIES, wave_of
from hardware.sound import Aplay, Bell, PcSpeaker, Speaker
from tests.hardware.test_opening import descriptors

OCCASIONS = ("accept", "refuse", "paid", "error")
ROOT = Path(__file__).parents[2]
ENDED = Event()
ENDED.set()


@pytest.fixture
def speaker_node(tmp_path):
    """What stands for the PC speaker: a FIFO, from which comes what the kernel would be told."""
    node = tmp_path / "platform-pcspkr-event-spkr"
    os.mkfifo(node)
    reads = os.open(node, os.O_RDONLY | os.O_NONBLOCK)
    yield str(node), reads
    os.close(reads)


def tones(reads: int) -> list[int]:
    """Hertz by hertz; anything but EV_SND, SND_TONE is an error."""
    told = list(struct.iter_unpack("llHHi", os.read(reads, 4096)))
    assert all(event[2:4] == (0x12, 0x02) for event in told)
    return [event[4] for event in told]


class Instantly(Event):
    """Time that passes at once."""

    def wait(self, timeout: float | None = None) -> bool:
        return False


class TestThePcSpeaker:
    @pytest.mark.parametrize("occasion", OCCASIONS)
    def test_each_sound_is_its_tones_and_then_none(self, speaker_node, occasion):
        node, reads = speaker_node
        speaker = PcSpeaker(node)
        assert tones(reads) == [0], "what a crash left on is ended at the start"
        speaker.play(occasion, Instantly())
        assert tones(reads) == [*(note.hz for note in MELODIES[occasion]), 0]

    def test_a_sound_that_is_cut_short_ends_its_tone(self, speaker_node):
        node, reads = speaker_node
        PcSpeaker(node).play("paid", ENDED)
        assert tones(reads) == [0, MELODIES["paid"][0].hz, 0]

    def test_whatever_goes_wrong_in_the_middle_the_tone_is_ended(self, speaker_node):
        class Broken(Event):
            def wait(self, timeout: float | None = None) -> bool:
                raise InterruptedError

        node, reads = speaker_node
        with pytest.raises(InterruptedError):
            PcSpeaker(node).play("paid", Broken())
        assert tones(reads)[-1] == 0

    def test_closing_the_speaker_in_a_tone_ends_it(self, speaker_node):
        node, reads = speaker_node
        speaker = Speaker(PcSpeaker(node), "pcspkr")
        tones(reads)
        speaker.play("error")
        while not (told := _peek(reads)):
            time.sleep(0)
        speaker.close()
        assert (told + _peek(reads))[-1] == 0

    def test_a_million_beeps_leave_no_descriptor(self, speaker_node, size):
        node, reads = speaker_node
        speaker = PcSpeaker(node)
        before = descriptors()
        for _ in range(size(quick=1_000, ci=1_000, long=10_000)):
            speaker.play("accept", ENDED)
            tones(reads)
        assert descriptors() == before

    def test_a_machine_without_one_is_silent_and_says_so_once(self, tmp_path, caplog):
        speaker = Speaker(PcSpeaker(str(tmp_path / "none")), "pcspkr")
        _play_and_wait(speaker, caplog, 3)
        assert caplog.messages == ["pcspkr: no sound (No such file or directory)"]

    def test_tones_are_such_as_the_driver_takes(self):
        tones = [note.hz for melody in MELODIES.values() for note in melody if note.hz]
        assert all(20 < hz < 32767 for hz in tones)


def children() -> list[str]:
    """The processes that were started from here and are still known."""
    return Path("/proc/thread-self/children").read_text(encoding="ascii").split()


def _peek(reads: int) -> list[int]:
    try:
        return tones(reads)
    except BlockingIOError:
        return []


def _play_and_wait(speaker: Speaker, caplog, times: int) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(times):
            speaker.play("accept")
            while speaker._next is not None:
                time.sleep(0)
        speaker.close()


class TestASoundCard:
    def player(self, tmp_path, script: str) -> tuple[str, ...]:
        return ("sh", "-c", f"cd {shlex.quote(str(tmp_path))}; {script}")

    @pytest.mark.parametrize("occasion", OCCASIONS)
    def test_it_is_given_the_wave_of_the_occasion(self, tmp_path, occasion):
        Aplay(command=self.player(tmp_path, "cat > heard")).play(occasion, Event())
        assert (tmp_path / "heard").read_bytes() == wave_of(MELODIES[occasion])

    def test_waves_of_the_house_go_first(self, tmp_path):
        (tmp_path / "paid.wav").write_bytes(b"RIFF our own")
        player = Aplay(str(tmp_path), self.player(tmp_path, "cat > heard"))
        player.play("paid", Event())
        assert (tmp_path / "heard").read_bytes() == b"RIFF our own"
        player.play("error", Event())
        assert (tmp_path / "heard").read_bytes() == wave_of(MELODIES["error"])

    def test_a_player_that_hangs_delays_nobody_and_dies_with_the_till(self, tmp_path):
        hanging = self.player(tmp_path, "echo $$ > pid.new; mv pid.new pid; exec sleep 1000")
        speaker = Speaker(Aplay(command=hanging), "aplay")
        speaker.play("accept")
        while not (tmp_path / "pid").exists():
            time.sleep(0)
        for _ in range(10_000):
            speaker.play("refuse")  # would be 10,000 x 5 s
        speaker.close()
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)

    def test_a_player_that_hangs_is_killed_after_a_while(self, tmp_path):
        hanging = self.player(tmp_path, "echo $$ > pid; exec sleep 1000")
        with pytest.raises(OSError, match="sh hangs and was killed"):
            Aplay(command=hanging, patience_s=0.3).play("paid", Event())
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)

    def test_the_sound_after_one_that_hung_is_made(self, tmp_path, caplog):
        script = "if mkdir once; then exec sleep 1000; fi; touch again"
        speaker = Speaker(Aplay(command=self.player(tmp_path, script), patience_s=0.3), "aplay")
        speaker.play("accept")
        while not (tmp_path / "once").exists():
            time.sleep(0)
        speaker.play("paid")
        while not (tmp_path / "again").exists():
            time.sleep(0)
        speaker.close()
        assert caplog.messages == ["aplay: no sound (sh hangs and was killed)"]

    def test_what_the_player_complains_about_is_said(self, tmp_path, caplog):
        broken = self.player(tmp_path, "echo 'audio open error: No such device' >&2; exit 1")
        _play_and_wait(Speaker(Aplay(command=broken), "aplay"), caplog, 1)
        assert caplog.messages == ["aplay: no sound (audio open error: No such device)"]

    def test_a_player_that_is_not_installed_is_said(self, caplog):
        _play_and_wait(Speaker(Aplay(command=("kpos-no-such-player",)), "aplay"), caplog, 1)
        assert caplog.messages == ["aplay: no sound (kpos-no-such-player is not installed)"]

    def test_a_player_that_does_not_read_is_no_trouble(self, tmp_path):
        Aplay(command=self.player(tmp_path, "exec true")).play("paid", Event())

    def test_no_descriptor_and_no_process_is_left(self, size):
        player = Aplay(command=("true",))
        player.play("accept", Event())
        before = (descriptors(), children())
        for _ in range(size(quick=50, ci=1_000, long=10_000)):
            player.play("accept", Event())
        assert (descriptors(), children()) == before


class TestMelodies:
    @pytest.mark.parametrize("occasion", OCCASIONS)
    def test_a_wave_is_small_and_as_long_as_its_melody(self, occasion):
        sound = wave_of(MELODIES[occasion])
        assert len(sound) < 32_768
        with wave.open(BytesIO(sound)) as file:
            length_ms = 1000 * file.getnframes() // file.getframerate()
        assert length_ms == sum(note.ms for note in MELODIES[occasion]) < 1000

    def test_no_two_sound_alike(self):
        assert len({tuple(melody) for melody in MELODIES.values()}) == len(OCCASIONS)

    def test_they_can_be_had_as_files(self, tmp_path):
        subprocess.run(
            [sys.executable, "-m", "hardware.melodies", str(tmp_path / "sounds")],
            cwd=ROOT,
            check=True,
        )
        found = {path.stem: path.read_bytes() for path in (tmp_path / "sounds").iterdir()}
        assert found == {occasion: wave_of(MELODIES[occasion]) for occasion in OCCASIONS}


def test_a_bell_rings():
    reads, writes = os.pipe()
    speaker = Speaker(Bell(writes), "bell")
    speaker.play("paid")
    assert os.read(reads, 10) == b"\a"
    speaker.close()
    os.close(reads)
    os.close(writes)


def test_the_latest_sound_wins_over_one_that_has_not_begun():
    class Slow:
        def __init__(self) -> None:
            self.made: list[str] = []
            self.begun, self.go_on = Event(), Event()

        def play(self, occasion: str, ends: Event) -> None:
            self.made.append(occasion)
            self.begun.set()
            self.go_on.wait(20)

    slow = Slow()
    speaker = Speaker(slow, "slow")
    speaker.play("accept")
    slow.begun.wait(20)
    for occasion in ("accept", "refuse", "paid"):
        speaker.play(occasion)
    slow.go_on.set()
    while speaker._next is not None:
        time.sleep(0)
    speaker.close()
    assert slow.made == ["accept", "paid"]


def test_a_speaker_that_made_no_sound_closes_too():
    Speaker(Bell(-1), "bell").close()
