"""Tills that are paired again: what they booked in between undoes nothing of the office's."""

import shutil
from pathlib import Path

from kpos.domain import orders
from kpos.ledger.files import connect
from kpos.ledger.joining import unpair
from kpos.ledger.stock import stock
from kpos.wawi.core import tills
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import OFFICE, Haus
from tests.wawi.core.whole import WholeTill

ALONE = "alone"


def test_what_a_till_booked_while_its_token_was_void_undoes_nothing_of_the_office(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000, number=7)
    till = WholeTill.of_house(haus, "cellar")
    with transaction(haus.db):
        tills.lose(haus.db, till.id, OFFICE, haus.clock.now())
    haus.office("member_set", member="Ada", changes={"name": "Ada L."})
    member = till.holder("Ada").member
    assert member is not None
    till.book(orders.SetLanguage(member, "en"))
    till.join(haus)
    assert haus.rows("SELECT name, language FROM member") == [("Ada L.", "en")]
    haus.is_sound()
    till.close()


def test_what_a_till_changed_before_it_ever_heard_of_the_office_counts(haus: Haus):
    """It was paired, sent what it had, and was nobody's again before it got an answer."""
    till = WholeTill(haus.folder / ALONE, haus.clock.now())
    till.add_product("Mate", 150)
    till.pair_with(haus)
    till.line.cuts.extend(["", "lost"])
    assert till.sync() == ["push", "pull"]
    unpair(till.books, OFFICE, "nobody answers")
    till.office("product_set", product="Mate", changes={"price_cents": 180})
    till.join(haus)
    assert haus.rows("SELECT price_cents FROM product") == [(180,)]
    haus.is_sound()
    till.close()


def test_a_server_restored_to_before_a_till_joined_is_told_whose_rows_are_whose(tmp_path: Path):
    folder = tmp_path / "server"
    folder.mkdir()
    haus = Haus(connect(folder / "house.db", code="S-01", synchronous="OFF"), tmp_path)
    haus.add_member("Ada")
    haus.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / "house.db", tmp_path / "backup.db")
    till = WholeTill(tmp_path / ALONE, haus.clock.now())
    till.add_product("Mate", 150)
    till.office("product_set", product="Mate", changes={"price_cents": 180})
    till.join(haus)
    member = till.holder("Ada").member
    assert member is not None
    till.book(orders.SetLanguage(member, "en"))
    till.talk()
    haus.db = connect(tmp_path / "backup.db", code="S-01", synchronous="OFF")
    haus.office("member_set", member="Ada", changes={"name": "Ada L."})
    till.join(haus)
    assert haus.rows("SELECT name, language FROM member") == [("Ada L.", "en")]
    assert haus.rows("SELECT price_cents FROM product") == [(180,)]
    haus.is_sound()
    till.close()


def test_a_till_that_was_its_own_master_twice_tells_a_new_server_all_of_it(
    haus: Haus, tmp_path: Path
):
    till = WholeTill(haus.folder / ALONE, haus.clock.now())
    till.add_product("Mate", 150)
    till.pair_with(haus)
    unpair(till.books, OFFICE, "the wrong address")
    till.office("product_set", product="Mate", changes={"price_cents": 180})
    till.join(haus)
    (tmp_path / "new").mkdir()
    new = Haus(connect(tmp_path / "new.db", code="S-01", synchronous="OFF"), tmp_path / "new")
    unpair(till.books, OFFICE, "the WaWi is gone")
    till.join(new)
    assert new.rows("SELECT price_cents FROM product") == [(180,)]
    new.is_sound()
    till.close()


def test_what_an_older_disk_books_when_it_is_paired_again_undoes_nothing_of_the_office(haus: Haus):
    """The disk is of before it was paired, and of before much that was its own."""
    till = WholeTill(haus.folder / ALONE, haus.clock.now())
    till.add_member("Ada")
    till.close()
    shutil.copytree(till.folder.path, haus.folder / "older")
    till.open()
    for number in range(10):
        till.add_product(f"Water {number}", 50)
    till.join(haus)
    till.close()
    haus.office("member_set", member="Ada", changes={"name": "Ada L."})
    older = WholeTill.at(haus.folder / "older")
    older.pair_with(haus)
    member = older.holder("Ada").member
    assert member is not None
    older.book(orders.SetLanguage(member, "en"))
    older.talk()
    assert haus.rows("SELECT name, language FROM member") == [("Ada L.", "en")]
    haus.is_sound()
    older.close()


def test_a_till_that_is_paired_again_in_another_branch_knows_its_goods(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    moves, stays = WholeTill.of_house(haus, "moves"), WholeTill.of_house(haus, "stays", "Dach")
    for till in (moves, stays, moves):
        till.talk()
    sold = moves.buy("Ada", "Mate")
    stays.buy("Ada", ("Mate", 3))
    for till in (moves, stays):
        till.talk()
    assert in_stock(moves) == -1
    for known in (0, -3):  # at first nothing is known of there, then what was known before
        moves.pair_with(haus, "Dach")
        assert in_stock(moves) == known
        assert moves.verify().projections_compared
        moves.talk()
        assert in_stock(moves) == -3
        assert moves.verify().projections_compared
        if known == 0:
            moves.undo(sold, (1, 1))  # that comes back to where it left
    haus.is_sound()
    for till in (moves, stays):
        till.close()


def in_stock(till: WholeTill) -> int:
    return stock(till.books.current(), till.product("Mate").id, till.books.identity.place)
