"""Readers of coins and notes: what they report, and how a conversation with one goes on in time.

Written after the protocols' public descriptions and tested against emulated devices that lose,
repeat and garble bytes; UNTESTED against real ones.

Pure: no port, no clock. Each coin and note is reported exactly once, whatever is repeated on the
wire. After a ``Credit`` the device is asked nothing more until ``settle`` was called: first the
credit is in the books, then the device may forget it.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

# How often a reader is asked: makers say 100 to 1000 ms while it accepts, and some inhibit
# themselves when nobody asks for longer.
POLL_MS: Final = 200
# While it is inhibited: for a coin that was falling already, and to see that somebody is there.
REST_POLL_MS: Final = 1000


@dataclass(frozen=True)
class Credit:
    """One coin or note was taken.

    ``number`` counts the reader's credits; from when on is the protocol's matter. ``is_late``: it
    was taken before this program was started.
    """

    cents: int
    number: int
    is_late: bool = False


@dataclass(frozen=True)
class Trouble:
    """A word to an admin; money may be in the box that nobody was credited with."""

    text: str


@dataclass(frozen=True)
class Ask:
    """Send a request and wait for its answer, which has so many bytes; None: any number."""

    data: bytes
    answer_length: int | None = None


@dataclass(frozen=True)
class AskAgain:
    """Send the last request once more, as it was."""


@dataclass(frozen=True)
class Pause:
    """Ask nothing for so long."""

    ms: int


@dataclass(frozen=True)
class Settle:
    """Ask nothing until the credits reported so far are in the books."""


CashEvent: TypeAlias = Credit | Trouble
Step: TypeAlias = CashEvent | Ask | AskAgain | Pause | Settle
# Is sent the answer of an ``Ask``, None for silence and after everything else.
Talk: TypeAlias = Generator[Step, bytes | None, None]


class Link(Protocol):
    """How requests and answers look on the wire."""

    @property
    def answer_ms(self) -> int:
        """How long an answer may take."""
        ...

    @property
    def tries(self) -> int:
        """How often a request is sent before nobody is there."""
        ...

    def frame(self, ask: Ask) -> bytes:
        """Return a new request as it is sent."""
        ...

    def again(self) -> bytes:
        """Return the last request as it is sent once more."""
        ...

    def answer(self, received: bytes) -> bytes | None:
        """Take what came; return the answer to the last request when it is whole and undamaged."""
        ...


class CashDevice(Protocol):
    """A kind of reader: what is asked of it, in which order."""

    counted: int | None  # events up to which all are reported; None where they have no numbers
    is_resumed: bool  # whether it is still to be asked what it took before this program started
    wanted: bool  # whether it shall take money
    told: bool  # whether it was told to, last, and has confirmed it

    @property
    def link(self) -> Link:
        """Its wire."""
        ...

    def talk(self) -> Talk:
        """Begin a conversation, which never ends.

        A second one, after the wire was pulled out, goes on where the first one was: what was taken
        meanwhile is credited.
        """
        ...

    def farewell(self) -> bytes:
        """Return what to send when nobody will ask any more: take nothing."""
        ...


class Dialogue:
    """A conversation with a reader, carried on by what comes and by the time."""

    def __init__(self, device: CashDevice) -> None:
        self._device = device
        self._link = device.link
        self._talk = device.talk()
        self._step: Step | None = None
        self._due_ms: int | None = 0
        self._tries = 0
        self._outgoing = b""

    @property
    def deadline_ms(self) -> int | None:
        """When to call ``flush`` if nothing comes before; None for not before ``settle``."""
        device = self._device
        if isinstance(self._step, Pause) and device.wanted != device.told:
            return 0
        return self._due_ms

    def accept(self) -> None:
        """Take money from now on."""
        self._device.wanted = True

    def inhibit(self) -> None:
        """Take no more; what was on its way in may still be credited within some seconds."""
        self._device.wanted = False

    def settle(self) -> None:
        """The credits reported so far are in the books."""
        if isinstance(self._step, Settle):
            self._due_ms = 0

    def to_send(self) -> bytes:
        """Return what to send now, once; b"" for nothing."""
        outgoing, self._outgoing = self._outgoing, b""
        return outgoing

    def farewell(self) -> bytes:
        """Return the last thing to send."""
        return self._device.farewell()

    def feed(self, data: bytes, now_ms: int) -> list[CashEvent]:
        """Take what came; what nobody asked for is ignored."""
        if not isinstance(self._step, Ask | AskAgain):
            return []
        answer = self._link.answer(data)
        return [] if answer is None else self._go_on(answer, now_ms)

    def flush(self, now_ms: int) -> list[CashEvent]:
        """Take the time; the first call begins the conversation."""
        deadline_ms = self.deadline_ms
        if deadline_ms is None or now_ms < deadline_ms:
            return []
        if self._tries > 1:
            self._tries -= 1
            self._send(self._link.again(), now_ms)
            return []
        return self._go_on(None, now_ms)

    def _go_on(self, answer: bytes | None, now_ms: int) -> list[CashEvent]:
        events: list[CashEvent] = []
        self._tries = 0
        step = next(self._talk) if self._step is None else self._talk.send(answer)
        while isinstance(step, Credit | Trouble):
            events.append(step)
            step = self._talk.send(None)
        self._step = step
        match step:
            case Ask():
                self._tries = self._link.tries
                self._send(self._link.frame(step), now_ms)
            case AskAgain():
                self._send(self._link.again(), now_ms)
            case Pause():
                self._due_ms = now_ms + step.ms
            case Settle():
                self._due_ms = None
        return events

    def _send(self, frame: bytes, now_ms: int) -> None:
        self._outgoing = frame
        self._due_ms = now_ms + self._link.answer_ms
