"""What a front end must be able to do for the till."""

from __future__ import annotations

from typing import Protocol

from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.domain.document import Document


class Unusable(Exception):
    """No till can run with this terminal or these devices; the message says what to do."""


class Front(Protocol):
    """A display, a loudspeaker, and somebody who wants to know what was booked."""

    def show(self, frame: Frame) -> None:
        """Show a picture; called only when it changed. Must not block."""
        ...

    def play(self, sound: Sound) -> None:
        """Make a sound, or not. Must not block."""
        ...

    def booked(self, document: Document) -> None:
        """The first document of a commit: the acknowledgement."""
        ...


class Input(Protocol):
    """Where keys and scans come from, and whatever else waits for a time."""

    def due_ms(self) -> int | None:
        """Milliseconds until something must be done without input; None: nothing."""
        ...

    def after(self) -> None:
        """Called after each turn of the loop."""
        ...


class Fed(Protocol):
    """What keys and scans are for: the till."""

    def key(self, key: str) -> None:
        """One of the twelve keys."""
        ...

    def scan(self, text: str) -> None:
        """A scan, or a card reading."""
        ...


class Screen(Front, Input, Protocol):
    """A front end for people, which has room for a word to the admin."""

    def heard(self, sound: Sound) -> None:
        """Note a sound that somebody else makes, instead of `play`."""
        ...

    def attach(self, till: Fed) -> None:
        """Begin: feed the till with what is typed, if there is a keyboard."""
        ...

    def note(self, text: str) -> None:
        """Log a line: never a name, a code or a key."""
        ...

    def close(self) -> None:
        """Leave everything as it was found."""
        ...
