"""Figures for a monitoring system, as Prometheus reads them."""

from __future__ import annotations

from kpos.domain.instant import Instant
from kpos.ledger.database import Database

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_COUNTS = {
    "kpos_documents": ("Documents held of all tills", "SELECT count(*) FROM document"),
    "kpos_documents_not_projected": (
        "Documents that stopped their till, or wait behind one that did",
        "SELECT count(*) FROM document WHERE position IS NULL",
    ),
    "kpos_alarms_open": (
        "Alarms that nobody has settled",
        "SELECT count(*) FROM alarm WHERE settled_by IS NULL",
    ),
    "kpos_feed_revision": ("Revision of the feed", "SELECT rev FROM house"),
}
_TILLS = (
    "SELECT prefix, queue, skew_ms, seen_ms FROM till"
    " WHERE token_hash IS NOT NULL AND branch IS NOT NULL ORDER BY prefix"
)
_MS = 1000


def figures(db: Database, now: Instant) -> str:
    """All of them, in the text format."""
    lines = []
    for name, (text, query) in _COUNTS.items():
        lines += _head(name, text)
        lines.append(f"{name} {db.execute(query).fetchone()[0]}")
    tills = db.execute(_TILLS).fetchall()
    lines += _head("kpos_till_queue", "Documents that a till could not send yet")
    lines += [f"{_of('kpos_till_queue', prefix)} {queue}" for prefix, queue, _, _ in tills]
    lines += _head("kpos_till_clock_ms", "Clock of a till less that of the server")
    lines += [f"{_of('kpos_till_clock_ms', prefix)} {skew}" for prefix, _, skew, _ in tills]
    lines += _head("kpos_till_silent_s", "Seconds since a till was heard")
    lines += [
        f"{_of('kpos_till_silent_s', prefix)} {(now.ms - seen_ms) // _MS}"
        for prefix, _, _, seen_ms in tills
        if seen_ms is not None
    ]
    return "\n".join([*lines, ""])


def _head(name: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge"]


def _of(name: str, prefix: str) -> str:
    return f'{name}{{till="{prefix}"}}'
