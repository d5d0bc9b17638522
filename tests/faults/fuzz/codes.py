"""What was scanned or typed, as a code: resolved by the domain, and by a till with a shop.

The first byte says with which layouts of labels, and whether the rest is UTF-8 or one byte a
character; other bytes become lone surrogates, as in file names and arguments.
"""

import tempfile
from functools import cache
from pathlib import Path

from kpos.checkout import events
from kpos.clock import ScriptClock
from kpos.domain.barcode import GS, SCAN_MAX, Barcode, Layout, parse
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.master import canonical_code
from kpos.terminal import resolve
from tests.kiosk import BARCODES, CHEESE_250_G, MATE, SUNDAY_EVENING, build_shop

BYTES_MAX = 300
LAYOUTS = ("28IIIIcWWWWWC", "22IIIIIPPPPPC", "25IIIIcQQQQQC", "02IIIIIPPPPPC", "29IIIIIIWWWWC")
SHOWN = (events.CardPresented, events.CardRefused, events.ProductScanned)
ANSWERS = (*SHOWN, events.CodeMisread, events.CodeUnknown)
TYPED = (*SHOWN, events.NumberEntered, events.NumberUnknown)
DIGITS_TYPED_MAX = 20


def one(data: bytes) -> None:
    setup = data[0] if data else 0
    text = data[1:].decode("latin-1" if setup % 2 else "utf-8", "surrogateescape")
    check_reading(text, tuple(map(Layout.parse, LAYOUTS)) if setup // 2 % 2 else ())
    event = resolve.scanned(books(), text)
    assert event is None or isinstance(event, ANSWERS), event
    if isinstance(event, events.ProductScanned):
        assert event.offer.price.cents >= 0, event
    if isinstance(event, events.CodeUnknown):
        assert canonical_code(event.code) == event.code, event
    number = "".join(character for character in text if character in "0123456789")
    if number:
        check_typed(number[:DIGITS_TYPED_MAX])


def check_reading(text: str, layouts: tuple[Layout, ...]) -> None:
    read = parse(text, layouts)
    if not isinstance(read, Barcode):
        return
    assert 1 <= len(read.code) <= SCAN_MAX, read
    assert read.code.replace(GS, "").isprintable(), read
    again = parse(read.code, layouts)
    assert isinstance(again, Barcode), read
    assert (again.code, again.is_gtin) == (read.code, read.is_gtin), read
    if read.is_gtin:
        assert len(read.code) == 14, read
        assert read.code.isascii(), read
        assert read.code.isdigit(), read
    else:
        assert read.code in text, read


def check_typed(number: str) -> None:
    for among in ("everything", "products", "holders"):
        event = resolve.typed(books(), number, among)
        assert isinstance(event, TYPED), event
        if among == "products":
            assert isinstance(event, events.ProductScanned | events.NumberUnknown), event
        if among == "holders":
            assert not isinstance(event, events.ProductScanned), event


@cache
def books() -> Books:
    """A shop, for as long as the process lives; codes change nothing in it."""
    path = Path(tempfile.mkdtemp()) / "data"
    return Books(Folder(build_shop(path)), ScriptClock(SUNDAY_EVENING))


def units(data: bytes) -> list[bytes]:
    """The first byte, then runs of four, as long as an identifier and its digit."""
    return [data[:1] or b"\0", *(data[at : at + 4] for at in range(1, len(data), 4))]


_CODES = [
    *BARCODES.values(),
    CHEESE_250_G,
    "0" + MATE,
    "CARD-ADA",
    "GUEST-1",
    "12",
    "42",
    "]E0" + MATE,
    "]E340297640018071234",
    "]E01234565",
    "]C101040297640018073100000250\x1d3922000150\x1d10LOT\x1d15270100",
    "]d2010402976400180717270131",
    "https://example.org/01/04029764001807/10/LOT?17=270131#x",
    "00340123450000000014",
]
WORDS = [
    *(text.encode() for text in (*_CODES, "]E4", "]C1", "]d2", "]Q3", "]J1", "]e0", GS, "01")),
    *(text.encode() for text in ("310", "392", "10", "15", "17", "00", "/01/", "://", " ", "\n")),
    *(text.encode() for text in ("\u0663", "\u00b2", "\u200b", "\x85", "\U0001f984", "\0")),
    b"\xff",
    b"\xed\xa0\x80",
]
SEEDS = [bytes([setup]) + code.encode() for code in _CODES for setup in range(4)]
