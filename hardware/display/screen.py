"""A display that is given whole pictures and sends what is new in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from hardware.display.bus import Bus
from hardware.display.framebuffer import Framebuffer
from hardware.display.glyphs import GlyphManager
from hardware.display.reflow import reflow
from hardware.errors import DeviceError


class Screen:
    """One display and what is on it; started when something is to be seen.

    Every method may raise OSError or DeviceError, and the next one then starts the display anew.
    """

    def __init__(self, bus: Bus) -> None:
        traits = bus.traits
        self._bus = bus
        self._geometry = traits.geometry
        self._glyphs = GlyphManager(traits.rom, slots=traits.slots, avoided=traits.avoided)
        self._buffer = Framebuffer(
            self._geometry.rows, self._geometry.columns, traits.gap, traits.areas, traits.blanking
        )
        self._is_started = False
        self._is_lit = True
        # The picture last asked for, which of its lines were new, and what shows it in turns.
        self._lines: list[str] = []
        self._new: frozenset[int] = frozenset()
        self._pictures: list[list[str]] = [[]]
        self._turn = 0

    @property
    def takes_turns(self) -> bool:
        """Whether the picture is too large to be seen at once: ``turn`` shows more of it."""
        return len(self._pictures) > 1

    def show(self, lines: Sequence[str]) -> None:
        """Show a picture of any size, of one that is too large the first part.

        One in which at most the last line is new, a countdown, goes on with the part it was at.
        """
        lines = [unicodedata.normalize("NFC", line) for line in lines]
        if lines[:-1] != self._lines[:-1] or len(lines) != len(self._lines):
            before = [*self._lines, *[""] * len(lines)]
            self._new = frozenset(at for at, line in enumerate(lines) if line != before[at])
            self._turn = 0
        self._lines = lines
        self._pictures = reflow(lines, self._geometry.rows, self._geometry.columns, self._new)
        self._draw()

    def turn(self) -> None:
        """Show the next part of a picture that is too large, the first one after the last."""
        self._turn += 1
        self._draw()

    def _draw(self) -> None:
        try:
            self._start()
            encoded = self._glyphs.encode(self._pictures[self._turn % len(self._pictures)])
            changes = self._buffer.replace(encoded.rows)
            if changes or encoded.glyphs:
                self._bus.draw(encoded.glyphs, changes)
        except (OSError, DeviceError):
            self._is_started = False
            raise

    def light(self, *, lit: bool) -> None:
        """Switch the backlight, now and whenever the display starts anew."""
        if lit == self._is_lit:
            return
        self._is_lit = lit
        try:
            if self._is_started:
                self._bus.light(lit=lit)
            self._start()
        except (OSError, DeviceError):
            self._is_started = False
            raise

    def check(self) -> None:
        """See whether the display is still there."""
        try:
            if self._is_started:
                self._bus.check()
            self._start()
        except (OSError, DeviceError):
            self._is_started = False
            raise

    @property
    def codes(self) -> tuple[bytes, ...]:
        """What the display should be showing, in its own codes."""
        return self._buffer.rows

    def close(self) -> None:
        """Leave a dark, blank display behind: one that still shows something looks alive."""
        try:
            if self._is_started:
                self.show(())
                self._bus.light(lit=False)
        except (OSError, DeviceError):
            pass  # it is gone, and so are we
        self._is_started = False
        self._bus.close()

    def _start(self) -> None:
        if not self._is_started:
            self._bus.start()
            self._buffer.blank()
            self._glyphs.forget()
            if not self._is_lit:
                self._bus.light(lit=False)
            self._is_started = True
