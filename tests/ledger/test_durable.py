"""What is on the disk for good before anybody is told of it, and that no file is left open."""

import os
from pathlib import Path

import pytest

from kpos.ledger.backup import back_up
from kpos.ledger.birth import create_till
from kpos.ledger.errors import AlreadyOpen
from kpos.ledger.files import Lock
from tests.ledger.kasse import Kasse, refusing


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the kernel was asked to write for good by us; SQLite asks it without Python."""
    files: list[Path] = []
    ask = os.fsync

    def fsync(descriptor: int) -> None:
        files.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        ask(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return files


def opened(folder: Path) -> list[Path]:
    """What this process has open right in a folder."""
    files = [each.resolve() for each in Path("/proc/self/fd").iterdir()]
    return [file for file in files if file.parent == folder]


def test_a_backup_is_on_the_disk_before_it_has_its_name(kasse: Kasse, tmp_path, synced):
    back_up(kasse.folder, tmp_path / "kpos.db")
    assert synced == [tmp_path / "kpos.db.part", tmp_path]


def test_the_names_of_a_new_till_survive_a_power_cut(tmp_path, synced):
    path = tmp_path / "srv" / "till"
    Kasse(path).close()
    assert sorted(synced) == [tmp_path, path.parent, path]


def test_what_a_backup_that_was_killed_has_left_is_replaced(kasse: Kasse, tmp_path):
    (tmp_path / "kpos.db.part").write_bytes(b"half of it")
    assert back_up(kasse.folder, tmp_path / "kpos.db") == len(kasse.documents())
    assert opened(tmp_path) == []


def test_a_till_that_is_there_stays_as_it_is_and_a_lock_that_is_held_is_tried_once(kasse: Kasse):
    with pytest.raises(AlreadyOpen, match="another kpos"):
        Lock(kasse.folder)
    assert opened(kasse.folder.path).count(kasse.folder.lock) == 1
    kasse.close()
    with refusing("taken", "already"):
        create_till(kasse.folder, kasse.clock, "uid:0")
    assert opened(kasse.folder.path) == []
    kasse.open()
