"""All that a till should know, at once: made and compressed once per state of the house.

A till whose network breaks asks again, and gets what is there already.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

from kpos.domain.ids import Id
from kpos.ledger.database import Database
from kpos.sync.wire import PAGE, Point
from kpos.wawi.api.bodies import packed, to_json
from kpos.wawi.core import pages
from kpos.wawi.core.strands import strand_of

# Some 700 KB each, for a house of 10,000 products.
_KEPT_MAX = 8
_ALL = 1 << 31

# Whose it is, the revision of the feed, and what of the till's own documents it includes.
State: TypeAlias = tuple[Id, int, Point | None]


@dataclass(frozen=True)
class Snapshot:
    """A page that is the first and the last, gzipped; `etag` of what is in it."""

    etag: str
    packed: bytes


class Snapshots:
    """Those of the tills that asked last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[State, Snapshot] = OrderedDict()
        self._lock = Lock()

    def of(self, db: Database, till: Id) -> Snapshot:
        """A till's, as the database is in this transaction."""
        rev: int = db.execute("SELECT rev FROM house").fetchone()[0]
        state = (till, rev, strand_of(db, till).applied)
        with self._lock:
            kept = self._kept.get(state)
        if kept is not None:
            return kept
        content = to_json(PAGE.write(pages.changes(db, till, None, _ALL)))
        made = Snapshot(hashlib.sha256(content).hexdigest(), packed(content))
        with self._lock:
            self._kept[state] = made
            while len(self._kept) > _KEPT_MAX:
                self._kept.popitem(last=False)
        return made
