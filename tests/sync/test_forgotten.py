"""Whom a till had to forget it does not name again, whatever comes back to it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kpos.domain import orders
from kpos.domain.exchange import Entry, Point
from kpos.domain.ids import Id
from kpos.domain.values import replace
from kpos.ledger import stammdaten
from kpos.ledger.backup import back_up, restore
from kpos.ledger.booking import book
from kpos.ledger.pairing import Pairing
from kpos.ledger.replica import head_of, take_tail
from tests.sync.tills import Till, copy_of, put_back
from tests.sync.wawi import Wawi


@pytest.fixture
def cellar(cellar: Till) -> Till:
    """Ada keeps a history, with one purchase in it."""
    set_history(cellar, on=True)
    cellar.buy("Ada", "Mate")
    cellar.sync()
    return cellar


def ada(till: Till) -> Id:
    member = till.holder("Ada").member
    assert member is not None
    return member


def set_history(till: Till, *, on: bool) -> None:
    book(till.books, orders.SetHistory(ada(till), on=on))


def has_forgotten_so_far(till: Till) -> None:
    """Ada has no history, and the WaWi knows."""
    set_history(till, on=False)
    till.sync()


def history(till: Till) -> list[int]:
    """Where the purchases are that Ada is shown."""
    return stammdaten.named_purchases(till.books.current(), till.wallet("Ada"))


def on_disk(till: Till) -> bytes:
    """All bytes of the data folder."""
    return b"".join(path.read_bytes() for path in till.folder.path.iterdir() if path.is_file())


def link(till: Till) -> bytes:
    """What says that Ada bought something."""
    return f'"member":"{ada(till)}","wallet":"{till.wallet("Ada")}"'.encode()


def given_back(till: Till, wawi: Wawi, after: Point | None) -> list[Entry]:
    """What the WaWi holds of a till after a point."""
    journal = wawi.journals[till.books.identity.till]
    order = journal.order[journal.order.index(after) + 1 :] if after else journal.order
    return [journal.entries[point] for point in order]


def test_a_history_that_comes_back_with_an_old_disk_goes_again(cellar: Till, tmp_path) -> None:
    names_ada = link(cellar)
    old = copy_of(cellar, tmp_path / "old")
    cellar.buy("Ada", "Mate")
    set_history(cellar, on=False)
    cellar.sync()
    assert names_ada not in on_disk(cellar)
    put_back(cellar, old)
    assert names_ada in on_disk(cellar)
    assert "tail" in cellar.sync()
    assert history(cellar) == []
    assert names_ada not in on_disk(cellar)
    assert b'"name":"Ada"' in on_disk(cellar)
    assert cellar.verify().projections_compared


def test_a_history_that_comes_back_with_a_backup_goes_again(
    cellar: Till, wawi: Wawi, tmp_path: Path
) -> None:
    names_ada = link(cellar)
    backup = tmp_path / "old.db"
    back_up(cellar.folder, backup)
    set_history(cellar, on=False)
    set_history(cellar, on=True)
    cellar.buy("Ada", "Snack")
    cellar.sync()

    def tail(_pairing: Pairing, after: Point | None) -> Iterator[Sequence[Entry]]:
        yield given_back(cellar, wawi, after)

    cellar.close()
    for path in cellar.folder.path.iterdir():
        path.unlink()
    restore(backup, cellar.folder, cellar.clock, tail)
    assert on_disk(cellar).count(names_ada) == 1
    cellar.open()
    cellar.sync()
    assert len(history(cellar)) == 1
    assert cellar.verify().documents


def test_who_was_erased_meanwhile_does_not_come_back_with_an_old_disk(
    cellar: Till, wawi: Wawi, tmp_path
) -> None:
    old = copy_of(cellar, tmp_path / "old")
    buyer, member, wallet = cellar.holder("Ada"), ada(cellar), cellar.wallet("Ada")
    book(cellar.books, orders.SetLanguage(member, "en"))
    cellar.sync()
    put_back(cellar, old)
    # As the WaWi keeps what it has of somebody who was erased there.
    lost = given_back(cellar, wawi, head_of(cellar.books.journal))
    take_tail(cellar.books, [replace(each, private=None) for each in lost])
    journal = cellar.books.journal
    assert journal.parts_naming(member, wallet) == []
    assert journal.rows("SELECT count(*) FROM undo WHERE wallet = ?", wallet) == [(0,)]
    assert b'"name":"Ada"' not in cellar.folder.journal.read_bytes()
    assert cellar.verify().projections_compared
    # Until the feed says who she is now, her card opens the till.
    book(cellar.books, orders.Purchase(cellar.cart("Mate"), buyer))
    assert journal.parts_naming(member, wallet)
    wawi.put("member", member, "retire", **{**wawi.fields("member", member), "history": 0})
    cellar.sync()
    assert journal.parts_naming(member, wallet) == []
    assert stammdaten.named_purchases(cellar.books.current(), wallet) == []


def test_a_history_kept_here_shows_all_of_it_and_is_forgotten_as_a_whole(
    cellar: Till, wawi: Wawi
) -> None:
    """Before the WaWi has heard of it, it says that there is none, and other things of Ada."""
    has_forgotten_so_far(cellar)
    wawi.is_stalled = True
    set_history(cellar, on=True)
    cellar.buy("Ada", "Mate")
    wawi.change("member", ada(cellar), role="trusted")
    cellar.sync()
    cellar.buy("Ada", "Snack")
    assert len(history(cellar)) == 2
    wawi.is_stalled = False
    cellar.sync()
    assert len(history(cellar)) == 2
    wawi.change("member", ada(cellar), history=0)
    cellar.sync()
    assert cellar.books.journal.purchases_naming(cellar.wallet("Ada")) == []


def test_what_was_said_before_the_history_was_switched_on_hides_nothing_of_it(
    cellar: Till, wawi: Wawi
) -> None:
    has_forgotten_so_far(cellar)
    wawi.is_stalled = True
    book(cellar.books, orders.SetLanguage(ada(cellar), "en"))
    set_history(cellar, on=True)
    cellar.buy("Ada", "Mate")
    wawi.change("product", cellar.product("Snack").id, name="Nuts")
    cellar.sync()
    assert len(history(cellar)) == 1


def test_a_till_that_has_to_think_again_that_there_is_no_history_goes_by_that(
    cellar: Till, wawi: Wawi
) -> None:
    """The WaWi was put back, and with it to a time before it knew of a history."""
    has_forgotten_so_far(cellar)
    monday = wawi.back_up()
    book(cellar.books, orders.SetLanguage(ada(cellar), "en"))
    cellar.sync()
    wawi.change("member", ada(cellar), history=1)
    cellar.sync()
    cellar.buy("Ada", "Mate")
    wawi.restore(monday)
    wawi.is_stalled = True
    cellar.sync()
    named = cellar.books.journal.purchases_naming(cellar.wallet("Ada"))
    assert named == history(cellar) != []
    book(cellar.books, orders.SetLanguage(ada(cellar), "de"))
    assert cellar.books.journal.purchases_naming(cellar.wallet("Ada")) == []
    assert history(cellar) == []
