"""Barcodes nobody knew: a bounded list for the admin, not precious, forgotten by a rebuild."""

from __future__ import annotations

from kpos.domain.values import dataclass
from kpos.ledger.database import Database

# More unknown barcodes than anybody reads through; a child with a scanner makes thousands.
UNKNOWN_CODES_MAX = 500


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A barcode nobody knew, kept as a list for the admin."""

    code: str
    count: int
    last_at: str


def note_unknown(db: Database, code: str, at: str) -> None:
    """Count a barcode nobody knew; a full list forgets what was wanted least."""
    db.execute(
        "INSERT INTO unknown_code VALUES (?, 1, ?) ON CONFLICT (code)"
        " DO UPDATE SET count = count + 1, last_at = excluded.last_at",
        (code, at),
    )
    db.execute(
        "DELETE FROM unknown_code WHERE code IN (SELECT code FROM unknown_code WHERE code <> ?"
        " ORDER BY count DESC, last_at DESC LIMIT -1 OFFSET ?)",
        (code, UNKNOWN_CODES_MAX - 1),
    )


def unknown_codes(db: Database) -> list[UnknownCode]:
    """Barcodes nobody knew, the most wanted first."""
    rows = db.execute("SELECT code, count, last_at FROM unknown_code ORDER BY count DESC, code")
    return [UnknownCode(*row) for row in rows.fetchall()]
