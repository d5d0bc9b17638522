"""What is left of `kpos init`, `kpos restore`, `kpos backup` or a journal that was cut off."""

import fcntl
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kpos.domain.money import Money
from kpos.ledger.backup import back_up, restore
from kpos.ledger.birth import create_till
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, LedgerError, NoTill
from kpos.ledger.files import Folder
from kpos.ledger.journal import Journal
from kpos.ledger.readonly import check_journal
from tests.ledger.kasse import ADMIN, refusing
from tests.process.jsonl_till import ROOT

# What the README tells whoever wants to know the lost credits.
README = (ROOT / "README.md").read_text("utf-8").replace("\\|", "|")
[CREDITS] = re.findall(r'"(SELECT name, .+?)"', README)


def test_an_init_that_was_cut_off_is_done_again(tmp_path, kasse):
    folder = Folder(tmp_path / "new")
    folder.make()
    Journal(folder).close()
    with pytest.raises(NoTill, match="kpos init"):
        Books(folder, kasse.clock)
    create_till(folder, kasse.clock, ADMIN)
    Books(folder, kasse.clock).close()


def test_a_restore_that_was_cut_off_is_done_again_and_nothing_else(tmp_path, kasse):
    """Between the two names there is no journal: a new till must not begin in its place."""
    backup = tmp_path / "kpos.db"
    back_up(kasse.folder, backup)
    kasse.close()
    kasse.folder.journal.rename(f"{kasse.folder.journal}.before-restore-1")
    with pytest.raises(NoTill, match="kpos restore"):
        kasse.open()
    with refusing("taken", "kpos restore"):
        create_till(kasse.folder, kasse.clock, ADMIN)
    restore(backup, kasse.folder, kasse.clock)
    kasse.open()


def test_a_backup_that_was_killed_is_made_anew(tmp_path, kasse):
    (tmp_path / "kpos.db.part").write_bytes(b"half a backup")
    assert back_up(kasse.folder, tmp_path / "kpos.db") == len(kasse.documents())
    assert not (tmp_path / "kpos.db.part").exists()


def test_two_backups_do_not_write_one_file(tmp_path, kasse):
    """The till that asked for the first was killed, and asks for another one."""
    with (tmp_path / "kpos.db.part").open("wb") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with pytest.raises(LedgerError, match="another backup"):
            back_up(kasse.folder, tmp_path / "kpos.db")
    assert not (tmp_path / "kpos.db").exists()


def test_a_journal_that_lost_its_last_documents_locks_the_till(kasse, tmp_path):
    """Its numbers were handed out; a restore of the very same file goes on under another prefix."""
    kasse.close()
    shutil.copy(kasse.folder.journal, tmp_path / "older.db")
    kasse.open()
    kasse.buy("Ada", "Mate")
    kasse.close()
    shutil.copy(tmp_path / "older.db", kasse.folder.journal)
    with pytest.raises(Damaged, match="J-12"):
        kasse.verify()
    with pytest.raises(Damaged, match="J-12"):
        kasse.open()
    with pytest.raises(Damaged, match="J-12"):
        check_journal(kasse.folder)
    identity, (_, stammdaten) = restore(tmp_path / "older.db", kasse.folder, kasse.clock)
    assert identity.prefix == "K1A"
    kasse.open()
    assert kasse.credit("Ada") == Money(2000)
    assert kasse.verify().projections_compared
    with closing(sqlite3.connect(stammdaten)) as db:
        assert db.execute(CREDITS).fetchall() == [("Ada", 18.35)]


def test_a_stammdaten_kept_aside_still_knows_which_prefixes_were_used(kasse, tmp_path):
    """The restore was cut off when all had moved, and the journal is beyond repair."""
    back_up(kasse.folder, tmp_path / "kpos.db")
    kasse.close()
    assert restore(tmp_path / "kpos.db", kasse.folder, kasse.clock)[0].prefix == "K1A"
    kasse.open()
    kasse.buy("Ada", "Mate")
    kasse.close()
    for path in (kasse.folder.journal, kasse.folder.stammdaten):
        path.replace(f"{path}.before-restore-2")
    Path(f"{kasse.folder.journal}.before-restore-2").write_bytes(b"rubbish" * 999)
    identity, kept = restore(tmp_path / "kpos.db", kasse.folder, kasse.clock)
    assert (identity.prefix, kept) == ("K1B", [])


def test_projections_of_before_a_restore_are_made_anew(kasse, tmp_path):
    """A restore that is cut off leaves them beside the new journal, whose epoch is another."""
    back_up(kasse.folder, tmp_path / "kpos.db")
    kasse.buy("Ada", "Mate")
    kasse.close()
    before = kasse.folder.stammdaten.read_bytes()
    restore(tmp_path / "kpos.db", kasse.folder, kasse.clock)
    kasse.folder.stammdaten.write_bytes(before)
    kasse.open()
    assert kasse.credit("Ada") == Money(2000)
    assert kasse.verify().projections_compared
