"""When a till asks: at a booking, at a time, at a command; and not at all when there is nobody."""

from collections import deque
from typing import Any

import pytest

from kpos.ledger import feed
from kpos.ledger.errors import Damaged
from kpos.ledger.joining import unpair
from kpos.ledger.pairing import Pairing
from kpos.sync.backend import Backend, Unreachable
from kpos.sync.holds import Holds
from kpos.sync.wire import Hold
from tests.sync.desk import Desk
from tests.sync.tills import Till
from tests.sync.wawi import Wawi

HOUR_MS = 3_600_000


def test_a_till_of_its_own_is_never_woken(tmp_path) -> None:
    till = Till(tmp_path / "alone")
    till.line = None  # type: ignore[assignment]
    desk = Desk(till)
    assert desk.worker.due_ms() is None
    desk.worker.after()
    assert not desk.hand.work
    told: list[str] = []
    desk.worker.wake(lambda: told.append("done"))
    assert told == ["done"]
    till.close()


def test_it_asks_at_the_start_and_then_twice_a_minute(desk: Desk) -> None:
    assert desk.worker.due_ms() == 0
    assert desk.turns() == ["heartbeat", "push", "pull"]
    assert desk.worker.due_ms() == 30_000
    assert desk.waits(29_999) == []
    assert desk.waits(1) == ["pull"]
    assert desk.changes == 4


def test_a_booking_is_sent_at_once(desk: Desk, wawi: Wawi) -> None:
    desk.turns()
    desk.till.buy("Ada", "Mate")
    desk.worker.booked()
    assert desk.worker.due_ms() == 0
    assert desk.turns() == ["push", "pull"]
    assert wawi.credit(desk.till.wallet("Ada")) == 2000 - 165


def test_one_question_at_a_time(desk: Desk) -> None:
    desk.worker.after()
    desk.worker.after()
    assert len(desk.hand.work) == 1
    assert desk.worker.due_ms() is None
    desk.till.buy("Ada", "Mate")
    desk.worker.booked()
    assert desk.worker.due_ms() is None


def test_without_a_network_it_does_nothing_but_try_again(desk: Desk) -> None:
    desk.turns()
    assert outs(desk) is False
    desk.down = Unreachable("no route")
    desk.waits(30_000)
    assert outs(desk)
    waits = []
    for _ in range(12):
        desk.till.buy("Ada", ("Snack", 1))
        desk.worker.booked()
        due_ms = desk.worker.due_ms()
        assert due_ms
        waits.append(due_ms)
        desk.waits(due_ms)
    assert waits[:4] == [1000, 2000, 4000, 8000]
    assert max(waits) == 150_000
    reached = desk.worker.reached_at
    desk.down = None
    assert desk.waits(150_000) == ["heartbeat", "push", "pull"]
    assert desk.worker.reached_at != reached


def test_who_needs_an_answer_is_not_waited_for_but_the_next_try_may_have_one(desk: Desk) -> None:
    desk.turns()
    desk.down = Unreachable("no route")
    desk.waits(30_000)
    assert desk.worker.due_ms() == 1000
    desk.down = None
    desk.worker.wanted()
    assert desk.turns() == ["pull"]
    assert not desk.worker.engine.failures
    desk.down = Unreachable("busy", 60)
    desk.waits(30_000)
    desk.worker.wanted()
    assert desk.worker.due_ms() == 61_000, "it asked for time"


def test_a_command_asks_even_who_would_not_know_it(desk: Desk, wawi: Wawi) -> None:
    wawi.journals[desk.till.books.identity.till].is_revoked = True
    desk.turns()
    assert desk.worker.due_ms() is None
    told: list[str] = []
    desk.worker.wake(lambda: told.append(desk.worker.engine.trouble))
    desk.turns()
    assert "kpos pair" in told[0]
    wawi.journals[desk.till.books.identity.till].is_revoked = False
    desk.worker.wake(lambda: told.append(desk.worker.engine.trouble))
    assert desk.turns() == ["push", "pull"]
    assert told[1:] == [""]


def test_when_it_was_reached_outlives_a_restart(desk: Desk) -> None:
    desk.turns()
    noted = feed.reached_at(desk.till.books.current())
    assert noted == desk.worker.reached_at
    desk.waits(HOUR_MS - 1)
    assert feed.reached_at(desk.till.books.current()) == noted
    desk.waits(HOUR_MS)
    assert feed.reached_at(desk.till.books.current()) == desk.worker.reached_at != noted
    assert Desk(desk.till).worker.reached_at == desk.worker.reached_at


def test_a_till_may_be_woken_by_nobody_in_particular(desk: Desk) -> None:
    desk.turns()
    desk.worker.wake()
    assert desk.turns() == ["pull"]


def test_a_whole_feed_is_worth_a_copy(roof: Till) -> None:
    desk = Desk(roof)
    desk.turns()
    assert desk.copies == 0
    roof.wawi.oldest = roof.wawi.revision + 1
    roof.wawi.put("group", "00000000000000e1", name="crew")
    desk.waits(30_000)
    assert desk.copies == 1


@pytest.mark.parametrize(
    "damage", ["UPDATE reached SET at_ms = at_ms + 1", "DROP TABLE reached"], ids=["row", "table"]
)
def test_when_the_wawi_was_reached_may_be_damaged(desk: Desk, damage: str) -> None:
    desk.turns()
    desk.till.books.db.execute(damage)
    again = Desk(desk.till)
    assert again.worker.reached_at is None
    assert again.turns() == ["heartbeat", "push", "pull"]
    desk.till.buy("Ada", "Mate")


def test_a_damaged_journal_locks_the_till_and_asks_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_args: object) -> Any:
        raise Damaged("J-01", "a page")

    told: list[str] = []
    desk.worker.wake(lambda: told.append("over"))
    monkeypatch.setattr("kpos.sync.engine.entries_after", damaged)
    desk.turns()
    assert told == ["over"]
    assert len(desk.locks) == 1
    assert desk.worker.due_ms() is None


def test_what_cannot_be_a_document_is_not_sent_and_locks_the_till(desk: Desk) -> None:
    desk.turns()
    desk.till.buy("Ada", "Mate")
    db = desk.till.books.journal.db
    db.execute("DROP TRIGGER document_is_never_changed")
    db.execute("PRAGMA writable_schema=ON")
    lax = "sql = replace(sql, 'content  TEXT NOT NULL', 'content  TEXT')"
    db.execute(f"UPDATE sqlite_schema SET {lax} WHERE name = 'document'")
    db.execute("PRAGMA writable_schema=RESET")
    db.execute("UPDATE document SET content = NULL WHERE kind = 'debit'")
    desk.worker.booked()
    desk.turns()
    assert [lock[:4] for lock in desk.locks] == ["J-01"]


def test_who_is_paired_no_more_is_asked_nothing(desk: Desk) -> None:
    desk.turns()
    unpair(desk.till.books, "uid:0", "moved")
    assert desk.worker.due_ms() is None
    assert desk.waits(HOUR_MS) == []


def outs(desk: Desk) -> bool:
    return desk.worker.is_out


# Holds


def test_a_hold_is_answered_or_not_waited_for(cellar: Till, wawi: Wawi) -> None:
    from threading import Event

    pairing = cellar.books.journal.pairing
    assert pairing is not None
    stuck, gate, patience = Event(), Event(), 30

    class Slow:
        def hold(self, *_args: object) -> Hold:
            stuck.set()
            assert gate.wait(patience)
            return Hold(True, 0)

    backends: deque[Any] = deque([cellar.line, None, Slow(), cellar.line])

    def line(pairing: Pairing) -> Backend:
        backend: Backend | None = backends.popleft()
        if backend is None:
            msg = "no route"
            raise Unreachable(msg)
        return backend

    holds = Holds(line, budget_ms=patience * 1000)
    wallet = cellar.wallet("Ada")
    assert holds.ask(pairing, wallet, 100, None) == Hold(True, 2000)
    assert holds.ask(pairing, wallet, 100, None) is None
    hasty = Holds(line, budget_ms=1)
    assert hasty.ask(pairing, wallet, 100, None) is None
    assert stuck.wait(patience)
    assert hasty.ask(pairing, wallet, 100, None) is None
    assert len(backends) == 1
    gate.set()
