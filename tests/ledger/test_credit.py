"""Whether a wallet may be spent where several tills may debit it: every case, and what holds."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.money import ZERO, Money
from kpos.ledger.credit import Home, Standing, refusal

LIMIT = Money(2000)

# home, risk, credit, amount, held -> code, missing
CASES: list[tuple[Home, int, int, int, int, str | None, int]] = [
    # At its home up to its credit, whatever nobody knows of.
    ("here", 0, 500, 500, 0, None, 0),
    ("here", 90_000, 500, 500, 0, None, 0),
    ("here", 0, 500, 501, 0, "credit", 1),
    # Elsewhere what is held for it, and nothing else.
    ("elsewhere", 0, 500, 500, 500, None, 0),
    ("elsewhere", 0, 500, 500, 499, "offline", 0),
    ("elsewhere", 0, 500, 1, 0, "offline", 0),
    ("elsewhere", 0, 500, 501, 501, "credit", 1),
    # Free: up to the limit beyond what is known of or held.
    ("free", 0, 9000, 2000, 0, None, 0),
    ("free", 0, 9000, 2001, 0, "limit", 1),
    ("free", 1500, 9000, 500, 0, None, 0),
    ("free", 1500, 9000, 501, 0, "limit", 1),
    ("free", 2000, 9000, 1, 0, "limit", 1),
    ("free", 2000, 9000, 9000, 9000, None, 0),
    ("free", 2000, 9000, 9000, 8999, "limit", 1),
    ("free", 500, 9000, 3000, 1500, None, 0),
    ("free", 0, 100, 101, 0, "credit", 1),
    ("free", 0, 100, 101, 101, "credit", 1),
    # Nobody knows.
    ("unknown", 0, 9000, 1, 0, "offline", 0),
    ("unknown", 0, 9000, 1, 1, "offline", 0),
]


@pytest.mark.parametrize(("home", "risk", "credit", "amount", "held", "code", "missing"), CASES)
def test_every_case(
    home: Home, risk: int, credit: int, amount: int, held: int, code: str | None, missing: int
) -> None:
    standing = Standing(home, Money(risk))
    found = refusal(standing, Money(credit), Money(amount), Money(held), LIMIT)
    assert (found.code if found else None) == code
    assert (found.missing if found else ZERO) == Money(missing)


CENTS = st.integers(0, 10_000).map(Money)
AMOUNTS = st.integers(1, 10_000).map(Money)


@given(st.sampled_from(get_args(Home)), CENTS, CENTS, AMOUNTS, CENTS, CENTS)
def test_what_is_refused_is_refused_with_less_too(home, risk, credit, amount, held, limit):
    """Less credit, less held back, more that nobody knows of, a lower limit: none of it helps."""
    if refusal(Standing(home, risk), credit, amount, held, limit) is None:
        return
    one = Money(1)
    for worse in (
        (Standing(home, risk + one), credit, held, limit),
        (Standing(home, risk), credit - one, held, limit),
        (Standing(home, risk), credit, max(held - one, ZERO), limit),
        (Standing(home, risk), credit, held, max(limit - one, ZERO)),
    ):
        standing, less, kept, lower = worse
        assert refusal(standing, less, amount, kept, lower) is not None


@given(CENTS, CENTS, AMOUNTS, CENTS)
def test_a_free_wallet_never_risks_more_than_the_limit(risk, credit, amount, limit):
    if refusal(Standing("free", risk), credit, amount, ZERO, limit) is None:
        assert amount <= credit
        assert risk + amount <= limit
