"""The plug is pulled on the real process: what was acknowledged is in the books, once."""

import json
import re
import shutil
import subprocess

import pytest

from tests.process.jsonl_till import JsonlTill, kpos, run_kpos

MATE = "4029764001807"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "till"
    run_kpos("init", "--data", folder, "--demo")
    return folder


def documents(data):
    return [json.loads(line) for line in run_kpos("journal", "--data", data, "--json").splitlines()]


def test_two_bottles_are_in_the_books_once_after_a_kill_right_after_booked(data):
    till = JsonlTill(data)
    till.scan("CARD-ADA", MATE, MATE)
    till.send(key="#")
    booked = till.read_until("booked")["booked"]
    till.kill()

    again = JsonlTill(data)
    again.scan("CARD-ADA")
    assert "16,70" in again.shows
    assert again.end() == 0
    sales = [document for document in documents(data) if document["kind"] == "sale"]
    assert [sale["receipt_number"] for sale in sales] == [booked["receipt_number"]]
    assert sales[0]["seq"] == booked["seq"]
    assert sales[0]["body"]["total_cents"] == 330
    run_kpos("verify", "--data", data, "--json")


def test_killed_anywhere_in_an_evening_nothing_acknowledged_is_lost(data):
    """A short sweep; the long one is the kill loop of the fault tests."""
    acknowledged = []
    for inputs in range(1, 9):
        till = JsonlTill(data)
        lines = ["CARD-LINUS", MATE, MATE, "#", "CARD-LINUS", MATE, "#", "CARD-LINUS"]
        for line in lines[:inputs]:
            till.send(**({"key": line} if line == "#" else {"scan": line}))
        till.read_until("done")
        till.kill()
        acknowledged += [booked["receipt_number"] for booked in till.booked]
    numbers = [document["receipt_number"] for document in documents(data)]
    numbers = [number for number in numbers if number is not None]
    assert set(acknowledged) <= set(numbers)
    assert numbers == [f"K1-{n:06}" for n in range(1, len(numbers) + 1)]
    assert json.loads(run_kpos("verify", "--data", data, "--json"))["documents"]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_booking_is_one_fdatasync(data, tmp_path):
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o", trace)
    till = JsonlTill(data, before=tuple(map(str, strace)))
    counts = []
    for _ in range(20):
        till.scan("GUEST-1", "7613032872731", "4100060009503")
        before = synced(trace)
        till.keys("#")
        counts.append(synced(trace) - before)
        assert "paid" in [message.get("sound") for message in till.messages[-4:]]
        till.do(wait_ms=6000)
        till.messages.clear()
        top_up(data)
    till.end()
    assert counts == [1] * 20


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_folder_of_a_new_till_and_that_of_a_backup_are_synced(tmp_path):
    """Their names would be gone with the power, and with the names all that was booked since."""
    data, stick, trace = tmp_path / "data", tmp_path / "stick", tmp_path / "trace"
    stick.mkdir()
    strace = ("strace", "-f", "-y", "-e", "trace=fsync", "-o", str(trace))
    for command in (("init", "--data", data), ("backup", "--data", data, stick / "kpos.db")):
        subprocess.run([*strace, *kpos(*command)], check=True, capture_output=True)
        folder = data if command[0] == "init" else stick
        assert re.search(rf"fsync\(\d+<{re.escape(str(folder))}>\) += 0", trace.read_text())


def synced(trace):
    return len(re.findall(r"(?:fsync|fdatasync|msync)\(\d+\) += 0", trace.read_text()))


def top_up(data):
    """While the till runs, through its control socket."""
    subprocess.run(
        kpos("top-up", "--data", data, "--card", "GUEST-1", "--amount", "5"),
        check=True,
        capture_output=True,
    )
