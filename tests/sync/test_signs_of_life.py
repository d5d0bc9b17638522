"""A till says that it is there: when it comes, every five minutes, and before its documents."""

import pytest

from kpos import __version__
from kpos.ledger.joining import unpair
from kpos.sync.backend import Refused, Unreachable
from kpos.sync.wire import Heartbeat
from tests.sync.desk import Desk
from tests.sync.wawi import Seen, Wawi


def test_a_till_that_sells_nothing_says_every_five_minutes_that_it_is_there(
    desk: Desk, wawi: Wawi
) -> None:
    desk.turns()
    journal = wawi.journals[desk.till.books.identity.till]
    assert journal.beat is not None
    assert (journal.beat.version, journal.beat.queue) == (__version__, 0)
    asked = [desk.waits(30_000) for _ in range(10)]
    assert asked == [["pull"]] * 9 + [["heartbeat", "pull"]]
    assert journal.beat.at == desk.till.clock.now()


def test_who_comes_back_says_first_how_much_it_has_to_send(desk: Desk, wawi: Wawi) -> None:
    desk.turns()
    desk.down = Unreachable("no route")
    for _ in range(3):
        desk.till.buy("Ada", ("Snack", 1))
        desk.waits(300_000)
    desk.down = None
    assert desk.waits(300_000) == ["heartbeat", "push", "pull"]
    beat = wawi.journals[desk.till.books.identity.till].beat
    assert beat is not None
    assert beat.queue == 6


def test_who_is_paired_anew_says_so_at_once(desk: Desk, wawi: Wawi) -> None:
    desk.turns()
    unpair(desk.till.books, "uid:0", "another WaWi")
    desk.till.pair(wawi)
    desk.worker.wake()
    assert desk.turns()[0] == "heartbeat"


def test_a_wawi_that_wants_no_sign_of_life_is_spoken_to_all_the_same(
    desk: Desk, wawi: Wawi, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.turns()

    def unknown(_seen: Seen, _beat: Heartbeat) -> None:
        raise Refused("not-found", "there is no such thing here")

    monkeypatch.setattr(Seen, "heartbeat", unknown)
    desk.till.buy("Ada", "Mate")
    assert desk.waits(300_000) == ["heartbeat", "push", "pull"]
    assert desk.worker.engine.trouble == ""
    assert wawi.credit(desk.till.wallet("Ada")) == 2000 - 165
