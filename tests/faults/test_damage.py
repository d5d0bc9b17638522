"""Whatever a file suffers, the till finds it or it does no harm."""

import subprocess
import sys

from tests.process.jsonl_till import ROOT


def test_damage_is_found_or_does_no_harm(size):
    """Two runs at a time; a failure says which mutant, and the command that repeats it."""
    mutants = size(quick=60, ci=3000, long=100_000)
    seeds = (1,) if mutants < 100 else (1, 2)
    command = [sys.executable, "-m", "tests.faults.damage", "--mutants", str(mutants // len(seeds))]
    runs = [
        subprocess.Popen(
            [*command, "--seed", str(seed)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for seed in seeds
    ]
    said = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0] * len(runs), said
