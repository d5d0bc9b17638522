"""What systemd hears of a till, at a socket like its own."""

import os
import socket
import subprocess
import sys

import pytest

from kpos.clock import SystemClock
from tests.process.jsonl_till import ROOT, run_kpos


@pytest.fixture
def systemd(tmp_path):
    """Its end of NOTIFY_SOCKET."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(tmp_path / "notify"))
    listener.settimeout(60)
    yield listener
    listener.close()


def hears(systemd):
    return systemd.recv(4096).decode().splitlines()


def start(data, systemd, *arguments, **environment):
    """A till that systemd has started."""
    return subprocess.Popen(
        [sys.executable, "-m", "kpos", "run", "--io", "jsonl", "--data", str(data), *arguments],
        env=os.environ | {"NOTIFY_SOCKET": systemd.getsockname()} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )


def test_a_till_says_when_it_sells_and_when_it_ends(systemd, data):
    till = start(data, systemd, "--real-time", WATCHDOG_USEC="200000")
    assert hears(systemd) == ["READY=1"]
    assert hears(systemd) == ["STATUS=sells as K1"]
    assert hears(systemd) == ["WATCHDOG=1"]
    till.terminate()
    while (said := hears(systemd)) == ["WATCHDOG=1"]:
        pass
    assert said == ["STOPPING=1"]
    till.communicate()
    assert till.returncode == 0


def test_a_locked_till_is_up_and_says_its_code(systemd, data):
    (data / "journal.db").write_bytes(b"rubbish" * 1000)
    till = start(data, systemd)
    assert hears(systemd) == ["READY=1"]
    assert hears(systemd) == ["STATUS=locked, code J-01"]
    till.communicate()


def test_building_stammdaten_anew_is_no_hang(systemd, data, tmp_path):
    """It may take longer than a till may be silent, before it is ready and later."""
    lines = "".join(f"Mate {number},1.50\n" for number in range(2000))
    (tmp_path / "products.csv").write_text(f"name,price\n{lines}")
    run_kpos("product", "import", tmp_path / "products.csv", "--data", data)
    (data / "stammdaten.db").unlink()
    till = start(data, systemd)
    status, patience, watchdog = hears(systemd)
    assert status.startswith("STATUS=building stammdaten.db, ")
    assert (patience, watchdog) == ("EXTEND_TIMEOUT_USEC=120000000", "WATCHDOG=1")
    while hears(systemd) != ["READY=1"]:
        pass
    till.communicate()


def test_a_till_sells_though_nobody_listens(systemd, data):
    till = start(data, systemd)
    systemd.close()
    till.communicate(b'{"key": "#"}\n')
    assert till.returncode == 0


def test_timesyncd_may_say_that_the_clock_is_right(tmp_path, monkeypatch):
    """Its unit keeps a till from asking the kernel."""
    said = tmp_path / "synchronized"
    monkeypatch.setattr("kpos.clock._TIMESYNCD", said)
    before = SystemClock().is_synchronised()
    said.touch()
    assert SystemClock().is_synchronised()
    said.unlink()
    assert SystemClock().is_synchronised() is before
