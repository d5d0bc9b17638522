"""Sounds, in nobody's way: PC speaker, sound card, terminal bell.

``Speaker.play`` never waits and never fails. A thread makes the sounds one after the other; what
comes while one is being made replaces what has not begun, since a beep that is late belongs to
nothing any more.
"""

import logging
import os
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Final, Protocol

from hardware.melodies import MELODIES, wave_of

log: Final = logging.getLogger(__name__)

PC_SPEAKER: Final = "/dev/input/by-path/platform-pcspkr-event-spkr"

# struct input_event, with the native long of whoever reads; linux/input-event-codes.h.
_EVENT: Final = struct.Struct("llHHi")
_EV_SND: Final = 0x12
_SND_TONE: Final = 0x02

_APLAY_S: Final = 5.0  # no sound of a till is this long: a player that is, hangs
_LOOK_S: Final = 0.1  # how soon a player is killed when the program ends
_JOIN_S: Final = 1.0


class Player(Protocol):
    """Makes one sound, and returns when it is over or ``ends`` is set."""

    def play(self, occasion: str, ends: Event) -> None:
        """Make the sound of this occasion.

        Raises:
            OSError: it cannot be made.
        """
        ...


class Speaker:
    """A player in a thread of its own, which the first sound starts."""

    def __init__(self, player: Player, name: str) -> None:
        self._player = player
        self._name = name
        self._next: str | None = None
        self._changed = Condition()
        self._ends = Event()
        self._thread: Thread | None = None
        self._complaint = ""

    def play(self, occasion: str) -> None:
        """Make this sound soon, instead of one that has not begun."""
        with self._changed:
            self._next = occasion
            self._changed.notify()
        if self._thread is None:
            self._thread = Thread(target=self._run, name="sound", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Fall silent."""
        self._ends.set()
        with self._changed:
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while (occasion := self._wait()) is not None:
            complaint = ""
            try:
                self._player.play(occasion, self._ends)
            except OSError as error:
                complaint = f"{error.strerror or error}"
            if complaint and complaint != self._complaint:
                log.warning("%s: no sound (%s)", self._name, complaint)
            self._complaint = complaint

    def _wait(self) -> str | None:
        """Return the next occasion; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._next is not None or self._ends.is_set())
            occasion, self._next = self._next, None
        return None if self._ends.is_set() else occasion


class PcSpeaker:
    """The beeper of the mainboard, driven by the module pcspkr through Linux's input layer.

    Opened for each sound and for writing only, which is all that its group needs to be allowed.
    """

    def __init__(self, path: str = PC_SPEAKER) -> None:
        self._path = path
        # A program that was killed in the middle of a tone has left it on.
        with suppress(OSError), self._opened():
            pass

    def play(self, occasion: str, ends: Event) -> None:
        """Beep."""
        with self._opened() as descriptor:
            for note in MELODIES[occasion]:
                _set_tone(descriptor, note.hz)
                if ends.wait(note.ms / 1000):
                    break

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The device; whatever happens, no tone is on afterwards."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            # Closing alone does not end it: the kernel beeps on until somebody says otherwise.
            with suppress(OSError):
                _set_tone(descriptor, 0)
            os.close(descriptor)


def _set_tone(descriptor: int, hz: int) -> None:
    """Start a tone of 21 to 32766 Hz (drivers/input/misc/pcspkr.c), 0 to end it."""
    os.write(descriptor, _EVENT.pack(0, 0, _EV_SND, _SND_TONE, hz))


class Aplay:
    """A sound card, by ALSA's player.

    Args:
        folder: the house's own waves, ``accept.wav`` and so on; what is not there, or with "" all,
            is as in ``hardware.melodies``.
        command: what plays a wave from its standard input.
        patience_s: a player that takes longer is killed.
    """

    def __init__(
        self,
        folder: str = "",
        command: Sequence[str] = ("aplay", "-q", "-"),
        patience_s: float = _APLAY_S,
    ) -> None:
        self._folder = folder
        self._command = command
        self._patience_s = patience_s
        self._waves: dict[str, bytes] = {}

    def play(self, occasion: str, ends: Event) -> None:
        """Play; a player that hangs is killed."""
        sound = self._wave(occasion)
        with self._started() as player:
            try:
                said = self._wait(player, sound, ends)
            finally:
                player.kill()
        if said:
            raise OSError(None, said)

    def _started(self) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(  # noqa: S603 -- a constant
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            raise OSError(error.errno, f"{self._command[0]} is not installed") from error

    def _wait(self, player: "subprocess.Popen[bytes]", sound: bytes, ends: Event) -> str:
        """Return what the player complained about, "" if it is over."""
        waited_s = 0.0
        to_send: bytes | None = sound
        while waited_s <= self._patience_s:
            try:
                _, said = player.communicate(to_send, timeout=_LOOK_S)
            except subprocess.TimeoutExpired:
                waited_s += _LOOK_S
                to_send = None  # the first call goes on sending
                if ends.is_set():
                    return ""
                continue
            failed = f"{self._command[0]} failed with status {player.returncode}"
            lines = said.decode("utf-8", "replace").splitlines() or [failed]
            return lines[0] if player.returncode else ""
        return f"{self._command[0]} hangs and was killed"

    def _wave(self, occasion: str) -> bytes:
        if occasion not in self._waves:
            own = Path(self._folder) / f"{occasion}.wav"
            is_own = bool(self._folder) and own.exists()
            self._waves[occasion] = own.read_bytes() if is_own else wave_of(MELODIES[occasion])
        return self._waves[occasion]


class Bell:
    """The bell of a terminal, the same for every occasion."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def play(self, occasion: str, ends: Event) -> None:  # noqa: ARG002 -- as any player
        """Ring."""
        os.write(self._descriptor, b"\a")
