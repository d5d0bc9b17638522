"""Sums over postings, which reports on money over time are made of."""

from __future__ import annotations

from kpos.domain.values import dataclass
from kpos.reports.asked import Asked, Bucket, Connection

# What posting_sum counts time in; a day of any zone begins with a quarter.
_QUARTER_MS = 900_000
_SUMS = """
SELECT account, kind, SUM(cents) FROM posting_sum WHERE quarter >= ? AND quarter < ?
GROUP BY account, kind
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """What documents of one kind posted to an account in a time; debit positive."""

    account: str
    kind: str
    cents: int


def posted(db: Connection, bucket: Bucket) -> list[Posted]:
    """Sums by account and kind of document; all wallets are the account ``wallet``."""
    times = (bucket.begin_ms // _QUARTER_MS, bucket.end_ms // _QUARTER_MS)
    return [
        Posted(account, kind, int(cents))
        for account, kind, cents in db.execute(_SUMS, times).fetchall()
    ]


def posted_by_kind(db: Connection, bucket: Bucket, account: str) -> dict[str, int]:
    """Sums of one account by kind of document, debit positive."""
    return {one.kind: one.cents for one in posted(db, bucket) if one.account == account}


def balance_before(db: Connection, begin_ms: int, account: str) -> int:
    """The balance of an account at a moment, debit positive."""
    return sum(posted_by_kind(db, Bucket("", 0, begin_ms), account).values())


def posted_buckets(db: Connection, asked: Asked) -> list[Bucket]:
    """The times that postings are summed up for.

    Raises:
        ValueError: if there are too many.
    """
    ends = [
        db.execute(f"SELECT {end}(quarter) FROM posting_sum").fetchone()[0]  # noqa: S608 - own names
        for end in ("MIN", "MAX")
    ]
    first, last = (None if each is None else each * _QUARTER_MS for each in ends)
    return asked.buckets(first, last)
