"""What a display must be able to do, whatever it hangs on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hardware.display.framebuffer import Changes
from hardware.display.glyphs import Glyph
from hardware.display.roms import Rom
from hardware.errors import DeviceError

_HOST: Final = re.compile(r"(?P<host>[^\s:=]+)(:(?P<port>\d{1,5}))?")
_PORT_MAX: Final = 65535


@dataclass(frozen=True)
class Geometry:
    """How many characters a display shows."""

    rows: int = 4
    columns: int = 40


@dataclass(frozen=True)
class Traits:
    """What a picture must be made for.

    ``slots`` can be drawn into; ``gap``, ``areas`` and ``blanking`` are for ``Framebuffer``,
    ``avoided`` for ``GlyphManager``.
    """

    geometry: Geometry
    rom: Rom
    slots: int
    gap: int
    avoided: frozenset[int] = frozenset()
    areas: tuple[range, ...] = ()
    blanking: int = 0


class Bus(Protocol):
    """A character display. Used by one thread; everything raises OSError when the display is gone.

    After an error only ``start`` and ``close`` make sense: how much arrived is not known.
    """

    @property
    def traits(self) -> Traits:
        """What can be shown."""
        ...

    def start(self) -> None:
        """Connect and initialise, from whatever state; then all is blank, undrawn and lit.

        Raises:
            DeviceError: with what to do about it.
            OSError: the display does not answer.
        """
        ...

    def draw(self, glyphs: Sequence[Glyph], changes: Changes) -> None:
        """Fill slots, blank areas, then change cells."""
        ...

    def light(self, *, lit: bool) -> None:
        """Switch the backlight."""
        ...

    def check(self) -> None:
        """See whether it is still there and as it was left, if that can be seen."""
        ...

    def close(self) -> None:
        """Let go of it; never raises."""
        ...


def parse_address(where: str, usual_port: int) -> tuple[str, int]:
    """Host and port of a display that is behind a server; empty: this machine.

    Raises:
        DeviceError: it is of another form.
    """
    found = _HOST.fullmatch(where or "localhost")
    if found is None or not _is_host(found["host"]) or int(found["port"] or 0) > _PORT_MAX:
        raise DeviceError(where, "no host and port", "Write them like localhost:13666")
    return found["host"], int(found["port"] or usual_port)


def _is_host(name: str) -> bool:
    """Whether it can be looked up; what cannot be encoded would be no OSError when it is."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True
