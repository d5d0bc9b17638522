"""Evenings of two tills and their WaWi."""

import pytest

from kpos.ledger.replica import entries_after, head_of
from tests.ledger.kasse import DAY_MS, MINUTE_MS, refusing
from tests.sync.tills import Till
from tests.sync.wawi import Wawi


def test_a_till_brings_its_history_and_the_next_one_knows_it(
    cellar: Till, roof: Till, wawi: Wawi
) -> None:
    assert not cellar.engine.trouble
    assert wawi.journals[cellar.books.identity.till].end is not None
    assert roof.holder("Ada").name == "Ada"
    assert roof.credit("Ada").cents == 2000
    assert [each.name for each in roof.products()] == ["Mate", "Snack"]
    assert (cellar.prefix, roof.prefix) == ("K1", "K2")


def test_what_was_bought_at_one_is_gone_at_the_other(
    cellar: Till, roof: Till, wawi: Wawi, shared: str
) -> None:
    cellar.buy("Ada", "Mate")
    cellar.sync()
    roof.sync()
    assert roof.credit("Ada").cents == 2000 - 165
    roof.buy("Ada", "Snack")
    roof.sync()
    cellar.sync()
    assert cellar.credit("Ada").cents == 2000 - 165 - 100 == wawi.credit(shared)
    assert cellar.verify().projections_compared
    assert roof.verify().projections_compared


def test_weeks_without_a_network_are_made_up_for_in_one_go(
    cellar: Till, roof: Till, wawi: Wawi, shared: str
) -> None:
    for _ in range(15):
        cellar.buy("Ada", "Snack")
        cellar.wait(DAY_MS)
    cellar.buy("Ada", "Snack")
    wawi.post(shared, 500)
    roof.buy("Ada", "Mate")
    roof.sync()
    assert cellar.sync() == ["push", "pull"]
    roof.sync()
    left = 2000 - 16 * 100 + 500 - 165
    assert left == wawi.credit(shared) == cellar.credit("Ada").cents == roof.credit("Ada").cents


def test_an_answer_that_was_lost_books_nothing_twice(cellar: Till, wawi: Wawi, shared: str) -> None:
    cellar.buy("Ada", "Mate")
    cellar.line.cuts.append("answer lost")
    cellar.sync()
    assert "answer" in cellar.engine.trouble
    assert wawi.credit(shared) == 2000 - 165
    cellar.buy("Ada", "Snack")
    cellar.sync()
    assert wawi.credit(shared) == 2000 - 165 - 100 == cellar.credit("Ada").cents
    assert not cellar.engine.trouble


def test_a_question_that_was_lost_is_asked_again(cellar: Till, wawi: Wawi, shared: str) -> None:
    cellar.buy("Ada", "Mate")
    cellar.line.cuts.extend(["lost", "lost"])
    assert cellar.sync() == ["push"]
    assert cellar.sync() == ["push"]
    assert cellar.engine.failures == 2
    assert cellar.sync() == ["push", "pull"]
    assert cellar.engine.failures == 0
    assert wawi.credit(shared) == 2000 - 165


def test_pages_are_taken_over_together(cellar: Till, wawi: Wawi) -> None:
    """The second page is lost: the first alone would show Ada's new number without her credit."""
    wawi.page_size = 1
    snack = cellar.product("Snack").id
    wawi.change("product", snack, price_cents=120)
    wawi.post(cellar.wallet("Ada"), 1000)
    cellar.line.cuts.extend(["", "lost"])
    assert cellar.sync() == ["pull", "pull"]
    assert cellar.product("Snack").price.cents == 100  # type: ignore[union-attr]
    cellar.buy("Ada", "Snack")
    cellar.reopen()
    assert cellar.credit("Ada").cents == 1900
    cellar.sync()
    assert cellar.product("Snack").price.cents == 120  # type: ignore[union-attr]
    assert cellar.credit("Ada").cents == 2900
    assert cellar.verify().projections_compared


def test_only_the_last_page_says_what_balances_include(
    cellar: Till, wawi: Wawi, shared: str
) -> None:
    """A purchase is applied between two pages; the first knows neither it nor its balance."""
    wawi.page_size = 1
    wawi.change("product", cellar.product("Snack").id, low_stock=3)
    wawi.post(shared, 1000)
    cellar.engine.wake()
    cellar.buy("Ada", "Mate")
    wawi.is_stalled = True
    cellar.line.cuts.extend(["", "", "lost"])
    assert cellar.sync() == ["push", "pull", "pull"]
    wawi.is_stalled = False
    wawi.apply()
    cellar.sync()
    assert cellar.credit("Ada").cents == 2000 + 1000 - 165 == wawi.credit(shared)


def test_what_the_wawi_keeps_but_cannot_read_is_said(cellar: Till, wawi: Wawi) -> None:
    """It is no failure: nothing is asked less often for it."""
    before = cellar.documents()[-1].ref
    wawi.is_stalled = True
    cellar.buy("Ada", "Mate")
    cellar.sync()
    assert f"keeps documents behind {before} that it cannot read" in cellar.engine.says
    assert not cellar.engine.failures
    cellar.sync()
    wawi.is_stalled = False
    wawi.apply()
    cellar.sync()
    assert cellar.engine.says == ""
    assert cellar.credit("Ada").cents == 2000 - 165 == wawi.credit(cellar.wallet("Ada"))


def test_documents_that_are_stored_and_not_applied_yet_count_here(
    cellar: Till, wawi: Wawi, shared: str
) -> None:
    wawi.is_stalled = True
    cellar.buy("Ada", "Mate")
    wawi.post(shared, 500)
    cellar.sync()
    assert wawi.credit(shared) == 2500
    assert cellar.credit("Ada").cents == 2500 - 165
    wawi.is_stalled = False
    wawi.apply()
    cellar.sync()
    assert cellar.credit("Ada").cents == 2500 - 165 == wawi.credit(shared)


def test_clocks_that_are_years_apart_do_not_matter(
    cellar: Till, roof: Till, wawi: Wawi, shared: str
) -> None:
    cellar.clock.start = cellar.clock.start.plus_ms(3650 * DAY_MS)
    roof.wait(MINUTE_MS)
    for till in (cellar, roof, cellar, roof):
        till.buy("Ada", "Snack")
        till.sync()
    cellar.sync()
    assert cellar.credit("Ada").cents == roof.credit("Ada").cents == 1600
    assert {each.clock for each in cellar.documents()[-2:]} == {"ahead"}


def test_a_token_that_was_revoked_ends_the_talk_and_not_the_sales(cellar: Till, wawi: Wawi) -> None:
    wawi.journals[cellar.books.identity.till].is_revoked = True
    cellar.buy("Ada", "Mate")
    assert cellar.sync() == ["push"]
    assert cellar.engine.is_revoked
    cellar.buy("Ada", "Mate")
    assert cellar.sync() == []
    wawi.journals[cellar.books.identity.till].is_revoked = False
    cellar.engine.wake(anew=True)
    assert cellar.sync() == ["push", "pull"]
    assert wawi.credit(cellar.wallet("Ada")) == 2000 - 2 * 165


def test_master_data_are_changed_at_the_wawi(cellar: Till) -> None:
    with refusing("paired", "change it at https://wawi"):
        cellar.add_product("Limo", 150)
    with refusing("paired", "change it at"):
        cellar.office("setting_set", key="undo_minutes", value="6")


def test_nothing_changes_where_nothing_is_new(cellar: Till) -> None:
    before = cellar.books.db.total_changes
    assert cellar.sync() == ["pull"]
    assert cellar.books.db.total_changes == before


@pytest.mark.parametrize("limit", range(2, 9))
def test_a_purchase_goes_up_whole_or_not_yet(cellar: Till, limit: int) -> None:
    """What the WaWi has of a till whose disk then dies is books that balance."""
    for what in ("Mate", "Snack", "Mate"):
        cellar.undo(cellar.buy("Ada", what))
    journal = cellar.books.journal
    after, kinds = None, []
    while batch := entries_after(journal, after, limit):
        assert len(batch) <= limit
        after = batch[-1].point
        kinds += [document.kind for each in batch if (document := journal.document(each.point.ref))]
        assert kinds.count("debit") == kinds.count("sale") + kinds.count("reversal")
    assert after == head_of(journal)
