"""Tills that are paired again: what they booked in between undoes nothing of the office's."""

import shutil
from pathlib import Path

from kpos.domain import orders
from kpos.ledger.files import connect
from kpos.ledger.joining import unpair
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
