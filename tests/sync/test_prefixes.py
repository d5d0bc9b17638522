"""Under which prefix a till numbers its receipts after its journal was put back, or restored."""

from pathlib import Path

from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.ledger.backup import back_up, restore
from kpos.ledger.booking import book
from tests.ledger.kasse import MINUTE_MS
from tests.sync.tills import Till, copy_folder, copy_of, put_back
from tests.sync.wawi import Wawi


def test_an_epoch_begun_in_what_was_lost_is_gone_on_with(
    cellar: Till, wawi: Wawi, tmp_path: Path
) -> None:
    older = copy_of(cellar, tmp_path / "older")
    cellar.buy("Ada", "Mate")
    cellar.sync()
    put_back(cellar, copy_folder(older, tmp_path / "once"))
    cellar.wait(MINUTE_MS)
    cellar.buy("Ada", "Snack")
    cellar.sync()
    cellar.buy("Ada", "Snack")
    cellar.sync()
    whole = cellar.hashes()
    assert cellar.prefix == "K1A"
    older_still = Till.at(older.path)
    older_still.wawi, older_still.line = wawi, type(cellar.line)(cellar.line.backend)
    wawi.tail_size = 1
    assert "tail" in older_still.sync()
    assert older_still.prefix == "K1A"
    assert older_still.hashes() == whole
    older_still.wait(MINUTE_MS)
    assert older_still.buy("Ada", "Snack").receipt_number == "K1A-000002"
    older_still.reopen()
    assert older_still.verify().epochs == 2
    older_still.close()


def test_an_epoch_that_gave_out_no_number_yet_is_gone_on_with_under_its_own_prefix(
    cellar: Till, tmp_path
) -> None:
    """Even where the epoch before it, which did, is beside what is taken back."""
    member = cellar.holder("Ada").member
    assert member is not None
    first = copy_of(cellar, tmp_path / "first")
    cellar.buy("Ada", "Mate")
    cellar.sync()
    put_back(cellar, first)
    cellar.buy("Ada", "Snack")
    cellar.sync()
    assert cellar.buy("Ada", "Snack").receipt_number == "K1A-000001"
    cellar.sync()
    put_back(cellar, first)
    cellar.buy("Ada", ("Mate", 2))
    second = copy_of(cellar, tmp_path / "second")
    cellar.sync()
    assert cellar.prefix == "K1B"
    book(cellar.books, orders.SetLanguage(member, "en"))
    cellar.sync()
    put_back(cellar, second)
    assert "tail" in cellar.sync()
    assert cellar.buy("Ada", "Mate").receipt_number == "K1B-000001"


def test_a_till_that_comes_to_another_branch_counts_anew(cellar: Till, tmp_path: Path) -> None:
    wawi = Wawi()
    wawi.place = Id("00000000000000bb")
    attic = Till(tmp_path / "attic")
    attic.add_product("Snack", 100)
    attic.add_member("Ada", 1000)
    attic.deliver("Snack", 5, 250)
    attic.buy("Ada", "Snack")
    wawi.is_stalled = True
    attic.pair(wawi)
    assert (attic.prefix, attic.books.identity.epoch) == ("K1A", 2)
    attic.sync()
    assert attic.buy("Ada", "Snack").receipt_number == "K1A-000001"
    assert attic.verify().projections_compared
    wawi.is_stalled = False
    attic.reopen()
    attic.sync()
    assert not attic.engine.trouble
    assert attic.verify().projections_compared
    attic.close()


def test_no_prefix_is_begun_twice(cellar: Till) -> None:
    for prefix in ("K2A", "K2"):
        cellar.pair(cellar.wawi, prefix)
        cellar.office("top_up", member="Ada", cents=100)
    assert cellar.receipts()[-2:] == ["K2A-000001", "K2-000001"]
    elsewhere = Wawi()
    elsewhere.place = Id("00000000000000bb")
    cellar.pair(elsewhere)
    assert cellar.prefix == "K2B"


def test_a_prefix_given_in_what_was_lost_is_gone_on_with(
    cellar: Till, wawi: Wawi, tmp_path: Path
) -> None:
    """Its epoch began with a document that has no number."""
    old = copy_of(cellar, tmp_path / "old")
    cellar.pair(wawi, "K7")
    cellar.buy("Ada", "Mate")
    cellar.sync()
    put_back(cellar, old)
    cellar.sync()
    assert cellar.prefix == "K7"
    assert cellar.buy("Ada", "Mate").receipt_number == "K7-000002"
    cellar.reopen()
    assert cellar.verify().epochs == 2


def test_a_prefix_that_only_a_number_tells_is_gone_on_with(
    cellar: Till, wawi: Wawi, tmp_path: Path
) -> None:
    """A restore begins an epoch, and no document says so."""
    member = cellar.holder("Ada").member
    assert member is not None
    old, backup = copy_of(cellar, tmp_path / "old"), tmp_path / "old.db"
    back_up(cellar.folder, backup)
    cellar.pair(wawi, "K7")
    cellar.close()
    restore(backup, cellar.folder, cellar.clock)
    cellar.open()
    cellar.sync()
    book(cellar.books, orders.SetLanguage(member, "en"))
    assert cellar.buy("Ada", "Mate").receipt_number == "K7A-000001"
    cellar.sync()
    put_back(cellar, old)
    assert "tail" in cellar.sync()
    assert cellar.buy("Ada", "Mate").receipt_number == "K7A-000002"
