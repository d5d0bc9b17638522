"""Power goes at any file that setup touches; whoever switches it on again gets the same till."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.first.appliance import GRACE, MORE, ROOT, Appliance, is_set_up

DEAD = 99
# Ends the process before the N-th file below the root is opened, renamed or removed.
_DIES = f"""
import os, sys
left, root = int(sys.argv[1]), sys.argv[2]
events = {{"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"}}
count = 0
def hook(event, arguments):
    global count
    if event in events and any(str(each).startswith(root) for each in arguments[:2]):
        count += 1
        if count > left:
            os._exit({DEAD})
sys.addaudithook(hook)
from kpos.cli import main
try:
    main(["setup", "--appliance", "--root", root])
finally:
    sys.stderr.write(f"\\n{{count}}\\n")
"""


def power_for(appliance: Appliance, files: int) -> subprocess.CompletedProcess[str]:
    """So many files long."""
    return subprocess.run(
        [sys.executable, "-c", _DIES, str(files), str(appliance.places.root)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def prepared(folder: Path, backup: Path | None) -> Appliance:
    appliance = Appliance(folder)
    if backup is None:
        appliance.file.write_text(GRACE + MORE)
    else:
        (appliance.boot / backup.name).write_bytes(backup.read_bytes())
    return appliance


def state(appliance: Appliance, admin: Any) -> Any:
    """All that anybody could tell two tills apart by, ids and salts aside."""
    is_set_up(appliance)
    till = appliance.is_the_till_of(admin)
    till.does("verify")
    places = appliance.places
    files = [places.config, places.hostname, places.authorized_keys, places.network]
    identity = till.reads("status")
    return (
        {each.name: each.read_text() for each in files if each.exists()},
        sorted(each.name for each in appliance.boot.iterdir()),
        [(each["name"], each["number"], each["role"]) for each in till.reads("member", "list")],
        identity["prefix"],
        [each.name for each in places.backups.glob("*")],
    )


@pytest.mark.parametrize("how", ["a file", "a backup"])
def test_power_may_go_at_any_moment(tmp_path, admin, size, how):
    backup = None
    if how == "a backup":
        backup = tmp_path / "kpos-K1-20261122T190000Z.db"
        admin.does("backup", backup)
    whole = prepared(tmp_path / "whole", backup)
    done = power_for(whole, 1_000_000)
    assert done.returncode == 0, done.stderr
    count = int(done.stderr.split()[-1])
    wanted = state(whole, admin)
    cuts = range(count)
    chosen = random.Random(1).sample(cuts, min(count, size(quick=10, ci=60, long=count)))
    for cut in sorted(chosen):
        appliance = prepared(tmp_path / f"cut-{cut}", backup)
        assert power_for(appliance, cut).returncode == DEAD, cut
        again = appliance.runs()
        assert again.returncode == 0, (cut, again.stderr)
        assert state(appliance, admin) == wanted, cut
        for path in appliance.boot.iterdir():
            assert b"271828" not in path.read_bytes(), cut


def test_what_was_answered_is_not_asked_again_after_a_cut(appliance):
    """The card says nothing; the answers stand where the till's data are, for root alone."""
    nothing = hashlib.sha256(b"").hexdigest()
    appliance.places.pending.write_text(f"# {nothing}\n{GRACE}")
    done = appliance.runs()
    assert done.returncode == 0, done.stderr
    is_set_up(appliance)
    assert tomllib.loads(appliance.places.config.read_text())["till"]["name"] == "Getränke Keller"
