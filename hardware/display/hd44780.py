"""One or two HD44780 controllers: which instructions a picture needs.

Source: Hitachi, HD44780U data sheet ADE-207-272(Z): table 6 (instructions), figures 4 and 5
(display RAM of two lines), figure 24 (initialisation by 4 bits). A controller has 80 bytes of
display RAM, so 40x4 takes two, told apart by their enable lines E1 and E2; smaller displays have
one.

How the octets get there is a ``Wire``'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from hardware.display.bus import Geometry, Traits
from hardware.display.framebuffer import Changes, Run
from hardware.display.glyphs import Glyph
from hardware.display.roms import Rom

# A word is an octet for the controller's instruction register, or with this bit for its data.
DATA: Final = 0x100

CLEAR: Final = 0x01
ENTRY_MODE_INCREMENT: Final = 0x06
DISPLAY_OFF: Final = 0x08
DISPLAY_ON: Final = 0x0C  # cursor and blinking off
FUNCTION_8_BITS: Final = 0x30
FUNCTION_4_BITS: Final = 0x20
FUNCTION_4_BITS_2_LINES: Final = 0x28
SET_CGRAM_ADDRESS: Final = 0x40
SET_DDRAM_ADDRESS: Final = 0x80

# Seconds. Figure 24: from power on to the first instruction; then behind each of the three that
# bring a controller back to 8 bits, the second as the first: it may have ended a "home" or "clear".
POWER_ON_S: Final = 0.050
RESET_WAITS_S: Final = (0.005, 0.005, 0.0002)
# Behind any other, whatever the clone.
INSTRUCTION_S: Final = 0.0002
# Table 6 has 1.52 ms at 270 kHz for clearing; clones are slower.
CLEAR_S: Final = 0.003

LINE: Final = 40  # cells of display RAM a line, visible or not
SECOND_LINE: Final = 0x40
SLOTS: Final = 8
# Placing the cursor is one octet, and so is a cell that needs no change.
GAP: Final = 1

# Blanking is one octet, and takes as long as writing three or four.
BLANKING: Final = 4

FIRST: Final = 0b01
BOTH: Final = 0b11
_UNKNOWN: Final = -1


def controllers(geometry: Geometry) -> int:
    """A mask of those that a display of this size has."""
    return BOTH if geometry.rows * geometry.columns > 2 * LINE else FIRST


class Wire(Protocol):
    """A way to controllers. Everything raises OSError when it is cut."""

    def start(self) -> None:
        """Bring all controllers up with 4 bits and two lines: blank, no cursor, lit."""
        ...

    def send(self, mask: int, words: Sequence[int]) -> None:
        """Send words to the controllers of a mask; return when they can take more."""
        ...

    def clear(self, mask: int) -> None:
        """Blank the controllers of a mask; return when they can take more."""
        ...

    def light(self, *, lit: bool) -> None:
        """Switch the backlight."""
        ...

    def check(self) -> None:
        """See whether the wire still ends where it did."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


class Hd44780Bus:
    """A ``Bus`` for a display whose rows the controllers share."""

    def __init__(self, wire: Wire, geometry: Geometry, rom: Rom) -> None:
        self._wire = wire
        self._all = controllers(geometry)
        # Where each controller's next octet goes; a row of 40 ends at the beginning of the next.
        self._cursors = [_UNKNOWN] * 2
        count = self._all.bit_length()
        rows = geometry.rows // count
        areas = tuple(range(first * rows, (first + 1) * rows) for first in range(count))
        self.traits: Final = Traits(geometry, rom, SLOTS, GAP, areas=areas, blanking=BLANKING)

    def start(self) -> None:
        """Initialise all controllers."""
        self._wire.start()
        self._cursors = [0] * 2

    def draw(self, glyphs: Sequence[Glyph], changes: Changes) -> None:
        """Slots in all controllers alike, so that text may move from half to half.

        The first thing written would hide that the display lost its power: so it is looked at
        before. Whoever does not understand what comes cannot say so.
        """
        self._wire.check()
        for glyph in glyphs:
            words = [SET_CGRAM_ADDRESS | glyph.slot << 3, *(DATA | row for row in glyph.dots)]
            self._cursors = [_UNKNOWN] * 2
            self._wire.send(self._all, words)
        for controller in changes.blanked:
            self._wire.clear(1 << controller)
            self._cursors[controller] = 0
        for run in changes.runs:
            controller, address = self._place(run)
            words = [DATA | code for code in run.codes]
            if self._cursors[controller] != address:
                words.insert(0, SET_DDRAM_ADDRESS | address)
            self._cursors[controller] = _UNKNOWN
            self._wire.send(1 << controller, words)
            self._cursors[controller] = _after(address, len(run.codes))

    def light(self, *, lit: bool) -> None:
        """Switch the backlight."""
        self._wire.light(lit=lit)

    def check(self) -> None:
        """See whether the wire still ends where it did."""
        self._wire.check()

    def close(self) -> None:
        """Let go."""
        self._wire.close()

    def _place(self, run: Run) -> tuple[int, int]:
        """Controller and display RAM address of a run.

        With two controllers rows 0 and 1 are the first one's; with one controller rows 2 and 3 are
        the rest of its two lines.
        """
        controller, row = divmod(run.row, 2)
        if self._all == BOTH:
            return controller, row * SECOND_LINE + run.column
        return 0, row * SECOND_LINE + controller * self.traits.geometry.columns + run.column


def _after(address: int, count: int) -> int:
    """Where the address counter stands after so many cells: the end of a line leads on."""
    line, column = divmod(address, SECOND_LINE)
    carry, column = divmod(column + count, LINE)
    return (line + carry) % 2 * SECOND_LINE + column
