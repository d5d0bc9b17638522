"""Cash: counted (Kassensturz), and moved without becoming anybody's credit.

The drafts of `cash_count` and `cash_move`, whose postings sum to zero, and their bodies. A cash
account is ``cash:<till>``, ``cash:<till>-reader``, or ``cash:<member>`` where trusted persons
keep what they take by themselves.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.domain.document import Draft, Posting, body_of, merge_postings
from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.postings import BANK, OPENING
from kpos.domain.values import dataclass

CASH = "cash:"
CASH_DIFFERENCE = "cash_difference"
EXPENSE = "expense"
INCOME = "income"

# Notes and coins of the euro, in cents, the largest first: the order in which people count.
DENOMINATIONS = (
    50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1,
)  # fmt: skip
# More than a bag of the smallest coin holds.
PIECES_MAX = 99_999

Purpose: TypeAlias = Literal[
    "float", "skim", "pay_in", "pay_out", "collect", "handover", "settle"
]  # fmt: skip
FloatSource: TypeAlias = Literal["opening", "bank"]


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many notes or coins of one value."""

    cents: int
    pieces: int


@dataclass(frozen=True, slots=True)
class CashCount:
    """What was in a cash box, and what should have been. No pieces: only the sum was counted."""

    account: str
    pieces: tuple[Pieces, ...]
    expected_cents: int
    counted_cents: int


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash goes in, out, or from one box to another; tax only where a `pay_out` has some."""

    purpose: str
    from_account: str
    to_account: str
    cents: int
    tax_key: str | None
    tax_cents: int


def value_of(pieces: tuple[Pieces, ...]) -> Money:
    """What they are worth together."""
    return Money(sum(each.cents * each.pieces for each in pieces))


def member_cash(member: Id) -> str:
    """The account of what a trusted person holds."""
    return f"{CASH}{member}"


def cash_count(counted: CashCount, note: str | None) -> Draft:
    """The difference is booked, so that the account holds what the box does; none may be."""
    difference = counted.counted_cents - counted.expected_cents
    return Draft(
        kind="cash_count",
        body=body_of(counted),
        postings=merge_postings(
            Posting(counted.account, difference), Posting(CASH_DIFFERENCE, -difference)
        ),
        private={"note": note} if note else None,
    )


def cash_move(moved: CashMove, note: str | None) -> Draft:
    """From one account to another; input tax inside a `pay_out` goes to its own."""
    tax = Posting(f"input_tax:{moved.tax_key}", moved.tax_cents)
    return Draft(
        kind="cash_move",
        body=body_of(moved),
        postings=merge_postings(
            Posting(moved.to_account, moved.cents - moved.tax_cents),
            tax,
            Posting(moved.from_account, -moved.cents),
        ),
        private={"note": note} if note else None,
    )


def ends_of(purpose: Purpose, box: str, other: str | None, till_box: str) -> tuple[str, str]:
    """From which account to which: `box` is the cash account that is asked about.

    `other` is the far end where a purpose leaves a choice: where a float comes from, whose cash
    is collected (the reader's), who gets a handover, whom a settlement pays.
    """
    ends: dict[str, tuple[str, str]] = {
        "float": (other or OPENING, box),
        "skim": (box, BANK),
        "pay_in": (INCOME, box),
        "pay_out": (box, EXPENSE),
        "collect": (other or f"{till_box}-reader", box),
        "handover": (box, other or till_box),
        "settle": (box, other or ""),
    }
    return ends[purpose]
