"""Tills that were restored, copied, lost; documents that are none; a server that was restored."""

import shutil
from pathlib import Path

import pytest

from kpos.domain.values import replace
from kpos.ledger.database import Database
from kpos.ledger.files import connect
from kpos.sync.backend import CursorExpired, Revoked, Unlinked
from kpos.sync.wire import Entry, Point, Push
from kpos.wawi.core import checking, intake, tills
from kpos.wawi.core.transactions import transaction
from tests.ledger.kasse import Kasse
from tests.wawi.core.haus import OFFICE, Filialkasse, Haus


@pytest.fixture
def till(haus: Haus) -> Filialkasse:
    """A till at which Ada has 20.00 and mate is sold."""
    haus.add_product("Mate", 150, deposit_cents=15)
    haus.add_member("Ada", 2000)
    return haus.add_till()


def test_a_week_offline_arrives_in_batches_of_any_size(haus: Haus, till: Filialkasse):
    for _ in range(10):
        till.kasse.buy("Ada", "Mate")
    entries = till.entries(till.acked)
    for size in (1, 2, 7, 10):
        batch, entries = entries[:size], entries[size:]
        till.push(batch)
    assert not entries
    assert haus.credit("Ada") == 2000 - 10 * 165
    haus.is_sound()


def test_what_was_sent_before_is_passed_over_however_often_it_comes(haus: Haus, till: Filialkasse):
    before = till.acked
    till.kasse.buy("Ada", "Mate")
    entries = till.entries(before)
    answers = [till.desk.push(Push(before, tuple(entries), till.head)) for _ in range(3)]
    assert len(set(answers)) == 1
    till.kasse.buy("Ada", "Mate")
    # All from the very beginning, what is new among it.
    assert till.desk.push(Push(None, tuple(till.entries(None)), till.head)).acked == till.head
    assert haus.credit("Ada") == 2000 - 2 * 165
    haus.is_sound()


def test_a_document_that_does_not_follow_is_refused_on_every_way_in(haus: Haus, till: Filialkasse):
    held = till.acked
    till.kasse.buy("Ada", "Mate")
    sale, debit = till.entries(held)
    stranger = Point(1, 99, "f" * 64)
    for push in (
        Push(held, (debit,), till.head),
        Push(held, (sale, sale), till.head),
        Push(held, (replace(sale, prev_hash="0" * 64),), till.head),
        Push(stranger, (sale, debit), till.head),
        Push(None, (sale,), till.head),
        Push(held, (sale, replace(debit, prev_hash=debit.point.hash)), till.head),
    ):
        with pytest.raises(Unlinked) as told:
            till.desk.push(push)
        assert told.value.held == held
    assert haus.rows("SELECT count(*) FROM document WHERE till = ?", till.paired.till) == [
        (held.seq if held else 0,)
    ]


def copied(till: Filialkasse, path: Path) -> Filialkasse:
    """A till as it is on another disk."""
    shutil.copytree(till.kasse.folder.path, path)
    (path / "lock").unlink()
    other = Filialkasse(till.haus, Kasse.of(path))
    other.paired, other.acked, other.cursor = till.paired, till.acked, till.cursor
    other.desk = till.desk
    till.haus.tills.append(other)
    return other


def test_a_till_restored_from_a_backup_takes_its_tail_and_goes_on(
    haus: Haus, till: Filialkasse, tmp_path: Path
):
    backup = copied(till, tmp_path / "backup")
    till.kasse.buy("Ada", "Mate")
    till.push()
    with pytest.raises(Unlinked) as told:
        backup.push()
    assert told.value.held == till.head
    assert backup.desk.common([each.point for each in till.entries(None)]) == till.head
    assert backup.desk.common([]) is None
    lost = backup.desk.tail(backup.acked)
    assert list(lost.entries) == till.entries(backup.acked)
    assert lost.is_last
    assert list(backup.desk.tail(None).entries) == till.entries(None)
    with pytest.raises(Unlinked):
        backup.desk.tail(Point(1, 1, "f" * 64))


@pytest.mark.parametrize("limit", [2, 3, 4, 5])
def test_a_page_of_a_tail_keeps_purchases_whole(haus: Haus, till: Filialkasse, limit: int):
    sold = till.kasse.buy("Ada", "Mate", "Mate")
    till.kasse.undo(sold, (1, 1))
    till.kasse.buy("Ada", "Mate")
    till.push()
    kinds = {document.hash: document.kind for document in till.kasse.documents()}
    found: list[Entry] = []
    is_last = False
    while not is_last:
        after = found[-1].point if found else None
        page = intake.tail(haus.db, till.paired.till, after, limit)
        assert 0 < len(page.entries) <= limit
        assert kinds[page.entries[0].point.hash] != "debit"
        found += page.entries
        is_last = page.is_last
    assert found == till.entries(None)


def test_a_till_that_sold_on_beside_its_lost_documents_forks_and_both_sides_count(
    haus: Haus, till: Filialkasse, tmp_path: Path
):
    shared = till.acked
    backup = copied(till, tmp_path / "backup")
    till.kasse.buy("Ada", "Mate")
    till.push()
    backup.kasse.buy("Ada", ("Mate", 2))
    with pytest.raises(Unlinked) as told:
        backup.push()
    assert told.value.held == till.head
    # It begins an epoch under a prefix of its own and says where it left the path.
    db = backup.kasse.books.journal.db
    db.execute("UPDATE identity SET prefix = 'K1A', epoch = 2")
    backup.kasse.reopen()
    sold = backup.kasse.buy("Ada", "Mate")
    ack = backup.push(fork=shared)
    assert ack.acked == ack.applied == backup.head
    assert sold.receipt_number == "K1A-000001"
    assert haus.credit("Ada") == 2000 - 165 - 330 - 165
    assert haus.alarms() == ["fork"]
    marked = haus.rows("SELECT kind FROM document WHERE fork = 1 ORDER BY id")
    assert [kind for (kind,) in marked] == ["sale", "debit"] * 2
    # What is undone is that of the side that undoes it, though both have one at that place.
    backup.kasse.undo(sold)
    backup.push()
    assert haus.credit("Ada") == 2000 - 165 - 330
    # The other copy, if it lives, goes on where it was.
    till.kasse.buy("Ada", "Mate")
    till.push()
    assert haus.credit("Ada") == 2000 - 165 - 330 - 165
    assert list(backup.desk.tail(shared).entries)[:2] == till.entries(shared)[:2]
    haus.is_sound()
    with transaction(haus.db):
        assert checking.rebuild(haus.db, haus.clock.now()) == []


def test_a_till_that_forks_twice_still_names_its_own(haus: Haus, till: Filialkasse, tmp_path: Path):
    shared = till.acked
    second = copied(till, tmp_path / "second")
    till.kasse.buy("Ada", "Mate")
    till.push()
    sold = second.kasse.buy("Ada", ("Mate", 3))
    second.push(fork=shared)
    third = copied(second, tmp_path / "third")
    third.kasse.wait(1000)  # or it would be the same document as the other one's
    third.kasse.buy("Ada", "Mate")
    again = third.acked
    second.kasse.buy("Ada", "Mate")
    second.push()
    third.kasse.undo(sold)
    third.push(fork=again)
    assert haus.credit("Ada") == 2000 - 3 * 165
    # Each is told its own documents, from wherever it asks.
    assert list(third.desk.tail(None).entries) == third.entries(None)
    assert list(till.desk.tail(till.acked).entries) == []
    assert list(third.desk.tail(shared).entries) == third.entries(shared)
    till.kasse.buy("Ada", "Mate")
    till.push()
    assert list(second.desk.tail(second.acked).entries) == []
    haus.is_sound()


def test_a_reversal_names_the_document_of_its_own_side(
    haus: Haus, till: Filialkasse, tmp_path: Path
):
    shared = till.acked
    backup = copied(till, tmp_path / "backup")
    till.kasse.buy("Ada", "Mate")
    till.push()
    sold = backup.kasse.buy("Ada", ("Mate", 3))
    db = backup.kasse.books.journal.db
    db.execute("UPDATE identity SET prefix = 'K1A', epoch = 2")
    backup.kasse.reopen()
    backup.kasse.undo(sold, (1, 2))
    backup.push(fork=shared)
    assert haus.credit("Ada") == 2000 - 165 - 165
    # Goods that come cost both sides, each at its own document.
    haus.office(
        "delivery_add",
        lines=[{"product": "Mate", "quantity": "10", "cost": "=8.00"}],
        paid_by="bank",
    )
    assert haus.stock("Mate") == (8, 640, 0)
    assert haus.rows("SELECT count(*) FROM taken WHERE lot = ''") == [(0,)]
    haus.is_sound()
    assert list(backup.desk.tail(shared).entries) == backup.entries(shared)


def test_a_till_that_is_lost_is_nobody_and_every_pin_it_knew_is_void(haus: Haus, till: Filialkasse):
    other = haus.add_till()
    verifier = {"salt": "00" * 16, "key": "11" * 32, "n": 8192, "r": 8, "p": 1}
    haus.office("pin_set", member="Ada", pin=verifier)
    for each in (till, other):
        each.sync()
    assert [row.action for key, row in till.rows.items() if key[0] == "pin"][-1] == "set"
    with transaction(haus.db):
        tills.lose(haus.db, till.paired.till, OFFICE, haus.clock.now())
    with pytest.raises(Revoked):
        till.pull()
    other.sync()
    pins = {key[1]: row.action for key, row in other.rows.items() if key[0] == "pin"}
    assert set(pins.values()) == {"gone"}
    found = tills.till(haus.db, till.paired.till)
    assert found is not None
    assert not found.is_paired
    assert found.lost_ms == haus.clock.now().ms
    # It is found again, and sends what it sold.
    till.kasse.buy("Ada", "Mate")
    till.pair(haus.code("Keller"))
    till.push()
    assert haus.credit("Ada") == 2000 - 165
    haus.is_sound()


def test_a_restored_server_is_told_again_and_trusts_no_cursor_of_its_lost_days(tmp_path: Path):
    folder = tmp_path / "server"
    folder.mkdir()
    db: Database = connect(folder / "house.db", code="S-01", synchronous="OFF")
    haus = Haus(db, tmp_path)
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    till = haus.add_till()
    till.kasse.buy("Ada", "Mate")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / "house.db", tmp_path / "backup.db")
    till.sync()
    haus.add_product("Cola", 200)
    till.pull()
    till.kasse.buy("Ada", "Mate")
    till.sync()
    haus.db = connect(tmp_path / "backup.db", code="S-01", synchronous="OFF")
    haus.add_product("Tea", 100)
    for number in range(20):
        haus.add_product(f"Water {number}", 50)
    till.desk._db = haus.db
    with pytest.raises(CursorExpired):
        till.pull()
    with pytest.raises(Unlinked) as told:
        till.push()
    assert told.value.held is not None
    till.acked = till.desk.common([each.point for each in till.entries(None)])
    assert till.acked == told.value.held
    till.push()
    till.cursor = None
    till.pull()
    assert haus.credit("Ada") == 2000 - 2 * 150 == till.kasse.credit("Ada").cents
    haus.is_sound()
    till.close()
