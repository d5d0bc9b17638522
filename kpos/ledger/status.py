"""What the files say of a till's WaWi, for `kpos status`; through any connections to them."""

from __future__ import annotations

import sqlite3

from kpos.domain.document import Json
from kpos.ledger import feed
from kpos.ledger.pairing import read_pairing, unsent
from kpos.ledger.schema import PAIRED_SINCE, is_fed, version_of


def wawi_status(
    journal: sqlite3.Connection, stammdaten: sqlite3.Connection | None
) -> dict[str, Json]:
    """Nothing of a till that has none. `stammdaten` may not be there to be read."""
    if version_of(journal) < PAIRED_SINCE:
        return {}
    pairing = read_pairing(journal)
    if pairing is None and not is_fed(journal):
        return {}
    reached = feed.reached_at(stammdaten) if stammdaten is not None else None
    return {
        "wawi": pairing.url if pairing is not None else "not paired any more",
        "branch": pairing.branch if pairing is not None else None,
        "wawi_unsent": unsent(journal),
        "wawi_known": stammdaten is not None and feed.taken(stammdaten) is not None,
        "wawi_reached": str(reached) if reached is not None else None,
    }
