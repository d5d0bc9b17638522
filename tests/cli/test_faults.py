"""A full disk: nothing is half done, and a line says what to do."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.process.jsonl_till import ROOT

OWN = ["unshare", "--map-root-user", "--mount"]


def on_a_disk_of_its_own(script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script that may mount; the test skips where nobody may."""
    if shutil.which("unshare") is None or subprocess.run([*OWN, "true"], check=False).returncode:
        pytest.skip("unshare may not make a mount namespace here")
    return subprocess.run(
        [*OWN, "sh", "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_a_full_disk_refuses_and_forgets_nothing(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    kpos = f"{sys.executable} -m kpos"
    ran = on_a_disk_of_its_own(
        f"""
        mount -t tmpfs -o size=2m tmpfs {disk} && export KPOS_DATA={disk}/till && set -e
        {kpos} init --demo >/dev/null
        cat /dev/zero >{disk}/filler 2>/dev/null || true
        set +e
        {kpos} top-up --card CARD-ADA --amount 5.00; echo "status $?"
        {kpos} backup {disk}/backup.db; echo "status $?"
        {kpos} rebuild; echo "status $?"
        {kpos} journal >/dev/null; echo "status $?"
        rm {disk}/filler
        {kpos} card show CARD-ADA --json
        {kpos} top-up --card CARD-ADA --amount 5.00
        {kpos} verify --json
        ls {disk}
        """
    )
    out = ran.stdout
    assert out.count("status 1") == 4, (out, ran.stderr)
    assert json.loads(out[out.index("{") : out.index("}") + 1])["credit_cents"] == 2000
    assert "K1-000008" in out
    assert '"documents"' in out
    assert "backup.db" not in out
    lines = ran.stderr.splitlines()
    assert all(line.startswith("kpos: ") for line in lines)
    assert all("free some space" in line or "No space left" in line for line in lines), lines
