"""Figures for Prometheus, as its own tool reads them."""

import shutil
import stat
import subprocess

import pytest

from tests.cli.daemon import running_till


def values(text):
    """Name to value; what stands in braces is left out."""
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return {words[0].partition("{")[0]: words[-1] for words in lines}


def test_the_figures_of_a_till(admin):
    seen = values(admin.does("metrics"))
    assert (seen["kpos_up"], seen["kpos_clock_ok"]) == ("0", "1")
    assert "kpos_verify_ok" not in seen
    assert "kpos_backup_documents" not in seen
    documents = int(seen["kpos_documents_total"])
    admin.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    admin.does("verify")
    with running_till(admin.data):
        seen = values(admin.does("metrics"))
    assert (seen["kpos_up"], seen["kpos_verify_ok"]) == ("1", "1")
    assert int(seen["kpos_documents_total"]) == documents + 1
    assert int(seen["kpos_disk_free_bytes"]) > 0


def test_nobody_is_in_them(admin):
    text = admin.does("metrics")
    assert "Ada" not in text
    assert "2000" not in values(text).values()


def test_a_file_is_there_whole_and_everybody_may_read_it(admin, tmp_path):
    target = tmp_path / "kpos.prom"
    for _again in range(2):
        assert admin.does("metrics", "--write", target) == ""
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.glob("kpos.prom*")] == ["kpos.prom"]
    assert "No such file" in admin.refused("metrics", "--write", tmp_path / "no" / "kpos.prom")


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is missing: apt install prometheus"
)
def test_prometheus_has_nothing_to_say_against_them(admin, tmp_path):
    admin.does("backup", tmp_path / "a.db")
    admin.does("verify")
    ran = subprocess.run(
        ["promtool", "check", "metrics"],
        input=admin.does("metrics") + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
