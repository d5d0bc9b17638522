"""A till whose display nobody has connected: it sells, and says on stderr what it booked."""

from __future__ import annotations

import os
from contextlib import suppress

from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.domain.document import Document
from kpos.terminal.front import Fed


class LogFront:
    """One line an event, for systemd's journal. No frame: names and credits stand in them."""

    def __init__(self, descriptor: int = 2) -> None:
        self._descriptor = descriptor

    def show(self, frame: Frame) -> None:
        """Nobody sees it."""

    def play(self, sound: Sound) -> None:
        """Nobody hears it."""
        self.heard(sound)

    def heard(self, sound: Sound) -> None:
        """An error is one for the admin."""
        if sound == "error":
            self.note("error: the till could not book, or is locked")

    def booked(self, document: Document) -> None:
        """Number and kind."""
        self.note(booked_line(document))

    def attach(self, till: Fed) -> None:
        """There is no keyboard."""

    def due_ms(self) -> int | None:
        """Never."""
        return None

    def after(self) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """One line, at once."""
        with suppress(OSError):  # nobody reads it any more; selling goes on
            os.write(self._descriptor, f"kpos: {text}\n".encode("utf-8", "replace"))

    def close(self) -> None:
        """Nothing was opened."""


def booked_line(document: Document) -> str:
    """``booked K1-000042 sale``; a document without a number by its place in the journal."""
    return f"booked {document.receipt_number or f'document {document.seq}'} {document.kind}"
