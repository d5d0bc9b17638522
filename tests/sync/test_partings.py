"""Journals that do not fit any more: one side was put back, copied, or away for too long."""

from pathlib import Path

import pytest

from kpos.domain.ids import Id
from kpos.ledger import stammdaten
from kpos.ledger.joining import Assigned, pair
from kpos.ledger.pairing import Pairing
from kpos.sync.jobs import Read, attempt
from tests.ledger.kasse import MINUTE_MS, refusing
from tests.sync.tills import Till, copy_of, put_back
from tests.sync.wawi import Wawi


def test_a_till_whose_journal_was_put_back_takes_its_end_from_the_wawi(
    cellar: Till, wawi: Wawi, tmp_path
) -> None:
    old = copy_of(cellar, tmp_path / "old")
    for _ in range(3):
        cellar.wait(MINUTE_MS)
        cellar.buy("Ada", "Mate")
    cellar.sync()
    wawi.tail_size = 2
    whole = cellar.hashes()
    put_back(cellar, old)
    assert cellar.sync() == ["push", "common", "tail", "tail", "tail", "push", "pull"]
    assert cellar.hashes() == whole
    assert cellar.credit("Ada").cents == 2000 - 3 * 165
    assert cellar.buy("Ada", "Mate").receipt_number == "K1-000005"
    cellar.sync()
    assert wawi.credit(cellar.wallet("Ada")) == 2000 - 4 * 165
    assert cellar.verify().projections_compared


def test_a_till_that_sold_on_after_it_was_put_back_goes_on_beside_itself(
    cellar: Till, wawi: Wawi, tmp_path
) -> None:
    old = copy_of(cellar, tmp_path / "old")
    cellar.buy("Ada", "Mate")
    cellar.sync()
    wallet = cellar.wallet("Ada")
    put_back(cellar, old)
    cellar.buy("Ada", "Snack")
    assert cellar.sync() == ["push", "common", "push", "pull"]
    # Both were sold, under one number; from now on nothing is.
    assert wawi.credit(wallet) == 2000 - 165 - 100 == cellar.credit("Ada").cents
    assert len(wawi.journals[cellar.books.identity.till].forks) == 1
    assert cellar.buy("Ada", "Snack").receipt_number == "K1A-000001"
    assert "fork" in {each.body.get("entity") for each in cellar.documents()}
    cellar.reopen()
    cellar.sync()
    assert wawi.credit(wallet) == 2000 - 165 - 200
    assert cellar.prefix == "K1A"


def test_a_fork_survives_an_answer_that_was_lost_and_a_restart(
    cellar: Till, wawi: Wawi, tmp_path
) -> None:
    old = copy_of(cellar, tmp_path / "old")
    cellar.buy("Ada", "Mate")
    cellar.sync()
    put_back(cellar, old)
    cellar.buy("Ada", "Snack")
    cellar.line.cuts.extend(["", "", "lost"])
    assert cellar.sync() == ["push", "common", "push"]
    cellar.reopen()
    cellar.line.cuts.extend(["", "", "answer lost"])
    assert cellar.sync() == ["push", "common", "push"]
    cellar.sync()
    assert cellar.prefix == "K1A"
    assert wawi.credit(cellar.wallet("Ada")) == 2000 - 165 - 100


def test_two_copies_of_a_disk_agree_in_the_end(cellar: Till, wawi: Wawi, tmp_path) -> None:
    twin = copy_of(cellar, tmp_path / "twin")
    other = Till.at(twin.path)
    other.wait(1)
    other.wawi, other.line = wawi, type(cellar.line)(cellar.line.backend)
    for till in (cellar, other, cellar, other, cellar, other):
        till.buy("Ada", "Snack")
        till.sync()
        till.wait(MINUTE_MS)
    assert wawi.credit(cellar.wallet("Ada")) == 2000 - 600
    other.sync()
    assert other.credit("Ada").cents == 2000 - 600
    assert len(set(wawi.journals[cellar.books.identity.till].order)) == len(
        wawi.journals[cellar.books.identity.till].order
    )
    other.close()


def test_a_wawi_that_was_put_back_gets_what_it_lost(
    cellar: Till, roof: Till, wawi: Wawi, shared: str
) -> None:
    monday = wawi.back_up()
    cellar.buy("Ada", "Mate")
    roof.buy("Ada", "Snack")
    for till in (cellar, roof):
        till.sync()
    wawi.restore(monday)
    assert wawi.credit(shared) == 2000
    assert cellar.sync() == ["pull", "push", "push", "pull"]
    roof.buy("Ada", "Snack")
    assert roof.sync()[:2] == ["push", "push"]
    cellar.sync()
    assert wawi.credit(shared) == 2000 - 165 - 200 == cellar.credit("Ada").cents
    assert roof.credit("Ada").cents == 2000 - 165 - 200


def test_a_till_that_was_away_for_too_long_reads_everything_anew(
    cellar: Till, wawi: Wawi, shared: str
) -> None:
    gone = cellar.product("Snack").id
    wawi.put("product", gone, "gone")
    wawi.oldest = wawi.revision + 1
    wawi.put("product", "00000000000000cc", **wawi.fields("product", cellar.product("Mate").id))
    wawi.change("product", "00000000000000cc", name="Limo", number=13)
    cellar.buy("Ada", "Mate")
    assert cellar.sync() == ["push", "pull", "push", "pull"]
    assert [each.name for each in cellar.products()] == ["Limo", "Mate"]
    assert cellar.credit("Ada").cents == 2000 - 165
    assert cellar.engine.wants_copy


def test_the_last_common_document_is_looked_for_in_a_long_journal(
    cellar: Till, wawi: Wawi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three points a question; over an epoch that began in between."""
    monkeypatch.setattr("kpos.sync.engine.BATCH_MAX", 3)
    monkeypatch.setattr("kpos.sync.search.BATCH_MAX", 3)
    old = copy_of(cellar, tmp_path / "old")
    cellar.buy("Ada", "Mate")
    cellar.sync()
    put_back(cellar, old)
    cellar.wait(MINUTE_MS)
    for _ in range(4):
        cellar.buy("Ada", "Snack")
    asked = cellar.sync()
    assert asked.count("common") >= 2
    assert cellar.prefix == "K1A"
    for _ in range(3):
        cellar.buy("Ada", "Snack")
    older = copy_of(cellar, tmp_path / "older")
    cellar.sync()
    put_back(cellar, older)
    cellar.wait(MINUTE_MS)
    cellar.buy("Ada", "Snack")
    cellar.sync()
    assert wawi.credit(cellar.wallet("Ada")) == cellar.credit("Ada").cents == 2000 - 165 - 800
    assert cellar.verify().epochs >= 2


def test_a_till_is_not_taken_for_another(cellar: Till) -> None:
    identity = cellar.books.identity
    other = Assigned(Id("00000000000000ff"), identity.place, identity.prefix)
    with refusing("invalid", "took this till for till 00000000000000ff"):
        pair(cellar.books, Pairing("https://wawi", "t", "b"), other, "uid:0")
    assert cellar.books.identity == identity


def test_a_wawi_that_lost_all_of_a_till_gets_it_again(cellar: Till, wawi: Wawi) -> None:
    """All but the till itself: it begins with the first document."""
    till = cellar.books.identity.till
    journal = wawi.journals[till]
    journal.entries.clear()
    journal.order.clear()
    journal.end = journal.applied = None
    wawi.rows.clear()
    wawi.generation += 1
    cellar.buy("Ada", "Mate")
    cellar.sync()
    assert wawi.credit(cellar.wallet("Ada")) == 2000 - 165 == cellar.credit("Ada").cents


def test_a_wawi_restored_while_it_is_read_from_the_beginning_gets_its_lost_days_again(
    cellar: Till, wawi: Wawi
) -> None:
    """No cursor is of its lost days then, to say that it was."""
    copy = wawi.back_up()
    cellar.buy("Ada", "Mate")
    wawi.generation += 1
    engine = cellar.engine
    engine.wake()
    while (job := engine.next_job()) != Read(None):
        assert job is not None
        engine.settle(job, attempt(job, lambda: cellar.line))
    wawi.restore(copy)
    engine.settle(job, attempt(job, lambda: cellar.line))
    cellar.sync()
    assert wawi.credit(cellar.wallet("Ada")) == 2000 - 165
    cellar.sync()
    assert cellar.credit("Ada").cents == 2000 - 165


def test_what_a_wawi_lost_is_gone_here_though_it_is_read_in_many_pages(
    cellar: Till, wawi: Wawi
) -> None:
    wawi.page_size = 1
    copy = wawi.back_up()
    lost = Id("c0ffee00" * 2)
    fields = wawi.fields("product", cellar.product("Snack").id)
    wawi.put("product", lost, **{**fields, "name": "Lost"})
    cellar.sync()
    assert stammdaten.product(cellar.books.current(), lost)
    wawi.restore(copy)
    cellar.sync()
    assert not stammdaten.product(cellar.books.current(), lost)
    assert cellar.product("Snack").name == "Snack"
