"""The display that members look at, beside the screen or log of an admin.

A thread of the driver writes to it, so nobody waits for it; when it is gone the till sells on, the
log says so once, and when it is back it shows what it should. Nothing of it is imported for a till
that has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.checkout.states import Idle
from kpos.clock import Clock
from kpos.config import DisplayConfig
from kpos.domain.document import Document
from kpos.terminal.front import Front, Input, Unusable
from kpos.terminal.till import Till

if TYPE_CHECKING:
    from hardware.display.opening import Description
    from hardware.display.writer import Writer

_MS_PER_S = 1000

MakeInputs = Callable[[Till], Sequence[Input]]


def with_display(
    front: Front,
    section: DisplayConfig,
    clock: Clock,
    note: Callable[[str], None],
    closing: ExitStack,
) -> tuple[Front, MakeInputs]:
    """The front and the display of kpos.toml, and what must look at the time for it.

    `note` logs a line, and is called by the display's own thread.

    Raises:
        Unusable: the display as it is described cannot be, or a library is missing.
    """
    if section.kind == "none":
        return front, lambda _till: ()
    from hardware.display.opening import open_display
    from hardware.display.writer import Writer
    from hardware.errors import DeviceError

    try:
        bus = open_display(description(section))
    except DeviceError as error:
        msg = f"the display: {error}"
        raise Unusable(msg) from error
    writer = Writer(bus, note)
    closing.callback(writer.close)
    return Displaying(front, writer), lambda till: (
        Dimmer(till, writer, clock, section.dim_after_s),
    )


def description(section: DisplayConfig) -> Description:
    """What the drivers need to know of a display; there is one."""
    from hardware.display.opening import Description

    assert section.kind != "none", "who asks has looked"
    return Description(
        section.kind,
        section.where,
        section.size,
        section.rom,
        section.baud,
        packed=section.driver == "packed",
    )


class Displaying:
    """A front end whose pictures are shown on a display as well."""

    def __init__(self, front: Front, writer: Writer) -> None:
        self._front = front
        self._writer = writer

    def show(self, frame: Frame) -> None:
        """Soon, on the display; a picture that is overtaken by the next one is left out."""
        self._front.show(frame)
        self._writer.show(frame)

    def play(self, sound: Sound) -> None:
        """As it does."""
        self._front.play(sound)

    def booked(self, document: Document) -> None:
        """As it does."""
        self._front.booked(document)

    @property
    def is_shown(self) -> bool:
        """Whether the display took a picture, and has not failed since."""
        return self._writer.is_shown


def is_shown(front: Front) -> bool:
    """Whether somebody at the till sees its pictures; a terminal shows what it is given."""
    return not isinstance(front, Displaying) or front.is_shown


class Dimmer:
    """Takes the light away when nobody has been there for a while; 0: never."""

    def __init__(self, till: Till, writer: Writer, clock: Clock, dim_after_s: int) -> None:
        self._till = till
        self._writer = writer
        self._clock = clock
        self._patience_ms = dim_after_s * _MS_PER_S
        self._busy_ms = clock.monotonic_ms()
        self._is_lit = True

    def due_ms(self) -> int | None:
        """Milliseconds until the light goes out."""
        if not (self._patience_ms and self._is_lit and self._is_idle):
            return None
        return self._busy_ms + self._patience_ms - self._clock.monotonic_ms()

    def after(self) -> None:
        """Whatever somebody does that the till answers brings the light back."""
        now_ms = self._clock.monotonic_ms()
        if not self._is_idle:
            self._busy_ms = now_ms
        is_lit = not self._patience_ms or now_ms - self._busy_ms < self._patience_ms
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self._writer.light(lit=is_lit)

    @property
    def _is_idle(self) -> bool:
        return isinstance(self._till.state.dialogue, Idle)
