"""Bar codes and QR codes, as modules to print: what the till finds again when it is scanned.

A product's number is EAN-13 or EAN-8 as GS1 wants it; everything else is Code 128. A code that
Code 128 cannot hold (it knows ASCII alone) has a QR code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from kpos.domain.barcode import Barcode, parse
from kpos.domain.values import dataclass
from kpos.reports.paper.bars import code_128, ean
from kpos.reports.paper.drawing import DOT_MM, Rect, on_a_dot

Kind: TypeAlias = Literal["EAN-13", "EAN-8", "Code 128", "QR"]

# Whole dots of a printer. EAN: 0.339 mm, 103 % of
# its nominal size; Code 128: 0.254 mm, which every scanner reads; QR: 0.51 mm, for a phone too.
MODULE_MM: dict[Kind, float] = {
    "EAN-13": 4 * DOT_MM, "EAN-8": 4 * DOT_MM, "Code 128": 3 * DOT_MM, "QR": 6 * DOT_MM,
}  # fmt: skip
# White to the left and right, in modules: GS1 General Specifications 5.2.3.4, ISO/IEC 15417, 18004.
_QUIET: dict[Kind, tuple[int, int]] = {
    "EAN-13": (11, 7), "EAN-8": (7, 7), "Code 128": (10, 10), "QR": (4, 4),
}  # fmt: skip
_EAN_8_PADDING = "000000"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: one row of ``0`` and ``1`` (dark) for bars, as many as columns for QR.

    `text` is what people read below it.
    """

    kind: Kind
    rows: tuple[str, ...]
    text: str

    @property
    def quiet_mm(self) -> tuple[float, float]:
        """The white that belongs to it, left and right."""
        left, right = _QUIET[self.kind]
        return left * MODULE_MM[self.kind], right * MODULE_MM[self.kind]

    @property
    def bars_mm(self) -> float:
        """Its width, without the white."""
        return len(self.rows[0]) * MODULE_MM[self.kind]

    @property
    def width_mm(self) -> float:
        """Its width, with the white."""
        return sum(self.quiet_mm) + self.bars_mm

    def drawn(self, x: float, y: float, height: float) -> Iterator[Rect]:
        """Its bars; the white around them is left to whoever places them."""
        module, row_height = MODULE_MM[self.kind], height / len(self.rows)
        x, y = on_a_dot(x), on_a_dot(y)
        for index, row in enumerate(self.rows):
            for start, length in _runs(row):
                top = y + index * row_height
                yield Rect(x + start * module, top, length * module, row_height)


def bars(code: str) -> Symbol | None:
    """The symbol with bars of a code in its stored form; None if no scanner could send it back."""
    read = parse(code)
    if isinstance(read, Barcode) and read.is_gtin and code[0] == "0":
        return _ean(code)
    return _code_128(code) if code.isascii() and code.isprintable() else None


def qr(code: str) -> Symbol:
    """The QR code of a code; a quarter of it may be scratched."""
    import segno

    # What is not ASCII, decoders take for UTF-8 sooner than for anything else.
    found = segno.make(code, error="q", encoding="utf-8", micro=False, boost_error=False)
    rows = tuple("".join("1" if dark else "0" for dark in row) for row in found.matrix)
    return Symbol("QR", rows, code)


def _ean(gtin: str) -> Symbol:
    """Fourteen digits that begin with 0, as the symbol on the bottle."""
    if gtin.startswith(_EAN_8_PADDING):
        digits = gtin[len(_EAN_8_PADDING) :]
        return Symbol("EAN-8", (ean(digits),), f"{digits[:4]} {digits[4:]}")
    digits = gtin[1:]
    text = f"{digits[0]} {digits[1:7]} {digits[7:]}"
    return Symbol("EAN-13", (ean(digits),), text)


def _code_128(code: str) -> Symbol:
    return Symbol("Code 128", (code_128(code),), code)


def _runs(row: str) -> Iterator[tuple[int, int]]:
    """Where something dark begins, and how many modules it is wide."""
    start = row.find("1")
    while start >= 0:
        end = (row + "0").index("0", start)
        yield start, end - start
        start = row.find("1", end)
