"""A till whose display nobody has connected: it sells, and says on stderr what it booked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.domain.document import Document
from kpos.terminal.front import Fed
from kpos.terminal.journald import Journal, Priority

_NO_FIELDS: Mapping[str, str] = MappingProxyType({})


class LogFront:
    """One line an event, for systemd's journal. No frame: names and credits stand in them.

    Without a journal, or where it does not answer, they are lines of the descriptor.
    """

    def __init__(self, descriptor: int = 2, journal: Journal | None = None) -> None:
        self._descriptor = descriptor
        self._journal = journal

    def show(self, frame: Frame) -> None:
        """Nobody sees it."""

    def play(self, sound: Sound) -> None:
        """Nobody hears it."""
        self.heard(sound)

    def heard(self, sound: Sound) -> None:
        """An error is one for the admin."""
        if sound == "error":
            self._say("error: the till could not book, or is locked", "error")

    def booked(self, document: Document) -> None:
        """Number and kind."""
        fields = {"KPOS_KIND": document.kind, "KPOS_DOCUMENT": str(document.ref)}
        if document.receipt_number is not None:
            fields["KPOS_RECEIPT"] = document.receipt_number
        self._say(booked_line(document), "info", fields)

    def attach(self, till: Fed) -> None:
        """There is no keyboard."""

    def due_ms(self) -> int | None:
        """Never."""
        return None

    def after(self) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """One line, at once."""
        self._say(text, "notice")

    def _say(self, text: str, priority: Priority, fields: Mapping[str, str] = _NO_FIELDS) -> None:
        if self._journal is not None and self._journal.send(text, priority, fields):
            return
        with suppress(OSError):  # nobody reads it any more; selling goes on
            os.write(self._descriptor, f"kpos: {text}\n".encode("utf-8", "replace"))

    def close(self) -> None:
        """Give the socket back."""
        if self._journal is not None:
            self._journal.close()


def booked_line(document: Document) -> str:
    """``booked K1-000042 sale``; a document without a number by its place in the journal."""
    return f"booked {document.receipt_number or f'document {document.seq}'} {document.kind}"
