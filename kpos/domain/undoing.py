"""Taking back: what is left of a sale, and what a reversal of a part of it books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpos.domain.bodies import ChargeLine, Line, Reversal, ReversedLine, Sale, Units
from kpos.domain.document import Document, Draft, Json, Movement, Posting, body_of
from kpos.domain.money import portion
from kpos.domain.orders import LinePart
from kpos.domain.postings import sale_postings, units_of
from kpos.domain.values import replace

# Counts, snapshots and halves of pairs: a mistake in them is booked anew, never reversed.
NEVER_REVERSED = frozenset(
    {"debit", "costing", "cash_count", "closing", "master_change", "reversal"}
)


def remaining(sale: Sale, reversals: Iterable[Reversal]) -> tuple[Line, ...]:
    """The sale's lines with what earlier reversals left of them; empty lines are left out."""
    left = {line.line: line for line in sale.lines}
    for reversal in reversals:
        if not reversal.lines:
            return ()
        for gone in reversal.lines:
            left[gone.line] = _minus(left[gone.line], gone)
    return tuple(line for line in left.values() if line.quantity)


def part_of(line: Line, quantity: int) -> Line:
    """`quantity` of what is left of a line: 1 to all of it, with its share of the tax."""
    charges = tuple(
        replace(
            charge,
            gross_cents=charge.cents_per_unit * quantity,
            tax_cents=portion(charge.tax_cents, quantity, line.quantity),
        )
        for charge in line.charges
    )
    return replace(
        line,
        quantity=quantity,
        # Of pieces, as many times their price: nothing is rounded.
        gross_cents=portion(line.gross_cents, quantity, line.quantity),
        tax_cents=portion(line.tax_cents, quantity, line.quantity),
        charges=charges,
    )


def parts_of(left: Sequence[Line], wanted: Sequence[LinePart]) -> tuple[Line, ...] | None:
    """The wanted parts of what is left, all of it if none is named; None if it is not there."""
    if not wanted:
        return tuple(left)
    by_number = {line.line: line for line in left}
    parts = []
    for part in wanted:
        line = by_number.pop(part.line, None)
        if line is None or not 1 <= part.quantity <= line.quantity:
            return None
        parts.append(part_of(line, part.quantity))
    return tuple(parts)


def value_of(lines: Iterable[Line]) -> int:
    """Gross cents of lines with their charges."""
    return sum(
        line.gross_cents + sum(charge.gross_cents for charge in line.charges) for line in lines
    )


def sale_reversal(
    document: Document,
    parts: tuple[Line, ...],
    given_back: Sequence[tuple[Movement, ...]],
    *,
    whole: bool,
) -> tuple[Draft, int, tuple[Units, ...]]:
    """The reversal of parts of a sale, the cents to credit and the units the wallet gives back.

    `given_back` has the movements of each part.
    """
    movements = tuple(movement for each in given_back for movement in each)
    cost = sum(movement.cost_cents or 0 for movement in movements)
    lines = () if whole else tuple(_reversed_line(line) for line in parts)
    draft = Draft(
        kind="reversal",
        body=_body(document, lines),
        postings=sale_postings(parts, cost, sign=-1),
        movements=movements,
    )
    return draft, value_of(parts), units_of(parts, sign=-1)


def whole_reversal(document: Document, author: str | None, note: Json = None) -> Draft:
    """The reversal of a document that is not a sale: everything negated."""
    return Draft(
        kind="reversal",
        body=_body(document, ()),
        postings=tuple(Posting(p.account, -p.cents) for p in document.postings),
        movements=tuple(
            replace(
                movement,
                quantity=-movement.quantity,
                cost_cents=None if movement.cost_cents is None else -movement.cost_cents,
            )
            for movement in document.movements
        ),
        author=author,
        private={"note": note} if note else None,
    )


def _body(document: Document, lines: tuple[ReversedLine, ...]) -> dict[str, Json]:
    return body_of(Reversal(document.ref, document.receipt_number or "", lines))


def _reversed_line(line: Line) -> ReversedLine:
    return ReversedLine(line.line, line.quantity, line.gross_cents, line.tax_cents, line.charges)


def _minus(line: Line, gone: ReversedLine) -> Line:
    charges = tuple(
        _charge_minus(charge, taken)
        for charge, taken in zip(line.charges, gone.charges, strict=True)
    )
    return replace(
        line,
        quantity=line.quantity - gone.quantity,
        gross_cents=line.gross_cents - gone.gross_cents,
        tax_cents=line.tax_cents - gone.tax_cents,
        charges=charges,
    )


def _charge_minus(charge: ChargeLine, taken: ChargeLine) -> ChargeLine:
    return replace(
        charge,
        gross_cents=charge.gross_cents - taken.gross_cents,
        tax_cents=charge.tax_cents - taken.tax_cents,
    )
