"""What was scanned or typed, as the one code it is stored and looked up by.

Every spelling of a GTIN becomes the same fourteen digits; all else (a card) stays as read. `parse`
answers every text, without raising. Numbers in brackets: sections of GS1 General Specifications.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from kpos.domain.money import CENTS_MAX, Money, portion
from kpos.domain.values import dataclass, replace

# Ends an element of variable length in a GS1 symbol; scanners send it for the code word FNC1.
GS = "\x1d"
# A GS1-128 holds 48 characters, a link not much more; beyond this, scans ran into each other.
SCAN_MAX = 128

Reason: TypeAlias = Literal[
    "empty", "too_long", "unprintable", "prefix", "check_digit", "inner_check_digit", "elements"
]
_BLANKS = " \t\r\n"
_GTIN_LENGTHS = (8, 12, 13, 14)
# Symbology identifiers (5.1) of what holds elements: GS1-128, DataMatrix, QR, DataBar, DotCode.
_ELEMENT_PREFIXES = ("]C1", "]d2", "]Q3", "]e0", "]J1")
# Elements without GS behind them (7.8), all digits: how the identifier begins -> whole length.
_FIXED_LENGTHS = dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 8)
_FIXED_LENGTHS |= dict.fromkeys(("31", "32", "33", "34", "35", "36"), 10)
_FIXED_LENGTHS |= {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16}
# Kilograms net and the price to pay: a fourth digit says how many of the digits are decimals.
_KILOGRAMS, _PRICE = "310", "392"

_VALUES = "PWQ"
_IN_STORE_PREFIXES = ("02", "04", *(str(prefix) for prefix in range(20, 30)))
# The last digit of: a digit times its weight, plus or minus the tens of the product (7.9).
_TIMES_2_MINUS, _TIMES_5_PLUS, _TIMES_5_MINUS = "0246891357", "0516273849", "0594837261"
_INNER_WEIGHTS = (_TIMES_5_PLUS, _TIMES_2_MINUS, _TIMES_5_MINUS, _TIMES_5_PLUS, _TIMES_2_MINUS)


@dataclass(frozen=True, slots=True)
class Damaged:
    """No code: scan again, or look at the scanner's settings.

    ``check_digit``: what the scanner calls EAN, UPC or GTIN cannot be one (digits or length).
    ``inner_check_digit``: the same of a scale's label; if always, its layout is set up wrongly.
    ``elements``: a GS1 symbol that does not fall into elements. ``prefix``: two scans in one.
    """

    reason: Reason


@dataclass(frozen=True, slots=True)
class Barcode:
    """A readable scan. `code` is fourteen digits if `is_gtin`, else the text as read.

    `check_failed` marks 8, 12, 13 or 14 digits that would be a GTIN but for the check digit,
    when no scanner said what they are: a misread bottle or a club's own card. So they stay as
    read: look them up, and ask for another scan, rather than call the bottle unknown.

    `price`, `weight_grams` and `count` are what a label says of this very piece; 0 on a scale's
    label is the code of the item as such, the form it is stored in.
    """

    code: str
    is_gtin: bool = False
    check_failed: bool = False
    price: Money | None = None
    weight_grams: int | None = None
    count: int | None = None
    lot: str | None = None
    best_before: date | None = None
    use_by: date | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the labels of a scale are laid out: thirteen digits with an item and a value in them."""

    pattern: str

    @classmethod
    def parse(cls, pattern: str) -> Layout:
        """Read ``28IIIIcWWWWWC`` (as GS1 Germany advises) or ``22IIIIIPPPPPC`` (without ``c``).

        Two digits of prefix, ``I`` item, ``c`` inner check digit, ``P`` cents, ``W`` grams or
        ``Q`` count, ``C`` check digit. In Germany 22 and 23 carry a price, 25 and 26 a count,
        28 and 29 a weight. Prefixes ``02`` and ``04`` are UPC labels that begin with 2 and 4.

        Raises:
            ValueError: saying what is wrong with the pattern.
        """
        body = pattern[2:-1]
        value = [letter for letter in body if letter in _VALUES]
        for wrong, message in (
            (len(pattern) != 13, f"needs 13 characters, has {len(pattern)}"),
            (pattern[:2] not in _IN_STORE_PREFIXES, "must begin with 20 to 29, 02 or 04"),
            (not pattern.endswith("C"), "must end with C, the check digit"),
            (set(body) - set("IcPWQ"), "only I, c, P, W and Q may stand before the C"),
            ("I" not in body, "has no I for the item"),
            (len(set(value)) != 1, "needs a value of one kind: P (cents), W (grams) or Q (count)"),
            (body.count("c") > 1, "has more than one inner check digit c"),
            ("c" in body and len(value) != 5, "c needs a value of 5 digits"),
        ):
            if wrong:
                msg = f"barcode layout {pattern!r}: {message}"
                raise ValueError(msg)
        return cls(pattern)

    def read(self, digits: str) -> Barcode | Damaged | None:
        """The item and value of thirteen digits whose check digit is right; None if not ours.

        The item's code has zeros for the value and for the inner check digit, which depends on
        the value: else every weight of one cheese would be another product.
        """
        if not digits.startswith(self.pattern[:2]):
            return None
        by_letter = tuple(zip(digits, self.pattern, strict=True))
        value = "".join(digit for digit, letter in by_letter if letter in _VALUES)
        inner = "".join(digit for digit, letter in by_letter if letter == "c")
        if inner and inner != str(inner_check_digit(value)):
            return Damaged("inner_check_digit")
        body = "".join("0" if letter in "cPWQ" else digit for digit, letter in by_letter[:-1])
        return Barcode(
            f"0{body}{check_digit(body)}",
            is_gtin=True,
            price=Money(int(value)) if "P" in self.pattern else None,
            weight_grams=int(value) if "W" in self.pattern else None,
            count=int(value) if "Q" in self.pattern else None,
        )


def parse(text: str, layouts: Sequence[Layout] = ()) -> Barcode | Damaged:
    """Read what a scanner sent or a person typed; blanks around it do not count.

    Without `layouts` in-store numbers are codes like any other; the first layout with the right
    prefix decides. A scanner that sends no symbology identifier finds the same, but for UPC-E.
    """
    text = text.strip(_BLANKS)
    prefix = _prefix_of(text)
    data = text.removeprefix(prefix)
    code = data.strip(_BLANKS + GS)
    if reason := _refusal(text, code):
        return Damaged(reason)
    if prefix.startswith("]E"):
        return _parse_ean_upc(prefix, code, layouts)
    if gtin := code if _is_gtin(code) else _linked_gtin(code):
        return _of_gtin(gtin, layouts)
    holds_elements = prefix in _ELEMENT_PREFIXES or GS in data
    if holds_elements or code.startswith("01"):
        read = _parse_elements(code, layouts)
        if holds_elements or isinstance(read, Barcode):
            return read
    return Barcode(code, check_failed=_is_digits(code) and len(code) in _GTIN_LENGTHS)


def check_digit(digits: str) -> int:
    """The modulo 10 check digit to go behind `digits`: weights 3, 1, 3, … leftwards (7.9.1)."""
    return -(3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))) % 10


def inner_check_digit(value: str) -> int:
    """Check digit of a price or weight of five digits (7.9; so on labels in snabble's tests)."""
    weighted = zip(value, _INNER_WEIGHTS, strict=True)
    total = sum(int(times[int(digit)]) for digit, times in weighted)
    return _TIMES_5_MINUS.index(str(-total % 10))


def _prefix_of(text: str) -> str:
    """The symbology identifier of AIM in front: ``]``, a letter, a letter or digit; or nothing."""
    aim = text[:1] == "]" and text[1:2].isalpha() and text[2:3].isalnum() and text[:3].isascii()
    return text[:3] if aim else ""


def _refusal(text: str, code: str) -> Reason | None:
    if not code:
        return "empty"
    if len(text) > SCAN_MAX:
        return "too_long"
    if not code.replace(GS, "").isprintable():
        return "unprintable"
    return "prefix" if _prefix_of(code) else None


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_gtin(text: str) -> bool:
    shaped = _is_digits(text) and len(text) in _GTIN_LENGTHS
    return shaped and text[-1] == str(check_digit(text[:-1]))


def _of_gtin(gtin: str, layouts: Sequence[Layout]) -> Barcode | Damaged:
    """Store as GTIN-14. Its first digit says item (0) or case of them: never cut it off."""
    code = gtin.zfill(14)
    readings = [layout.read(code[1:]) for layout in layouts if code[0] == "0"]
    return next((item for item in readings if item), Barcode(code, is_gtin=True))


def _parse_ean_upc(prefix: str, code: str, layouts: Sequence[Layout]) -> Barcode | Damaged:
    """Read a symbol of the EAN/UPC family: ``]E4`` is EAN-8, ``]E3`` has an add-on behind it.

    By the standard UPC-E comes as thirteen digits under ``]E0``; scanners also send its own
    eight or fewer. Some send EAN-8 under ``]E0`` too, so that is the second guess.
    """
    if not _is_digits(code):
        return Damaged("check_digit")
    readings = [code[:13] if prefix == "]E3" else code]
    if prefix != "]E4" and len(code) in (6, 7, 8):
        readings = [_upc_a(code), code]
    gtin = next(filter(_is_gtin, readings), None)
    return _of_gtin(gtin, layouts) if gtin else Damaged("check_digit")


def _upc_a(digits: str) -> str:
    """Expand UPC-E: number system 0 or 1, six digits, check digit; else nothing.

    Six digits are system 0 without check digit; seven are system and six digits. A scanner
    that sends the six and a check digit must be set up otherwise: it looks just the same.
    """
    digits = digits.zfill(7)
    system, six, check = digits[0], digits[1:7], digits[7:]
    if system not in "01":
        return ""
    # The sixth digit says where the zeros were; but for 3 and 4 it is itself one of the rest.
    kept = 2 if six[5] in "012" else min(int(six[5]), 5)
    front = six[:kept] + (six[5] if kept == 2 else "")
    back = six[kept:5] + (six[5] if kept == 5 else "")
    body = system + front + back.rjust(10 - len(front), "0")
    return body + (check or str(check_digit(body)))


def _linked_gtin(url: str) -> str | None:
    """The GTIN of a GS1 Digital Link, ``https://example.org/01/04029764001807/10/LOT?17=…``."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        return None
    path = rest.partition("#")[0].partition("?")[0].split("/")[1:]
    return next((gtin for key, gtin in pairwise(path) if key == "01" and _is_gtin(gtin)), None)


def _parse_elements(code: str, layouts: Sequence[Layout]) -> Barcode | Damaged:
    """Read the elements of a GS1 symbol; without a GTIN among them it stays as read (a pallet)."""
    elements = _split_elements(code)
    if elements is None:
        return Damaged("elements")
    if "01" not in elements:
        return Barcode(code)
    if not _is_gtin(elements["01"]):
        return Damaged("check_digit")
    item = _of_gtin(elements["01"], layouts)
    if isinstance(item, Damaged):
        return item
    cents, grams = _scaled(elements, _PRICE, 100), _scaled(elements, _KILOGRAMS, 1000)
    if cents is not None and cents > CENTS_MAX:
        return Damaged("elements")
    return replace(
        item,
        price=item.price if cents is None else Money(cents),
        weight_grams=item.weight_grams if grams is None else grams,
        lot=elements.get("10"),
        best_before=_date(elements.get("15", "")),
        use_by=_date(elements.get("17", "")),
    )


def _split_elements(code: str) -> dict[str, str] | None:
    """Application identifier, or the start of one nobody asks for -> data; None if malformed."""
    elements: dict[str, str] = {}
    while code:
        length = _FIXED_LENGTHS.get(code[:2])
        end = length or (code + GS).index(GS)
        element, code = code[:end], code[end:].removeprefix(GS)
        key = element[:3] if element[:3] in (_KILOGRAMS, _PRICE) else element[:2]
        numeric = element if length or key == _PRICE else key
        shortest = length or len(key) + (2 if key == _PRICE else 1)
        if not _is_digits(numeric) or len(element) < shortest:
            return None
        elements.setdefault(key, element.removeprefix(key))
    return elements


def _scaled(elements: dict[str, str], key: str, units: int) -> int | None:
    """Kilograms or euros in whole units, of which each has so many; half up beyond."""
    data = elements.get(key)
    return portion(int(data[1:]), units, 10 ** int(data[0])) if data else None


def _date(yymmdd: str) -> date | None:
    """YYMMDD of this century; day 00 is the last of the month (3.4). None if no such day."""
    try:
        first = date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]) or 1)
    except ValueError:
        return None
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last if yymmdd.endswith("00") else first
