"""Every document that anybody committed, which of them cannot be anywhere any more, and credits."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpos.domain.document import Json, read_content
from kpos.ledger.feed import is_change, moves_of

if TYPE_CHECKING:
    from tests.simulator.server import Server
    from tests.simulator.till import Till


@dataclass(frozen=True)
class Known:
    """A document; `moves`: what it took from (+) or gave to (-) each wallet.

    `goods`: what came (+) or left (-), by product and place; `change`: of which row of master data.
    """

    till: str
    content: str
    moves: dict[str, int]
    goods: dict[tuple[str, str], int]
    change: tuple[str, str, Mapping[str, Json]] | None


class Truth:
    """`slack`: what a wallet may be short of for a disaster that no promise covers."""

    def __init__(self) -> None:
        self.documents: dict[str, Known] = {}
        self.lost: set[str] = set()
        # Of these, what a till went on without before the server had it.
        self._under_way: set[str] = set()
        self.credit: Counter[str] = Counter()
        self.slack: Counter[str] = Counter()
        # By hash, rows of members who switched their history off; others may say so, too.
        self.switched_off: set[str] = set()
        # Forks and restores.
        self.partings = 0
        # Of these, tills that went on beside documents of theirs that only the server has.
        self.forks = 0
        self.is_set_back = False
        self._noted_of_office = 0
        # The database of the server and how much was written there when its office was asked last.
        self._seen_of_office: tuple[sqlite3.Connection, int] | None = None

    def of_till(self, till: Till, server: Server) -> list[str]:
        """What a till committed since it was asked last; the wallets that it moved."""
        written = till.books.journal.db.total_changes
        if written == till.noted_changes:
            return []
        till.noted_changes = written
        rows = till.books.journal.rows(
            "SELECT position, hash, content FROM document WHERE position > ? ORDER BY position",
            till.noted,
        )
        moved: list[str] = []
        for position, digest, content in rows:
            till.noted = position
            if digest not in self.documents:
                known = self._add(till.id, digest, content)
                moved += known.moves
                is_known = till.is_alone or (server.knows(till.token) and not till.is_stranger)
                if not is_known:
                    self.forgive(known, debits_only=True)
            self.found(digest)
        return moved

    def of_office(self, server: Server) -> None:
        seen = (server.db, server.db.total_changes)
        if seen == self._seen_of_office:
            return
        self._seen_of_office = seen
        rows = server.rows(
            "SELECT id, hash, content FROM document WHERE till = ? AND id > ? ORDER BY id",
            server.office_id,
            self._noted_of_office,
        )
        for number, digest, content in rows:
            self._noted_of_office = number
            if digest not in self.documents:
                self._add(server.office_id, digest, content)

    def _add(self, till: str, digest: str, content: str) -> Known:
        document = read_content(content, digest)
        goods: Counter[tuple[str, str]] = Counter()
        for each in document.movements:
            goods[each.product, each.place] += each.quantity
        change = None
        if document.kind == "master_change":
            body = document.body
            change = (body["entity"], body["id"], body["fields"])
        known = Known(till, content, moves_of(document), dict(goods), change)
        self.documents[digest] = known
        self.forks += is_change(document, "fork")
        self.credit.subtract(known.moves)
        return known

    def forgive(self, known: Known, *, debits_only: bool) -> None:
        for wallet, cents in known.moves.items():
            self.slack[wallet] += max(cents, 0) if debits_only else abs(cents)

    def own_after(self, till: Till, position: int) -> list[tuple[str, Known]]:
        """Hash and content of the documents of a till's journal after a position, in order."""
        query = "SELECT hash FROM document WHERE position > ? ORDER BY position"
        rows = till.books.journal.rows(query, position)
        return [(digest, self.documents[digest]) for (digest,) in rows]

    # Disasters

    def till_parted(self, before: set[str], after: set[str], server: Server) -> None:
        """A till goes on with another disk, or none."""
        self.partings += 1
        held = server.hashes()
        for digest in sorted(before - after):
            if digest in held:
                self.forgive(self.documents[digest], debits_only=True)
            else:
                self._lose(digest)
                self._under_way.add(digest)

    def server_parted(self, before: set[str], server: Server, tills: Iterable[Till]) -> None:
        """The server goes on with an old copy."""
        self.is_set_back = True
        self.partings += 1
        there = server.hashes()
        for till in tills:
            there |= till.hashes()
        for digest in sorted(before - server.hashes()):
            self.forgive(self.documents[digest], debits_only=False)
        for digest in sorted(before - there):
            self._lose(digest)
        rows = server.rows("SELECT max(id) FROM document WHERE till = ?", server.office_id)
        self._noted_of_office = rows[0][0] or 0

    def unknown_till(self, till: Till, server: Server) -> None:
        """The server gave the homes and holds of a till away, whatever it has booked meanwhile."""
        for digest in sorted(till.hashes() - server.hashes()):
            self.forgive(self.documents[digest], debits_only=True)

    def found(self, digest: str) -> None:
        """It was under way, or on an older disk."""
        if digest in self.lost:
            self.lost.remove(digest)
            self._under_way.discard(digest)
            self.credit.subtract(self.documents[digest].moves)

    def arrived(self, held: set[str]) -> None:
        """The server has what was lost: a push found it that was sent from a disk of before.

        Its till could not know that, not even by asking first, and may have spent the same again:
        as if the server had had it when they parted.
        """
        for digest in sorted(self.lost & held):
            if digest in self._under_way:
                self.forgive(self.documents[digest], debits_only=True)
            self.found(digest)

    def _lose(self, digest: str) -> None:
        if digest not in self.lost:
            self.lost.add(digest)
            self.credit.update(self.documents[digest].moves)
