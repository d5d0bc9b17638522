"""What somebody changed in the database is found, and mended where documents say how."""

import pytest

from kpos.sync.backend import CursorExpired
from kpos.wawi.core import checking
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import Filialkasse, Haus


@pytest.fixture
def till(haus: Haus) -> Filialkasse:
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    till = haus.add_till()
    till.kasse.buy("Ada", "Mate")
    till.sync()
    return till


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE document SET content = '[]' WHERE kind = 'sale'", "not that of its content"),
        ("UPDATE document SET prev_hash = '' WHERE kind = 'debit'", "does not follow"),
        ("UPDATE document SET part = '{}' WHERE part IS NOT NULL", "private part"),
        ("DELETE FROM document WHERE kind = 'debit'", "end elsewhere"),
        ("UPDATE strand SET applied_seq = 1 WHERE applied_seq > 1", "end elsewhere"),
        ("UPDATE balance SET cents = cents + 1 WHERE account = 'bank'", "add up to 1"),
        ("UPDATE balance SET cents = 5 WHERE account = 'clearing'", "torn"),
        ("UPDATE product SET price_cents = 1", "product does not follow"),
        ("DELETE FROM document WHERE kind = 'sale'", "does not follow"),
        ("UPDATE audit SET hash = ''", "audit row"),
    ],
)
def test_a_check_finds_it(haus: Haus, till: Filialkasse, damage: str, found: str):
    haus.is_sound()
    with transaction(haus.db):
        haus.db.execute(damage)
    assert any(found in fault for fault in checking.check(haus.db)), checking.check(haus.db)


def test_a_document_that_cannot_be_projected_again_is_said_so(haus: Haus, till: Filialkasse):
    with transaction(haus.db):
        haus.db.execute(
            "UPDATE document SET content = replace(content, 'quantity', 'quality')"
            " WHERE kind = 'sale'"
        )
    assert any("projected again" in fault for fault in checking.check(haus.db))


def test_a_rebuild_mends_what_follows_and_tells_tills_to_begin_anew(haus: Haus, till: Filialkasse):
    with transaction(haus.db):
        assert checking.rebuild(haus.db, haus.clock.now()) == []
    till.pull()
    with transaction(haus.db):
        haus.db.execute("UPDATE product SET price_cents = 1")
        assert checking.rebuild(haus.db, haus.clock.now()) == ["product"]
    haus.is_sound()
    with pytest.raises(CursorExpired):
        till.pull()
    till.cursor = None
    till.pull()
    [page] = till.pull()
    assert page.changes == ()
