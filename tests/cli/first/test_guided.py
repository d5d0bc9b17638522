"""`kpos setup` on any Debian: a guided start in a terminal, or from a file."""

from __future__ import annotations

import subprocess
import tomllib

import pytest

from tests.cli.daemon import KPOS
from tests.cli.first.appliance import GRACE, MORE
from tests.sync.served import Server
from tests.sync.wawi import Wawi
from tests.terminal.test_ends import end, start


@pytest.fixture
def where(tmp_path) -> list[str]:
    return ["--config", str(tmp_path / "etc/kpos.toml"), "--data", str(tmp_path / "data")]


def test_somebody_is_led_from_nothing_to_a_till(where, tmp_path, shell):
    child = start("setup", *where)
    for asks, answer in (
        ("1 Deutsch  2 English", "2"),
        ("Name of the till", "Bar"),
        ("Time zone", ""),
        ("stand alone", "3"),
        ("1 or 2, please", ""),
        ("Who takes money", ""),
        ("a name is missing", "Ada"),
        ("Number to log in with", "x"),
        ("a number is one from 1", "7"),
        ("PIN, 6 to 8", "1234"),
        ("this PIN has 6 to 8 digits", "271828"),
        ("again", "271828"),
        ("All right", "2"),
        ("Name of the till", "Theke"),
        ("Time zone", "Berlin"),
        ("no time zone", "Europe/Berlin"),
        ("stand alone", "1"),
        ("Who takes money", "Ada"),
        ("Number", ""),
        ("PIN", "271828"),
        ("again", "271828"),
        ("All right", "1"),
    ):
        child.expect(asks)
        child.sendline(answer)
    child.expect("Done. How to go on:")
    child.expect("kpos product add --data")
    child.expect("kpos run --config")
    assert end(child) == 0
    config = tomllib.loads((tmp_path / "etc/kpos.toml").read_text())
    assert config["till"] == {"name": "Theke", "language": "en"}
    [ada] = shell.reads("member", "list")
    assert (ada["name"], ada["number"], ada["role"]) == ("Ada", 1, "admin")
    said = shell.refused("setup", *where)
    assert "already, and it stays as it is" in said


def test_nothing_is_done_before_the_last_answer(where, tmp_path):
    child = start("setup", *where)
    child.expect("2 English")
    child.sendline("1")
    child.expect("Name der Kasse")
    child.sendeof()
    child.expect("nobody answers any more")
    assert end(child) == 1
    child = start("setup", *where)
    child.expect("2 English")
    child.sendintr()
    child.expect("interrupted")
    assert end(child) == 1
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "etc").exists()


def test_a_file_answers_everything_and_its_faults_are_listed(where, tmp_path, shell):
    file = tmp_path / "kpos-setup.toml"
    file.write_text(GRACE.replace("271828", "1") + '[scanner]\ndevice = "usb-PSC*"\n')
    ran = shell.types("setup", *where, "--file", file)
    assert ran.status == 1
    assert "nothing was set up:" in ran.err
    assert "line 7, column 7: this PIN has" in ran.err
    file.write_text(GRACE + MORE)
    assert "for the appliance alone" in shell.types("setup", *where, "--file", file).err
    file.write_text('[till]\nname = "Bar"\n')
    assert "[person] or [wawi]" in shell.types("setup", *where, "--file", file).err
    assert not (tmp_path / "data").exists()
    file.write_text(GRACE + '[scanner]\ndevice = "usb-PSC*"\n')
    shell.does("setup", *where, "--file", file)
    config = tomllib.loads((tmp_path / "etc/kpos.toml").read_text())
    assert config["scanner"] == {"device": "usb-PSC*"}
    shell.does("verify")


def test_a_till_of_a_wawi_is_paired(where, tmp_path, shell):
    wawi = Wawi()
    server = Server(wawi)
    file = tmp_path / "kpos-setup.toml"
    text = f'[wawi]\nurl = "{server.url}"\ncode = "{{}}"\n'
    with server.running():
        file.write_text(text.format("CODE-9"))
        said = shell.types("setup", *where, "--file", file).err
        assert "there is a till in" in said
        assert "kpos pair" in said
        shell.does("pair", server.url, wawi.code("K4"))
    assert shell.reads("status")["prefix"] == "K4"


def test_a_machine_that_is_no_appliance_is_left_alone(shell):
    assert "kpos setup, without --appliance" in shell.refused("setup", "--appliance")


def test_without_a_terminal_it_says_what_else_there_is(where):
    done = subprocess.run(
        [*KPOS, "setup", *where],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "--file FILE" in done.stderr
