"""What a front end must be able to do for the till."""

from __future__ import annotations

from typing import Protocol

from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.domain.document import Document


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
