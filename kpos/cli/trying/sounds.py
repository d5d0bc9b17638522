"""The sound of each occasion."""

from __future__ import annotations

from threading import Event

from hardware.melodies import MELODIES
from hardware.sound import Aplay, PcSpeaker, Player
from kpos.cli.checks.devices import judge_sound
from kpos.cli.trying.console import Console
from kpos.cli.trying.verdict import Verdict, judged
from kpos.config import SoundConfig


def try_sounds(console: Console, section: SoundConfig) -> Verdict:
    """Each is made until it was heard, or not.

    Raises:
        Skipped: by whoever was asked.
    """
    words = console.words
    device = f"{words.sound} {section.player}"
    if (verdict := judged(device, judge_sound(section.player))) is not None:
        return verdict
    silent = []
    for occasion in MELODIES:
        answer = "again"
        while answer == "again":
            try:
                _play(console, section, occasion)
            except OSError as error:
                said = error.strerror or str(error)
                return Verdict(device, "failed", said, words.look_at_sound)
            question = words.heard.format(occasion=words.occasions[occasion])
            answer = console.asks(question, again="r")
        if answer == "no":
            silent.append(words.occasions[occasion])
    if silent:
        said = words.no_sound.format(occasions=", ".join(silent))
        return Verdict(device, "failed", said, words.look_at_sound)
    return Verdict(device, "ok")


def _play(console: Console, section: SoundConfig, occasion: str) -> None:
    """Make it, and return when it is over."""
    if section.player == "bell":
        console.rings()
        return
    player: Player = PcSpeaker() if section.player == "pcspkr" else Aplay(section.folder)
    player.play(occasion, Event())
