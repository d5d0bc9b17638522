"""A note validator that speaks SSP: 9600 8N2, without encryption (NV9, NV10, NV200).

After Innovative Technology's SSP protocol manual GA138 and the vectors that were computed from it:
0x7F, sequence bit and address, length, data, CRC-16 of all of it but the first byte (polynomial
0x8005, begun with 0xFFFF), its low byte first; a 0x7F after the first is doubled. UNTESTED against
a real device.

A request carries a bit that alternates. The same bit again means: the answer was lost, repeat it.
The device then does nothing but repeat, so a note is told once however often it is asked; and a
request that is not answered is sent with its bit for ever, never given up for a new one.
"""

from collections.abc import Generator, Iterator
from typing import Final

from hardware.cash import (
    POLL_MS,
    REST_POLL_MS,
    Ask,
    AskAgain,
    Credit,
    Pause,
    Settle,
    Step,
    Talk,
    Trouble,
)

STX: Final = 0x7F
SET_INHIBITS: Final = 0x02
SETUP_REQUEST: Final = 0x05
HOST_PROTOCOL: Final = 0x06
POLL: Final = 0x07
REJECT: Final = 0x08
DISABLE: Final = 0x09
ENABLE: Final = 0x0A
SYNC: Final = 0x11

OK: Final = 0xF0

# What a poll tells: code -> bytes behind it, the number of a channel or nothing.
SLAVE_RESET: Final = 0xF1
READ: Final = 0xEF  # channel 0: still reading; else the note waits for the next poll to take it
NOTE_CREDIT: Final = 0xEE
FRAUD: Final = 0xE6
CLEARED_TO_CASHBOX: Final = 0xE2
_EVENTS: Final = {
    SLAVE_RESET: 0,
    READ: 1,
    NOTE_CREDIT: 1,
    0xED: 0,  # rejecting
    0xEC: 0,  # rejected
    0xEB: 0,  # stacked
    0xEA: 0,  # jam, the note cannot be pulled out
    0xE9: 0,  # jam, the note can
    0xE8: 0,  # disabled
    0xE7: 0,  # stacker full
    FRAUD: 1,
    0xE4: 0,  # cash box put back
    0xE3: 0,  # cash box taken out
    CLEARED_TO_CASHBOX: 1,
    0xE1: 1,  # cleared from the front
    0xE0: 0,  # note path open
    0xCC: 0,  # stacking
    0xB5: 0,  # all channels inhibited
}
_TROUBLES: Final = {
    0xEA: "a note is stuck inside",
    0xE9: "a note is stuck at the front",
    0xE7: "the cash box is full",
    0xE3: "the cash box was taken out",
    FRAUD: "somebody tried to pull a note out",
    CLEARED_TO_CASHBOX: "took a note in while it was switched on; nobody was credited with it",
}

_PROTOCOL: Final = 6  # the first in which each channel has its own currency, of four bytes
_CENTS: Final = frozenset({500, 1000, 2000, 5000, 10000, 20000, 50000})
_SEQUENCE: Final = 0x80
_CRC_POLYNOMIAL: Final = 0x8005
_OVERHEAD: Final = 4  # bytes of a frame besides its data, without STX


def crc16(data: bytes) -> int:
    """Return the checksum, most significant bit first."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ _CRC_POLYNOMIAL if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def frame(sequence_and_address: int, data: bytes) -> bytes:
    """Return a frame with checksum and doubled bytes."""
    body = bytes([sequence_and_address, len(data)]) + data
    body += crc16(body).to_bytes(2, "little")
    return bytes([STX]) + body.replace(bytes([STX]), bytes([STX, STX]))


class FrameReader:
    """Finds frames in a stream of bytes; what is damaged is dropped."""

    def __init__(self) -> None:
        self._body: bytearray | None = None
        self._after_stx = False

    def feed(self, received: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield sequence and address, and the data, of each frame."""
        for byte in received:
            if byte == STX and not self._after_stx:
                self._after_stx = True
                continue
            if self._after_stx and byte != STX:
                self._body = bytearray()
            self._after_stx = False
            if self._body is None:
                continue
            self._body.append(byte)
            if len(self._body) > 1 and len(self._body) == self._body[1] + _OVERHEAD:
                body, self._body = bytes(self._body), None
                if crc16(body[:-2]) == int.from_bytes(body[-2:], "little"):
                    yield body[0], body[2:-2]


class SspLink:
    """Requests to one device on the wire, and its answers."""

    answer_ms: Final = 1000
    tries: Final = 10

    def __init__(self, address: int = 0) -> None:
        self._address = address
        self._sequence = _SEQUENCE
        self._sent = b""
        self._reader = FrameReader()

    def frame(self, ask: Ask) -> bytes:
        """Return a request with the other sequence bit; SYNC begins with 1, the next has 0."""
        self._sequence = _SEQUENCE if ask.data[0] == SYNC else self._sequence ^ _SEQUENCE
        self._sent = frame(self._sequence | self._address, ask.data)
        self._reader = FrameReader()
        return self._sent

    def again(self) -> bytes:
        """Return it with the same bit: the device repeats its answer."""
        self._reader = FrameReader()
        return self._sent

    def answer(self, received: bytes) -> bytes | None:
        """Return the data of the answer that carries the request's bit."""
        for head, data in self._reader.feed(received):
            if head == self._sequence | self._address and data:
                return data
        return None


class NoteValidator:
    """What is asked of a note validator; ``Credit.number`` counts from the beginning."""

    def __init__(self, link: SspLink | None = None) -> None:
        self.link: Final = link or SspLink()
        self.counted: int | None = None  # its credits have no numbers,
        self.is_resumed = False  # and what it took before cannot be asked for
        self.wanted = False
        self.told = False
        self._cents: list[int] = []
        self._number = 0
        self._last_codes: set[int] = set()
        self._asked = b""  # and not answered yet

    def talk(self) -> Talk:
        """Set up, poll, and after a reset all over again."""
        if self._asked == bytes([POLL]):
            # The wire was pulled out: a note may have been told and not heard.
            answer = yield from self._ask(POLL, is_again=True)
            yield from self._report(list(_events(answer)))
        while True:
            yield from self._set_up()
            yield from self._poll()
            yield Trouble("was reset")

    def farewell(self) -> bytes:
        """Disable it."""
        return self.link.frame(Ask(bytes([DISABLE])))

    def _set_up(self) -> Generator[Step, bytes | None, None]:
        yield from self._ask(SYNC)
        yield from self._ask(HOST_PROTOCOL, _PROTOCOL)
        setup = yield from self._ask(SETUP_REQUEST)
        self._cents = euro_notes(setup)
        mask = sum(1 << channel for channel, cents in enumerate(self._cents) if cents)
        if not mask:
            yield Trouble("knows no euro note")
        yield from self._ask(SET_INHIBITS, *mask.to_bytes(2, "little"))
        yield from self._ask(DISABLE)
        self.told = False

    def _poll(self) -> Generator[Step, bytes | None, None]:
        """Until the device was reset, which has forgotten what it may accept."""
        while True:
            answer = yield from self._ask(POLL)
            events = list(_events(answer))
            yield from self._report(events)
            if (SLAVE_RESET, 0) in events:
                return
            if not self.wanted and any(code == READ and channel for code, channel in events):
                yield from self._ask(REJECT)  # else the next poll would take the note
            if self.wanted != self.told:
                wanted = self.wanted
                yield from self._ask(ENABLE if wanted else DISABLE)
                self.told = wanted
            yield Pause(POLL_MS if self.told else REST_POLL_MS)

    def _ask(
        self, command: int, *data: int, is_again: bool = False
    ) -> Generator[Step, bytes | None, bytes]:
        """Ask; return what stands behind the first byte of the answer, b"" if that is not OK."""
        self._asked = bytes([command, *data])
        answer = yield AskAgain() if is_again else Ask(self._asked)
        if answer is None:
            yield Trouble("does not answer")
            while answer is None:
                answer = yield AskAgain()
            yield Trouble("answers again")
        self._asked = b""
        return answer[1:] if answer[0] == OK else b""

    def _report(self, events: list[tuple[int, int]]) -> Generator[Step, bytes | None, None]:
        has_credits = False
        for code, channel in events:
            if code == NOTE_CREDIT:
                cents = self._cents[channel - 1] if 1 <= channel <= len(self._cents) else 0
                if cents:
                    self._number += 1
                    has_credits = True
                    yield Credit(cents, self._number)
                else:
                    yield Trouble(f"has taken a note whose value is unknown (channel {channel})")
            elif code in self._last_codes:
                pass  # a note that is stuck is told with every poll
            elif code in _TROUBLES:
                yield Trouble(_TROUBLES[code])
            elif code not in _EVENTS:
                yield Trouble(f"said {code:02X}, which is unknown, and perhaps more after it")
        self._last_codes = {code for code, _ in events}
        if has_credits:
            yield Settle()


def _events(answer: bytes) -> Iterator[tuple[int, int]]:
    """Yield code and channel, 0 for none. Behind an unknown code nothing can be read."""
    at = 0
    while at < len(answer):
        code = answer[at]
        has_channel = _EVENTS.get(code, 0) and at + 1 < len(answer)
        yield code, answer[at + 1] if has_channel else 0
        if code not in _EVENTS:
            return
        at += 2 if has_channel else 1


def euro_notes(setup: bytes) -> list[int]:
    """Return the cents of each channel from the answer to a setup request; 0: no euro note.

    Without its OK the answer is unit type, firmware (4), country (3), value multiplier (3), number
    of channels n, values (n), security (n), real value multiplier (3), protocol version, and from
    version 6 on currencies (3n) and values (4n, low byte first).
    """
    if len(setup) < 12:
        return []
    channels = setup[11]
    multiplier_at = 12 + 2 * channels
    multiplier = int.from_bytes(setup[multiplier_at : multiplier_at + 3], "big")
    currencies_at = multiplier_at + 4
    values_at = currencies_at + 3 * channels
    if len(setup) >= values_at + 4 * channels and setup[currencies_at - 1] >= _PROTOCOL:
        notes = [
            (
                setup[currencies_at + 3 * channel :][:3],
                int.from_bytes(setup[values_at + 4 * channel :][:4], "little"),
            )
            for channel in range(channels)
        ]
    else:
        notes = [(setup[5:8], value) for value in setup[12 : 12 + channels]]
    cents = [value * multiplier if currency == b"EUR" else 0 for currency, value in notes]
    return [value if value in _CENTS else 0 for value in cents]
