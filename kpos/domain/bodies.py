"""What each kind of document says, one frozen dataclass per kind, field for field as hashed.

Untyped ids are 16 hex digits; `cents` are signed integers. A kind from a newer version is kept
and forwarded as it came, so nothing here is needed to store or to sum up a document.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.document import Json, Ref
from kpos.domain.ids import Id
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """Deposit or a levy on a line; `account` is ``deposit`` or ``levy:<id>``."""

    account: str
    cents_per_unit: int
    tax_key: str
    rate_bp: int
    gross_cents: int
    tax_cents: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sale, frozen: later changes of the product do not reach it."""

    line: int
    product: Id
    name: str
    quantity: int
    unit: str
    price_cents: int
    price_from: str
    condition: Id | None
    tax_key: str
    rate_bp: int
    gross_cents: int
    tax_cents: int
    charges: tuple[ChargeLine, ...]


@dataclass(frozen=True, slots=True)
class Units:
    """Deposit units; the sign says whether they come in or go out (see each kind)."""

    cents_per_unit: int
    quantity: int


@dataclass(frozen=True, slots=True)
class TaxedUnits:
    """Empties that came back, with the tax the deposit was charged with."""

    cents_per_unit: int
    quantity: int
    tax_key: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Payment:
    """How a sale was paid."""

    means: str
    cents: int


@dataclass(frozen=True, slots=True)
class Sale:
    """What was sold to whom of which group; never which member. `began_at`: first scan."""

    group: Id
    began_at: str
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...]
    total_cents: int


@dataclass(frozen=True, slots=True)
class SaleHistory:
    """The private part of a sale whose buyer keeps a history, and of its reversal.

    `conditions` are those that name the buyer, by the line they priced.
    """

    wallet: Id
    member: Id | None
    debit: Ref
    conditions: Mapping[str, Id]


@dataclass(frozen=True, slots=True)
class Debit:
    """The wallet's half of a purchase (or, negative, of its undoing); units it now holds."""

    wallet: Id
    cents: int
    units: tuple[Units, ...]


@dataclass(frozen=True, slots=True)
class ReversedLine:
    """A part of a line that was taken back; amounts are those that were sold, not negated."""

    line: int
    quantity: int
    gross_cents: int
    tax_cents: int
    charges: tuple[ChargeLine, ...]


@dataclass(frozen=True, slots=True)
class Reversal:
    """Undoes a document or some lines of a sale; no lines means the whole document."""

    original: Ref
    original_receipt: str
    lines: tuple[ReversedLine, ...]


@dataclass(frozen=True, slots=True)
class TopUp:
    """Money becomes credit; `means` is cash, transfer, reader or opening."""

    wallet: Id
    means: str
    account: str
    cents: int


@dataclass(frozen=True, slots=True)
class Payout:
    """Credit becomes money again."""

    wallet: Id
    account: str
    cents: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Credit of one wallet becomes credit of another."""

    from_wallet: Id
    to_wallet: Id
    cents: int


@dataclass(frozen=True, slots=True)
class DepositReturn:
    """Empties came back. No product is named: it would tell what was drunk."""

    wallet: Id
    units: tuple[TaxedUnits, ...]
    cents: int
    tax_cents: int


@dataclass(frozen=True, slots=True)
class MasterChange:
    """One row of master data as it is from now on, names and codes apart in the private part.

    `action` is ``set`` or ``retire``; `fields` is the full row, never a difference.
    """

    entity: str
    id: Id
    action: str
    fields: Mapping[str, Json]


def read_sale(body: Mapping[str, Json]) -> Sale:
    """A sale as it was booked."""
    return Sale(
        group=body["group"],
        began_at=body["began_at"],
        lines=tuple(_read_line(line) for line in body["lines"]),
        payments=tuple(Payment(**payment) for payment in body["payments"]),
        total_cents=body["total_cents"],
    )


def read_reversal(body: Mapping[str, Json]) -> Reversal:
    """A reversal as it was booked."""
    return Reversal(
        original=Ref(**body["original"]),
        original_receipt=body["original_receipt"],
        lines=tuple(
            ReversedLine(**{**line, "charges": _read_charges(line)}) for line in body["lines"]
        ),
    )


def _read_line(line: Mapping[str, Json]) -> Line:
    return Line(**{**line, "charges": _read_charges(line)})


def _read_charges(line: Mapping[str, Json]) -> tuple[ChargeLine, ...]:
    return tuple(ChargeLine(**charge) for charge in line["charges"])
