"""The plug is pulled at every moment of a till's life, under disks of several characters."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import Size
from tests.faults.cuts import Explorer, Tally, explore, memory, record
from tests.faults.cuts_disk import Device
from tests.faults.cuts_history import History
from tests.faults.shim import HAS_COMPILER
from tests.process.jsonl_till import ROOT

pytestmark = pytest.mark.skipif(not HAS_COMPILER, reason="needs a C compiler (cc)")

SEED = 1
# A tree with one of these lines changed must fail, or the explorer sees nothing.
BROKEN = {
    "no sync at all": ("kpos/ledger/files.py", "synchronous={synchronous}", "synchronous=OFF"),
    "no sync of a commit": ("kpos/ledger/journal.py", '"FULL")', '"NORMAL")'),
    "no sync of folders": ("kpos/ledger/files.py", "os.fsync(descriptor)", "pass"),
}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with TemporaryDirectory(prefix="kpos-cuts-", dir=memory()) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def errands(size: Size) -> int:
    """Enough in the larger sizes for a WAL to be checkpointed and begun anew in the evening."""
    return size(quick=15, ci=150, long=150)


@pytest.fixture(scope="module")
def histories(place: Path, errands: int) -> tuple[History, History]:
    return record(place, SEED, errands=errands)


def explored(histories: tuple[History, History], place: Path, device: Device, states: int) -> Tally:
    tally = explore(Explorer(SEED, device, histories), states, place)
    assert tally.states == states
    return tally


def assert_no_failure(tally: Tally, device: Device, errands: int) -> None:
    again = f"python -m tests.faults.cuts --seed {SEED} --device {device} --errands {errands}"
    for number, verdict in tally.failures:
        pytest.fail(f"{verdict}\n{again} --only {number}\n{tally.classes}")


@pytest.mark.minutes(5)
def test_an_honest_disk_loses_nothing_that_was_acknowledged(histories, place, errands, size):
    states = size(quick=150, ci=20_000, long=1_000_000)
    tally = explored(histories, place, "honest", states)
    assert_no_failure(tally, "honest", errands)
    assert set(tally.classes) == {"whole"}


@pytest.mark.parametrize("device", ["drops", "ignores"])
def test_a_disk_that_lies_damages_nothing_that_nobody_notices(
    histories, place, errands, size, device: Device
):
    """It loses; a tail that is missing from every file leaves no trace to be noticed by."""
    tally = explored(histories, place, device, size(quick=50, ci=1000, long=100_000))
    assert_no_failure(tally, device, errands)


def test_a_till_that_does_not_sync_is_caught(place, size):
    for broken in list(BROKEN)[: size(quick=1, ci=3, long=3)]:
        tree = place / broken.replace(" ", "-")
        plant(tree, *BROKEN[broken])
        histories = record(tree / "recorded", SEED, errands=15, tree=tree)
        assert explored(histories, place, "honest", 150).failures, broken


def plant(tree: Path, name: str, line: str, instead: str) -> None:
    """A copy of kpos with one line changed."""
    shutil.copytree(ROOT / "kpos", tree / "kpos", ignore=shutil.ignore_patterns("__pycache__"))
    path = tree / name
    text = path.read_text(encoding="utf-8")
    assert text.count(line) == 1, f"{name} has changed: plant the bug elsewhere"
    path.write_text(text.replace(line, instead), encoding="utf-8")
