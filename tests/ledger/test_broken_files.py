"""What files do to a till: others write them, no room, no database, a folder in the way."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

import pytest

from kpos.domain.document import Draft
from kpos.domain.money import CENTS_MAX, Money
from kpos.domain.refusal import Refused
from kpos.ledger.backup import back_up, restore
from kpos.ledger.errors import AlreadyOpen, Damaged, DiskFull, NotWritable
from kpos.ledger.files import Folder, Lock, connect
from tests.ledger.kasse import Kasse, refusing
from tests.ledger.tampering import found, tampering


def test_a_file_that_is_no_database_is_damage_whatever_is_asked_of_it(tmp_path):
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"no database at all, but long enough to look like one" * 99)
    with pytest.raises(Damaged, match="S-01") as told:
        connect(noise, code="S-01", synchronous="FULL")
    assert told.value.code == "S-01"  # whose traceback would keep open what nobody closed
    assert noise not in (path.resolve() for path in Path("/proc/self/fd").iterdir())


def test_a_folder_in_the_place_of_the_lock_is_said(kasse: Kasse):
    kasse.close()
    kasse.folder.lock.unlink()
    kasse.folder.lock.mkdir()
    with pytest.raises(NotWritable, match="cannot be written"):
        Lock(kasse.folder)
    kasse.folder.lock.rmdir()
    kasse.open()


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "srv").write_text("no folder")
    with pytest.raises(NotWritable, match="cannot be created"):
        Folder(tmp_path / "srv" / "till").make()


def test_a_folder_that_cannot_even_be_looked_for_is_said(tmp_path):
    with pytest.raises(NotWritable, match="cannot be read: File name too long"):
        Folder(tmp_path / ("x" * 300)).has_till()


def test_nobody_but_owner_and_group_may_look_into_the_folder_or_touch_the_lock(kasse: Kasse):
    assert S_IMODE(kasse.folder.path.stat().st_mode) == 0o750
    assert S_IMODE(kasse.folder.lock.stat().st_mode) == 0o640


def test_a_journal_that_somebody_else_is_writing_is_in_use_and_not_damaged(kasse: Kasse):
    kasse.books.journal.db.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(kasse.folder.journal, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(AlreadyOpen, match="in use by another process"):
            kasse.buy("Ada", "Mate")
    assert kasse.buy("Ada", "Mate").receipt_number == "K1-000002"


def test_a_full_disk_may_have_room_again(kasse: Kasse):
    db = kasse.books.journal.db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for _ in range(200):
            kasse.office("top_up", member="Ada", cents=1)

    with pytest.raises(DiskFull):
        fill()
    booked = len(kasse.documents())
    db.execute("PRAGMA max_page_count = 1000000")
    kasse.office("top_up", member="Ada", cents=1)
    assert len(kasse.documents()) == booked + 1
    kasse.verify()


def test_a_journal_that_somebody_else_wrote_is_not_written_again_by_this_process(kasse: Kasse):
    with tampering(kasse) as db:
        (last,) = db.execute("SELECT max(position) FROM document").fetchone()
        db.execute(
            "INSERT INTO document (position, number, kind, content, hash) VALUES (?, ?, ?, ?, ?)",
            (last + 1, 99, "closing", "[]", "0" * 64),
        )
    assert found(lambda: kasse.office("top_up", member="Ada", cents=1)) == "J-09"
    with tampering(kasse) as db:
        db.execute("DELETE FROM document WHERE position > ?", (last,))
    assert found(lambda: kasse.office("top_up", member="Ada", cents=1)) == "J-09"
    kasse.reopen()
    kasse.office("top_up", member="Ada", cents=1)


def test_the_head_knows_the_numbers_of_its_own_epoch(kasse: Kasse):
    head = kasse.books.journal.head
    assert head.seq_in(1) == len(kasse.documents())
    assert head.seq_in(2) == 0


def test_closings_are_numbered_without_a_gap(kasse: Kasse):
    for number in (1, 2, 3):
        kasse.post(Draft("closing", {"v": 1, "z_number": number}))
    assert kasse.verify().documents == len(kasse.documents())
    kasse.post(Draft("closing", {"v": 1, "z_number": 5}))
    assert found(kasse.verify) == "J-05"


def test_both_files_are_set_up_as_they_must_be(kasse: Kasse):
    for db, synchronous in ((kasse.books.journal.db, 2), (kasse.books.current(), 1)):
        found = {
            name: db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in "journal_mode synchronous wal_autocheckpoint secure_delete".split()
        }
        assert found == {
            "journal_mode": "wal",
            "synchronous": synchronous,
            "wal_autocheckpoint": 500,
            "secure_delete": 1,
        }
        assert db.execute("PRAGMA cell_size_check").fetchone() == (1,)
        assert db.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert db.execute("PRAGMA busy_timeout").fetchone() == (3000,)


def test_what_a_restore_left_behind_is_in_nobodys_way(kasse: Kasse, tmp_path):
    back_up(kasse.folder, tmp_path / "kpos.db")
    kasse.close()
    left = kasse.folder.path / "restoring"
    left.mkdir()
    (left / "journal.db").write_bytes(b"half a copy, when the power was cut")
    restore(tmp_path / "kpos.db", kasse.folder, kasse.clock)
    assert not left.exists()
    kasse.open()


def test_the_largest_amount_is_booked_and_no_cent_more(kasse: Kasse):
    kasse.add_member("Linus")
    kasse.office("top_up", member="Linus", cents=CENTS_MAX)
    assert kasse.credit("Linus").cents == CENTS_MAX
    kasse.add_member("Grace")
    with refusing("amount", "is more than"):
        kasse.office("top_up", member="Grace", cents=CENTS_MAX + 1)


@pytest.mark.parametrize(
    ("means", "account"),
    [
        ("cash", "cash:K1"),
        ("transfer", "bank"),
        ("reader", "cash:K1-reader"),
        ("opening", "opening"),
    ],
)
def test_money_comes_from_where_its_means_says(kasse: Kasse, means, account):
    kasse.office("top_up", member="Ada", cents=123, means=means)
    posted = {posting.account: posting.cents for posting in kasse.documents()[-1].postings}
    assert posted == {account: 123, f"wallet:{kasse.holder('Ada').wallet}": -123}


def test_what_the_cash_box_lacks_is_said_in_cents(kasse: Kasse):
    box = kasse.balance("cash:K1")
    kasse.office("top_up", member="Ada", cents=500, means="transfer")
    with pytest.raises(Refused) as refused:
        kasse.office("payout", member="Ada", cents=box + 7)
    assert (refused.value.refusal.code, refused.value.refusal.missing) == ("cash", Money(7))


def test_a_setting_has_the_same_id_at_every_till(kasse: Kasse):
    kasse.office("setting_set", key="zone", value="UTC")
    assert kasse.documents()[-1].body["id"] == sha256(b"zone").hexdigest()[:16]


def test_a_backup_is_one_file_that_needs_no_other(kasse: Kasse, tmp_path):
    back_up(kasse.folder, tmp_path / "kpos.db")
    # The header of SQLite (1.3): 1 and 1 is a rollback journal, 2 and 2 would be a WAL beside it.
    assert (tmp_path / "kpos.db").read_bytes()[18:20] == b"\1\1"


def test_the_journals_kept_aside_know_which_prefixes_were_used(kasse: Kasse, tmp_path):
    backup = tmp_path / "kpos.db"
    back_up(kasse.folder, backup)
    kasse.close()
    for prefix in ("K1A", "K1B"):
        assert restore(backup, kasse.folder, kasse.clock)[0].prefix == prefix
    kasse.lose_stammdaten()
    identity, _ = restore(backup, kasse.folder, kasse.clock)
    assert (identity.prefix, identity.epoch) == ("K1C", 4)
    kasse.open()


def test_warming_up_begins_both_logs_and_books_nothing(kasse):
    kasse.reopen()
    before = (kasse.kinds(), kasse.tables())
    logs = [Path(f"{file}-wal") for file in (kasse.folder.journal, kasse.folder.stammdaten)]
    assert [log.stat().st_size for log in logs] == [0, 0]
    kasse.books.warm_up()
    assert all(log.stat().st_size for log in logs)
    assert (kasse.kinds(), kasse.tables()) == before
    assert kasse.verify().projections_compared
