"""`kpos trial`: a new slot proves itself at a till that sells, or the old one comes back."""

import sqlite3
import threading
from contextlib import closing

import pytest

from kpos.appliance.grubenv import Choice
from kpos.appliance.trial import PATIENCE_MS, Signs, judge
from tests.cli.daemon import running_till
from tests.update.card import MIB, image, make_update
from tests.update.grub import machine_of
from tests.update.machine import Appliance

NEW = image(7, MIB)
WELL = {"dialogue": "Idle", "display_ok": True, "inputs": 1}


@pytest.fixture
def updated(admin, appliance, tmp_path, key):
    """An update waits in slot B; a function switches the machine on."""
    admin.does("update", make_update(tmp_path, key, NEW))

    def switch_on() -> tuple[str, str]:
        machine = machine_of(appliance.card.folder)
        slot, tries = machine.switch_on()
        appliance.card.slots.boot.write_bytes(machine.boot)
        appliance.starts(slot, *([f"kpos.trial={tries}"] if tries else []))
        return slot, tries

    return switch_on


def test_a_slot_is_good_once_a_digit_was_answered(admin, appliance, updated, monkeypatch):
    """Nobody is there at first: it waits, however long; then somebody comes."""
    assert updated() == ("B", "2")
    with running_till(admin.data) as till:
        asked = []

        def somebody_comes(_seconds):
            asked.append(admin_sees(appliance))
            if "a digit or a scan" in asked[-1]:
                till.keys("5")
            else:
                threading.Event().wait(0.05)

        monkeypatch.setattr("kpos.cli.trial.time.sleep", somebody_comes)
        assert "Slot B is good from now on" in admin.does("trial")
    assert "kpos verify" in asked[0]
    assert updated() == ("B", "")
    assert appliance.restarts == 0
    assert "9.0 in slot B is good" in admin.reads("status")["update"]
    # From now on it is nobody's business any more, whatever becomes of the till.
    appliance.is_said("ActiveState=failed\n")
    assert "not on trial" in admin.does("trial")
    assert appliance.restarts == 0


def admin_sees(appliance: Appliance) -> str:
    return (appliance.root / "data/update/record.json").read_text()


def test_a_till_that_does_not_stay_is_started_thrice_and_then_the_old_slot(
    admin, appliance, updated, monkeypatch
):
    monkeypatch.setattr("kpos.cli.trial.time.sleep", lambda _seconds: pytest.fail("it waits"))
    appliance.is_said("ActiveState=activating\nNRestarts=3\n")
    for start, tries in enumerate("210", start=1):
        assert updated() == ("B", tries)
        assert "ended again and again" in admin.types("trial").err
        assert appliance.restarts == start
    assert updated() == ("A", "")
    assert "not on trial" in admin.does("trial")
    assert appliance.restarts == 3
    why = "9.0 in slot B was taken back: the till ended again and again"
    assert admin.reads("status")["update"] == why
    assert admin.reads("update", "--status")[1]["state"] == "was taken back"
    findings = {row["check"]: row for row in admin.reads("doctor")}
    assert findings["update"]["state"] == "warn"
    assert why in findings["update"]["finding"]


def test_a_slot_that_never_came_so_far_is_known_afterwards(admin, appliance, updated):
    for tries in "210":
        assert updated() == ("B", tries)
    assert updated() == ("A", "")
    admin.does("trial")
    assert "GRUB could not start it, or it was switched off" in admin.reads("status")["update"]


def test_damaged_books_are_not_good(admin, appliance, updated, monkeypatch):
    updated()
    with running_till(admin.data) as till:
        till.keys("5")
        with closing(sqlite3.connect(admin.data / "journal.db")) as db:
            db.execute("DROP TRIGGER document_is_never_changed")
            db.execute("UPDATE document SET hash = substr(hash, 2) || substr(hash, 1, 1)")
            db.commit()
        pause = threading.Event().wait
        monkeypatch.setattr("kpos.cli.trial.time.sleep", lambda _seconds: pause(0.05))
        assert "kpos verify found the books damaged: J-0" in admin.types("trial").err
    assert appliance.restarts == 1


def test_before_the_restart_there_is_nothing_to_judge(admin, appliance, updated, monkeypatch):
    monkeypatch.setattr("kpos.cli.trial.time.sleep", lambda _seconds: pytest.fail("it waits"))
    assert "Slot A is not on trial" in admin.does("trial")
    assert updated() == ("B", "2")


def test_what_was_marked_good_and_not_written_down_is_written_down(admin, appliance, updated):
    """The power went between the two."""
    updated()
    appliance.card.set_grubenv(Choice("B"))
    admin.does("trial")
    assert "9.0 in slot B is good" in admin.reads("status")["update"]


@pytest.mark.parametrize(
    ("signs", "verdict", "why"),
    [
        (Signs(WELL, False, "", 0), "good", ""),
        (Signs(WELL | {"inputs": 0}, False, "", 10 * PATIENCE_MS), "wait", "a digit or a scan"),
        (Signs(WELL, False, None, 10 * PATIENCE_MS), "wait", "kpos verify"),
        (Signs(None, False, "", PATIENCE_MS), "wait", "an answer of the till"),
        (Signs(None, False, "", PATIENCE_MS + 1), "restart", "an answer of the till"),
        (Signs(WELL | {"display_ok": False}, False, "", 0), "wait", "a picture on the display"),
        (Signs(WELL | {"display_ok": False}, False, "", PATIENCE_MS + 1), "restart", "a picture"),
        (Signs(WELL | {"dialogue": "OutOfOrder"}, False, "", 0), "wait", "is not locked"),
        (Signs({"dialogue": "Idle"}, False, "", 0), "wait", "a picture on the display"),
        (Signs(WELL, True, "", 0), "restart", "again and again"),
        (Signs(WELL, False, "J-03, here", 0), "restart", "J-03, here"),
    ],
)
def test_what_is_made_of_what_is_seen(signs, verdict, why):
    found, missing = judge(signs)
    assert found == verdict
    assert why in missing
