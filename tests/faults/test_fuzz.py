"""A coverage-guided search for what the till cannot read (`python -m tests.faults.fuzz`)."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.faults.fuzz.__main__ import TARGETS
from tests.process.jsonl_till import ROOT

needs_atheris = pytest.mark.skipif(find_spec("atheris") is None, reason="no atheris (.[fuzz])")

# What the whole till takes 30 ms for is a hundred microseconds for one line.
RUNS = {
    "scanner": {"quick": 300, "ci": 10_000, "long": 10**8},
    "codes": {"quick": 2_000, "ci": 60_000, "long": 10**8},
    "lines": {"quick": 2_000, "ci": 200_000, "long": 10**8},
    "till": {"quick": 30, "ci": 1_000, "long": 10**6},
}
# Any will do; a failure prints the input itself.
SEED = 1


def fuzz(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.fuzz", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_every_target_is_searched():
    assert set(RUNS) == set(TARGETS)


@needs_atheris
@pytest.mark.minutes(1)
@pytest.mark.parametrize("target", RUNS)
def test_whatever_is_read_is_answered(target, size):
    runs = size(**RUNS[target])
    done = fuzz(target, "--runs", runs, "--seed", SEED)
    assert done.returncode == 0, done.stderr[-4000:]
    assert f"stat::number_of_executed_units: {runs}" in done.stderr


def test_an_input_is_run_again_without_atheris():
    evening = b'\3{"scan":"CARD-ADA"}\n{"key":"5"}\nnonsense\n{"wait_ms":60000}'
    done = fuzz("till", "--input", evening.hex())
    assert (done.returncode, done.stderr) == (0, "")
