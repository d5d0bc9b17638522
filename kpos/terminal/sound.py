"""Sounds besides the terminal's own bell. Nobody waits for one: a driver's thread makes them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol

from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.config import SoundConfig
from kpos.domain.document import Document
from kpos.terminal.front import Front


class Noting(Front, Protocol):
    """A front end that can do without its own sounds."""

    def heard(self, sound: Sound) -> None:
        """Note a sound that somebody else makes."""
        ...


class Sounding:
    """A front end whose sounds somebody else makes, or nobody."""

    def __init__(self, front: Noting, play: Callable[[Sound], None]) -> None:
        self._front = front
        self._play = play

    def show(self, frame: Frame) -> None:
        """As it does."""
        self._front.show(frame)

    def play(self, sound: Sound) -> None:
        """By the speaker; never waits for it."""
        self._play(sound)
        self._front.heard(sound)

    def booked(self, document: Document) -> None:
        """As it does."""
        self._front.booked(document)


def with_sound(front: Noting, section: SoundConfig, closing: ExitStack) -> Front:
    """The front end, with the sounds of kpos.toml."""
    if section.player == "bell":
        return front
    if section.player == "none":
        return Sounding(front, lambda _sound: None)
    from hardware.sound import Aplay, PcSpeaker, Speaker

    player = PcSpeaker() if section.player == "pcspkr" else Aplay(section.folder)
    speaker = Speaker(player, section.player)
    closing.callback(speaker.close)
    return Sounding(front, speaker.play)
