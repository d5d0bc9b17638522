"""Backup, restore, and the new epoch that begins with it."""

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from kpos.clock import ScriptClock
from kpos.domain.document import Draft
from kpos.ledger.backup import back_up, check_target, restore
from kpos.ledger.errors import CODES, Damaged, LedgerError, NoTill
from kpos.ledger.files import Folder
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.office.people import pack_verifier
from kpos.ledger.opening import open_stammdaten
from kpos.ledger.pairing import next_prefix
from kpos.ledger.pins import Verifier
from tests.ledger.kasse import FRIDAY_EVENING, Kasse, refusing

KEPT = ["journal.db.before-restore-1", "stammdaten.db.before-restore-1"]
VERIFIER = Verifier(b"salt", b"\0" * 32, n=2, r=1, p=1)


@pytest.fixture
def backup(kasse: Kasse, tmp_path: Path) -> Path:
    """Of the afternoon, before Ada bought anything."""
    target = tmp_path / "stick" / "kpos.db"
    target.parent.mkdir()
    back_up(kasse.folder, target)
    return target


def put_back(kasse: Kasse, backup: Path) -> str:
    """Restore; the prefix that comes with it."""
    kasse.close()
    identity, _ = restore(backup, kasse.folder, kasse.clock)
    kasse.open()
    assert kasse.verify().projections_compared
    return identity.prefix


def overwrite(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 5000)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=99")


def test_a_backup_is_taken_while_the_till_sells(kasse, backup, tmp_path):
    kasse.buy("Ada", "Mate")
    assert back_up(kasse.folder, backup) == len(kasse.documents())
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir()] == ["kpos.db"]

    other = Folder(tmp_path / "other machine")
    restore(backup, other, ScriptClock(FRIDAY_EVENING))
    with closing(sqlite3.connect(other.journal)) as db:
        count = db.execute("SELECT count(*) FROM document").fetchone()[0]
    assert count == len(kasse.documents())


def test_a_restored_till_knows_what_the_backup_knew_and_sells_on_under_a_new_prefix(kasse, backup):
    kasse.buy("Ada", "Mate")
    before = kasse.books.identity
    assert put_back(kasse, backup) == "K1A"
    assert kasse.credit("Ada").cents == 2000
    sold = kasse.buy("Ada", "Mate")
    assert sold.receipt_number == "K1A-000001"
    assert sold.documents[0].ref.epoch == 2
    assert sold.documents[0].ref.seq == 1
    kasse.office("payout", member="Ada", cents=100)
    assert kasse.documents()[-1].postings[1].account == "cash:K1"
    assert kasse.books.identity.till == before.till
    assert kasse.verify().epochs == 2
    assert kasse.books.journal.find_receipt("K1-000001") is not None


def test_what_was_there_before_a_restore_is_kept_aside_and_still_whole(kasse, backup, tmp_path):
    kasse.buy("Ada", "Mate")
    kasse.close()
    _, kept = restore(backup, kasse.folder, kasse.clock)
    assert [path.name for path in kept] == KEPT
    identity, _ = restore(kept[0], Folder(tmp_path / "again"), kasse.clock)
    assert identity.prefix == "K1A"
    _, later = restore(backup, kasse.folder, kasse.clock)
    assert all(path.exists() for path in [*kept, *later])
    assert not {*kept} & {*later}


def test_no_receipt_number_is_given_twice_however_often_the_same_backup_is_restored(kasse, backup):
    numbers = []
    for expected in ("K1A", "K1B", "K1C"):
        assert put_back(kasse, backup) == expected
        numbers.append(kasse.buy("Ada", "Mate").receipt_number)
    assert len(set(numbers)) == 3


@pytest.mark.parametrize("keep_stammdaten", [True, False])
def test_nor_where_the_journal_that_is_replaced_cannot_be_read(kasse, backup, keep_stammdaten):
    assert put_back(kasse, backup) == "K1A"
    kasse.buy("Ada", "Mate")
    kasse.close()
    overwrite(kasse.folder.journal, 0)
    if not keep_stammdaten:
        kasse.lose_stammdaten()
        kasse.folder.journal.unlink()
        shutil.copy(backup, f"{kasse.folder.journal}.before-restore-7")
    identity, _ = restore(backup, kasse.folder, kasse.clock)
    assert identity.prefix == ("K1B" if keep_stammdaten else "K1A")
    kasse.open()


def test_a_restore_needs_nothing_of_the_stammdaten_that_it_replaces(kasse, backup):
    overwrite(kasse.folder.stammdaten, 0)
    assert put_back(kasse, backup) == "K1A"


def test_nor_of_one_that_followed_no_document_yet(kasse, backup):
    kasse.close()
    kasse.lose_stammdaten()
    open_stammdaten(kasse.folder).close()
    identity, _ = restore(backup, kasse.folder, kasse.clock)
    assert identity.prefix == "K1A"


def test_a_backup_of_another_till_brings_its_own_prefix(kasse, backup, tmp_path):
    other = Kasse(tmp_path / "other")
    other.close()
    identity, kept = restore(backup, other.folder, other.clock)
    assert identity.prefix == "K1A"
    assert identity.till == kasse.books.identity.till
    assert [path.name for path in kept] == KEPT


def test_a_restore_frees_nobody_who_typed_wrong_pins(kasse, tmp_path):
    ada = kasse.holder("Ada").pin_subject
    kasse.office("pin_set", member="Ada", pin=pack_verifier(VERIFIER))
    back_up(kasse.folder, tmp_path / "kpos.db")
    for _ in range(3):
        kasse.books.pins.begin(ada)
    put_back(kasse, tmp_path / "kpos.db")
    assert kasse.books.journal.rows("SELECT subject, attempts FROM pin ORDER BY 2, 1") == sorted(
        [(ada, 3), ("till", 3)]
    )
    assert kasse.books.pins.standing(ada).locked_ms is not None


def test_a_count_of_the_backup_that_is_higher_stays(kasse, tmp_path):
    ada = kasse.holder("Ada").pin_subject
    kasse.office("pin_set", member="Ada", pin=pack_verifier(VERIFIER))
    kasse.books.pins.begin(ada)
    kasse.books.pins.begin(ada)
    back_up(kasse.folder, tmp_path / "kpos.db")
    kasse.books.pins.succeeded(ada)
    put_back(kasse, tmp_path / "kpos.db")
    assert kasse.books.journal.rows("SELECT attempts FROM pin WHERE subject = ?", ada) == [(2,)]


def test_a_power_cut_while_the_files_are_swapped_leaves_no_till_rather_than_half_of_one(
    kasse, backup
):
    kasse.buy("Ada", "Mate")
    kasse.close()
    kasse.folder.journal.replace(f"{kasse.folder.journal}.before-restore-1")
    Path(f"{kasse.folder.journal}-wal").write_bytes(b"left behind")
    with pytest.raises(NoTill):
        kasse.open()
    identity, kept = restore(backup, kasse.folder, kasse.clock)
    assert identity.prefix == "K1A"
    assert [path.name for path in kept] == ["stammdaten.db.before-restore-1"]
    left = Path(f"{kasse.folder.journal}.before-restore-1-wal")
    assert left.read_bytes() == b"left behind"
    kasse.open()


def test_a_wal_that_belongs_to_nothing_is_never_read_into_a_restored_journal(backup, tmp_path):
    folder = Folder(tmp_path / "odd")
    folder.make()
    Path(f"{folder.journal}-wal").write_bytes(b"of whatever")
    restore(backup, folder, ScriptClock(FRIDAY_EVENING))
    assert Path(f"{folder.journal}.before-restore-1-wal").read_bytes() == b"of whatever"


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        (lambda path: path.unlink(), "unknown", "there is no backup"),
        (lambda path: path.write_bytes(b""), "invalid", "J-"),
        (
            lambda path: path.write_bytes(b"no database at all, but long enough to look" * 99),
            "invalid",
            "J-01",
        ),
        (lambda path: overwrite(path, 8192), "invalid", "J-01"),
        (newer, "invalid", "J-02"),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_nothing_is_touched(
    kasse, backup, spoil, code, says
):
    spoil(backup)
    kasse.close()
    before = sorted(path.name for path in kasse.folder.path.iterdir())
    with refusing(code, says):
        restore(backup, kasse.folder, kasse.clock)
    assert sorted(path.name for path in kasse.folder.path.iterdir()) == before
    kasse.open()
    assert kasse.books.identity.prefix == "K1"


def test_a_backup_that_was_tampered_with_is_refused(kasse, backup):
    with closing(sqlite3.connect(backup, isolation_level=None)) as db:
        db.execute("DROP TRIGGER document_is_never_changed")
        db.execute("UPDATE document SET content = replace(content, '2000', '9000')")
    kasse.close()
    with refusing("invalid", "J-03"):
        restore(backup, kasse.folder, kasse.clock)
    kasse.open()


def test_a_damaged_journal_makes_no_backup(kasse, backup):
    before = backup.read_bytes()
    kasse.close()
    with closing(sqlite3.connect(kasse.folder.journal, isolation_level=None)) as db:
        db.execute("DROP TRIGGER document_is_never_changed")
        db.execute("UPDATE document SET content = replace(content, '2000', '9000')")
    with pytest.raises(Damaged, match="J-03"):
        back_up(kasse.folder, backup)
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.iterdir()] == ["kpos.db"]


@pytest.mark.parametrize("target", ["nowhere/kpos.db", "file/kpos.db"])
def test_where_a_backup_cannot_be_written_it_says_so(kasse, tmp_path, target):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(LedgerError, match="cannot be written"):
        back_up(kasse.folder, tmp_path / target)


def test_there_is_no_backup_of_no_till(tmp_path):
    with pytest.raises(NoTill):
        back_up(Folder(tmp_path), tmp_path / "kpos.db")


@pytest.mark.parametrize("at", [0, 8192])
def test_the_good_copy_is_replaced_only_by_a_good_one(kasse, at):
    copy_stammdaten(kasse.folder)
    good = kasse.folder.good_copy.read_bytes()
    kasse.close()
    overwrite(kasse.folder.stammdaten, at)
    with pytest.raises(Damaged, match="S-01"):
        copy_stammdaten(kasse.folder)
    assert kasse.folder.good_copy.read_bytes() == good
    assert not list(kasse.folder.path.glob("*.part"))


@pytest.mark.parametrize(
    ("prefix", "following"),
    [("K1", "K1A"), ("K1A", "K1B"), ("K1Z", "K1ZA"), ("K", "KA"), ("K12", "K12A")],
)
def test_the_prefix_after_a_restore(prefix, following):
    assert next_prefix(prefix) == following


def test_receipts_of_an_epoch_without_any_begin_at_one(kasse, backup):
    put_back(kasse, backup)
    kasse.office("group_add", name="guests")
    kasse.reopen()
    assert kasse.buy("Ada", "Mate").receipt_number == "K1A-000001"
    assert kasse.post(Draft("cash_move", {"v": 1}))[0].receipt_number == "K1A-000002"


def test_a_code_that_a_till_may_have_shown_is_known_for_ever():
    assert set(CODES) >= {*(f"J-{number:02}" for number in range(1, 15)), "S-01", "S-03"}
    for code, meaning in CODES.items():
        assert meaning in str(Damaged(code, "somewhere"))


def test_a_backup_is_written_over_an_older_one_but_over_nothing_else(kasse, backup, tmp_path):
    check_target(kasse.folder, backup)
    check_target(kasse.folder, tmp_path / "new.db")
    (tmp_path / "diary.txt").write_text("Dear diary")
    for target, code, says in (
        (tmp_path / "diary.txt", "taken", "no backup"),
        (kasse.folder.journal, "invalid", "own folder"),
        (kasse.folder.path / "new.db", "invalid", "own folder"),
        (tmp_path / ("x" * 300), "invalid", "cannot be looked at"),
    ):
        with refusing(code, says):
            check_target(kasse.folder, target)
