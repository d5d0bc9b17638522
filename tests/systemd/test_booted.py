"""The till and the server as services of a real systemd, in exactly their sandboxes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.systemd.booted import Booted

KPOS = "/opt/kpos/bin/kpos"
DROP_IN = "/etc/systemd/system/kpos.service.d/test.conf"


@pytest.fixture
def machine(tmp_path) -> Iterator[Booted]:
    """An ordinary Debian, on which somebody has called `kpos install-units`."""
    place = tmp_path / "place"
    place.mkdir()
    machine = Booted(place)
    try:
        machine.says(KPOS, "install-units", "--program", KPOS)
        machine.says(KPOS, "init", "--demo")
        yield machine
    finally:
        machine.close()


def test_it_sells_is_administered_backed_up_and_verified(machine):
    machine.says("systemctl", "start", "kpos")
    assert machine.says("systemctl", "show", "kpos", "-P", "StatusText") == "sells as K1"
    assert machine.says("systemctl", "show", "kpos", "-P", "WatchdogUSec") == "1min"
    pid = machine.says("systemctl", "show", "kpos", "-P", "MainPID")
    status = machine.says("cat", f"/proc/{pid}/status")
    assert "NoNewPrivs:\t1" in status
    assert "CapBnd:\t0000000000000000" in status
    interfaces = machine.says("cat", f"/proc/{pid}/net/dev").splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]

    # Who is in the admins' group tells the till what to book; others do not.
    machine.says("useradd", "--groups=kpos-admin", "admin")
    as_admin = ("runuser", "-u", "admin", "--", KPOS)
    receipt = machine.says(*as_admin, "top-up", "--card", "CARD-ADA", "--amount", "5")
    entry = json.loads(machine.says("journalctl", "-o", "json", f"KPOS_RECEIPT={receipt}"))
    assert (entry["KPOS_KIND"], entry["PRIORITY"]) == ("top_up", "6")
    assert machine.runs(*as_admin, "card", "show", "CARD-ADA").returncode == 1
    stranger = machine.runs("runuser", "-u", "nobody", "--", KPOS, "status")
    assert "kpos-admin" in stranger.stderr
    assert machine.says("stat", "-c", "%a %U:%G", "/var/lib/kpos") == "2710 kpos:kpos-admin"
    assert machine.says("stat", "-c", "%a %U", "/var/lib/kpos/journal.db") == "600 kpos"

    for unit in ("kpos-backup", "kpos-verify"):
        ran = machine.runs("systemctl", "start", unit)
        assert ran.returncode == 0, machine.says("journalctl", "-u", unit)
    row = json.loads(machine.says(*as_admin, "status", "--json"))
    assert row["backup"].startswith("/var/backups/kpos/kpos-K1-")
    assert row["backup_documents"] == row["seq"]
    assert (row["verified"] is not None, row["damage"]) == (True, None)
    _back_up_to_a_stick(machine)
    machine.says("mkdir", "-p", "/var/lib/prometheus/node-exporter")
    machine.says("systemctl", "start", "kpos-metrics")
    exported = machine.says("cat", "/var/lib/prometheus/node-exporter/kpos.prom")
    assert f"kpos_documents_total {row['seq']}\n" in exported


def _back_up_to_a_stick(machine):
    """No device comes and goes here: a folder is mounted instead."""
    unit = "kpos-stick@.service"
    text = machine.says("cat", f"/usr/local/lib/systemd/system/{unit}")
    lines = [line for line in text.splitlines() if not line.startswith(("BindsTo=", "After="))]
    mount = "mount -o nosuid,nodev,noexec /dev/%I"
    assert mount in text
    mounted = "\n".join(lines).replace(mount, "mount --bind /srv/stick")
    machine.writes(f"/etc/systemd/system/{unit}", mounted)
    machine.says("mkdir", "-p", "/srv/stick")
    machine.says("touch", "/srv/stick/kpos-K1-20200101T043000Z.db", "/srv/stick/holidays.jpg")
    machine.says("systemctl", "daemon-reload")
    machine.says("systemctl", "start", "kpos-backup-stick@sdz1")
    machine.hears("kpos-stick@sdz1", "Stopped kpos-stick@sdz1.service")
    assert machine.says("ls", "/run/kpos-stick") == ""
    assert len(machine.says("ls", "/srv/stick").splitlines()) == 3
    assert machine.says("find", "/var/lib/kpos", "-not", "-user", "kpos") == ""


def test_a_till_that_does_not_come_up_says_so_and_is_tried_again(machine):
    machine.writes(DROP_IN, "[Service]\nRestartSec=50ms\n")
    machine.writes("/etc/kpos/kpos.toml", "[till]\nlanguage = 'en'\n[nonsense]\n")
    machine.says("systemctl", "daemon-reload")
    assert machine.runs("systemctl", "start", "kpos").returncode == 1
    machine.hears("kpos-out-of-order", "There is a mistake in kpos.toml")
    machine.hears("kpos-out-of-order", "[nonsense] is no section")
    machine.writes("/etc/kpos/kpos.toml", "[till]\nlanguage = 'en'\n")
    machine.says("systemctl", "reset-failed", "kpos")
    machine.says("systemctl", "start", "kpos")
    assert machine.runs("systemctl", "is-active", "kpos-out-of-order").stdout == "inactive\n"
    machine.says("systemctl", "stop", "kpos")

    # When its time is over, the till is tried; whoever stops it wants neither.
    quick = "[Service]\nExecStart=\nExecStart=/opt/kpos/bin/kpos out-of-order --for 1\n"
    machine.writes("/etc/systemd/system/kpos-out-of-order.service.d/test.conf", quick)
    machine.says("systemctl", "daemon-reload")
    machine.says("systemctl", "start", "kpos-out-of-order")
    machine.hears("kpos", "Started kpos.service")
    machine.says("systemctl", "stop", "kpos")


def test_a_till_that_hangs_is_started_anew(machine):
    machine.writes(DROP_IN, "[Service]\nWatchdogSec=1\n")
    machine.says("systemctl", "daemon-reload")
    machine.says("systemctl", "start", "kpos")
    machine.says("systemctl", "kill", "--signal=STOP", "kpos")
    machine.hears("kpos", "Watchdog timeout")
    machine.hears("kpos", "Scheduled restart job, restart counter is at 1")


def test_the_menu_restarts_the_machine(machine):
    machine.says("systemctl", "start", "kpos")
    machine.says("runuser", "-u", "kpos", "--", "touch", "/run/kpos/reboot")
    machine.wait()


def test_it_keeps_step_with_a_server_through_its_line(machine):
    machine.says("systemctl", "start", "kpos")
    machine.says(KPOS, "install-units", "--program", KPOS, "--wawi-server")
    machine.says("systemctl", "start", "kpos-wawi")
    machine.hears("kpos-wawi", "Listening at")
    server = ("--data", "/var/lib/kpos-wawi")
    machine.says(KPOS, "wawi", "branch", "add", *server, "Nord")
    said = machine.says(KPOS, "wawi", "till", "add", *server, "Nord")
    url, code = said.splitlines()[0].split()[-2:]
    assert "In step with" in machine.says(KPOS, "pair", url, code)
    machine.says(KPOS, "top-up", "--card", "CARD-ADA", "--amount", "5")
    assert "In step with" in machine.says(KPOS, "sync")
    assert machine.says("systemctl", "is-active", "kpos-line") == "active"
    assert machine.says("cat", "/run/kpos/wawi") == "WAWI=127.0.0.1:8020"
    machine.says(KPOS, "install-units", "--program", KPOS, "--no-wawi")
    machine.says("systemctl", "restart", "kpos")
    assert "no answer" in machine.runs(KPOS, "sync").stderr
