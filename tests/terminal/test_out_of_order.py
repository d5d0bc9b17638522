"""A till that systemd runs: what it leaves behind, and what is shown when it does not come up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kpos.terminal.beside import Beside, Why, read_why
from tests.terminal.test_display import BLANK, Plugged

KPOS = [sys.executable, "-m", "kpos"]


def run_till(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As systemd starts it, with a folder in /run."""
    return subprocess.run(
        [*KPOS, "run", "--io", "jsonl", *arguments],
        env=os.environ | {"RUNTIME_DIRECTORY": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_till_says_why_it_ended_and_the_next_one_forgets_it(data, tmp_path):
    config = tmp_path / "kpos.toml"
    config.write_text("[nonsense]\n")
    assert run_till(tmp_path, "--config", str(config)).returncode == 1
    assert read_why(tmp_path).word == "config"
    assert "[nonsense] is no section" in read_why(tmp_path).line
    assert run_till(tmp_path, "--data", str(tmp_path / "none")).returncode == 1
    assert read_why(tmp_path).word == "no_till"
    assert run_till(tmp_path, "--data", str(data)).returncode == 0
    assert read_why(tmp_path) == Why()


def test_what_was_left_behind_may_be_anything(tmp_path):
    for said in ("", "[]", "{", '{"word": 7}'):
        (tmp_path / "why").write_text(said)
        assert read_why(tmp_path).line == ""


def test_a_restart_is_asked_for_where_somebody_hears_it(tmp_path):
    assert Beside({"RUNTIME_DIRECTORY": str(tmp_path)}).ask_for("reboot")
    assert (tmp_path / "reboot").exists()
    assert not Beside({}).ask_for("reboot")
    assert not Beside({"RUNTIME_DIRECTORY": str(tmp_path / "gone")}).ask_for("reboot")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("https://wawi.example", "WAWI=wawi.example:443\n"),
        ("https://wawi.example:8443/x", "WAWI=wawi.example:8443\n"),
        ("http://127.0.0.1", "WAWI=127.0.0.1:80\n"),
        # systemd-socket-proxyd takes what is before the last colon for the host.
        ("https://[2001:db8::1]", "WAWI=2001:db8::1:443\n"),
    ],
)
def test_its_wawi_is_named_for_the_line_to_it(tmp_path, url, line):
    beside = Beside({"RUNTIME_DIRECTORY": str(tmp_path)})
    beside.name_wawi(url)
    assert (tmp_path / "wawi").read_text() == line
    before = (tmp_path / "wawi").stat().st_ino
    beside.name_wawi(url)
    assert (tmp_path / "wawi").stat().st_ino == before, "a change that is none cuts the line"
    Beside({}).name_wawi(url)


def test_the_display_says_that_the_till_is_out_of_order_until_that_is_over(tmp_path):
    plugged = Plugged(tmp_path, 4, 40)
    config = tmp_path / "kpos.toml"
    # What is wrong with it is no reason not to know the display.
    config.write_text(f"[till]\nlanguage = 'xx'\n[display]\n{plugged.section}\n[nonsense]\n")
    (tmp_path / "why").write_text(
        json.dumps({"word": "config", "line": "[nonsense] is no section"})
    )
    shown = subprocess.Popen(
        [*KPOS, "out-of-order", "--config", str(config), "--run", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert plugged.sees(lambda lines: lines[0].startswith("Die Kasse ist außer Betrieb"))
    assert plugged.reads[1].startswith("In kpos.toml ist ein Fehler")
    shown.send_signal(signal.SIGTERM)
    out, err = shown.communicate(timeout=60)
    assert shown.returncode == 128 + signal.SIGTERM
    assert plugged.sees(lambda lines: lines == BLANK)
    assert out.splitlines()[0] == "Die Kasse ist außer Betrieb"
    assert "kpos run: [nonsense] is no section" in err
    plugged.line.unplug()


@pytest.mark.parametrize(
    "said",
    ["no toml", "[till]\nlanguage = 'xx'\n", "[display]\nkind = 'serial'\nwhere = ''\n", None],
)
def test_it_ends_after_its_time_whatever_is_wrong_with_the_configuration(tmp_path, said):
    config = tmp_path / "kpos.toml"
    if said is not None:
        config.write_text(said)
    ran = subprocess.run(
        [*KPOS, "out-of-order", "--for", "1", "--config", str(config), "--run", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[1] == "Ihr Programm läuft nicht durch"
