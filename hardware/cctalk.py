"""A coin acceptor that speaks ccTalk: 9600 8N1 on one wire, on which the host hears itself.

After the ccTalk serial communication protocol, generic specification: a message is destination,
length, source, header, data and a checksum that makes the sum of all bytes 0 modulo 256. UNTESTED
against a real device.

The device numbers its events from 1 to 255 and over again from 1, 0 after its power came, and
tells the last five with each poll. So a poll may be lost or repeated and no coin is; what is more
than five events ago cannot be had any more. The checksum alone would let one garbled poll in 256
pass: a counter that moved is believed when two polls in a row say the same.
"""

from collections.abc import Generator
from typing import Final

from hardware.cash import POLL_MS, REST_POLL_MS, Ask, Credit, Pause, Settle, Step, Talk, Trouble

HOST: Final = 1
COIN_ACCEPTOR: Final = 2

SIMPLE_POLL: Final = 254
REQUEST_EQUIPMENT_CATEGORY: Final = 245
MODIFY_INHIBIT_STATUS: Final = 231
READ_BUFFERED_CREDITS: Final = 229
MODIFY_MASTER_INHIBIT: Final = 228
REQUEST_COIN_ID: Final = 184
ACK: Final = 0  # the header of every answer but a NAK

_CATEGORY: Final = b"Coin Acceptor"
_COINS: Final = 16
_EVENTS: Final = 5  # that the device remembers
_COUNTER_MAX: Final = 255
# What a coin id says of euro coins: "EU200A" is 2 euro, the letter a version of the coin.
_CENTS: Final = frozenset({1, 2, 5, 10, 20, 50, 100, 200})
_HEAD: Final = 4
_RETRY_MS: Final = 2000

_Asking = Generator[Step, bytes | None, bytes]


class Silent(Exception):
    """The device does not answer."""


def message(destination: int, source: int, header: int, data: bytes = b"") -> bytes:
    """Return a message with its checksum."""
    body = bytes([destination, len(data), source, header]) + data
    return body + bytes([-sum(body) & 0xFF])


class CcTalkLink:
    """Requests to one device on the wire, and its answers."""

    answer_ms: Final = 200  # of which 17 are on the wire and, with a USB adapter, 16 in its buffer
    tries: Final = 5

    def __init__(self, address: int = COIN_ACCEPTOR) -> None:
        self._address = address
        self._sent = b""
        self._answer_length: int | None = None
        self._received = b""

    def frame(self, ask: Ask) -> bytes:
        """Return a request: header and data."""
        self._sent = message(self._address, HOST, ask.data[0], ask.data[1:])
        self._answer_length = ask.answer_length
        return self.again()

    def again(self) -> bytes:
        """Return the same again: everything asked here may be asked twice."""
        self._received = b""
        return self._sent

    def answer(self, received: bytes) -> bytes | None:
        """Return the data of the answer."""
        self._received += received
        answer = self._received
        # Some adapters keep the echo to themselves. An answer begins otherwise: with the host's
        # address, not the device's.
        if self._sent.startswith(answer[: len(self._sent)]):
            answer = answer[len(self._sent) :]
        return answer[_HEAD:-1] if self._is_whole(answer) else None

    def _is_whole(self, answer: bytes) -> bool:
        """Tell whether these are one undamaged message of the device to the host, and no more."""
        return (
            len(answer) > _HEAD
            and len(answer) == _HEAD + answer[1] + 1
            and answer[0] == HOST
            and answer[2:_HEAD] == bytes([self._address, ACK])
            and self._answer_length in (None, answer[1])
            and sum(answer) & 0xFF == 0
        )


class CoinAcceptor:
    """What is asked of a coin acceptor.

    Args:
        link: the wire.
        after: the number of its last credit that is in the books; what it took after that is
            credited. None: nothing is known, and what it took before is none of ours.

    ``Credit.number`` is the device's event counter.
    """

    def __init__(self, link: CcTalkLink | None = None, after: int | None = None) -> None:
        self.link: Final = link or CcTalkLink()
        self.wanted = False
        self.told = False
        self.counted = after
        self.is_resumed = after is not None
        self._cents: dict[int, int] = {}

    def talk(self) -> Talk:
        """Set up, poll, and after a silence all over again."""
        was_silent = False
        while True:
            try:
                yield from self._set_up()
                if was_silent:
                    yield Trouble("answers again")
                was_silent = False
                yield from self._poll()
            except Silent:
                if not was_silent:
                    yield Trouble("does not answer")
                was_silent = True
                yield Pause(_RETRY_MS)

    def farewell(self) -> bytes:
        """Inhibit it."""
        return self.link.frame(Ask(bytes([MODIFY_MASTER_INHIBIT, 0])))

    def _set_up(self) -> Generator[Step, bytes | None, None]:
        yield from _ask(SIMPLE_POLL, answer_length=0)
        category = yield from _ask(REQUEST_EQUIPMENT_CATEGORY)
        if not category.startswith(_CATEGORY):
            yield Trouble(f"is no coin acceptor, but says it is {category!r}")
        yield from _ask(MODIFY_MASTER_INHIBIT, 0, answer_length=0)
        self.told = False
        for position in range(1, _COINS + 1):
            coin = yield from _ask(REQUEST_COIN_ID, position, answer_length=6)
            self._cents[position] = euro_cents(coin)
        if not any(self._cents.values()):
            yield Trouble("knows no euro coin")

    def _poll(self) -> Generator[Step, bytes | None, None]:
        """Until the device was reset, which has forgotten what it may accept."""
        while True:
            credits = yield from self._believed_credits()
            was_reset = credits[0] == 0 and self.counted not in (None, 0)
            yield from self._news(credits)
            if was_reset:
                yield Trouble("was reset")
                return
            if self.wanted != self.told:
                yield from self._tell()
            yield Pause(POLL_MS if self.told else REST_POLL_MS)

    def _tell(self) -> Generator[Step, bytes | None, None]:
        """Which coins, and whether at all; both, for both are forgotten with the power."""
        wanted = self.wanted
        mask = sum(1 << position - 1 for position, cents in self._cents.items() if cents)
        yield from _ask(MODIFY_INHIBIT_STATUS, *mask.to_bytes(2, "little"), answer_length=0)
        yield from _ask(MODIFY_MASTER_INHIBIT, int(wanted), answer_length=0)
        self.told = wanted

    def _believed_credits(self) -> _Asking:
        while True:
            credits = yield from _ask(READ_BUFFERED_CREDITS, answer_length=1 + 2 * _EVENTS)
            if credits[0] == self.counted:
                return credits
            if credits == (yield from _ask(READ_BUFFERED_CREDITS, answer_length=len(credits))):
                return credits

    def _news(self, credits: bytes) -> Generator[Step, bytes | None, None]:
        """Report the events since the last poll; the device tells the latest one first."""
        counter, last = credits[0], self.counted
        self.counted = counter
        is_resumed, self.is_resumed = self.is_resumed, False
        if last is None or counter in (last, 0):
            return
        new = counter if last == 0 else (counter - last) % _COUNTER_MAX
        if new > _EVENTS and is_resumed:
            # Not the counter it was: another device, or it had its power cut meanwhile.
            yield Trouble(f"has counted to {counter}, and {last} was booked: nothing was credited")
            return
        if new > _EVENTS:
            yield Trouble(f"{new - _EVENTS} events are lost, which may have been coins")
        yield from self._credit(credits, min(new, _EVENTS), is_late=is_resumed)

    def _credit(
        self, credits: bytes, new: int, *, is_late: bool
    ) -> Generator[Step, bytes | None, None]:
        has_credits = False
        for age in reversed(range(new)):
            position = credits[1 + 2 * age]
            cents = self._cents.get(position, 0)
            if cents:
                number = (credits[0] - age - 1) % _COUNTER_MAX + 1
                yield Credit(cents, number, is_late)
                has_credits = True
            elif position:
                yield Trouble(f"has taken a coin whose value is unknown (position {position})")
        if has_credits:
            yield Settle()


def _ask(header: int, *data: int, answer_length: int | None = None) -> _Asking:
    """Ask, and return the answer.

    Raises:
        Silent: after all tries.
    """
    answer = yield Ask(bytes([header, *data]), answer_length)
    if answer is None:
        raise Silent
    return answer


def euro_cents(coin_id: bytes) -> int:
    """Return the value of "EU100A"; 0 where it is no euro coin, or nothing is programmed."""
    country, value = coin_id[:2], coin_id[2:5]
    cents = int(value) if country == b"EU" and value.isdigit() else 0
    return cents if cents in _CENTS else 0
