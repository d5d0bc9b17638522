"""Each call to the disk fails once, or from some moment on; and a disk that is really full."""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.test_faults import on_a_disk_of_its_own
from tests.faults.audit import audit
from tests.faults.cuts import memory
from tests.faults.failing import Case, count, every_case, sample, sweep
from tests.faults.failing_scene import PARTS, prepare
from tests.faults.shim import HAS_COMPILER

SEED = 1
# What each size plays: what is most likely to go wrong.
FIRST = [
    Case("sell", "write", "journal.db-wal", 80, "ENOSPC"),
    Case("sell", "write", "journal.db-wal", 150, "half"),
    Case("sell", "write", "journal.db-wal", 40, "ENOSPC+on"),
    Case("sell", "fdatasync", "journal.db-wal", 20, "EIO+lost"),
    Case("sell", "fdatasync", "journal.db-wal", 33, "ENOSPC+lost"),
    Case("rebuild", "write", "stammdaten.db-wal", 30, "ENOSPC+on"),
    Case("rebuild", "unlink", "stammdaten.db", 1, "EROFS"),
]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    if not HAS_COMPILER:
        pytest.skip("needs a C compiler (cc)")
    with TemporaryDirectory(prefix="kpos-failing-", dir=memory()) as folder:
        prepare(Path(folder) / "base")
        yield Path(folder)


@pytest.mark.minutes(3)
def test_whatever_fails_nobody_is_thanked_for_what_is_not_booked(place, size):
    base = place / "base"
    draw = random.Random(SEED)
    cases = list(FIRST)
    for part in PARTS if size(quick=0, ci=1, long=1) else ():
        counted = count(place, base, part)
        more = size(quick=0, ci=0, long=1)
        cases += list(every_case(part, counted)) if more else sample(part, counted, draw)
    played = sweep(cases, place, base)
    wrong = [f"{'; '.join(found)}\npython -m tests.faults.failing {case}"
             for case, _, found in played if found]  # fmt: skip
    assert not wrong, "\n\n".join(wrong)
    reached = sum(fired for _, fired, _ in played)
    # How often a page is read again, and when a thread runs, differs a little.
    assert reached >= len(cases) * 0.9


def test_a_full_disk_refuses_the_sale_until_there_is_room(tmp_path):
    """Fill, sell, refuse, make room, sell: the real process on a disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    ran = on_a_disk_of_its_own(
        f"mount -t tmpfs -o size=2m tmpfs {disk} && {sys.executable} -c '{_FULL}' {disk} && "
        f"cp -r {disk}/till {tmp_path}/after"
    )
    assert ran.returncode == 0, ran.stderr
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    shown = ["\n".join(each["frame"]) for each in told if "frame" in each]
    assert any("Not booked: disk full" in frame for frame in shown)
    assert told[-1]["refused"] > 0
    assert told[-1]["paid_again"]
    audit(tmp_path / "after", [each["booked"] for each in told if "booked" in each])


_FULL = """
import json, sys
from pathlib import Path
from tests.process.jsonl_till import JsonlTill, run_kpos
disk = Path(sys.argv[1])
data, filler = disk / "till", disk / "filler"
run_kpos("init", "--data", data, "--demo")
till = JsonlTill(data, "--language", "en")
purchase = [{"scan": "CARD-ADA"}, {"scan": "7613032872731"}, {"key": "#"}]
def buy():
    for line in purchase: till.do(**line)
    paid = till.messages[-2].get("sound") == "paid" or "Thank you" in till.shows
    return paid
buy()
till.do(wait_ms=20000)
with filler.open("wb", buffering=0) as file:
    try:
        while file.write(bytes(4096)): pass
    except OSError:
        pass
refused = 0
for _ in range(20):
    if not buy():
        refused += 1
        break
    till.do(wait_ms=20000)
filler.unlink()
till.do(key="#")
paid_again = "Thank you" in till.shows
assert till.end() == 0
for message in till.messages: print(json.dumps(message))
print(json.dumps({"refused": refused, "paid_again": paid_again}))
"""
