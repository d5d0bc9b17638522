"""`kpos update`, as an admin types it at an appliance."""

import io
import sqlite3
from contextlib import closing

import pytest

from kpos import __version__
from kpos.appliance.grubenv import Choice
from kpos.ledger.schema import JOURNAL_VERSION
from tests.cli.daemon import running_till
from tests.update.card import BUILT, MIB, SIGNER, image, make_key, make_update, run
from tests.update.grub import machine_of

NEW = image(7, MIB + 5000)
ROWS = {"A": 0, "B": 1}


@pytest.fixture
def update(tmp_path, key):
    """Makes an update file, of what is said of it."""

    def made(**said):
        return make_update(tmp_path, key, NEW, **said)

    return made


def states(admin) -> list[str]:
    return [row["state"] for row in admin.reads("update", "--status")]


def untouched(appliance) -> bool:
    return machine_of(appliance.card.folder).switch_on() == ("A", "") and (
        appliance.card.slots.b.read_bytes() == image(2, 3 * MIB)
    )


def test_an_update_is_written_while_the_till_sells_and_tried_at_the_next_start(
    admin, appliance, update
):
    assert states(admin) == ["runs", "is kept to go back to"]
    assert "Last update: none yet" in admin.does("update", "--status")
    with running_till(admin.data) as till:
        said = admin.does("update", update())
        till.scan("CARD-ADA")
        assert "20,00" in till.shows
    assert f"kpos 9.0 of {BUILT}, signed by {SIGNER}." in said
    assert "tried at the next start" in said
    assert states(admin) == ["runs", "is started next, on trial"]
    shown = admin.reads("update", "--status")
    assert [(row["slot"], row["version"]) for row in shown] == [("A", __version__), ("B", "9.0")]
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")
    status = admin.reads("status")
    assert (status["slot"], status["version"]) == ("A", __version__)
    assert status["update"] == "9.0 in slot B is tried at the next start"
    assert appliance.restarts == 0


def test_an_update_comes_over_ssh_too(admin, appliance, update, monkeypatch):
    file = update()

    class Piped:
        buffer = io.BytesIO(file.read_bytes())

    monkeypatch.setattr("tests.cli.admin.Stdin", lambda _text: Piped)
    admin.does("update", "-")
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")


def test_the_machine_restarts_when_nobody_is_buying(admin, appliance, update, monkeypatch):
    """Here the buyer leaves after the second look."""
    with running_till(admin.data) as till:
        till.scan("CARD-ADA")
        looks = []

        def look_later(_seconds):
            looks.append(appliance.restarts)
            if len(looks) == 2:
                till.do(wait_ms=300_000)

        monkeypatch.setattr("kpos.cli.restarting.time.sleep", look_later)
        admin.does("update", update(), "--reboot")
        assert (looks, appliance.restarts) == ([0] * 7, 1)
    admin.does("update", "--reboot")
    assert appliance.restarts == 2


def test_on_any_other_machine_it_says_what_updates_there(admin, update, monkeypatch, tmp_path):
    monkeypatch.setattr("kpos.cli.appliance.ROOT", tmp_path)
    assert "pip or your package manager" in admin.refused("update", update())
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cmdline").write_text("quiet\n")
    assert "no kpos appliance" in admin.refused("update", "--status")
    assert "slot" not in admin.reads("status")


def test_a_disk_without_slots_is_refused(admin, appliance, update):
    (appliance.root / "sys/devices/sata/block/sda/sda3/partition").unlink()
    assert "is not mounted at /boot/kpos" in admin.refused("update", update())


@pytest.mark.parametrize(
    ("said", "options", "why"),
    [
        ({"arch": "m68k"}, (), "manifest that can be read: an architecture 'm68k'"),
        ({"arch": "armhf"}, (), "the update is for armhf, this machine is"),
        ({"version": "0.0.9"}, (), "is older than what runs"),
        ({"journal_version": JOURNAL_VERSION - 1}, (), "reads none above"),
        ({"journal_version": JOURNAL_VERSION - 1}, ("--allow-older",), "reads none above"),
        ({"journal_version": JOURNAL_VERSION + 1}, (), "--no-way-back FOLDER makes that backup"),
    ],
)
def test_what_does_not_fit_this_machine_is_refused(admin, appliance, update, said, options, why):
    assert why in admin.types("update", update(**said), *options).err
    assert untouched(appliance)


def test_an_older_one_is_installed_for_whoever_insists(admin, appliance, update):
    admin.does("update", update(version="0.0.9"), "--allow-older")
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")


def test_without_a_way_back_a_backup_is_made_first(admin, appliance, update, tmp_path):
    kept = tmp_path / "backups"
    kept.mkdir()
    newer = update(journal_version=JOURNAL_VERSION + 1)
    said = admin.does("update", newer, "--no-way-back", kept)
    [backup] = kept.iterdir()
    assert str(backup) in said
    with closing(sqlite3.connect(backup)) as db:
        assert db.execute("SELECT count(*) FROM document").fetchone()[0] > 5
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")
    # One that needs none makes none.
    appliance.card.set_grubenv(Choice("A"))
    admin.does("update", update(), "--no-way-back", kept)
    assert list(kept.iterdir()) == [backup]


def test_an_appliance_without_a_till_takes_any_journal(shell_without_till, appliance, update):
    shell_without_till.does("update", update(journal_version=JOURNAL_VERSION + 1))
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")


@pytest.fixture
def shell_without_till(admin):
    for path in admin.data.iterdir():
        path.unlink()
    return admin


def test_while_the_running_slot_is_on_trial_the_other_one_is_needed(admin, appliance, update):
    appliance.starts("A", "kpos.trial=2")
    appliance.card.set_grubenv(Choice("A", "2"))
    assert "slot A runs on trial and is not marked good yet" in admin.refused("update", update())
    assert states(admin) == ["runs on trial, 2 starts left", "is kept to go back to"]
    assert appliance.card.slots.b.read_bytes() == image(2, 3 * MIB)


def test_an_update_that_waits_is_replaced_by_a_better_one(admin, appliance, update):
    admin.does("update", update())
    admin.does("update", update(version="9.1"))
    assert admin.reads("update", "--status")[1]["version"] == "9.1"


def test_an_older_build_of_the_same_version_is_older(admin, appliance, update):
    admin.does("update", update(version=__version__))
    appliance.card.set_grubenv(Choice("B"))
    appliance.starts("B")
    before = type(BUILT)(BUILT.ms - 1)
    assert "is older than" in admin.refused("update", update(version=__version__, built_at=before))
    admin.does("update", update(version=__version__))


def test_who_may_not_sign_is_refused(admin, appliance, update, tmp_path):
    (tmp_path / "stranger").mkdir()
    stranger = make_key(tmp_path / "stranger")
    signers = appliance.root / "etc/kpos/update-signers"
    signers.write_bytes(stranger.signers.read_bytes())
    assert "nothing was written" in admin.refused("update", update())
    signers.unlink()
    assert "nobody may sign updates for this machine" in admin.refused("update", update())
    assert untouched(appliance)


def test_an_update_that_was_cut_off_says_so(admin, appliance, update, tmp_path):
    half = tmp_path / "half.update"
    half.write_bytes(update().read_bytes()[:MIB])
    assert "ends early" in admin.types("update", half).err
    assert states(admin) == ["runs", "cannot be started"]
    assert "9.0 in slot B is not whole" in admin.does("update", "--status")
    findings = {row["check"]: row for row in admin.reads("doctor")}
    assert findings["update"]["state"] == "warn"
    assert "run kpos update again" in findings["update"]["remedy"]
    run("fsck.fat", "-n", appliance.card.slots.boot)


@pytest.mark.parametrize("arguments", [(), ("x", "--status"), ("--from-wawi", "--status")])
def test_one_thing_at_a_time(admin, appliance, arguments):
    assert "one of FILE, URL, --from-wawi, --status" in admin.misused("update", *arguments)


@pytest.mark.parametrize("content", [None, "", "{}", '{"slots": [], "last": {"slot": "C"}}', "["])
def test_a_memory_that_is_lost_changes_nothing(admin, appliance, update, content):
    admin.does("update", update())
    file = appliance.root / "data/update/record.json"
    file.unlink() if content is None else file.write_text(content)
    assert states(admin) == ["runs", "is started next, on trial"]
    assert admin.reads("status")["update"] == "none yet"
    admin.does("update", update(version="9.1"))
