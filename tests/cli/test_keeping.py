"""Backups with generations, verifications that are remembered, and what the doctor says of both."""

import os

import pytest

from kpos.cli.checks.finding import Patient, examine
from kpos.cli.checks.keeping import check_backups, check_verified
from kpos.clock import ScriptClock
from kpos.domain.instant import DAY_MS, Instant
from kpos.ledger.files import Folder
from kpos.ledger.marks import BackedUp, Verified, note_backup, note_verified
from tests.cli.daemon import kpos, running_till

NOW = Instant.parse("2026-11-22T20:00:00Z")


@pytest.fixture
def sees(admin):
    """What the doctor says of the till in half a month."""

    def look(check):
        [finding] = examine(check, Patient(Folder(admin.data), None, ScriptClock(NOW)))
        return finding

    return look


def at(days_ago):
    return NOW.plus_ms(-days_ago * DAY_MS)


def test_a_backup_takes_the_place_of_the_oldest(admin, tmp_path):
    place = tmp_path / "backups"
    place.mkdir()
    older = [place / f"kpos-K1-2026010{day}T043000Z.db" for day in range(1, 5)]
    for path in older:
        path.touch()
    (place / "kpos-K2-20260101T043000Z.db").touch()
    ran = admin.types("backup", place, "--keep", "3")
    assert ran.status == 0, ran.err
    fresh = ran.out.strip()
    assert f"{older[0]} is older than the 3 newest: deleted." in ran.err
    kept = sorted(str(path) for path in place.iterdir())
    assert kept == [*map(str, older[2:]), fresh, f"{place}/kpos-K2-20260101T043000Z.db"]
    row = admin.reads("status")
    assert (row["backup"], row["backup_documents"]) == (fresh, row["seq"])


def test_nothing_goes_for_a_backup_that_failed(admin, tmp_path):
    older = [tmp_path / f"kpos-K1-2026010{day}T043000Z.db" for day in (1, 2)]
    for path in older:
        path.touch()
    with (admin.data / "journal.db").open("r+b") as journal:
        journal.seek(5000)
        journal.write(b"\xff" * 9000)
    admin.refused("backup", tmp_path, "--keep", "1")
    assert all(path.exists() for path in older)


def test_generations_are_of_a_folder(admin, tmp_path):
    assert "goes with a folder" in admin.misused("backup", tmp_path / "a.db", "--keep", "1")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, whom every folder lets in")
def test_a_running_till_is_heard_when_a_backup_is_done(admin, tmp_path):
    with running_till(admin.data) as till:
        ran = kpos("backup", "--chime", tmp_path, data=admin.data)
        assert ran.returncode == 0, ran.stderr
        till.do(key="*")
        assert {"sound": "paid"} in till.messages
    assert kpos("backup", "--chime", tmp_path, data=admin.data).returncode == 0


def test_the_doctor_asks_for_backups_elsewhere(admin, sees, tmp_path):
    assert sees(check_backups).finding == "the books were never backed up"
    file = tmp_path / "a.db"
    file.touch()
    folder = Folder(admin.data)
    note_backup(folder, BackedUp(at(1), str(file), 7))
    assert "on the disk of the books alone" in sees(check_backups).finding
    note_backup(folder, BackedUp(at(3), "/media/stick/b.db", 5))
    assert sees(check_backups).state == "ok"
    note_backup(folder, BackedUp(at(9), str(file), 7))
    note_backup(folder, BackedUp(at(8), "/media/stick/b.db", 7))
    finding = sees(check_backups)
    assert (finding.state, "8 days old" in finding.finding) == ("warn", True)
    assert "systemctl status kpos-backup.timer" in finding.remedy


def test_the_doctor_says_what_a_verification_found(admin, sees):
    assert sees(check_verified).finding == "the books were never verified as a whole"
    folder = Folder(admin.data)
    note_verified(folder, Verified(at(1), 7))
    assert sees(check_verified).state == "ok"
    note_verified(folder, Verified(at(20), 7))
    assert "20 days ago" in sees(check_verified).finding
    note_verified(folder, Verified(at(0), 0, "J-05", "document 1/7"))
    finding = sees(check_verified)
    assert (finding.state, "J-05" in finding.finding) == ("fail", True)
    assert "kpos restore BACKUP" in finding.remedy


def test_damage_is_remembered_until_it_is_mended(admin):
    with (admin.data / "stammdaten.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    admin.refused("verify")
    assert admin.reads("status")["damage"].startswith("S-")
    admin.does("rebuild")
    admin.does("verify")
    assert admin.reads("status")["damage"] is None
