"""A small WaWi in memory: it keeps journals, adds up what they post, and tells every till.

It stands for any, as far as tills can see: no prices of its own, no lots, no branches but one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kpos.domain.document import Document, read_content
from kpos.domain.ids import Id
from kpos.sync.backend import CursorExpired, Refused, Revoked, Unlinked
from kpos.sync.wire import (
    Ack,
    Application,
    Change,
    Entry,
    Heartbeat,
    Hold,
    Page,
    Paired,
    Point,
    Push,
    Tail,
    prev_of,
)


@dataclass
class Journal:
    """What is held of a till: all it ever sent, and the branch that goes on."""

    till: Id
    entries: dict[Point, Entry] = field(default_factory=dict)
    order: list[Point] = field(default_factory=list)
    end: Point | None = None
    applied: Point | None = None
    is_revoked: bool = False
    forks: list[Point] = field(default_factory=list)
    # How it is, as it said last.
    beat: Heartbeat | None = None


class Wawi:
    """`page_size` rows to a page, `tail_size` documents to a tail."""

    def __init__(self, page_size: int = 1000, tail_size: int = 500) -> None:
        self.page_size, self.tail_size = page_size, tail_size
        # Of its one branch: that of the till that came first.
        self.place: Id | None = None
        self.journals: dict[Id, Journal] = {}
        self.tokens: dict[str, Id] = {}
        self.codes: dict[str, str | None] = {}
        self.rows: dict[tuple[str, str], tuple[int, Change]] = {}
        self.revision = 0
        self.generation = 1
        self.oldest = 0
        self.holds: dict[tuple[Id, str], tuple[int, Point | None]] = {}
        # While it lasts, documents are stored and their effects wait.
        self.is_stalled = False

    # What the office does

    def code(self, prefix: str | None = None) -> str:
        """A code for a till under a prefix; without one the till keeps its own."""
        code = f"CODE-{len(self.codes) + 1}"
        self.codes[code] = prefix
        return code

    def put(
        self, entity: str, id_: str, action: str = "set", private: Any = None, **fields: Any
    ) -> None:
        """A row as it is from now on."""
        self.revision += 1
        self.rows[entity, id_] = (self.revision, Change(entity, id_, action, fields, private))

    def fields(self, entity: str, id_: str) -> dict[str, Any]:
        return dict(self.rows[entity, id_][1].fields)

    def change(self, entity: str, id_: str, **changes: Any) -> None:
        """Some fields of a row that is there."""
        _, row = self.rows[entity, id_]
        self.put(entity, id_, row.action, row.private, **{**row.fields, **changes})

    def credit(self, wallet: str) -> int:
        cents: int = self.fields("balance", wallet)["cents"]
        return cents

    def move_home(self, wallet: str, home: Id | None) -> None:
        self.change("balance", wallet, home=home)

    def post(self, wallet: str, cents: int) -> None:
        """Money that the office books: to a wallet (+) or from it (-)."""
        row = self.rows.get(("balance", wallet))
        before: Mapping[str, Any] = row[1].fields if row else {"cents": 0, "home": None}
        self.put("balance", wallet, cents=before["cents"] + cents, home=before["home"])

    def back_up(self) -> dict[str, Any]:
        """All that it knows."""
        copy = {name: _copied(value) for name, value in self.__dict__.items()}
        copy["journals"] = {
            till: Journal(**{name: _copied(value) for name, value in each.__dict__.items()})
            for till, each in self.journals.items()
        }
        return copy

    def restore(self, copy: dict[str, Any]) -> None:
        """Back to what it knew; cursors of the time since are of no use."""
        copy["generation"] = self.generation + 1
        self.__dict__.update(copy)

    # What a till asks

    def pair(self, application: Application) -> Paired:
        if application.code not in self.codes:
            raise Refused("code", "this code is not, or no longer, good")
        prefix = self.codes.pop(application.code) or application.prefix
        token = f"token-{len(self.tokens) + 1}"
        self.tokens[token] = application.till
        self.journals.setdefault(application.till, Journal(application.till)).is_revoked = False
        self.place = self.place or application.place
        return Paired(token, application.till, self.place, prefix, "Keller")

    def of(self, token: str) -> Seen:
        return Seen(self, token)

    def apply(self) -> None:
        """The effects of all documents that wait for it."""
        for journal in self.journals.values():
            waiting = journal.order
            if journal.applied is not None:
                waiting = waiting[waiting.index(journal.applied) + 1 :]
            for point in waiting:
                self._apply(journal, point)

    def _apply(self, journal: Journal, point: Point) -> None:
        document = read_content(journal.entries[point].content, point.hash)
        for posting in document.postings:
            if posting.account.startswith("wallet:"):
                self.post(posting.account.removeprefix("wallet:"), -posting.cents)
        for each in document.movements:
            row = self.rows.get(("stock", each.product))
            fields = dict(row[1].fields) if row else {"quantity": 0}
            fields["quantity"] += each.quantity
            self.put("stock", each.product, **fields)
        if document.kind == "master_change":
            self._take_row(journal, document)
        journal.applied = point

    def _take_row(self, journal: Journal, document: Document) -> None:
        body, entry = document.body, journal.entries[Point(*_place(document))]
        private = json.loads(entry.private.part) if entry.private else None
        if body["entity"] in {"pin", "pairing", "fork"}:
            return  # nothing that other tills are told
        if body["entity"] == "group" and self._has_group(body):
            return  # every till begins with one of its own
        self.put(body["entity"], body["id"], body["action"], private, **body["fields"])
        if body["entity"] == "wallet" and ("balance", body["id"]) not in self.rows:
            self.put("balance", body["id"], cents=0, home=journal.till)

    def _has_group(self, body: Mapping[str, Any]) -> bool:
        return any(
            row.fields["name"] == body["fields"]["name"] and row.id != body["id"]
            for (entity, _), (_, row) in self.rows.items()
            if entity == "group"
        )


def _is_past(head: Point | None, at: Point | None) -> bool:
    if head is None or at is None:
        return head is not None
    return (head.epoch, head.seq) > (at.epoch, at.seq)


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, dict | list) else value


def _place(document: Document) -> tuple[int, int, str]:
    return document.epoch, document.seq, document.hash


class Seen:
    """The WaWi as one till sees it."""

    def __init__(self, wawi: Wawi, token: str) -> None:
        self._wawi, self._token = wawi, token

    @property
    def _journal(self) -> Journal:
        till = self._wawi.tokens.get(self._token)
        if till is None or self._wawi.journals[till].is_revoked:
            raise Revoked
        return self._wawi.journals[till]

    def push(self, push: Push) -> Ack:
        journal = self._journal
        if push.after is not None and push.after not in journal.entries:
            raise Unlinked(journal.end)
        fork = push.fork if push.fork in journal.entries else None
        for entry in push.entries:
            self._store(journal, entry, fork)
        self._release(journal, push.head)
        if not self._wawi.is_stalled:
            self._wawi.apply()
        return Ack(journal.end, journal.applied)

    def _store(self, journal: Journal, entry: Entry, fork: Point | None) -> None:
        if entry.point in journal.entries:
            return
        if entry.prev_hash != prev_of(journal.end):
            if fork is None or entry.prev_hash != fork.hash:
                raise Unlinked(journal.end)
            journal.forks.append(fork)
        journal.entries[entry.point] = entry
        journal.order.append(entry.point)
        journal.end = entry.point

    def _release(self, journal: Journal, head: Point | None) -> None:
        holds = self._wawi.holds
        for key in [key for key in holds if key[0] == journal.till]:
            if _is_past(head, holds[key][1]):
                del holds[key]

    def pull(self, cursor: str | None) -> Page:
        wawi = self._wawi
        assert self._journal.till
        generation, _, since = (cursor or f"{wawi.generation}.0").partition(".")
        revision = int(since)
        if int(generation) != wawi.generation or (cursor is not None and revision < wawi.oldest):
            raise CursorExpired
        found = sorted(
            (row for row in wawi.rows.values() if row[0] > revision), key=lambda row: row[0]
        )
        page = found[: wawi.page_size]
        changes = tuple(change for _, change in page if cursor or change.action != "gone")
        last = page[-1][0] if page else revision
        applied = {str(of): each.applied for of, each in wawi.journals.items() if each.applied}
        return Page(changes, f"{wawi.generation}.{last}", len(page) == len(found), applied)

    def tail(self, after: Point | None) -> Tail:
        journal = self._journal
        if after is not None and after not in journal.entries:
            raise Unlinked(journal.end)
        entries: list[Entry] = []
        point = journal.end
        while point is not None and point != after:
            entry = journal.entries[point]
            entries.append(entry)
            before = (each for each in journal.entries if each.hash == entry.prev_hash)
            point = next(before, None)
        entries.reverse()
        size = self._wawi.tail_size
        return Tail(tuple(entries[:size]), len(entries) <= size)

    def common(self, points: Sequence[Point]) -> Point | None:
        held = self._journal.entries
        return next((point for point in reversed(points) if point in held), None)

    def hold(self, wallet: Id, cents: int, head: Point | None) -> Hold:
        wawi, till = self._wawi, self._journal.till
        others = sum(
            held[0] for (who, what), held in wawi.holds.items() if what == wallet and who != till
        )
        balance = wawi.credit(wallet)
        is_granted = cents <= balance - others
        if is_granted:
            wawi.holds[till, wallet] = (cents, head)
        return Hold(is_granted, balance)

    def heartbeat(self, beat: Heartbeat) -> None:
        self._journal.beat = beat

    def pair(self, application: Application) -> Paired:
        return self._wawi.pair(application)

    def unpair(self) -> None:
        self._journal.is_revoked = True
        del self._wawi.tokens[self._token]
