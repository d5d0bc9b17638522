"""What is remembered of backups and verifications, and which backups go."""

import fcntl
import json

import pytest

from kpos.domain.instant import Instant
from kpos.ledger.files import Folder
from kpos.ledger.generations import name_of, thin_out
from kpos.ledger.marks import (
    BackedUp,
    Verified,
    backups,
    marks_row,
    note_backup,
    note_verified,
    verified,
)

MONDAY = Instant.parse("2026-11-23T04:30:00Z")
TUESDAY = Instant.parse("2026-11-24T04:30:00Z")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "till").mkdir()
    return Folder(tmp_path / "till")


def test_the_last_backup_of_each_place_is_remembered(folder):
    assert backups(folder) == []
    stick = BackedUp(TUESDAY, "/media/stick/b.db", 7)
    for done in (BackedUp(MONDAY, "/var/backups/a.db", 5), stick):
        note_backup(folder, done)
    note_backup(folder, daily := BackedUp(MONDAY.plus_ms(1), "/var/backups/c.db", 6))
    assert backups(folder) == [stick, daily]


def test_places_are_not_remembered_without_end(folder):
    for number in range(20):
        note_backup(folder, BackedUp(MONDAY.plus_ms(number), f"/place{number}/a.db", number))
    assert [each.documents for each in backups(folder)] == list(range(19, 11, -1))


def test_the_last_verification_is_remembered(folder):
    assert verified(folder) is None
    note_verified(folder, Verified(MONDAY, 0, "J-05", "document 1/7"))
    note_verified(folder, whole := Verified(TUESDAY, 12))
    assert verified(folder) == whole


def test_the_status_has_a_row_of_them(folder):
    names = ["backed_up", "backup", "backup_documents", "verified", "damage"]
    assert marks_row(folder) == dict.fromkeys(names)
    note_backup(folder, BackedUp(MONDAY, "/b/a.db", 5))
    note_verified(folder, Verified(TUESDAY, 0, "J-05", "document 1/7"))
    row = marks_row(folder)
    assert list(row) == names
    assert row["backed_up"] == "2026-11-23T04:30:00.000Z"
    assert row["damage"] == "J-05"
    note_verified(folder, Verified(TUESDAY, 5))
    assert marks_row(folder)["damage"] is None


@pytest.mark.parametrize(
    "said", ["", "rubbish", "[]", "{}", '{"backups": 3}', '{"backups": [{"at": 1}]}', '{"at": "x"}']
)
def test_what_cannot_be_read_has_not_happened(folder, said):
    for name in ("backups.json", "verified.json"):
        (folder.path / name).write_text(said)
    assert backups(folder) == []
    assert verified(folder) is None
    note_backup(folder, done := BackedUp(MONDAY, "/b/a.db", 5))
    assert backups(folder) == [done]
    assert json.loads((folder.path / "backups.json").read_text())


# Generations


def begin(place, prefix, *days):
    names = [name_of(prefix, Instant.parse(f"2026-11-{day:02}T04:30:00Z")) for day in days]
    for name in names:
        (place / name).touch()
    return [place / name for name in names]


def test_only_older_backups_of_this_till_go(tmp_path):
    days = begin(tmp_path, "K1", 1, 2, 3, 4, 5)
    others = begin(tmp_path, "K1A", 1) + begin(tmp_path, "K2", 1)
    for name in ("kpos-K1-by-hand.db", "kpos-K1-20261101T043000Z.db.old", "notes.txt"):
        others.append(tmp_path / name)
        others[-1].touch()
    assert thin_out(days[-1], "K1", 3) == [days[1], days[0]]
    assert sorted(tmp_path.iterdir()) == sorted([*days[2:], *others])


def test_the_new_one_stays_though_the_clock_says_that_it_is_the_oldest(tmp_path):
    older = begin(tmp_path, "K1", 20, 21, 22)
    [fresh] = begin(tmp_path, "K1", 1)
    assert thin_out(fresh, "K1", 1) == older[::-1]
    assert list(tmp_path.iterdir()) == [fresh]


def test_what_a_power_cut_left_of_a_backup_goes_unless_it_is_being_written(tmp_path):
    [fresh] = begin(tmp_path, "K1", 2)
    left, written = (tmp_path / f"kpos-K1-2026110{day}T043000Z.db.part" for day in (1, 2))
    left.touch()
    with written.open("w") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        thin_out(fresh, "K1", 9)
    assert sorted(tmp_path.iterdir()) == [fresh, written]
