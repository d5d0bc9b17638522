"""A reader of 125 kHz cards on a serial line: from bytes to the numbers of cards.

Pure and incremental: no port, no clock. The message of the ID-12, RDM6300 and their many copies
(9600 8N1): STX, ten hexadecimal digits of the card, two of a checksum, often CR LF, ETX. The
checksum is the exclusive or of the card's five bytes.

Readers repeat a card for as long as it lies on them. All repeats are passed on: only who knows the
time between two of them can tell a card that stayed from one that came back.
"""

from typing import Final

from hardware.scanner import Scan

_STX: Final = 0x02
_ETX: Final = 0x03
_BLANKS: Final = b"\r\n"
_DIGITS_COUNT: Final = 12
_CARD_DIGITS: Final = 10
_HEX: Final = frozenset(b"0123456789ABCDEFabcdef")


class RfidDecoder:
    """Collects what one reader sends; a card is a ``Scan`` of ten hexadecimal digits, upper case.

    ``dropped`` counts messages with a wrong checksum, length or character. They make no scan: the
    reader sends the card again within a moment.
    """

    deadline_ms: Final = None  # a message says where it begins and ends

    def __init__(self) -> None:
        self.dropped = 0
        self.reset()

    def reset(self) -> None:
        """Forget what was begun: the reader was unplugged."""
        self._digits: bytearray | None = None  # None: between two messages

    def feed(self, data: bytes, now_ms: int) -> list[Scan]:  # noqa: ARG002 -- as any decoder
        """Take bytes in the order they came; return the cards they complete."""
        return [Scan(card) for byte in data if (card := self._take(byte))]

    def flush(self, now_ms: int) -> list[Scan]:  # noqa: ARG002 -- as of a decoder that waits
        """Return nothing: half a card is none."""
        return []

    def _take(self, byte: int) -> str:
        if byte == _STX:
            self._drop()
            self._digits = bytearray()
        elif self._digits is None or byte in _BLANKS:
            pass  # the noise of a line, or CR LF before ETX
        elif byte == _ETX:
            return self._end(self._digits)
        elif byte in _HEX and len(self._digits) < _DIGITS_COUNT:
            self._digits.append(byte)
        else:
            self._drop()
        return ""

    def _end(self, digits: bytearray) -> str:
        if len(digits) == _DIGITS_COUNT:
            *card, checksum = bytes.fromhex(digits.decode("ascii"))
            for byte in card:
                checksum ^= byte
            if checksum == 0:
                self._digits = None
                return digits[:_CARD_DIGITS].decode("ascii").upper()
        self._drop()
        return ""

    def _drop(self) -> None:
        """Count a message that was begun and cannot be used."""
        self.dropped += self._digits is not None
        self._digits = None
