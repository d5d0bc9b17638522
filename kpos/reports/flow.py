"""An account over time: what it began with, what went in and out by reason, what it ended with."""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.values import dataclass
from kpos.reports.asked import Asked, Connection
from kpos.reports.posted import balance_before, posted_buckets, posted_by_kind
from kpos.reports.result import Report, Row, over_time

_OTHER = "other_cents"


@dataclass(frozen=True, slots=True)
class Flow:
    """An account and how its movements are told.

    `sign` is -1 where its usual balance is credit. `columns` are those of each kind of document,
    in their order; what else there is stands under other.
    """

    title: str
    account: str
    sign: int
    columns: Mapping[str, str]


def flow(db: Connection, asked: Asked, of: Flow) -> Report:
    """One row per period, or one of all; signed as the balance is.

    Raises:
        ValueError: if too many periods are asked for.
    """
    buckets = posted_buckets(db, asked)
    names = (*dict.fromkeys(of.columns.values()), _OTHER)
    balance = of.sign * balance_before(db, buckets[0].begin_ms, of.account) if buckets else 0
    rows: list[Row] = []
    for bucket in buckets:
        row: Row = {"period": bucket.label} if asked.per else {}
        row |= {"opening_cents": balance, **dict.fromkeys(names, 0)}
        for kind, cents in posted_by_kind(db, bucket, of.account).items():
            row[of.columns.get(kind, _OTHER)] += of.sign * cents
            balance += of.sign * cents
        row["balance_cents"] = balance
        rows.append(row)
    keys = ("period",) if asked.per else ()
    columns = (*keys, "opening_cents", *names, "balance_cents")
    drawn = rows if asked.per else [{"period": "all", **row} for row in rows]
    return Report(columns, rows, lambda: over_time(of.title, drawn, ("balance_cents",), lines=True))
