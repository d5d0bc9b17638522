"""How a till at a terminal begins and ends: refusals, signals, and what is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pexpect
import pytest

from tests.terminal.tmux import PATIENCE_S

KPOS = [sys.executable, "-m", "kpos"]
RUNNING = "Karte zeigen"


def start(*arguments: str, **environment: str) -> pexpect.spawn[str]:
    """kpos on a terminal of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return pexpect.spawn(
        sys.executable,
        ["-m", "kpos", *arguments],
        env=kept | {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | environment,
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=PATIENCE_S,
        preexec_fn=_heed_ctrl_c,
    )


def _heed_ctrl_c() -> None:
    """Also where the tests were started in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def end(child: pexpect.spawn[str]) -> int | None:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


@pytest.mark.parametrize("arguments", [["demo"], ["run", "--io", "tty"]])
def test_without_a_terminal_one_line_says_what_to_do(arguments, data):
    more = ["--data", str(data)] if arguments[0] == "run" else []
    done = subprocess.run(
        [*KPOS, *arguments, *more],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "--io jsonl" in done.stderr


@pytest.mark.parametrize("name", ["dumb", "nonsense", ""])
def test_a_terminal_that_cannot_be_painted_on_is_refused_in_one_line(name, temporary):
    child = start("demo", TERM=name)
    child.expect("try TERM=xterm\r\n")
    assert child.before is not None
    assert child.before.count("\n") == 0
    assert end(child) == 1
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_demo_that_is_killed_leaves_neither_files_nor_a_broken_terminal(number, temporary):
    child = start("demo")
    before = termios.tcgetattr(child.child_fd)
    child.expect(RUNNING)
    assert list(temporary.iterdir())
    child.kill(number)
    child.expect_exact("\x1b[?1049l")
    assert end(child) == 0
    assert not list(temporary.iterdir())
    assert before[3] & termios.ECHO


def test_a_demo_whose_terminal_vanishes_leaves_no_files(temporary):
    child = start("demo")
    child.expect(RUNNING)
    os.close(child.child_fd)
    assert child.pid is not None
    os.waitpid(child.pid, 0)
    assert not list(temporary.iterdir())
    child.child_fd = -1
    child.closed = True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_demo_that_is_killed_while_it_is_made_leaves_no_files(number, temporary):
    """It is killed when its folder appears, which is before it is full unless we are slow."""
    child = start("demo")
    while not list(temporary.iterdir()):
        assert child.isalive()
    child.kill(number)
    assert end(child) in (0, 128 + number)
    assert not list(temporary.iterdir())


def test_the_terminal_is_as_it_was(temporary):
    shell = pexpect.spawn(
        "/bin/sh",
        env=os.environ | {"TERM": "xterm", "PS1": "ready> "},
        encoding="utf-8",
        timeout=PATIENCE_S,
        dimensions=(24, 80),
    )
    shell.expect("ready> ")
    before = termios.tcgetattr(shell.child_fd)
    shell.sendline(f"{sys.executable} -m kpos demo")
    shell.expect(RUNNING)
    assert termios.tcgetattr(shell.child_fd) != before
    shell.send("q")
    shell.expect("ready> ")
    assert termios.tcgetattr(shell.child_fd) == before
    shell.close()


CRASHING = """
from kpos.terminal import till
def crash(self, key):
    raise RuntimeError("a mistake of ours")
till.Till.key = crash
from kpos.cli import main
main(["demo"])
"""


def test_the_terminal_is_restored_before_a_crash_is_told(temporary):
    child = pexpect.spawn(
        sys.executable,
        ["-c", CRASHING],
        env=os.environ | {"TERM": "xterm"},
        encoding="utf-8",
        timeout=PATIENCE_S,
        dimensions=(24, 80),
    )
    child.expect(RUNNING)
    child.send("1")
    child.expect_exact("\x1b[?1049l")
    child.expect("a mistake of ours")
    assert end(child) == 1
    assert not list(temporary.iterdir())


def test_a_till_that_is_kept_is_there_the_next_time(tmp_path):
    data = tmp_path / "new/till"
    child = start("demo", "--data", str(data))
    child.expect(RUNNING)
    child.send("am#")
    child.expect("booked K1-000008 sale")
    child.kill(signal.SIGHUP)
    child.expect("The till is kept")
    assert end(child) == 0
    assert [path.name for path in data.parent.iterdir()] == ["till"]

    child = start("demo", "--data", str(data))
    child.expect(RUNNING)
    child.send("am#")
    child.expect("booked K1-000009 sale")
    child.send("q")
    assert end(child) == 0


def test_a_folder_with_other_things_is_not_touched(tmp_path):
    (tmp_path / "letter.txt").write_text("dear Ada")
    child = start("demo", "--data", str(tmp_path))
    child.expect("name a new folder")
    assert end(child) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_with_devices_and_without_a_terminal_the_till_runs_and_names_nobody(data: Path):
    child = subprocess.Popen(
        [*KPOS, "run", "--data", str(data)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    assert "runs without one" in child.stderr.readline()
    assert "no scanner, keypad or card reader" in child.stderr.readline()
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=PATIENCE_S)
    assert (child.returncode, out, err) == (0, "", "")
