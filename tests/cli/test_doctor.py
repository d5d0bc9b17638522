"""What `kpos doctor` finds wrong, each with a remedy."""

import json
import os
import socket
import sys

import pytest

from kpos.cli.checks.display import judge_display
from kpos.cli.checks.finding import Patient, examine
from kpos.cli.checks.machine import check_clock, judge_sqlite
from kpos.clock import ScriptClock
from kpos.config import DisplayConfig
from kpos.domain.instant import Instant
from kpos.ledger.files import Folder
from tests.cli.daemon import running_till
from tests.cli.test_faults import on_a_disk_of_its_own
from tests.hardware.desk import with_displays
from tests.hardware.display.lcdd_server import LcddServer
from tests.hardware.ptys import PtyPlug


def findings(admin, *options):
    ran = admin.types("doctor", "--json", *options)
    rows = {row["check"]: row for row in json.loads(ran.out)}
    assert all(row["remedy"] for row in rows.values() if row["state"] != "ok")
    assert (ran.status == 1) is any(row["state"] == "fail" for row in rows.values())
    return {check: row["state"] for check, row in rows.items()}


def test_a_till_that_is_well_has_no_failure(admin):
    found = findings(admin)
    well = ("python", "owner", "journal", "stammdaten", "clock", "config", "till")
    assert {check: found[check] for check in well} == dict.fromkeys(well, "ok")
    assert "fail" not in found.values()
    assert "ok    journal: K1, till" in admin.does("doctor")
    assert admin.does("doctor", "--csv").startswith("check,state,finding,remedy")


def test_a_running_till_is_well_too(admin):
    with running_till(admin.data):
        assert findings(admin)["till"] == "ok"
        assert "runs, and shows Idle" in admin.does("doctor")


def test_a_folder_without_a_till_fails(shell):
    found = findings(shell)
    assert (found["data folder"], found["journal"]) == ("fail", "fail")
    shell.data.mkdir()
    assert findings(shell)["journal"] == "fail"


def test_a_damaged_journal_fails(admin):
    (admin.data / "journal.db").write_bytes(b"rubbish" * 999)
    assert findings(admin)["journal"] == "fail"


def test_a_journal_that_lost_its_end_fails_and_the_remedy_goes_on_with_what_is_left(
    admin, tmp_path
):
    """Somebody copied an older file over it; numbers of the lost documents were handed out."""
    older = (admin.data / "journal.db").read_bytes()
    admin.does("top-up", "--card", "CARD-ADA", "--amount", "1")
    (admin.data / "journal.db").write_bytes(older)
    assert findings(admin)["journal"] == "fail"
    for command in ("verify", "rebuild"):
        said = admin.refused(command)
        assert said.startswith("J-12: ")
        assert "kpos backup FILE, then kpos restore FILE" in said
    admin.does("backup", tmp_path / "left.db")
    assert "K1A-" in admin.does("restore", tmp_path / "left.db")
    assert findings(admin)["journal"] == "ok"
    admin.does("verify")


@pytest.mark.parametrize("content", [None, b"rubbish" * 999])
def test_stammdaten_mend_themselves(admin, content):
    file = admin.data / "stammdaten.db"
    file.unlink() if content is None else file.write_bytes(content)
    assert findings(admin)["stammdaten"] == "warn"
    admin.does("product", "list")
    assert findings(admin)["stammdaten"] == "ok"


def test_stammdaten_that_fell_behind_are_noticed(admin, tmp_path):
    behind = (admin.data / "stammdaten.db").read_bytes()
    admin.does("top-up", "--card", "CARD-ADA", "--amount", "1")
    (admin.data / "stammdaten.db").write_bytes(behind)
    assert findings(admin)["stammdaten"] == "warn"


def test_a_socket_that_nobody_listens_at_is_noticed(admin):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(admin.data / "control.sock"))
    left.close()
    assert findings(admin)["till"] == "warn"


def test_a_folder_open_to_everybody_is_noticed(admin):
    admin.data.chmod(0o755)
    assert findings(admin)["rights"] == "warn"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give a file away")
def test_a_file_of_somebody_else_fails(admin):
    os.chown(admin.data / "stammdaten.db", 65534, 65534)
    assert findings(admin)["owner"] == "fail"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else's admin")
def test_what_root_makes_belongs_to_whose_the_folder_is(admin):
    for path in (admin.data, *admin.data.iterdir()):
        os.chown(path, 65534, 65534)
    (admin.data / "stammdaten.db").unlink()
    admin.does("top-up", "--card", "CARD-ADA", "--amount", "1")
    assert findings(admin)["owner"] == "ok"


def test_a_wrong_config_fails(admin, tmp_path):
    config = tmp_path / "kpos.toml"
    config.write_text("[till]\nnam = 'x'\n")
    assert findings(admin, "--config", config)["config"] == "fail"
    assert findings(admin, "--config", tmp_path / "none")["config"] == "fail"


@pytest.mark.parametrize(
    "device", ["usb-No-Such-Scanner*", "/dev/no-such-port", "mcp23017:99:0x20", "mcp23017:x"]
)
def test_a_device_that_is_asked_for_and_not_there_fails(admin, tmp_path, device):
    config = tmp_path / "kpos.toml"
    config.write_text(f"[keypad]\ndevice = '{device}'\n")
    assert findings(admin, "--config", config)["keypad"] == "fail"


@pytest.mark.parametrize(
    ("section", "finding"),
    [
        ("kind = 'serial'\nwhere = '/dev/no-such-port'", "not plugged in"),
        ("kind = 'serial'", "no port is named"),
        ("kind = 'lcdd'\nwhere = 'localhost:1'", "LCDd does not answer"),
        ("kind = 'pcf8574'\nwhere = 'no such adapter:0x27'", "no I2C adapter has that name"),
        ("kind = 'mcp23017'\nwhere = '250:0x20'", "/dev/i2c-250"),
        ("kind = 'mcp23008'\nwhere = 'here'", "no place on an I2C bus"),
    ],
)
def test_a_display_that_is_asked_for_and_not_there_fails(admin, tmp_path, section, finding):
    config = tmp_path / "kpos.toml"
    config.write_text(f"[display]\n{section}\n")
    assert findings(admin, "--config", config)["display"] == "fail"
    assert finding in admin.types("doctor", "--config", config).out


def test_a_display_that_is_there_is_well(admin, tmp_path):
    server = LcddServer(tmp_path, 4, 40)
    port = PtyPlug(tmp_path / "display")
    config = tmp_path / "kpos.toml"
    try:
        config.write_text(f"[display]\nkind = 'lcdd'\nwhere = '127.0.0.1:{server.port}'\n")
        assert findings(admin, "--config", config)["display"] == "ok"
        config.write_text(f"[display]\nkind = 'serial'\nwhere = '{port.link}'\n")
        assert findings(admin, "--config", config)["display"] == "ok"
    finally:
        server.stop()
        port.is_pulled()


def test_an_expander_is_asked_without_writing_to_it(monkeypatch):
    bus = with_displays()
    monkeypatch.setattr("kpos.cli.checks.display.open_bus", bus.open)
    assert judge_display(DisplayConfig(kind="pcf8574", where="1:0x27")).state == "ok"
    silent = judge_display(DisplayConfig(kind="pcf8574", where="1:0x26"))
    assert (silent.state, silent.finding) == (
        "fail",
        "1:0x26: nobody answers (No such device or address)",
    )
    assert (bus.transactions, bus.octets, bus.descriptors) == (2, 2, 0)


def test_sounds_that_nobody_can_make_fail(admin, tmp_path, monkeypatch):
    config = tmp_path / "kpos.toml"
    assert findings(admin)["sound"] == "ok"
    config.write_text("[sound]\nplayer = 'pcspkr'\n")
    monkeypatch.setattr("kpos.cli.checks.devices.PC_SPEAKER", str(tmp_path / "none"))
    assert findings(admin, "--config", config)["sound"] == "fail"
    config.write_text("[sound]\nplayer = 'aplay'\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert findings(admin, "--config", config)["sound"] == "fail"


def test_a_clock_before_the_last_booking_fails(admin):
    wrong = Patient(Folder(admin.data), None, ScriptClock(Instant.parse("1970-01-01T00:00:00Z")))
    found = {finding.check: finding.state for finding in examine(check_clock, wrong)}
    assert found == {"clock": "fail", "time server": "warn"}


def test_a_clock_of_a_new_machine_is_no_earlier_than_this_program(tmp_path):
    wrong = Patient(Folder(tmp_path), None, ScriptClock(Instant.parse("1970-01-01T00:00:00Z")))
    assert examine(check_clock, wrong)[0].state == "fail"


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ((3, 36, 0), "fail"),
        ((3, 37, 0), "warn"),
        ((3, 40, 1), "warn"),
        ((3, 44, 5), "warn"),
        ((3, 44, 6), "ok"),
        ((3, 45, 9), "warn"),
        ((3, 50, 6), "warn"),
        ((3, 50, 7), "ok"),
        ((3, 51, 2), "warn"),
        ((3, 51, 3), "ok"),
        ((3, 54, 1), "ok"),
        ((4, 0, 0), "ok"),
    ],
)
def test_versions_of_sqlite_with_the_wal_reset_defect_are_known(version, state):
    assert judge_sqlite(version).state == state


def test_a_disk_that_is_nearly_full_fails(tmp_path):
    ran = on_a_disk_of_its_own(
        f"mount -t tmpfs -o size=4m tmpfs {tmp_path}"
        f" && exec {sys.executable} -m kpos doctor --data {tmp_path}"
    )
    assert ran.returncode == 1
    assert "fail  disk: " in ran.stdout
