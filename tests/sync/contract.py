"""What every backend must do: subclass `BackendContract` and provide its fixtures.

`office` is what must happen at the WaWi for the story, whatever WaWi it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

import pytest

from kpos.domain.bodies import MasterChange
from kpos.domain.document import Draft, Place, Posting, Ref, body_of, receipt_number, seal
from kpos.domain.ids import Id
from kpos.domain.instant import Instant, Reading
from kpos.sync.backend import Backend, CursorExpired, Pairing, Refused, Revoked, Unlinked
from kpos.sync.wire import Application, Entry, Heartbeat, Page, Point, Push, entry_of, prev_of


class Peer(Backend, Pairing, Protocol):
    """A backend that can be paired as well."""


class Office(Protocol):
    """What happens at the WaWi."""

    def code(self) -> str:
        """An authorisation code that is good once."""
        ...

    def connect(self, token: str | None) -> Peer:
        """How the till that was given a token sees the WaWi; None: one that was given none."""
        ...

    def revoke(self, till: Id) -> None:
        """Declare the till lost."""
        ...

    def add_group(self, name: str) -> Id:
        """Change some master data."""
        ...

    def expire(self) -> None:
        """Have the feed reach back no more to any cursor that was given out."""
        ...


class Chain:
    """Documents of a till as they would stand in its journal: a wallet, then top-ups of 1.00."""

    def __init__(self, till: Id, wallet: Id, seed: int = 0) -> None:
        self.entries: list[Entry] = []
        self._till, self._wallet = till, wallet
        self._at = Instant.parse("2026-11-20T19:00:00Z").plus_ms(seed)

    @property
    def end(self) -> Point | None:
        return self.entries[-1].point if self.entries else None

    def grow(self, documents: int) -> list[Entry]:
        return [self._append() for _ in range(documents)]

    def fork(self, at: int, seed: int) -> Chain:
        """Another one with the first documents of this."""
        other = Chain(self._till, self._wallet, seed)
        other.entries = self.entries[:at]
        return other

    def _append(self) -> Entry:
        seq = len(self.entries) + 1
        self._at = self._at.plus_ms(60_000)
        number = receipt_number("K1", seq - 1) if seq > 1 else None
        place = Place(self._till, Ref(1, seq), number, Reading(self._at, "ok"), prev_of(self.end))
        document, content = seal(self._draft(seq), place, None)
        self.entries.append(entry_of(document, content, None))
        return self.entries[-1]

    def _draft(self, seq: int) -> Draft:
        if seq == 1:
            row = {"member": None, "group": None}
            return Draft("master_change", body_of(MasterChange("wallet", self._wallet, "set", row)))
        postings = (Posting("cash:K1", 100), Posting(f"wallet:{self._wallet}", -100))
        return Draft("top_up", {"v": 1, "wallet": self._wallet, "means": "cash"}, postings)


def drawn(of: str) -> Id:
    """An id that is the same every time."""
    return Id(hashlib.sha256(of.encode()).hexdigest()[:16])


class BackendContract:
    """Stories that end alike with every backend. Each has a till and a wallet of its own.

    A server may outlive a story; none has another till beside it.
    """

    @pytest.fixture(autouse=True)
    def _named(self, request: pytest.FixtureRequest) -> None:
        self.till, self.wallet = (drawn(f"{request.node.nodeid} {of}") for of in ("till", "wallet"))

    @pytest.fixture
    def office(self) -> Office:
        raise NotImplementedError

    @pytest.fixture
    def wawi(self, office: Office) -> Peer:
        """As the till sees it once it is paired."""
        return office.connect(self.paired(office))

    @pytest.fixture
    def chain(self) -> Chain:
        chain = Chain(self.till, self.wallet)
        chain.grow(4)
        return chain

    def paired(self, office: Office) -> str:
        return office.connect(None).pair(self.application(office.code())).token

    def application(self, code: str) -> Application:
        return Application(code, self.till, drawn("place"), "K1", "K1", None, "1.0")

    def push(
        self, wawi: Backend, entries: Sequence[Entry], after: Point | None, **more: Any
    ) -> Point | None:
        head = entries[-1].point if entries else after
        return wawi.push(Push(after, tuple(entries), head, **more)).acked

    def read(self, wawi: Backend, cursor: str | None = None) -> tuple[list[Page], str]:
        pages = [wawi.pull(cursor)]
        while not pages[-1].is_last:
            pages.append(wawi.pull(pages[-1].cursor))
        return pages, pages[-1].cursor

    def tail(self, wawi: Backend, after: Point | None) -> list[Entry]:
        tail = wawi.tail(after)
        entries = list(tail.entries)
        while not tail.is_last:
            tail = wawi.tail(entries[-1].point)
            entries += tail.entries
        return entries

    # Pairing

    def test_a_sign_of_life_changes_nothing(self, wawi: Peer, chain: Chain) -> None:
        ack = wawi.push(Push(None, tuple(chain.entries), chain.end))
        before = wawi.pull(None)
        wawi.heartbeat(Heartbeat("1.0", 3, Instant.parse("2026-11-20T19:00:00Z")))
        assert wawi.push(Push(chain.end, (), chain.end)) == ack
        assert wawi.pull(None) == before

    def test_a_code_is_good_once(self, office: Office) -> None:
        code = office.code()
        paired = office.connect(None).pair(self.application(code))
        assert paired.till == self.till
        assert paired.token
        assert paired.prefix
        with pytest.raises(Refused):
            office.connect(None).pair(self.application(code))

    def test_a_code_that_nobody_gave_is_refused(self, office: Office) -> None:
        with pytest.raises(Refused):
            office.connect(None).pair(self.application("NO-CODE"))

    def test_a_token_that_nobody_gave_is_revoked(self, office: Office, wawi: Peer) -> None:
        with pytest.raises(Revoked):
            office.connect("no token").pull(None)

    def test_a_till_that_was_lost_is_told_nothing(
        self, office: Office, wawi: Peer, chain: Chain
    ) -> None:
        self.push(wawi, chain.entries, None)
        office.revoke(self.till)
        questions = (
            lambda: self.push(wawi, chain.entries, None),
            lambda: wawi.pull(None),
            lambda: wawi.tail(None),
            lambda: wawi.common([chain.entries[0].point]),
            lambda: wawi.hold(self.wallet, 1, None),
        )
        for ask in questions:
            with pytest.raises(Revoked):
                ask()

    def test_a_token_that_was_given_back_is_void(self, wawi: Peer) -> None:
        wawi.unpair()
        with pytest.raises(Revoked):
            wawi.pull(None)

    # Up

    def test_documents_are_held_in_batches(self, wawi: Peer, chain: Chain) -> None:
        first, second = chain.entries[:2], chain.entries[2:]
        assert self.push(wawi, first, None) == first[-1].point
        assert self.push(wawi, second, first[-1].point) == chain.end

    def test_sending_again_changes_nothing(self, wawi: Peer, chain: Chain) -> None:
        for _ in range(2):
            assert self.push(wawi, chain.entries, None) == chain.end
        assert self.tail(wawi, None) == chain.entries

    def test_an_empty_batch_says_where_the_wawi_ends(self, wawi: Peer, chain: Chain) -> None:
        assert self.push(wawi, [], None) is None
        self.push(wawi, chain.entries, None)
        assert self.push(wawi, [], chain.end) == chain.end

    def test_a_gap_is_not_stored(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries[:1], None)
        with pytest.raises(Unlinked) as told:
            self.push(wawi, chain.entries[2:], chain.entries[1].point)
        assert told.value.held == chain.entries[0].point
        assert self.tail(wawi, None) == chain.entries[:1]

    def test_others_at_the_same_places_are_not_stored(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries, None)
        other = chain.fork(2, seed=5)
        other.grow(1)
        with pytest.raises(Unlinked) as told:
            self.push(wawi, other.entries, None)
        assert told.value.held == chain.end

    def test_a_fork_is_kept_beside(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries, None)
        other = chain.fork(2, seed=5)
        added = other.grow(2)
        point = chain.entries[1].point
        for _ in range(2):
            assert self.push(wawi, added, point, fork=point) == other.end
        assert self.push(wawi, other.grow(1), added[-1].point) == other.end
        held = [chain.entries[3].point, other.entries[3].point]
        assert wawi.common(held[:1]) == held[0]
        assert wawi.common(held[1:]) == held[1]

    def test_the_last_common_point_is_found(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries[:3], None)
        points = [entry.point for entry in chain.entries]
        assert wawi.common(points) == points[2]
        assert wawi.common(points[3:]) is None

    def test_a_tail_comes_back_as_it_was_sent(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries, None)
        assert self.tail(wawi, chain.entries[0].point) == chain.entries[1:]
        assert wawi.tail(chain.end).entries == ()

    def test_a_tail_after_what_is_not_held_is_none(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries[:2], None)
        with pytest.raises(Unlinked) as told:
            wawi.tail(chain.end)
        assert told.value.held == chain.entries[1].point

    # Down

    def test_the_feed_says_what_the_documents_did(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries, None)
        pages, _ = self.read(wawi)
        balances = [
            change.fields
            for page in pages
            for change in page.changes
            if (change.entity, change.id) == ("balance", self.wallet)
        ]
        assert [fields["cents"] for fields in balances] == [300]
        assert balances[0]["home"] in {self.till, None}
        assert pages[-1].applied[self.till] == chain.end

    def test_the_feed_goes_on_behind_a_cursor(
        self, office: Office, wawi: Peer, chain: Chain
    ) -> None:
        self.push(wawi, chain.entries, None)
        _, cursor = self.read(wawi)
        pages, again = self.read(wawi, cursor)
        assert [change for page in pages for change in page.changes] == []
        group = office.add_group("crew")
        pages, _ = self.read(wawi, again)
        changes = [change for page in pages for change in page.changes]
        # What comes with a group, its default price or that of everybody, is the WaWi's business.
        assert {each.entity for each in changes} <= {"group", "condition"}
        [made] = [each for each in changes if each.id == group]
        assert (made.entity, made.action, made.fields["name"]) == ("group", "set", "crew")

    def test_a_cursor_of_long_ago_is_expired(self, office: Office, wawi: Peer) -> None:
        office.add_group("helpers")
        _, cursor = self.read(wawi)
        office.expire()
        with pytest.raises(CursorExpired):
            wawi.pull(cursor)
        self.read(wawi)

    # Credit

    def test_no_more_is_held_than_is_there(self, wawi: Peer, chain: Chain) -> None:
        self.push(wawi, chain.entries, None)
        assert wawi.hold(self.wallet, 300, chain.end).is_granted
        assert wawi.hold(self.wallet, 300, chain.end).is_granted
        refused = wawi.hold(self.wallet, 301, chain.end)
        assert not refused.is_granted
        assert refused.balance_cents == 300
